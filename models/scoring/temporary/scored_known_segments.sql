with names as (
    select * from {{ ref('scored_segment_names') }}
)

select
    segmentation,
    segment_key,
    segment_name,
    is_special
from names
union all
select distinct
    segmentation,
    'new' as segment_key,
    'New' as segment_name,
    true as is_special
from names
where segmentation <> 'value'
