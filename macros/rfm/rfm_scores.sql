{#- Select list of the three scores of a row that carries the measures and the cut points. -#}
{% macro rfm_scores(recency, frequency, monetary, boundary="upper") -%}
    {%- set cuts = rfm_cut_point_columns() -%}
    {{ rfm_score(recency, cuts[0:4], boundary, is_reversed=true) }} as recency_score,
    {{ rfm_score(frequency, cuts[4:8], boundary) }} as frequency_score,
    {{ rfm_score(monetary, cuts[8:12], boundary) }} as monetary_score
{%- endmacro %}
