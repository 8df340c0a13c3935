{#- What a feature adds to the logit of a customer against the average; null where either
    is unknown. `greatest` and `least` skip nulls, so the case has to come first. -#}
{% macro risk_contribution(features, weights, feature, transform) -%}
    case
        when {{ features }}.{{ feature }} is not null
            then
                round(
                    (
                        {{ risk_transformed(features ~ "." ~ feature, transform) }}
                        - {{ weights }}.{{ feature }}_centre
                    )
                    / {{ weights }}.{{ feature }}_scale * {{ weights }}.{{ feature }}_weight,
                    9
                )
    end
{%- endmacro %}
