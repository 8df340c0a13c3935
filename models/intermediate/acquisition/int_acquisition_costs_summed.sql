with marketing_costs as (
    select * from {{ ref('input_marketing_costs') }}
),

campaigns as (
    select * from {{ ref('input_campaigns') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

-- A cost of a campaign that names no channel belongs to the campaign's.
channelled as (
    select
        coalesce(marketing_costs.channel, campaigns.channel) as channel,
        marketing_costs.cost_amount,
        marketing_costs.cost_on
    from marketing_costs
    left join campaigns on marketing_costs.campaign_id = campaigns.campaign_id
    inner join as_of_dates on marketing_costs.cost_on < as_of_dates.as_of_date
)

select
    {{ as_amount("sum(cost_amount)") }} as cost_amount,
    {{ first_day_of_month("cost_on") }} as month_on
from channelled
where {{ is_in_list("channel", setting("acquisition_channels")) }}
group by {{ first_day_of_month("cost_on") }}
