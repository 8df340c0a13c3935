{#- Gain of a list of ten that names first what was wanted: the sum of 1 / log2(place + 1). -#}
{% macro ideal_list_gain(wanted_items) -%}
    case least({{ wanted_items }}, 10)
        {%- for most in range(1, 11) %}
        when {{ most }}
            then
                {%- for place in range(1, most + 1) %}
                {{ "+ " if not loop.first }}ln(2e0) / ln({{ place + 1 }}e0)
                {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}
