with scored as (
    select * from {{ ref('scored_customer_segments') }}
),

scores as (
    select * from {{ ref('scored_risk_scores') }}
    where is_behaviour and target = 'lapse'
),

-- No share before the first scorecard.
dates as (
    select distinct scored_on from scores
),

members as (
    select
        earlier.segmentation,
        earlier.segment_key,
        earlier.customer_id,
        earlier.as_of_date as month_on,
        later.as_of_date as scored_on
    from scored as earlier
    inner join scored as later
        on
            earlier.segmentation = later.segmentation
            and earlier.customer_id = later.customer_id
            and later.as_of_date = cast({{ dbt.dateadd("month", 1, "earlier.as_of_date") }} as date)
    inner join dates on later.as_of_date = dates.scored_on
    where earlier.as_of_date = {{ first_day_of_month("earlier.as_of_date") }}
),

risks as (
    select
        members.segmentation,
        members.segment_key,
        count(*) as customer_count,
        sum(
            case
                when {{ is_risk_at_least("elevated", "scores.probability", "scores.base_rate") }}
                    then 1
                else 0
            end
        ) as at_risk_count,
        members.month_on
    from members
    left join scores
        on
            members.scored_on = scores.scored_on
            and members.customer_id = scores.customer_id
    group by members.segmentation, members.segment_key, members.month_on
)

select * from risks
