-- depends_on: {{ ref('scored_restatements') }}
with memberships as (
    select * from {{ ref('scored_segment_memberships') }}
),

{%- if is_incremental() %}

frozen as (
    select distinct
        connector,
        segmentation,
        month_on
    from {{ this }}
),

new_memberships as (
    select memberships.*
    from memberships
    left join frozen
        on
            memberships.connector = frozen.connector
            and memberships.segmentation = frozen.segmentation
            and memberships.month_on = frozen.month_on
    where frozen.month_on is null or {{ "true" if setting("restate_months") else "false" }}
)
{%- else %}

new_memberships as (
    select * from memberships
)
{%- endif %}

select
    connector,
    customer_id,
    segmentation,
    segment_key,
    model_version,
    is_reconstructed,
    month_on,
    as_of_date
from new_memberships
