with vectors as (
    select * from {{ ref('scored_customer_vectors') }}
),

exemplars as (
    select * from {{ ref('ml_segment_exemplars') }}
),

segments as (
    select * from {{ ref('ml_segments') }}
),

distances as (
    select
        vectors.as_of_date,
        vectors.segmentation,
        vectors.customer_id,
        exemplars.segment_key,
        exemplars.model_version,
        {{ euclidean_distance("vectors.coordinates", "exemplars.coordinates") }}
            as distance
    from vectors
    inner join exemplars on vectors.segmentation = exemplars.segmentation
),

ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, segmentation, customer_id
            order by distance, segment_key
        ) as distance_rank,
        lead(segment_key) over (
            partition by as_of_date, segmentation, customer_id
            order by distance, segment_key
        ) as runner_up_segment_key,
        lead(distance) over (
            partition by as_of_date, segmentation, customer_id
            order by distance, segment_key
        ) as runner_up_distance
    from distances
),

scored as (
    select
        ranked.as_of_date,
        ranked.segmentation,
        ranked.customer_id,
        ranked.model_version,
        case
            when ranked.distance > segments.radius then 'outlier'
            else ranked.segment_key
        end as segment_key,
        case
            when ranked.distance > segments.radius then ranked.segment_key
            else ranked.runner_up_segment_key
        end as runner_up_segment_key,
        round(ranked.distance, 9) as distance,
        round(1 - ranked.distance / nullif(ranked.runner_up_distance, 0), 9)
            as confidence
    from ranked
    inner join segments
        on
            ranked.segmentation = segments.segmentation
            and ranked.segment_key = segments.segment_key
    where ranked.distance_rank = 1
)

select * from scored
