with counts as (
    select * from {{ ref('scored_campaign_counts') }}
),

costs as (
    select
        segmentation,
        segment_key,
        campaign_id,
        sum(contact_cost_amount + shared_cost_amount) as cost_amount,
        {{ least_certain_basis("cost_basis") }} as cost_basis
    from {{ ref('scored_campaign_costs') }}
    group by segmentation, segment_key, campaign_id
),

attributions as (
    select * from {{ ref('scored_campaign_attributions') }}
),

parts as (
    select
        segmentation,
        segment_key,
        campaign_id,
        contacted,
        holdout,
        responded,
        holdout_responded,
        mixed,
        pending,
        0 as cost_amount,
        cast(null as {{ dbt.type_string() }}) as cost_basis,
        0 as attributed_revenue_amount
    from counts

    union all

    select
        segmentation,
        segment_key,
        campaign_id,
        0 as contacted,
        0 as holdout,
        0 as responded,
        0 as holdout_responded,
        0 as mixed,
        0 as pending,
        cost_amount,
        cost_basis,
        0 as attributed_revenue_amount
    from costs

    union all

    select
        segmentation,
        segment_key,
        campaign_id,
        0 as contacted,
        0 as holdout,
        0 as responded,
        0 as holdout_responded,
        0 as mixed,
        0 as pending,
        0 as cost_amount,
        cast(null as {{ dbt.type_string() }}) as cost_basis,
        attributed_revenue_amount
    from attributions
)

select
    segmentation,
    segment_key,
    campaign_id,
    cast(sum(contacted) as bigint) as contacted,
    cast(sum(holdout) as bigint) as holdout,
    cast(sum(responded) as bigint) as responded,
    cast(sum(holdout_responded) as bigint) as holdout_responded,
    cast(sum(mixed) as bigint) as mixed,
    cast(sum(pending) as bigint) as pending,
    {{ as_amount("sum(cost_amount)") }} as cost_amount,
    max(cost_basis) as cost_basis,
    {{ as_amount("sum(attributed_revenue_amount)") }} as attributed_revenue_amount
from parts
group by segmentation, segment_key, campaign_id
