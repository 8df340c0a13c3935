{#-
    Probability of no purchase within a horizon after the age of a customer, of the
    BG/NBD or MBG/NBD model (Fader, Hardie and Lee 2005; Batislam, Denizel and Filiztekin
    2007). Days in the rows, weeks in the parameters.

    history       relation with repeat_count, last_repeat_days and age_days
    parameters    relation with model, r, alpha, a and b
-#}
{% macro no_purchase_probability(history, parameters, horizon_days) -%}
    round(
        1 - {{ probability_alive(history, parameters) }} * (
            1 - power(
                ({{ parameters }}.alpha + {{ history }}.age_days / 7.0)
                / ({{ parameters }}.alpha + ({{ history }}.age_days + {{ horizon_days }}) / 7.0),
                {{ parameters }}.r + {{ history }}.repeat_count
            )
        ),
        9
    )
{%- endmacro %}
