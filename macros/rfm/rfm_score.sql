{#-
    Score from 1 to 5 of a value against four ascending cut points, so that ties share a
    score. A value on a cut point belongs to the lower class (`boundary="upper"`: lower < x
    <= upper) or, as in R's `rfm`, to the upper one (`boundary="lower"`: lower <= x < upper).

    is_reversed    small values are good, as for recency
-#}
{% macro rfm_score(value, cut_points, boundary="upper", is_reversed=false) -%}
    {%- if boundary not in ["upper", "lower"] -%}
        {{ exceptions.raise_compiler_error(
            "rfm_score: boundary must be 'upper' or 'lower', not '" ~ boundary ~ "'."
        ) }}
    {%- endif -%}
    {%- set operator = ">" if boundary == "upper" else ">=" -%}
    {{ "5 -" if is_reversed else "1 +" }} (
        {%- for cut_point in cut_points %}
        case when {{ value }} {{ operator }} {{ cut_point }} then 1 else 0 end
        {{- " +" if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
