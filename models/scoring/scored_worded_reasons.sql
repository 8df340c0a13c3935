with reasons as (
    select * from {{ ref('scored_segment_reasons') }}
),

descriptions as (
    select * from {{ ref('int_features_described') }}
),

learned as (
    select * from {{ ref('ml_segment_features') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

valued as (
    select
        reasons.segmentation,
        reasons.customer_id,
        reasons.reason_rank,
        coalesce(
            case
                when reasons.is_high
                    then coalesce(learned.phrase_high, descriptions.phrase_high)
                else coalesce(learned.phrase_low, descriptions.phrase_low)
            end,
            case when reasons.is_high then 'high ' else 'low ' end || reasons.feature
        ) as phrase,
        case
            when descriptions.unit not in ('amount', 'index', 'ratio', 'score')
                then descriptions.unit
        end as unit,
        coalesce(descriptions.kind, 'number') as kind,
        coalesce(learned.transform = 'is_missing', false) as is_flag,
        feature_values.feature_value
    from reasons
    left join learned
        on
            reasons.segmentation = learned.segmentation
            and reasons.feature = learned.feature
    left join descriptions on reasons.feature = descriptions.feature
    left join feature_values
        on
            reasons.as_of_date = feature_values.as_of_date
            and reasons.customer_id = feature_values.customer_id
            and reasons.feature = feature_values.feature
),

-- A decimal prints the same on every engine; a whole number without its places.
shown as (
    select
        *,
        case
            when unit = 'share'
                then
                    cast(
                        cast(round(feature_value * 100) as decimal(38, 0))
                        as {{ dbt.type_string() }}
                    )
            when feature_value = round(feature_value)
                then
                    cast(cast(feature_value as decimal(38, 0)) as {{ dbt.type_string() }})
            else
                cast(
                    cast(round(feature_value, 2) as decimal(38, 2))
                    as {{ dbt.type_string() }}
                )
        end as number_text
    from valued
),

worded as (
    select
        segmentation,
        customer_id,
        reason_rank,
        phrase
        || case
            when is_flag then ''
            when feature_value is null then ' (unknown)'
            when kind = 'category' then ''
            when unit = 'share' then ' (' || number_text || ' %)'
            else ' (' || number_text || coalesce(' ' || unit, '') || ')'
        end as reason
    from shown
)

select * from worded
