with customer_segments as (
    select * from {{ ref('customer_segments') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

features as (
    select * from {{ ref('int_features_described') }}
),

population as (
    select
        as_of_date,
        feature,
        count(*) as customers,
        {{ exact_sum("feature_value") }} / count(*) as population_mean,
        {{ exact_sum("feature_value * feature_value") }} / count(*) as mean_square
    from feature_values
    group by as_of_date, feature
),

segments as (
    select
        customer_segments.as_of_date,
        customer_segments.segmentation,
        customer_segments.segment_key,
        feature_values.feature,
        count(*) as customers,
        {{ exact_sum("feature_values.feature_value") }} / count(*) as segment_mean
    from customer_segments
    inner join feature_values
        on
            customer_segments.as_of_date = feature_values.as_of_date
            and customer_segments.customer_id = feature_values.customer_id
    group by
        customer_segments.as_of_date,
        customer_segments.segmentation,
        customer_segments.segment_key,
        feature_values.feature
),

compared as (
    select
        segments.segmentation,
        segments.segment_key,
        segments.feature,
        features.family,
        cast(segments.customers as bigint) as known_customer_count,
        segments.segment_mean,
        population.population_mean,
        coalesce(
            (segments.segment_mean - population.population_mean)
            / nullif(
                sqrt(
                    greatest(
                        population.mean_square
                        - population.population_mean * population.population_mean,
                        0
                    )
                ),
                0
            ),
            0
        ) as standardised_difference,
        segments.as_of_date
    from segments
    inner join population
        on
            segments.as_of_date = population.as_of_date
            and segments.feature = population.feature
    inner join features on segments.feature = features.feature
),

segment_profiles as (
    select
        segmentation,
        segment_key,
        feature,
        family,
        known_customer_count,
        segment_mean,
        population_mean,
        standardised_difference,
        row_number() over (
            partition by segmentation, segment_key
            order by abs(standardised_difference) desc, feature
        ) as difference_rank,
        as_of_date
    from compared
)

select * from segment_profiles
