{#- A sentence of the seed `risk_features` with its numbers and the windows in days. -#}
{% macro filled_sentence(sentence, now_text, usual_text) -%}
    {%- set horizon = setting("risk_horizon_days") -%}
    {%- set filled = namespace(text=sentence) -%}
    {%- for place, text in {
        "{now}": "coalesce(" ~ now_text ~ ", '?')",
        "{usual}": "coalesce(" ~ usual_text ~ ", 'unknown')",
        "{half}": "'" ~ (horizon // 2) ~ "'",
        "{longer}": "'" ~ (horizon * 3 // 2) ~ "'",
        "{horizon}": "'" ~ horizon ~ "'",
    }.items() -%}
        {%- set filled.text = "replace(" ~ filled.text ~ ", '" ~ place ~ "', " ~ text ~ ")" -%}
    {%- endfor -%}
    {{ filled.text }}
{%- endmacro %}
