{%- set months = setting("history_months") -%}

with months_back as (
    -- Fifty years: more than any source spans.
    {{ dbt.generate_series(600) }}
),

transactions as (
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
    select
        resolved.first_transaction_on,
        resolved.as_of_date as current_date_on,
        cast({{ dbt.dateadd(
            "month",
            "1 - cast(months_back.generated_number as integer)",
            first_day_of_month("resolved.as_of_date")
        ) }} as date) as as_of_date,
        months_back.generated_number <= {{ setting("warning_months") }} as is_watched
    from resolved
    cross join months_back
    {%- if months is not none %}
    where months_back.generated_number <= {{ months }}
    {%- endif %}
)

select
    as_of_date,
    true as is_current,
    true as is_watched
from resolved
union all
select
    as_of_date,
    false as is_current,
    is_watched and as_of_date > first_transaction_on as is_watched
from month_starts
where
    as_of_date < current_date_on
    and as_of_date >= {{ first_day_of_month("first_transaction_on") }}
