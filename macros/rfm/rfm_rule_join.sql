{#- Join condition of scores with rules that give a range for each score. -#}
{% macro rfm_rule_join(scores, rules) -%}
    {%- for measure in ["recency", "frequency", "monetary"] -%}
    {{ scores }}.{{ measure }}_score
    between {{ rules }}.{{ measure }}_from and {{ rules }}.{{ measure }}_to
    {{- " and " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
