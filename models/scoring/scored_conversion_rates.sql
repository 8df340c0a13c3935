{#- Customers of the rate of everybody that each segment is given beside its own. -#}
{%- set prior_customers = 10 -%}

with conversions as (
    select * from {{ ref('scored_past_conversions') }}
),

models as (
    select * from {{ ref('scored_segmentation_models') }}
    where is_primary
),

kinds as (
    select
        conversions.has_bought,
        -- Jeffreys: that nobody did so far does not mean that nobody ever will.
        (sum(conversions.conversions) + 0.5e0) / (sum(conversions.members) + 1)
            as base_rate
    from conversions
    inner join models on conversions.segmentation = models.segmentation
    group by conversions.has_bought
),

segments as (
    select distinct segment_key from {{ ref('scored_primary_segments') }}
),

rates as (
    select
        segments.segment_key,
        kinds.has_bought,
        round(
            (coalesce(conversions.conversions, 0) + {{ prior_customers }} * kinds.base_rate)
            / (coalesce(conversions.members, 0) + {{ prior_customers }}),
            9
        ) as conversion_rate
    from segments
    cross join kinds
    cross join models
    left join conversions
        on
            models.segmentation = conversions.segmentation
            and segments.segment_key = conversions.segment_key
            and kinds.has_bought = conversions.has_bought
)

select * from rates
