with leads as (
    select * from {{ ref('scored_leads') }}
    where standing = 'lead'
),

approaches as (
    select
        *,
        {{ like_pattern("segment_key") }} as like_pattern
    from {{ ref('lead_approaches') }}
),

-- High is the dearest fifth of the leads.
banded as (
    select
        customer_id,
        segment_key,
        lead_type,
        channel,
        case
            when percent_rank() over (order by expected_value_amount) >= 0.8 then 'high'
            else 'usual'
        end as value_band
    from leads
),

ranked as (
    select
        banded.customer_id,
        banded.value_band,
        approaches.suggested_approach,
        row_number() over (
            partition by banded.customer_id
            order by
                case when approaches.industry = '*' then 1 else 0 end,
                case when approaches.segment_key = banded.segment_key then 0 else 1 end,
                length(replace(approaches.segment_key, '*', '')) desc,
                approaches.segment_key,
                case when approaches.lead_type = '*' then 1 else 0 end,
                case when approaches.value_band = '*' then 1 else 0 end,
                case when approaches.channel = '*' then 1 else 0 end
        ) as match_rank
    from banded
    inner join approaches
        on
            banded.segment_key like approaches.like_pattern escape '!'
            and approaches.lead_type in ('*', banded.lead_type)
            and approaches.value_band in ('*', banded.value_band)
            and approaches.channel in ('*', banded.channel)
            and approaches.industry in ('*', '{{ setting("industry") }}')
)

select
    customer_id,
    value_band,
    suggested_approach
from ranked
where match_rank = 1
