{#- An amount of a row with `currency_code` and `rate_to_reporting` in the reporting
    currency. Gross and net are rounded; the discount is what lies between them. -#}
{% macro converted_amount(column) -%}
    case
        when currency_code = '{{ setting("reporting_currency") }}' then {{ column }}
        {%- if column == "discount_amount" %}
        when gross_amount is not null and net_amount is not null
            then
                {{ as_amount("gross_amount * rate_to_reporting") }}
                - {{ as_amount("net_amount * rate_to_reporting") }}
        {%- endif %}
        else {{ as_amount(column ~ " * rate_to_reporting") }}
    end
{%- endmacro %}
