{%- set channels = setting("acquisition_channels") -%}

with cohort_months as (
    select
        *,
        sum(margin_amount) over (
            partition by segmentation, segment_key, cohort_on order by months_since_cohort
        ) as cumulative_margin_amount
    from {{ ref('scored_cohort_months') }}
),

-- Before the first record and after the last nobody knows whether anything was spent.
costs as (
    select
        min(month_on) as first_month_on,
        max(month_on) as last_month_on
    from {{ ref('int_acquisition_costs_summed') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

summed as (
    select
        cohort_months.segmentation,
        cohort_months.segment_key,
        max(cohort_months.customers) as customers,
        max(cohort_months.retained_customers) as retained_customers,
        sum(cohort_months.assumed_days) as assumed_days,
        sum(cohort_months.days) as days,
        max(
            case
                when cohort_months.cohort_on between costs.first_month_on and costs.last_month_on
                    then cohort_months.acquisition_cost_amount
            end
        ) as acquisition_cost_amount,
        sum(cohort_months.margin_amount) as margin_amount,
        {%- for months in [3, 6, 12] %}
        case
            when {{ dbt.dateadd("month", months, "cohort_months.cohort_on") }} <= as_of_dates.as_of_date
                then sum(
                    case when cohort_months.months_since_cohort < {{ months }} then cohort_months.margin_amount end
                )
        end as margin_{{ months }}_months_amount,
        {%- endfor %}
        min(
            case
                when cohort_months.cumulative_margin_amount >= cohort_months.acquisition_cost_amount
                    then cohort_months.months_since_cohort
            end
        ) as payback_months,
        cohort_months.cohort_on,
        as_of_dates.as_of_date
    from cohort_months
    cross join costs
    cross join as_of_dates
    group by
        cohort_months.segmentation,
        cohort_months.segment_key,
        cohort_months.cohort_on,
        as_of_dates.as_of_date
),

judged as (
    select
        *,
        case
            when coalesce(acquisition_cost_amount, 0) <= 0 then 'no_cost'
            when payback_months is null then 'not_yet'
            else 'paid_back'
        end as payback_status
    from summed
)

select
    judged.segmentation,
    judged.segment_key,
    coalesce(names.segment_name, 'No new customers') as segment_name,
    '{{ dbt.escape_single_quotes(channels | join(", ")) or "no channel declared" }}' as acquisition_basis,
    case when assumed_days > 0 then 'assumed' when days > 0 then 'measured' end as margin_basis,
    case
        when acquisition_cost_amount is null then 'not enough data'
        when assumed_days > 0 then 'assumed'
        else 'measured'
    end as evidence,
    payback_status,
    '{{ setting("reporting_currency") }}' as currency_code,
    cast(customers as bigint) as customers,
    acquisition_cost_amount,
    {{ as_amount(share_of("acquisition_cost_amount", "customers")) }} as acquisition_cost_per_customer_amount,
    {{ as_amount("margin_amount") }} as margin_amount,
    {{ as_amount(share_of("margin_amount", "customers")) }} as margin_per_customer_amount,
    {%- for months in [3, 6, 12] %}
    {{ as_amount(share_of("margin_" ~ months ~ "_months_amount", "customers")) }} as margin_per_customer_{{ months }}_months_amount,
    {%- endfor %}
    cast(case when payback_status = 'paid_back' then payback_months end as bigint) as payback_months,
    {{ share_of("retained_customers", "customers") }} as retention_share,
    cohort_on,
    as_of_date
from judged
left join names
    on judged.segmentation = names.segmentation and judged.segment_key = names.segment_key
