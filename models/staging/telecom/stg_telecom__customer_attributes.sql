{#- Each relation and family: when it was seen, categories, then numbers; of a yes and its no
    1 and 0. -#}
{%- set never = "cast(null as string)" -%}
{%- set sources = [
    ["subscribers", "demographic", never, ["traffic_data_consent"],
        ["age_years", "direct_debit", "online_bill"]],
    ["subscribers", "geographic", never, ["home_area"],
        ["shop_distance_km", "fibre_at_home"]],
    ["contracts", "demographic", never, ["contract_state"], []],
    ["reviews", "demographic", "reviewed_on", [], [
        "months_to_contract_end", "contract_term_months", "auto_renewal", "bundle_count",
        "months_since_handset"]],
    ["reviews", "psychographic", "reviewed_on", [],
        ["price_gap_percent", "overage_bills", "complaints"]],
    ["reviews", "geographic", "reviewed_on", [], ["dropped_call_percent"]],
    ["devices", "technographic", "first_seen_on",
        ["device_system", "fastest_network", "sim_type"], [
            "device_age_months", "device_price_eur", "storage_used_gb", "screen_inches",
            "connected_share_percent", "wifi_share_percent"]],
] -%}

with subscribers as (
    select
        *,
        1 as recency_rank
    from {{ ref('telecom_subscribers') }}
),

contracts as (
    select
        subscriber_id,
        case when ended_by = 'left' then 'left' else 'running' end as contract_state,
        row_number() over (
            partition by subscriber_id order by contract_number desc, ended_by asc
        ) as recency_rank
    from {{ ref('telecom_contracts') }}
),

reviews as (
    select
        *,
        1 as recency_rank
    from {{ ref('telecom_renewal_reviews') }}
),

-- The device seen last is the one in use.
devices as (
    select
        *,
        row_number() over (
            partition by subscriber_id order by first_seen_on desc, device_age_months asc
        ) as recency_rank
    from {{ ref('telecom_devices') }}
),

attributes as (
    {%- for relation, family, observed_on, categories, numbers in sources %}
    {%- set last_source = loop.last %}
    {%- for column in categories + numbers %}
    select
        subscriber_id,
        '{{ family }}' as family,
        '{{ column }}' as attribute,
        {{ column }} as attribute_value,
        {{ "true" if column in categories else "false" }} as is_category,
        {{ observed_on }} as observed_on
    from {{ relation }}
    where recency_rank = 1
    {{ "union all" if not (loop.last and last_source) }}
    {%- endfor %}
    {%- endfor %}
),

numbered as (
    select
        *,
        case attribute_value when 'yes' then '1' when 'no' then '0' else attribute_value end
            as number_text
    from attributes
),

renamed as (
    select
        nullif(subscriber_id, '') as customer_id,
        family,
        attribute,
        case when is_category or attribute_value in ('yes', 'no') then attribute_value end
            as value_text,
        case when not is_category then {{ text_as('number_text', 'double') }} end
            as value_number,
        {{ text_as('observed_on', 'timestamp') }} as observed_at,
        case
            when not is_category and {{ text_as('number_text', 'double') }} is null
                then 'value_number'
        end as unreadable_columns,
        {{ row_as_json('numbered') }} as source_row
    from numbered
    where nullif(trim(attribute_value), '') is not null
)

select * from renamed
