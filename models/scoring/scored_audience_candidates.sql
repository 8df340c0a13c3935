{%- set lists = {
    "segment_key": ["segments", "segment_keys"],
    "risk_band": ["traits", "risk_bands"],
    "loyalty_tier": ["traits", "loyalty_tiers"],
    "region": ["traits", "regions"],
    "country_code": ["traits", "countries"],
} -%}
{%- set bounds = {
    "expected_value_amount": "value_amount",
    "days_since_order": "days_since_order",
} -%}

with rules as (
    select * from {{ ref('scored_audience_rules') }}
    where is_active
),

traits as (
    select * from {{ ref('scored_customer_traits') }}
),

audience_values as (
    select * from {{ ref('scored_audience_values') }}
),

segments as (
    select * from {{ ref('scored_current_segments') }}
),

candidates as (
    select
        rules.audience,
        traits.customer_id,
        rules.channel,
        traits.email_hash,
        traits.phone_hash,
        traits.customer_id_hash,
        rules.holdout_share,
        rules.minimum_size,
        traits.has_consent,
        traits.is_in_contact_pause,
        traits.as_of_date
    from rules
    cross join traits
    left join segments
        on
            rules.segmentation = segments.segmentation
            and traits.customer_id = segments.customer_id
    {%- for criterion, (table, list) in lists.items() %}
    left join audience_values as {{ criterion }}_values
        on
            rules.audience = {{ criterion }}_values.audience
            and {{ table }}.{{ criterion }} = {{ criterion }}_values.value
            and {{ criterion }}_values.criterion = '{{ criterion }}'
    {%- endfor %}
    -- Who has no value of something that is asked for does not meet it.
    where
        true
        {%- for criterion, (table, list) in lists.items() %}
        and (rules.{{ list }} is null or {{ criterion }}_values.value is not null)
        {%- endfor %}
        {%- for trait, bound in bounds.items() %}
        and coalesce(traits.{{ trait }} >= rules.minimum_{{ bound }}, rules.minimum_{{ bound }} is null)
        and coalesce(traits.{{ trait }} <= rules.maximum_{{ bound }}, rules.maximum_{{ bound }} is null)
        {%- endfor %}
)

select * from candidates
