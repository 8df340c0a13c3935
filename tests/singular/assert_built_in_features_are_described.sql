-- The list of built-in features and the seed that describes them name the same features.
with listed as (
    {%- for feature in built_in_features() %}
    select '{{ feature }}' as feature {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    listed.feature as listed_feature,
    described.feature as described_feature
from listed
full join {{ ref('features') }} as described on listed.feature = described.feature
where listed.feature is null or described.feature is null
