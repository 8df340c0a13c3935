{#- Whether the odds of a probability reach those of a band: `<band>_risk_odds` times the
    odds of the base rate, multiplied out. -#}
{% macro is_risk_at_least(band, probability, base_rate) -%}
    {{ probability }} * (1 - {{ base_rate }})
    >= {{ setting(band ~ "_risk_odds") }} * {{ base_rate }} * (1 - {{ probability }})
{%- endmacro %}
