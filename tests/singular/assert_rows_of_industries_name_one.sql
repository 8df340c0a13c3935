-- A row for an industry that there is not would never be read.
{%- set seeds = [
    "retention_actions", "lead_approaches", "loyalty_benefits", "offer_rules",
    "declared_features",
] %}

{%- for seed in seeds %}
select
    '{{ seed }}' as seed,
    industry
from {{ ref(seed) }}
where
    not {{ is_in_list("industry", (var("industries").keys() | list) + ["*"]) }}
{{ "union all" if not loop.last }}
{%- endfor %}

union all

-- Nor may a declared feature take the name of a built-in one.
select
    'declared_features' as seed,
    declared_features.feature as industry
from {{ ref('declared_features') }} as declared_features
inner join {{ ref('features') }} as built_in_features
    on declared_features.feature = built_in_features.feature
