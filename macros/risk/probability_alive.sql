{#- Probability that a customer still buys; as in `no_purchase_probability`. Where nobody
    leaves, zero times a power beyond all bounds would not be a number. -#}
{% macro probability_alive(history, parameters) -%}
    (case when {{ parameters }}.a = 0 then 1 else 1 / (1 + (
        case
            when {{ parameters }}.model = 'mbg_nbd'
                then {{ parameters }}.a / ({{ parameters }}.b + {{ history }}.repeat_count)
            when {{ history }}.repeat_count > 0
                then {{ parameters }}.a / ({{ parameters }}.b + {{ history }}.repeat_count - 1)
            else 0
        end
    ) * power(
        ({{ parameters }}.alpha + {{ history }}.age_days / 7.0)
        / ({{ parameters }}.alpha + {{ history }}.last_repeat_days / 7.0),
        {{ parameters }}.r + {{ history }}.repeat_count
    )) end)
{%- endmacro %}
