with weights as (
    select * from {{ ref('ml_active_offer_weights') }}
),

offered as (
    select distinct
        scored_on,
        item
    from weights
),

others as (
    select
        scored_on,
        other_item,
        row_number() over (partition by scored_on order by other_item) as place
    from weights
    group by scored_on, other_item
),

-- A join with every weight would make as many rows as purchases times candidates.
arrays as (
    select
        offered.scored_on,
        'product_type' as level,
        offered.item,
        {{ ordered_array("coalesce(weights.weight, 0)", "others.place") }} as weight_array
    from offered
    inner join others on offered.scored_on = others.scored_on
    left join weights
        on
            offered.scored_on = weights.scored_on
            and offered.item = weights.item
            and others.other_item = weights.other_item
    group by offered.scored_on, offered.item
)

select * from arrays
