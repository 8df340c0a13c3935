select * from {{ ref('scored_segment_memberships') }}
