with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

attributes as (
    select * from {{ ref('input_customer_attributes') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

known_attributes as (
    select
        as_of_dates.as_of_date,
        coalesce(identified.customer_id, attributes.customer_id) as customer_id,
        attributes.customer_id as source_customer_id,
        attributes.family,
        attributes.attribute,
        attributes.value_text,
        attributes.value_number,
        coalesce(attributes.observed_on, cast('1900-01-01' as date)) as observed_on
    from as_of_dates
    inner join attributes
        on coalesce(as_of_dates.as_of_date > attributes.observed_on, true)
    left join identified on attributes.customer_id = identified.source_customer_id
),

-- Of several records of a person the one observed last says what holds.
ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, customer_id, attribute
            order by observed_on desc, source_customer_id asc
        ) as observation_rank
    from known_attributes
)

select
    as_of_date,
    customer_id,
    family,
    attribute,
    value_text,
    value_number
from ranked
where observation_rank = 1
