with rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

cut_points as (
    select * from {{ ref('ml_active_rfm_cut_points') }}
),

rules as (
    select * from {{ ref('rfm_segments') }}
),

scores as (
    select
        rfm.*,
        cut_points.model_version,
        {{ rfm_scores("rfm.recency_" ~ setting("recency_basis"), "rfm.frequency", "rfm.monetary_amount") }}
    from rfm
    cross join cut_points
),

matched as (
    select
        scores.*,
        rules.rfm_segment,
        row_number() over (
            partition by scores.as_of_date, scores.customer_id
            order by rules.rule_order
        ) as rule_rank
    from scores
    left join rules on {{ rfm_rule_join("scores", "rules") }}
),

scored as (
    select
        as_of_date,
        customer_id,
        model_version,
        coalesce(rfm_segment, 'unmatched') as rfm_segment,
        concat_ws('', recency_score, frequency_score, monetary_score) as rfm_cell,
        recency_days,
        recency_seasons,
        frequency,
        monetary_amount,
        recency_score,
        frequency_score,
        monetary_score,
        first_order_on,
        last_order_on
    from matched
    where rule_rank = 1
)

select * from scored
