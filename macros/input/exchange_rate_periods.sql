{#- Each exchange rate with the days on which it is the last one known. -#}
{% macro exchange_rate_periods() %}
    select
        currency_code,
        cast(rate_to_reporting as decimal(18, 8)) as rate_to_reporting,
        rate_on as valid_from_on,
        coalesce(
            lead(rate_on) over (partition by currency_code order by rate_on),
            cast('9999-12-31' as date)
        ) as valid_until_on
    from {{ ref("input_exchange_rates") }}
{% endmacro %}
