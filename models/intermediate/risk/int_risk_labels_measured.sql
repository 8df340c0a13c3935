with features as (
    select * from {{ ref('int_risk_features_measured') }}
),

standings as (
    select * from {{ ref('int_risk_standings_assigned') }}
),

customer_days as (
    select * from {{ ref('int_customer_days_aggregated') }}
),

examples as (
    select
        features.scored_on,
        features.customer_id,
        features.baseline_horizon_amount,
        standings.standing,
        standings.has_baseline
    from features
    inner join standings
        on
            features.scored_on = standings.scored_on
            and features.customer_id = standings.customer_id
    where features.is_example
),

-- Strictly after the cut-off, and over before the as-of date.
futures as (
    select
        examples.scored_on,
        examples.customer_id,
        count(*) as shopping_days,
        sum(customer_days.net_amount) as net_amount,
        min(customer_days.active_on) as next_order_on
    from examples
    inner join customer_days
        on
            examples.customer_id = customer_days.customer_id
            and examples.scored_on <= customer_days.active_on
            and cast({{ dbt.dateadd("day", setting("risk_horizon_days"), "examples.scored_on") }} as date)
            > customer_days.active_on
            and customer_days.sale_order_count > 0
    group by examples.scored_on, examples.customer_id
),

labels as (
    select
        examples.scored_on,
        examples.customer_id,
        case
            when examples.standing = 'active'
                then case when futures.customer_id is null then 1 else 0 end
        end as lapse_label,
        case
            when examples.standing = 'active' and examples.has_baseline
                then
                    case
                        when
                            coalesce(cast(futures.net_amount as double), 0)
                            < {{ setting("decline_share") }}
                            * examples.baseline_horizon_amount
                            then 1
                        else 0
                    end
        end as decline_label,
        case
            when examples.standing = 'lapsed'
                then case when futures.customer_id is null then 0 else 1 end
        end as return_label,
        futures.next_order_on
    from examples
    left join futures
        on
            examples.scored_on = futures.scored_on
            and examples.customer_id = futures.customer_id
)

select * from labels
