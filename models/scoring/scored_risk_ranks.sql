{%- set group = "scored_on, target, method" -%}

with predictions as (
    select * from {{ ref('scored_risk_predictions') }}
),

-- Equal predictions share all but their place on the list, which is left to md5.
ranked as (
    select
        *,
        count(*) over (partition by {{ group }}) as customers,
        sum(label) over (partition by {{ group }}) as events,
        count(*) over (partition by {{ group }}, prediction) as equals,
        count(*) over (partition by {{ group }} order by prediction desc)
            as customers_at_least,
        sum(label) over (partition by {{ group }} order by prediction desc)
            as events_at_least,
        row_number() over (
            partition by {{ group }}
            order by prediction desc, {{ dbt.hash("customer_id") }}, customer_id
        ) as list_rank
    from predictions
),

placed as (
    select
        *,
        customers - customers_at_least + (equals + 1) / 2.0 as mean_rank,
        list_rank <= ceil(customers / 10.0) as is_in_decile,
        list_rank <= {{ setting("retention_capacity") }} as is_in_capacity,
        cast(floor((list_rank - 1) * 10.0 / customers) as bigint) + 1 as decile
    from ranked
)

select
    scored_on,
    target,
    customer_id,
    label,
    method,
    evaluation,
    is_probability,
    prediction,
    customers,
    events,
    customers_at_least,
    events_at_least,
    mean_rank,
    list_rank,
    decile,
    is_in_decile,
    is_in_capacity
from placed
