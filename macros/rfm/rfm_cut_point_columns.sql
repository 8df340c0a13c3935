{#- Names of the twelve cut points: four for each of recency, frequency and monetary. -#}
{% macro rfm_cut_point_columns() %}
    {%- set columns = [] -%}
    {%- for measure in ["recency", "frequency", "monetary"] -%}
        {%- for number in range(1, 5) -%}
            {%- do columns.append(measure ~ "_cut_point_" ~ number) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}
