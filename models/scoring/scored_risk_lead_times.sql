with ranks as (
    select * from {{ ref('scored_risk_ranks') }}
),

features as (
    select * from {{ ref('ml_risk_features') }}
),

-- Without a model a lapse is noticed when the customer has been away too long.
lead_times as (
    select
        ranks.scored_on,
        ranks.target,
        ranks.method,
        percentile_cont(0.5) within group (
            order by
                {{ setting("active_within_days") or "null" }}
                - {{ dbt.datediff("features.last_order_on", "ranks.scored_on", "day") }}
        ) as median_lead_days
    from ranks
    inner join features
        on
            ranks.scored_on = features.scored_on
            and ranks.customer_id = features.customer_id
    where ranks.is_in_decile and ranks.label = 1 and ranks.target = 'lapse'
    group by ranks.scored_on, ranks.target, ranks.method
)

select * from lead_times
