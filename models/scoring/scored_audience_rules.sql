with audiences as (
    select * from {{ ref('int_audiences_declared') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
),

primary_models as (
    select segmentation
    from models
    where is_primary
),

rules as (
    select
        audiences.audience,
        audiences.description,
        coalesce(audiences.segmentation, primary_models.segmentation) as segmentation,
        audiences.segment_keys,
        audiences.risk_bands,
        audiences.loyalty_tiers,
        audiences.regions,
        audiences.countries,
        audiences.channel,
        audiences.minimum_value_amount,
        audiences.maximum_value_amount,
        audiences.minimum_days_since_order,
        audiences.maximum_days_since_order,
        audiences.holdout_share,
        audiences.minimum_size,
        audiences.is_active,
        coalesce(models.is_available, false) as is_segmentation_available
    from audiences
    left join primary_models on audiences.segmentation is null
    left join models
        on coalesce(audiences.segmentation, primary_models.segmentation) = models.segmentation
)

select * from rules
