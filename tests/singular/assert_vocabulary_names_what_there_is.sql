-- A text whose term or column is misspelt would replace nothing.
{%- set worded = {
    "features": ["feature", ["phrase_high", "phrase_low", "unit"]],
    "rfm_segments": ["rfm_segment", ["segment_name", "description"]],
    "special_segments": ["segment_key", ["segment_name", "description"]],
    "risk_features": ["feature", ["sentence_high", "sentence_low"]],
} %}

with vocabulary as (
    select * from {{ ref('vocabulary') }}
),

terms as (
    {%- for seed, (key, columns) in worded.items() %}
    {%- set last_seed = loop.last %}
    {%- for column in columns %}
    select distinct
        '{{ seed }}' as seed,
        '{{ column }}' as column_name,
        {{ key }} as term
    from {{ ref(seed) }}
    {{ "union all" if not (loop.last and last_seed) }}
    {%- endfor %}
    {%- endfor %}
)

select
    vocabulary.industry,
    vocabulary.seed,
    vocabulary.column_name,
    vocabulary.term
from vocabulary
left join terms
    on
        vocabulary.seed = terms.seed
        and vocabulary.column_name = terms.column_name
        and vocabulary.term = terms.term
where
    terms.term is null
    or not {{ is_in_list("vocabulary.industry", var("industries").keys() | list) }}
