{#-
    A reference seed whose texts are in the words of the active industry, where the seed
    `vocabulary` has them.

    key      column that names a row
    texts    columns that may be replaced
    others   columns that stay
-#}
{% macro worded_seed(seed, key, texts, others=[]) %}
    select
        terms.{{ key }},
        {%- for column in others %}
        terms.{{ column }},
        {%- endfor %}
        {%- for column in texts %}
        coalesce({{ column }}_words.text, terms.{{ column }}) as {{ column }}
        {{- "," if not loop.last }}
        {%- endfor %}
    from {{ ref(seed) }} as terms
    {%- for column in texts %}
    left join {{ ref("vocabulary") }} as {{ column }}_words
        on
            {{ column }}_words.industry = '{{ setting("industry") }}'
            and {{ column }}_words.seed = '{{ seed }}'
            and {{ column }}_words.column_name = '{{ column }}'
            and {{ column }}_words.term = cast(terms.{{ key }} as {{ dbt.type_string() }})
    {%- endfor %}
{% endmacro %}
