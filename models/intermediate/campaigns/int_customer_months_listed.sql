with customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

contacts as (
    select * from {{ ref('int_campaign_contacts_identified') }}
),

members as (
    select * from {{ ref('int_campaign_members_dated') }}
),

bearers as (
    select * from {{ ref('int_shared_cost_bearers_listed') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

actions as (
    select
        customer_id,
        {{ first_day_of_month("active_on") }} as month_on
    from customer_days
    where customer_id is not null

    union

    select
        customer_id,
        {{ first_day_of_month("contacted_on") }} as month_on
    from contacts

    union

    -- Where holdouts have no date, everybody's window begins with the campaign.
    select
        customer_id,
        {{ first_day_of_month("contacted_on") }} as month_on
    from members

    union

    -- The audience of a campaign that goes on costing.
    select
        customer_id,
        month_on
    from bearers
    where customer_id is not null
)

select
    actions.customer_id,
    actions.month_on
from actions
inner join as_of_dates on actions.month_on < as_of_dates.as_of_date
