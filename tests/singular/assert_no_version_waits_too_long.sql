-- A version that nobody promotes or replaces means that people read an outdated model.
{{ config(severity='warn') }}

select
    segmentation,
    model_version,
    pending_builds
from {{ ref('ml_segment_versions') }}
where
    status = 'pending'
    and pending_builds > {{ setting("maximum_pending_builds") }}
