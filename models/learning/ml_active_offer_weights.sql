with weights as (
    select * from {{ ref('ml_offer_weights') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

active as (
    select
        cast(weights.scored_on as date) as scored_on,
        weights.item,
        weights.other_item,
        weights.weight,
        weights.both_count,
        weights.other_count
    from weights
    inner join as_of_dates on cast(weights.as_of_date as date) = as_of_dates.as_of_date
    where
        weights.connector = '{{ var("connector") }}'
        -- What was kept of an earlier build of this date may rest on fewer.
        and weights.customers >= {{ setting("minimum_offer_customers") }}
)

select * from active
