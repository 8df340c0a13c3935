with risk as (
    select * from {{ ref('scored_customer_risk') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

customer_risk as (
    select
        risk.customer_id,
        risk.target,
        risk.standing,
        risk.probability as risk_score,
        risk.risk_band,
        risk.base_rate,
        risk.model_version,
        risk.is_primary,
        case
            when risk.standing = 'too_new'
                then 'Fewer than {{ setting("minimum_orders_for_risk") }} {{ word("orders") }}: too new to judge.'
            when risk.standing = 'no_baseline'
                then 'Too few {{ word("orders") }} lately to tell a decline from chance.'
            when risk.standing = 'lapsed' and risk.target not in ('return')
                then 'Has stayed away too long to be called at risk: see reactivation_candidates.'
            when risk.standing = 'decided'
                then 'It is decided: it did not come about, and cannot any more.'
            when risk.standing = 'active' and risk.target = 'return'
                then 'Still active: nobody to win back.'
            when risk.probability is null
                then 'No scorecard could be learned: risk_status says why.'
        end as reason,
        as_of_dates.as_of_date
    from risk
    cross join as_of_dates
)

select * from customer_risk
