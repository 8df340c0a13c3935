with populations as (
    select * from {{ ref('int_segmentation_populations_assigned') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segmentations as (
    select * from {{ ref('segmentations') }}
    where algorithm = 'learned'
),

customers as (
    select distinct populations.customer_id
    from populations
    inner join segmentations on populations.segmentation = segmentations.segmentation
    inner join as_of_dates
        on populations.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where populations.standing = 'eligible'
),

-- md5, because the engines' own hash functions differ.
drawn as (
    select customer_id
    from customers
    order by {{ dbt.hash("customer_id") }}, customer_id
    limit {{ setting("learning_sample_size") }}
),

sample as (
    select
        populations.as_of_date,
        populations.segmentation,
        populations.customer_id
    from drawn
    inner join populations on drawn.customer_id = populations.customer_id
    inner join segmentations on populations.segmentation = segmentations.segmentation
    inner join as_of_dates
        on populations.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where populations.standing = 'eligible'
)

select * from sample
