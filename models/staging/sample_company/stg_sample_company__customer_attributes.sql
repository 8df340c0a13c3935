{%- set families = {
    "demographic": [
        "age_years", "income_thousands", "household_size", "home_size_sqm", "education_years",
        "years_at_address", "working_hours_per_week", "housing_cost_per_month",
        "leisure_hours_per_week", "savings_rate_percent", "vacation_days_per_year",
        "pension_saving_per_month", "gender", "home_ownership",
    ],
    "geographic": [
        "population_density_km2", "detached_house_share", "commute_minutes",
        "green_area_share", "rent_per_sqm", "transit_departures_per_hour", "noise_level_db",
        "building_age_years", "school_distance_km", "motorway_distance_km",
        "restaurants_within_1km", "traffic_per_hour", "cars_per_household",
        "sunshine_hours_per_year",
    ],
    "technographic": [
        "screen_width_px", "operating_system_age_years", "download_mbps",
        "battery_capacity_mah", "storage_used_gb", "installed_app_count",
        "screen_minutes_per_day", "notifications_per_day", "device_price",
        "browser_age_days", "connected_device_count", "pixel_density_ppi",
    ],
} -%}
{%- set categories = ["gender", "home_ownership"] -%}

with profiles as (
    {%- for family, columns in families.items() %}
    {%- set last_family = loop.last %}
    {%- for column in columns %}
    select
        account_id,
        '{{ family }}' as family,
        '{{ column }}' as attribute,
        {{ column }} as attribute_value,
        {{ "true" if column in categories else "false" }} as is_category,
        updated_at
    from {{ ref('sample_crm_profiles') }}
    {{ "union all" if not (loop.last and last_family) }}
    {%- endfor %}
    {%- endfor %}
),

renamed as (
    select
        'crm:' || nullif(account_id, '') as customer_id,
        family,
        attribute,
        case when is_category then attribute_value end as value_text,
        case when not is_category then {{ text_as('attribute_value', 'double') }} end
            as value_number,
        {{ text_as('updated_at', 'timestamp') }} as observed_at,
        case
            when not is_category and {{ text_as('attribute_value', 'double') }} is null
                then 'value_number'
            when
                nullif(trim(updated_at), '') is not null
                and {{ text_as('updated_at', 'timestamp') }} is null
                then 'observed_at'
        end as unreadable_columns,
        {{ row_as_json('profiles') }} as source_row
    from profiles
    where nullif(trim(attribute_value), '') is not null
)

select * from renamed
