with responses as (
    select * from {{ ref('input_campaign_responses') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    responses.campaign_id,
    coalesce(identified.customer_id, responses.customer_id) as customer_id,
    responses.order_id,
    responses.responded_on
from responses
inner join as_of_dates on responses.responded_on < as_of_dates.as_of_date
left join identified on responses.customer_id = identified.source_customer_id
