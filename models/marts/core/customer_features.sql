with customers as (
    select * from {{ ref('int_customers_listed') }}
),

features as (
    select * from {{ ref('int_customer_features_joined') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customer_features as (
    select
        customers.customer_id,
        features.home_location_id,
        '{{ setting("reporting_currency") }}' as currency_code,
        {%- for feature in built_in_features() %}
        features.{{ feature }},
        {%- endfor %}
        as_of_dates.as_of_date
    from customers
    inner join as_of_dates
        on
            as_of_dates.is_current
            and coalesce(customers.known_since_on < as_of_dates.as_of_date, true)
    left join features
        on
            customers.customer_id = features.customer_id
            and as_of_dates.as_of_date = features.as_of_date
)

select * from customer_features
