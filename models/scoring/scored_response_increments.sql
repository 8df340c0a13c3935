with lifts as (
    select * from {{ ref('scored_campaign_lifts') }}
    where measure = 'margin' and wave = 'whole' and evidence = 'measured'
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_primary and is_available
)

select
    lifts.segmentation,
    lifts.segment_key,
    lifts.campaign_id,
    -- What a window cost and brought, per week of it.
    lifts.cost_amount * 7 / {{ setting("attribution_window_days") }} as spend_amount,
    lifts.incremental_amount * 7 / {{ setting("attribution_window_days") }}
        as incremental_margin_amount,
    lifts.standard_error * 7 / {{ setting("attribution_window_days") }} as standard_error
from lifts
inner join models on lifts.segmentation = models.segmentation
where lifts.cost_amount > 0
