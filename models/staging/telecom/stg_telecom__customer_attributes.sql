{#- Each source: when it saw what it says, and its columns by family; those of the second
    list are numbers, of a yes and its no 1 and 0. -#}
{%- set sources = {
    "subscribers": ["cast(null as string)", {
        "demographic": [["traffic_data_consent"], ["age_years", "direct_debit", "online_bill"]],
        "geographic": [["home_area"], ["shop_distance_km", "fibre_at_home"]],
    }],
    "contract_states": ["cast(null as string)", {
        "demographic": [["contract_state"], []],
    }],
    "reviews": ["reviewed_on", {
        "demographic": [[], [
            "months_to_contract_end", "contract_term_months", "auto_renewal",
            "bundle_count", "months_since_handset",
        ]],
        "psychographic": [[], ["price_gap_percent", "overage_bills", "complaints"]],
        "geographic": [[], ["dropped_call_percent"]],
    }],
    "devices": ["first_seen_on", {
        "technographic": [["system"], [
            "release_year", "price_eur", "memory_gb", "screen_inches",
            "connected_devices", "wifi_share_percent", "has_5g", "has_esim",
        ]],
    }],
} -%}
{#- The same name for people: the device is not what the tariff costs. -#}
{%- set names = {"price_eur": "device_price_eur", "memory_gb": "device_memory_gb",
    "system": "device_system", "release_year": "device_release_year"} -%}

with subscribers as (
    select * from {{ ref('telecom_subscribers') }}
),

contracts as (
    select
        subscriber_id,
        case when ended_by = 'left' then 'left' else 'running' end as contract_state,
        row_number() over (
            partition by subscriber_id order by contract_number desc, ended_by
        ) as contract_rank
    from {{ ref('telecom_contracts') }}
),

contract_states as (
    select * from contracts
    where contract_rank = 1
),

reviews as (
    select * from {{ ref('telecom_renewal_reviews') }}
),

seen_devices as (
    select
        *,
        row_number() over (
            partition by subscriber_id order by first_seen_on desc, release_year desc
        ) as device_rank
    from {{ ref('telecom_devices') }}
),

devices as (
    select * from seen_devices
    where device_rank = 1
),

attributes as (
    {%- for relation, (observed, families) in sources.items() %}
    {%- set last_source = loop.last %}
    {%- for family, (texts, numbers) in families.items() %}
    {%- set last_family = loop.last %}
    {%- for column in texts + numbers %}
    select
        subscriber_id,
        '{{ family }}' as family,
        '{{ names.get(column, column) }}' as attribute,
        {{ column }} as attribute_value,
        {{ "true" if column in texts else "false" }} as is_category,
        {{ observed }} as observed_on
    from {{ relation }}
    {{ "union all" if not (loop.last and last_family and last_source) }}
    {%- endfor %}
    {%- endfor %}
    {%- endfor %}
),

numbered as (
    select
        *,
        case attribute_value
            when 'yes' then '1'
            when 'no' then '0'
            else attribute_value
        end as number_text
    from attributes
),

renamed as (
    select
        nullif(subscriber_id, '') as customer_id,
        family,
        attribute,
        case
            when is_category or attribute_value in ('yes', 'no') then attribute_value
        end as value_text,
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
