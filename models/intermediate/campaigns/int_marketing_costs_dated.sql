with contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
),

marketing_costs as (
    select * from {{ ref('input_marketing_costs') }}
),

-- Of two assumptions the one for the type of the campaign counts.
assumptions as (
    select
        campaign_type,
        cost_amount
    from {{ ref('contact_cost_assumptions') }}
    where connector = '{{ var("connector") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

contact_costs as (
    select
        'contact' as cost_type,
        contacts.campaign_id,
        contacts.channel,
        contacts.customer_id,
        case
            when contacts.cost_amount is not null then 'measured'
            when coalesce(by_type.cost_amount, by_any.cost_amount) is not null then 'assumed'
            else 'unknown'
        end as cost_basis,
        {{ as_amount(
            "coalesce(contacts.cost_amount, by_type.cost_amount, by_any.cost_amount, 0)"
        ) }} as cost_amount,
        contacts.contacted_on as cost_on
    from contacts
    left join assumptions as by_type on contacts.campaign_type = by_type.campaign_type
    left join assumptions as by_any on by_any.campaign_type = '*'
    where not contacts.is_holdout
),

shared_costs as (
    select
        'shared' as cost_type,
        campaign_id,
        channel,
        cast(null as string) as customer_id,
        'measured' as cost_basis,
        {{ as_amount("sum(cost_amount)") }} as cost_amount,
        cost_on
    from marketing_costs
    group by campaign_id, channel, cost_on
),

costs as (
    select * from contact_costs
    union all
    select * from shared_costs
)

select
    costs.cost_type,
    costs.campaign_id,
    costs.channel,
    costs.customer_id,
    costs.cost_basis,
    costs.cost_amount,
    costs.cost_on,
    {{ first_day_of_month("costs.cost_on") }} as month_on
from costs
inner join as_of_dates on costs.cost_on < as_of_dates.as_of_date
