{%- set limits = setting("distance_band_limits_km") -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customers as (
    select * from {{ ref('int_customers_listed') }}
),

areas as (
    select * from {{ ref('int_postal_areas_measured') }}
),

addresses as (
    select
        customer_id,
        region,
        lower(country_code) as country_code,
        lower(replace(postal_code, ' ', '')) as postal_code
    from {{ ref('int_customers_described') }}
),

postal_codes as (
    select distinct
        country_code,
        postal_code
    from addresses
),

matches as (
    select
        postal_codes.country_code,
        postal_codes.postal_code,
        areas.postal_region,
        areas.store_distance_km,
        row_number() over (
            partition by postal_codes.country_code, postal_codes.postal_code
            order by length(areas.postal_prefix) desc, areas.postal_region
        ) as match_rank
    from postal_codes
    inner join areas
        on
            postal_codes.country_code = areas.country_code
            and substr(postal_codes.postal_code, 1, length(areas.postal_prefix))
            = areas.postal_prefix
),

features as (
    select
        as_of_dates.as_of_date,
        addresses.customer_id,
        coalesce(matches.postal_region, addresses.region) as postal_region,
        case
            when matches.store_distance_km is null then cast(null as string)
            {%- for limit in limits %}
            {%- set from = "under" if loop.first else limits[loop.index0 - 1] ~ " to" %}
            when matches.store_distance_km < {{ limit }}
                then '{{ from }} {{ limit }} km'
            {%- endfor %}
            {%- if limits %}
            else 'over {{ limits[-1] }} km'
            {%- endif %}
        end as distance_band,
        matches.store_distance_km
    from as_of_dates
    inner join customers
        on coalesce(as_of_dates.as_of_date > customers.known_since_on, true)
    inner join addresses on customers.customer_id = addresses.customer_id
    left join matches
        on
            addresses.country_code = matches.country_code
            and addresses.postal_code = matches.postal_code
            and matches.match_rank = 1
)

select * from features
