with costs as (
    select distinct
        campaign_id,
        month_on
    from {{ ref('int_marketing_costs_dated') }}
    where cost_type = 'shared'
),

contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
    where not is_holdout
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
    where sale_order_count > 0 and customer_id is not null
),

-- Who could see the campaign, as far as its list of contacts tells.
reached as (
    select distinct
        costs.campaign_id,
        costs.month_on,
        contacts.customer_id
    from costs
    inner join contacts
        on
            costs.campaign_id = contacts.campaign_id
            and {{ first_day_of_month("contacts.contacted_on") }} <= costs.month_on
),

-- Of the others everybody who bought in the month, or nobody.
unlisted as (
    select
        costs.campaign_id,
        costs.month_on
    from costs
    left join reached
        on costs.campaign_id = reached.campaign_id and costs.month_on = reached.month_on
    where reached.customer_id is null
),

bought as (
    select distinct
        unlisted.campaign_id,
        unlisted.month_on,
        customer_days.customer_id
    from unlisted
    left join customer_days
        on unlisted.month_on = {{ first_day_of_month("customer_days.active_on") }}
)

select
    campaign_id,
    customer_id,
    'contacts' as spread_key,
    month_on
from reached
union all
select
    campaign_id,
    customer_id,
    case when customer_id is null then 'nobody' else 'buyers' end as spread_key,
    month_on
from bought
