with actions as (
    select * from {{ ref('int_customer_months_listed') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_available
),

covered as (
    select * from {{ ref('scored_covered_months') }}
),

published as (
    select
        segmentation,
        customer_id,
        segment_key,
        cast({{ dbt.dateadd("month", 1, "month_on") }} as date) as month_on
    from {{ ref('scored_published_memberships') }}
    where connector = '{{ var("connector") }}'
),

current_segments as (
    select * from {{ ref('scored_current_segments') }}
),

placed as (
    select
        models.segmentation,
        actions.customer_id,
        case
            when covered.month_on is null then coalesce(current_segments.segment_key, 'new')
            else coalesce(published.segment_key, 'new')
        end as segment_key,
        case when covered.month_on is null then 'current' else 'month_start' end
            as segment_basis,
        actions.month_on
    from models
    cross join actions
    left join covered
        on models.segmentation = covered.segmentation and actions.month_on = covered.month_on
    left join published
        on
            models.segmentation = published.segmentation
            and actions.customer_id = published.customer_id
            and actions.month_on = published.month_on
    left join current_segments
        on
            models.segmentation = current_segments.segmentation
            and actions.customer_id = current_segments.customer_id
)

select * from placed
