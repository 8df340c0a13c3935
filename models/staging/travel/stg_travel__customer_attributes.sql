{#- attribute: family, column of the booking, whether it is a category -#}
{%- set booking_attributes = {
    "lead_time_days": ["behavioural", "lead_time_days", false],
    "booked_price": ["behavioural", "price", false],
    "deposit_kind": ["behavioural", "deposit_kind", true],
    "earlier_cancellations": ["behavioural", "earlier_cancellations", false],
    "party_adults": ["demographic", "adults", false],
    "party_children": ["demographic", "children", false],
    "booking_channel": ["technographic", "channel", true],
} -%}

with guests as (
    select * from {{ ref('travel_guests') }}
),

bookings as (
    select
        *,
        cast(
            {{ dbt.datediff(text_as("booked_on", "date"), text_as("departs_on", "date"), "day") }}
            as string
        ) as lead_time_days,
        row_number() over (
            partition by guest_id
            order by
                case when status = 'open' then 0 else 1 end asc,
                departs_on desc,
                booking_id desc
        ) as booking_rank
    from {{ ref('travel_bookings') }}
    where guest_id <> ''
),

-- What was known when the latest booking was made, and nothing later.
profiles as (
    select
        guest_id,
        'demographic' as family,
        'age_years' as attribute,
        age_years as attribute_value,
        false as is_category,
        registered_on as observed_on
    from guests
    union all
    select
        guest_id,
        'demographic' as family,
        'travel_party' as attribute,
        travel_party as attribute_value,
        true as is_category,
        registered_on as observed_on
    from guests
    {%- for attribute, (family, column, is_category) in booking_attributes.items() %}
    union all
    select
        guest_id,
        '{{ family }}' as family,
        '{{ attribute }}' as attribute,
        {{ column }} as attribute_value,
        {{ is_category | lower }} as is_category,
        booked_on as observed_on
    from bookings
    where booking_rank = 1
    {%- endfor %}
),

renamed as (
    select
        nullif(guest_id, '') as customer_id,
        family,
        attribute,
        case when is_category then attribute_value end as value_text,
        case when not is_category then {{ text_as('attribute_value', 'double') }} end
            as value_number,
        {{ utc_time(text_as('observed_on', 'timestamp')) }} as observed_at,
        case
            when not is_category and {{ text_as('attribute_value', 'double') }} is null
                then 'value_number'
        end as unreadable_columns,
        {{ row_as_json('profiles') }} as source_row
    from profiles
    where nullif(trim(attribute_value), '') is not null
)

select * from renamed
