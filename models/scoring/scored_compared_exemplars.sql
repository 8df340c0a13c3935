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

-- Without the arrays, which the sort would have to carry.
ranked as (
    select
        customers.segmentation,
        customers.customer_id,
        exemplars.exemplar,
        exemplars.segment_key = customers.segment_key as is_own,
        row_number() over (
            partition by
                customers.segmentation, customers.customer_id, exemplars.segment_key
            order by
                {{ euclidean_distance("customers.coordinates", "exemplars.coordinates") }},
                exemplars.exemplar
        ) as distance_rank
    from customers
    inner join exemplars
        on
            customers.segmentation = exemplars.segmentation
            and exemplars.segment_key
            in (customers.segment_key, customers.runner_up_segment_key)
),

nearest as (
    select
        segmentation,
        customer_id,
        max(case when is_own then exemplar end) as own_exemplar,
        max(case when not is_own then exemplar end) as runner_up_exemplar
    from ranked
    where distance_rank = 1
    group by segmentation, customer_id
),

compared as (
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
)

select * from compared
