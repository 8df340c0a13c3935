with members as (
    select * from {{ ref('scored_month_members') }}
),

activity as (
    select * from {{ ref('int_customer_activity_measured') }}
),

at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

customers as (
    select * from {{ ref('int_customers_described') }}
),

names as (
    select * from {{ ref('scored_known_segments') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
),

-- Risk is told as of today, and so of the last month alone.
as_of_dates as (
    select
        as_of_date,
        {{ first_day_of_month(days_before("as_of_date", 1)) }} as last_month_on
    from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

described as (
    select
        members.*,
        coalesce(customers.region, 'not known') as region,
        coalesce(activity.is_active, false) as is_active,
        coalesce(activity.was_active, false) as was_active,
        at_risk.customer_id is not null as is_at_risk,
        at_risk.value_at_risk_amount,
        at_risk.expected_loss_amount,
        as_of_dates.last_month_on,
        as_of_dates.as_of_date
    from members
    cross join as_of_dates
    left join activity
        on members.customer_id = activity.customer_id and members.month_on = activity.month_on
    left join customers on members.customer_id = customers.customer_id
    left join at_risk
        on
            members.customer_id = at_risk.customer_id
            and members.is_end
            and members.month_on = as_of_dates.last_month_on
)

select
    described.segmentation,
    described.segment_key,
    coalesce(names.segment_name, described.segment_key) as segment_name,
    described.region,
    '{{ setting("reporting_currency") }}' as currency_code,
    {%- set counted = {
        "customers": "described.is_end",
        "active_customers": "described.is_end and described.is_active",
        "starting_customers": "not described.is_end and described.was_active",
        "retained_customers":
            "not described.is_end and described.was_active and described.is_active",
    } %}
    {%- for name, condition in counted.items() %}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
    {%- endfor %}
    cast(
        sum(
            case
                when described.is_at_risk then 1
                when described.is_end and described.month_on = described.last_month_on then 0
            end
        ) as bigint
    ) as at_risk_customers,
    {{ as_amount("sum(described.value_at_risk_amount)") }} as value_at_risk_amount,
    {{ as_amount("sum(described.expected_loss_amount)") }} as expected_loss_amount,
    coalesce(models.is_primary, false) as is_primary_segmentation,
    described.month_on,
    described.as_of_date
from described
left join models on described.segmentation = models.segmentation
left join names
    on
        described.segmentation = names.segmentation
        and described.segment_key = names.segment_key
group by all
