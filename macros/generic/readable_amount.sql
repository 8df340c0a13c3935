{#- A positive amount in two digits, as people say it: 1,234.50 becomes 1,200 and 0.37 stays.
    By a ladder of cases, for a logarithm of 1,000 may fall short of 3. -#}
{% macro readable_amount(expression) -%}
    case
        {%- for digits in range(14, 1, -1) %}
        when {{ expression }} >= {{ 10 ** digits }}
            then {{ as_amount("round(" ~ expression ~ " / " ~ 10 ** (digits - 1) ~ ") * " ~ 10 ** (digits - 1)) }}
        {%- endfor %}
        when {{ expression }} >= 10 then {{ as_amount("round(" ~ expression ~ ")") }}
        else {{ as_amount("round(" ~ expression ~ ", 1)") }}
    end
{%- endmacro %}
