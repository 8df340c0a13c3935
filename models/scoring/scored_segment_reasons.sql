with compared as (
    select * from {{ ref('scored_compared_exemplars') }}
),

features as (
    select * from {{ ref('ml_segment_features') }}
    where is_selected
),

-- Where a feature stands in the arrays, which are in the order of the names.
positions as (
    select
        segmentation,
        feature,
        row_number() over (partition by segmentation order by feature) as place
    from features
),

coordinates as (
    select
        compared.as_of_date,
        compared.segmentation,
        compared.customer_id,
        positions.feature,
        {{ array_element("compared.coordinates", "positions.place") }} as customer_value,
        {{ array_element("compared.own_coordinates", "positions.place") }} as own_value,
        {{ array_element("compared.runner_up_coordinates", "positions.place") }}
            as runner_up_value
    from compared
    inner join positions on compared.segmentation = positions.segmentation
),

contributions as (
    select
        as_of_date,
        segmentation,
        customer_id,
        feature,
        round(
            (customer_value - runner_up_value) * (customer_value - runner_up_value)
            - (customer_value - own_value) * (customer_value - own_value),
            9
        ) as contribution,
        own_value > runner_up_value as is_high
    from coordinates
),

ranked as (
    select
        *,
        row_number() over (
            partition by segmentation, customer_id
            order by contribution desc, feature asc
        ) as reason_rank
    from contributions
    where contribution > 0
)

select * from ranked
where reason_rank <= 3
