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

summed as (
    select
        cohort_months.segmentation,
        cohort_months.segment_key,
        max(cohort_months.customers) as customers,
        max(cohort_months.retained_customers) as retained_customers,
        sum(cohort_months.assumed_day_count) as assumed_day_count,
        sum(cohort_months.day_count) as day_count,
        max(
            case
                when cohort_months.cohort_on between costs.first_month_on and costs.last_month_on
                    then cohort_months.acquisition_cost_amount
            end
        ) as acquisition_cost_amount,
        sum(cohort_months.margin_amount) as margin_amount,
        {%- for months in [3, 6, 12] %}
        case
            when
                {{ dbt.dateadd("month", months, "cohort_months.cohort_on") }}
                <= as_of_dates.as_of_date
                then sum(cohort_months.margin_amount)
                    filter (where cohort_months.months_since_cohort < {{ months }})
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
    inner join {{ ref('int_as_of_dates_resolved') }} as as_of_dates on as_of_dates.is_current
    group by
        cohort_months.segmentation,
        cohort_months.segment_key,
        cohort_months.cohort_on,
        as_of_dates.as_of_date
),

judged as (
    select
        summed.*,
        coalesce(names.segment_name, 'No new customers') as segment_name,
        case
            when coalesce(summed.acquisition_cost_amount, 0) <= 0 then 'no_cost'
            when summed.payback_months is null then 'not_yet'
            else 'paid_back'
        end as payback_status
    from summed
    left join {{ ref('scored_segment_names') }} as names
        on summed.segmentation = names.segmentation and summed.segment_key = names.segment_key
)

select
    segmentation,
    segment_key,
    segment_name,
    '{{ dbt.escape_single_quotes(setting("acquisition_channels") | join(", ")) or "no channel declared" }}' as acquisition_basis,
    case when assumed_day_count > 0 then 'assumed' when day_count > 0 then 'measured' end as margin_basis,
    case
        when acquisition_cost_amount is null then 'not enough data'
        when assumed_day_count > 0 then 'assumed'
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
