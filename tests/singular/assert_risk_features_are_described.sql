-- The list of risk features and the seed that words them agree, transforms included.
with listed as (
    {%- for feature, transform in risk_features().items() %}
    select
        '{{ feature }}' as feature,
        '{{ transform }}' as transform
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    listed.feature as listed_feature,
    described.feature as described_feature
from listed
full join {{ ref('risk_features') }} as described
    on listed.feature = described.feature and listed.transform = described.transform
where listed.feature is null or described.feature is null
