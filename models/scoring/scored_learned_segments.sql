with vectors as (
    select * from {{ ref('scored_customer_vectors') }}
),

exemplars as (
    select * from {{ ref('ml_segment_exemplars') }}
),

-- A plain minimum, because a window over every exemplar would have to sort them all.
segment_distances as (
    select
        vectors.as_of_date,
        vectors.segmentation,
        vectors.customer_id,
        exemplars.model_version,
        exemplars.segment_key,
        case when exemplars.segment_key = 'outlier' then 1 else 0 end as is_noise,
        min(
            {{ euclidean_distance("vectors.coordinates", "exemplars.coordinates") }}
        ) as distance
    from vectors
    inner join exemplars on vectors.segmentation = exemplars.segmentation
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, segmentation, customer_id
            order by distance, is_noise, segment_key
        ) as distance_rank,
        row_number() over (
            partition by as_of_date, segmentation, customer_id, is_noise
            order by distance, segment_key
        ) as segment_rank
    from segment_distances
),

nearest as (
    select
        as_of_date,
        segmentation,
        customer_id,
        model_version,
        max(case when distance_rank = 1 then segment_key end) as nearest_key,
        max(case when distance_rank = 1 then distance end) as distance,
        max(case when is_noise = 0 and segment_rank = 1 then segment_key end) as first_key,
        max(case when is_noise = 0 and segment_rank = 1 then distance end) as first_distance,
        max(case when is_noise = 0 and segment_rank = 2 then segment_key end) as second_key,
        max(case when is_noise = 0 and segment_rank = 2 then distance end) as second_distance
    from ranked
    group by as_of_date, segmentation, customer_id, model_version
),

-- The radius is that of the exemplar, not of its segment.
reached as (
    select
        nearest.*,
        max(exemplars.radius) as radius
    from nearest
    inner join vectors
        on
            nearest.as_of_date = vectors.as_of_date
            and nearest.segmentation = vectors.segmentation
            and nearest.customer_id = vectors.customer_id
    inner join exemplars
        on
            nearest.segmentation = exemplars.segmentation
            and nearest.nearest_key = exemplars.segment_key
            and nearest.distance
            = {{ euclidean_distance("vectors.coordinates", "exemplars.coordinates") }}
    group by all
),

scored as (
    select
        as_of_date,
        segmentation,
        customer_id,
        model_version,
        case
            when distance > radius then 'outlier'
            else nearest_key
        end as segment_key,
        case
            when nearest_key = 'outlier' or distance > radius
                then first_key
            else second_key
        end as runner_up_segment_key,
        round(distance, 9) as distance,
        case
            when nearest_key = 'outlier' then round(1 - distance / nullif(first_distance, 0), 9)
            else round(1 - distance / nullif(second_distance, 0), 9)
        end as confidence
    from reached
)

select * from scored
