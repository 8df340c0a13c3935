{#-
    Select list of the twelve cut points: the 20, 40, 60 and 80 % quantiles, interpolated
    linearly, of each measure. R's `rfm` adds 1 to each: `offset=1`.
-#}
{% macro rfm_cut_points(recency, frequency, monetary, offset=0) -%}
    {%- set measures = {"recency": recency, "frequency": frequency, "monetary": monetary} -%}
    {%- for name, expression in measures.items() -%}
        {%- set last_measure = loop.last -%}
        {%- for share in ["0.2", "0.4", "0.6", "0.8"] %}
        round(
            percentile_cont({{ share }})
                within group (order by cast({{ expression }} as double))
            + {{ offset }},
            9
        ) as {{ name }}_cut_point_{{ loop.index }}
        {{- "," if not (last_measure and loop.last) }}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}
