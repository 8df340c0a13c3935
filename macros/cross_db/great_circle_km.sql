{#- Kilometres between two points in degrees over a sphere of the mean radius of the Earth
    (haversine formula); null where a coordinate is. -#}
{% macro great_circle_km(latitude, longitude, to_latitude, to_longitude) %}
    {{- return(adapter.dispatch("great_circle_km")(
        latitude, longitude, to_latitude, to_longitude
    )) -}}
{% endmacro %}

{#- Rounding may carry the root over 1 for opposite points; `least` passes over nulls. -#}
{% macro default__great_circle_km(latitude, longitude, to_latitude, to_longitude) -%}
    case
        when
            {{ latitude }} + {{ longitude }} + {{ to_latitude }} + {{ to_longitude }}
            is not null
            then 2 * 6371.0088 * asin(least(1, sqrt(
                power(sin(radians({{ to_latitude }} - {{ latitude }}) / 2), 2)
                + cos(radians({{ latitude }})) * cos(radians({{ to_latitude }}))
                * power(sin(radians({{ to_longitude }} - {{ longitude }}) / 2), 2)
            )))
    end
{%- endmacro %}
