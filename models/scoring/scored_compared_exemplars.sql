with learned as (
    select * from {{ ref('scored_learned_segments') }}
    where segment_key <> 'outlier'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

vectors as (
    select * from {{ ref('scored_customer_vectors') }}
),

exemplars as (
    select * from {{ ref('ml_segment_exemplars') }}
),

distances as (
    select
        learned.as_of_date,
        learned.segmentation,
        learned.customer_id,
        exemplars.segment_key = learned.segment_key as is_own,
        vectors.coordinates,
        exemplars.coordinates as exemplar_coordinates,
        row_number() over (
            partition by
                learned.segmentation, learned.customer_id, exemplars.segment_key
            order by
                {{ euclidean_distance("vectors.coordinates", "exemplars.coordinates") }},
                exemplars.exemplar
        ) as distance_rank
    from learned
    inner join as_of_dates
        on learned.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    inner join vectors
        on
            learned.as_of_date = vectors.as_of_date
            and learned.segmentation = vectors.segmentation
            and learned.customer_id = vectors.customer_id
    inner join exemplars
        on
            learned.segmentation = exemplars.segmentation
            and exemplars.segment_key
            in (learned.segment_key, learned.runner_up_segment_key)
),

compared as (
    select
        own.as_of_date,
        own.segmentation,
        own.customer_id,
        own.coordinates,
        own.exemplar_coordinates as own_coordinates,
        runner_up.exemplar_coordinates as runner_up_coordinates
    from distances as own
    inner join distances as runner_up
        on
            own.segmentation = runner_up.segmentation
            and own.customer_id = runner_up.customer_id
            and runner_up.distance_rank = 1
            and not runner_up.is_own
    where own.is_own and own.distance_rank = 1
)

select * from compared
