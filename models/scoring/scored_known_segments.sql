{#- Every segment that was ever told, retired ones with the last name they had. -#}
with names as (
    select * from {{ ref('scored_segment_names') }}
),

parameters as (
    select * from {{ ref('ml_segment_parameters') }}
    where
        connector = '{{ var("connector") }}'
        and part = 'segment'
        and name = 'segment_name'
),

retired as (
    select
        parameters.segmentation,
        parameters.item as segment_key,
        max_by(parameters.value_text, parameters.as_of_date) as segment_name
    from parameters
    left join names
        on
            parameters.segmentation = names.segmentation
            and parameters.item = names.segment_key
    where names.segment_key is null
    group by parameters.segmentation, parameters.item
)

select
    segmentation,
    segment_key,
    segment_name,
    is_special
from names
union all
select
    segmentation,
    segment_key,
    segment_name || ' (retired)' as segment_name,
    false as is_special
from retired
