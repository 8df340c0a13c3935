{%- set criteria = {
    "segment_key": "segment_keys",
    "risk_band": "risk_bands",
    "loyalty_tier": "loyalty_tiers",
    "region": "regions",
    "country_code": "countries",
} -%}

with audiences as (
    select * from {{ ref('int_audiences_declared') }}
),

-- A longer list fails the test assert_audiences_can_be_read.
places as (
    {{ dbt.generate_series(100) }}
),

lists as (
    {%- for criterion, column in criteria.items() %}
    select
        audience,
        segmentation,
        '{{ criterion }}' as criterion,
        {{ column }} as list_text
    from audiences
    where {{ column }} is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

terms as (
    select
        lists.audience,
        lists.segmentation,
        lists.criterion,
        trim(split_part(lists.list_text, '|', cast(places.generated_number as integer)))
            as pattern
    from lists
    cross join places
)

select distinct
    audience,
    segmentation,
    criterion,
    pattern,
    {{ like_pattern("pattern") }} as like_pattern
from terms
where pattern <> ''
