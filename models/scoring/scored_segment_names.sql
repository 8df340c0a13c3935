with models as (
    select * from {{ ref('scored_segmentation_models') }}
),

learned as (
    select * from {{ ref('ml_segments') }}
),

rules as (
    {{ worded_seed("rfm_segments", "rfm_segment", ["segment_name", "description"]) }}
),

special_segments as (
    {{ worded_seed("special_segments", "segment_key", ["segment_name", "description"]) }}
),

named as (
    select
        segmentation,
        segment_key,
        segment_name,
        description,
        false as is_special
    from learned

    union all

    select distinct
        models.segmentation,
        rules.rfm_segment as segment_key,
        rules.segment_name,
        rules.description,
        false as is_special
    from models
    cross join rules
    where models.algorithm = 'rules'

    union all

    select
        models.segmentation,
        special_segments.segment_key,
        special_segments.segment_name,
        special_segments.description,
        true as is_special
    from models
    cross join special_segments
)

select
    named.segmentation,
    named.segment_key,
    named.segment_name,
    named.description,
    models.algorithm,
    models.model_version,
    named.is_special
from named
inner join models on named.segmentation = models.segmentation and models.is_available
