{#- Margin that a spend over some weeks brings by a weekly response curve: a x / (b + x) for
    hill, a ln(1 + x / b) for log, with a and b times the weeks; 0 where nothing responds. -#}
{% macro response_margin(curve, a, b, spend_amount, weeks) -%}
    {%- set spend = "cast(" ~ spend_amount ~ " as double)" -%}
    case
        when not {{ a }} > 0 then 0e0
        when {{ curve }} = 'log'
            then {{ a }} * ({{ weeks }}) * ln(1e0 + {{ spend }} / ({{ b }} * ({{ weeks }})))
        else {{ a }} * ({{ weeks }}) * {{ spend }} / ({{ b }} * ({{ weeks }}) + {{ spend }})
    end
{%- endmacro %}
