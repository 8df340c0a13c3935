with contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
    where not is_holdout
),

responses as (
    select * from {{ ref('int_campaign_responses_identified') }}
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
        campaign_id,
        customer_id,
        order_id,
        true as is_response,
        case when order_id is null then responded_on end as day_on
    from responses
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
