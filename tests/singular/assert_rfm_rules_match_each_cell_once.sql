-- All 125 cells of scores: each is named once, and none that bought recently is called
-- lost or hibernating.
with scores as (
    {{ dbt.generate_series(5) }}
),

cells as (
    select
        recency.generated_number as recency_score,
        frequency.generated_number as frequency_score,
        monetary.generated_number as monetary_score
    from scores as recency
    cross join scores as frequency
    cross join scores as monetary
),

matched as (
    select
        cells.recency_score,
        cells.frequency_score,
        cells.monetary_score,
        count(rules.rfm_segment) as names,
        max(rules.rfm_segment) as rfm_segment
    from cells
    left join
        {{ ref('rfm_segments') }} as rules
        on {{ rfm_rule_join("cells", "rules") }}
    group by cells.recency_score, cells.frequency_score, cells.monetary_score
)

select *
from matched
where
    names <> 1
    or (
        recency_score >= 4
        and rfm_segment in ('lost', 'hibernating', 'at_risk', 'cannot_lose')
    )
