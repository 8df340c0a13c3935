{%- set texts = ["segmentation", "segment_keys", "risk_bands", "loyalty_tiers", "regions", "countries"] -%}

with audiences as (
    select * from {{ ref('audiences') }}
    where connector in ('*', '{{ var("connector") }}')
),

-- What is declared for the connector goes before what is declared for any.
ranked as (
    select
        *,
        row_number() over (
            partition by audience order by case when connector = '*' then 1 else 0 end
        ) as declaration_rank
    from audiences
)

select
    audience,
    description,
    {%- for column in texts %}
    nullif(nullif(trim({{ column }}), ''), '*') as {{ column }},
    {%- endfor %}
    channel,
    minimum_value_amount,
    maximum_value_amount,
    minimum_days_since_order,
    maximum_days_since_order,
    holdout_share,
    minimum_size,
    is_active
from ranked
where declaration_rank = 1
