with costs as (
    select * from {{ ref('int_marketing_costs_dated') }}
    where cost_amount > 0
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

bounds as (
    select
        (select min(active_on) from customer_days) as first_sale_on,
        (select min(cost_on) from costs) as first_cost_on,
        (select max(as_of_date) from as_of_dates) as as_of_date
),

numbers as (
    {{ dbt.generate_series(setting("response_history_weeks") + 1) }}
),

-- Backwards from the week of the as-of date, which is not complete.
weeks as (
    select
        cast(
            {{ dbt.dateadd(
                "day", "-7 * cast(numbers.generated_number as integer)",
                dbt.date_trunc("week", "bounds.as_of_date")
            ) }}
            as date
        ) as period_on,
        {{ setting("response_history_weeks") }} - numbers.generated_number as trend
    from bounds
    cross join numbers
    where numbers.generated_number <= {{ setting("response_history_weeks") }}
),

margins as (
    select
        cast({{ dbt.date_trunc("week", "active_on") }} as date) as period_on,
        sum(net_amount - cost_amount) as margin_amount
    from customer_days
    group by 1
),

seasons as (
    select
        weeks.period_on,
        weeks.trend,
        margins.margin_amount
    from weeks
    inner join bounds
        on
            weeks.period_on >= bounds.first_sale_on
            and weeks.period_on
            >= cast({{ dbt.date_trunc("week", "bounds.first_cost_on") }} as date)
    left join margins on {{ days_before("weeks.period_on", 364) }} = margins.period_on
)

select
    period_on,
    cast(trend as bigint) as trend,
    coalesce(
        cast(margin_amount as double),
        {{ share_of("sum(margin_amount) over ()", "count(margin_amount) over ()") }},
        0e0
    ) as season
from seasons
