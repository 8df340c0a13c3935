{#- Rows of a relation by customer, for every available segmentation, with the segment that the
    customer is in now; rows without a customer are guests. -#}
{% macro in_current_segments(relation) %}
    select
        placements.segmentation,
        placements.segment_key,
        {{ relation }}.*
    from {{ relation }}
    inner join {{ ref("scored_current_segments") }} as placements
        on {{ relation }}.customer_id = placements.customer_id

    union all

    select
        models.segmentation,
        'guest' as segment_key,
        {{ relation }}.*
    from {{ relation }}
    cross join {{ ref("scored_segmentation_models") }} as models
    where {{ relation }}.customer_id is null and models.is_available
{%- endmacro %}
