with contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
    where not is_holdout
),

responses as (
    select * from {{ ref('input_campaign_responses') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

contact_touches as (
    select
        campaign_id,
        customer_id,
        cast(null as string) as order_id,
        false as is_response,
        contacted_on as touched_on,
        cast({{ dbt.dateadd(
            "day", setting("attribution_window_days"), "contacted_on"
        ) }} as date) as touched_until_on
    from contacts
),

-- A recorded response names its order, or else stands for those of its day.
response_touches as (
    select
        responses.campaign_id,
        coalesce(identified.customer_id, responses.customer_id) as customer_id,
        responses.order_id,
        true as is_response,
        case when responses.order_id is null then responses.responded_on end as day_on,
        responses.responded_on
    from responses
    left join identified on responses.customer_id = identified.source_customer_id
)

select distinct * from contact_touches
union all
select distinct
    campaign_id,
    customer_id,
    order_id,
    is_response,
    coalesce(day_on, cast('0001-01-01' as date)) as touched_on,
    coalesce(
        cast({{ dbt.dateadd("day", 1, "day_on") }} as date), cast('9999-12-31' as date)
    ) as touched_until_on
from response_touches
