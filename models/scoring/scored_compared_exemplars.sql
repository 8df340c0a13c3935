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

customers as (
    select
        learned.as_of_date,
        learned.segmentation,
        learned.customer_id,
        learned.segment_key,
        learned.runner_up_segment_key,
        vectors.coordinates
    from learned
    inner join as_of_dates
        on learned.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    inner join vectors
        on
            learned.as_of_date = vectors.as_of_date
            and learned.segmentation = vectors.segmentation
            and learned.customer_id = vectors.customer_id
),

distances as (
    select
        customers.segmentation,
        customers.customer_id,
        exemplars.exemplar,
        exemplars.segment_key = customers.segment_key as is_own,
        {{ euclidean_distance("customers.coordinates", "exemplars.coordinates") }} as distance
    from customers
    inner join exemplars
        on
            customers.segmentation = exemplars.segmentation
            and exemplars.segment_key
            in (customers.segment_key, customers.runner_up_segment_key)
),

-- Plain minima, because a window would have to sort every customer's exemplars.
least_distances as (
    select
        segmentation,
        customer_id,
        is_own,
        min(distance) as least_distance
    from distances
    group by segmentation, customer_id, is_own
),

nearest as (
    select
        distances.segmentation,
        distances.customer_id,
        min(case when distances.is_own then distances.exemplar end) as own_exemplar,
        min(case when not distances.is_own then distances.exemplar end) as runner_up_exemplar
    from distances
    inner join least_distances
        on
            distances.segmentation = least_distances.segmentation
            and distances.customer_id = least_distances.customer_id
            and distances.is_own = least_distances.is_own
            and distances.distance = least_distances.least_distance
    group by distances.segmentation, distances.customer_id
)

select
    customers.as_of_date,
    customers.segmentation,
    customers.customer_id,
    customers.coordinates,
    own.coordinates as own_coordinates,
    runner_up.coordinates as runner_up_coordinates
from customers
inner join nearest
    on
        customers.segmentation = nearest.segmentation
        and customers.customer_id = nearest.customer_id
inner join exemplars as own
    on
        nearest.segmentation = own.segmentation
        and nearest.own_exemplar = own.exemplar
inner join exemplars as runner_up
    on
        nearest.segmentation = runner_up.segmentation
        and nearest.runner_up_exemplar = runner_up.exemplar
