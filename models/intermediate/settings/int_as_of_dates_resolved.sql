{%- set months = setting("history_months") -%}

with transactions as (
    select * from {{ ref('input_transactions') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

latest as (
    select
        (select min(occurred_on) from transactions) as first_transaction_on,
        (select max(occurred_on) from transactions) as last_transaction_on,
        (select max(observed_on) from attributes) as last_attribute_on
),

resolved as (
    select
        {%- if setting("as_of_date") is not none %}
        cast('{{ setting("as_of_date") }}' as date) as as_of_date,
        {%- else %}
        coalesce(
            cast({{ dbt.dateadd("day", 1, "last_transaction_on") }} as date),
            cast({{ dbt.dateadd("day", 1, "last_attribute_on") }} as date),
            cast('{{ loaded_on() }}' as date)
        ) as as_of_date,
        {%- endif %}
        first_transaction_on
    from latest
),

-- A month is closed as of the first day of the next one.
month_starts as (
    {%- for number in range([months, 1] | max) %}
    select
        cast(
            {{ dbt.dateadd("month", -1 * number, first_day_of_month("as_of_date")) }} as date
        ) as as_of_date
    from resolved
    where {{ number }} < {{ months }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    as_of_date,
    true as is_current
from resolved
union all
select
    month_starts.as_of_date,
    false as is_current
from month_starts
inner join resolved
    on
        month_starts.as_of_date < resolved.as_of_date
        and month_starts.as_of_date > resolved.first_transaction_on
