{%- set keys = ["email_hash", "phone_hash", "customer_id_hash"] -%}

with compared as (
    select * from {{ ref('scored_compared_audiences') }}
    where not is_holdout
),

-- What was sent is known by its keys: a new address is an addition and a removal.
sent as (
    select
        audience,
        customer_id,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        max(case when is_published then 1 else 0 end) = 1 as is_sent,
        max(case when was_published then 1 else 0 end) = 1 as was_sent,
        max(as_of_date) as as_of_date
    from compared
    group by
        audience,
        customer_id,
        {{ keys | join(", ") }}
),

flagged as (
    select
        audience,
        customer_id,
        {%- for key in keys %}
        {{ key }},
        max(case when is_sent then 1 else 0 end) over (partition by audience, {{ key }}) = 1
            as is_{{ key }}_sent,
        {%- endfor %}
        is_sent,
        was_sent,
        as_of_date
    from sent
),

-- A key that somebody still has in the audience must not be taken off the list.
activated as (
    select
        audience,
        customer_id,
        case
            when is_sent and was_sent then 'kept'
            when is_sent then 'added'
            else 'removed'
        end as change_type,
        {%- for key in keys %}
        case when is_sent or not is_{{ key }}_sent then {{ key }} end as {{ key }},
        {%- endfor %}
        as_of_date
    from flagged
)

select
    audience,
    customer_id,
    change_type,
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    {{ csv_field(keys[0]) }} || ',' || {{ csv_field(keys[1]) }} || ',' || {{ csv_field(keys[2]) }}
        as line_text,
    coalesce({{ keys | join(", ") }}) is not null as has_key,
    as_of_date
from activated
