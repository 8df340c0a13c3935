with areas as (
    select * from {{ ref('postal_areas') }}
),

stores as (
    select * from {{ ref('store_locations') }}
),

measured as (
    select
        lower(areas.country_code) as country_code,
        lower(replace(areas.postal_prefix, ' ', '')) as postal_prefix,
        areas.postal_region,
        round(
            min(
                {{ great_circle_km(
                    "areas.latitude",
                    "areas.longitude",
                    "stores.latitude",
                    "stores.longitude"
                ) }}
            ),
            3
        ) as store_distance_km
    from areas
    left join stores on stores.connector = '{{ var("connector") }}'
    group by areas.country_code, areas.postal_prefix, areas.postal_region
)

select * from measured
