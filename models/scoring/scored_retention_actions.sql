with at_risk as (
    select * from {{ ref('scored_at_risk_customers') }}
),

reasons as (
    select * from {{ ref('scored_risk_reasons') }}
    where reason_rank = 1
),

segments as (
    select * from {{ ref('scored_primary_segments') }}
),

actions as (
    select * from {{ ref('retention_actions') }}
),

-- High is the dearest fifth of the list.
banded as (
    select
        at_risk.customer_id,
        reasons.theme,
        segments.segment_key,
        case
            when
                percent_rank() over (
                    order by coalesce(at_risk.value_at_risk_amount, 0)
                ) >= 0.8
                then 'high'
            else 'usual'
        end as value_band
    from at_risk
    left join reasons on at_risk.customer_id = reasons.customer_id
    left join segments on at_risk.customer_id = segments.customer_id
),

-- The most particular line wins: industry before segment before reason before value.
ranked as (
    select
        banded.customer_id,
        banded.value_band,
        actions.offer_purpose,
        actions.recommended_action,
        row_number() over (
            partition by banded.customer_id
            order by
                case when actions.industry = '*' then 1 else 0 end,
                case when actions.segment_key = '*' then 1 else 0 end,
                case when actions.theme = '*' then 1 else 0 end,
                case when actions.value_band = '*' then 1 else 0 end
        ) as match_rank
    from banded
    inner join actions
        on
            actions.segment_key in ('*', coalesce(banded.segment_key, '*'))
            and actions.theme in ('*', coalesce(banded.theme, '*'))
            and actions.value_band in ('*', banded.value_band)
            and actions.industry in ('*', '{{ setting("industry") }}')
)

select
    customer_id,
    value_band,
    offer_purpose,
    recommended_action
from ranked
where match_rank = 1
