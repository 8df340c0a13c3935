with models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_primary and is_available
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

known as (
    select * from {{ ref('scored_known_segments') }}
),

spends as (
    select
        segmentation,
        segment_key,
        sum(cost_amount) as spend_amount
    from {{ ref('scored_marketing_costs') }}
    group by segmentation, segment_key
),

-- Those in force, and every other that money went to.
listed as (
    select
        known.segmentation,
        known.segment_key,
        known.segment_name,
        known.is_special,
        known.is_special or names.segment_key is not null as is_open,
        coalesce(spends.spend_amount, 0) as spend_amount
    from known
    inner join models on known.segmentation = models.segmentation
    left join names
        on
            known.segmentation = names.segmentation
            and known.segment_key = names.segment_key
    left join spends
        on
            known.segmentation = spends.segmentation
            and known.segment_key = spends.segment_key
)

select
    segmentation,
    segment_key,
    segment_name,
    is_special,
    is_open
from listed
where (is_open and not is_special) or spend_amount > 0
