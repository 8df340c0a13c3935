with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

customers as (
    select * from {{ ref('int_customers_listed') }}
),

rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

segmentations as (
    select * from {{ ref('segmentations') }}
),

segmentation_features as (
    select * from {{ ref('int_segmentation_features_listed') }}
),

feature_values as (
    select * from {{ ref('int_feature_values_collected') }}
),

-- Where nobody bought anything, a source of attributes alone still makes segments.
buyers as (
    select count(*) as buyers from rfm
),

feature_counts as (
    select * from {{ ref('int_segmentation_features_counted') }}
),

known_counts as (
    select
        feature_values.as_of_date,
        feature_values.customer_id,
        segmentation_features.segmentation,
        count(*) as known_features
    from feature_values
    inner join
        segmentation_features
        on feature_values.feature = segmentation_features.feature
    group by
        feature_values.as_of_date,
        feature_values.customer_id,
        segmentation_features.segmentation
),

assigned as (
    select
        as_of_dates.as_of_date,
        segmentations.segmentation,
        customers.customer_id,
        case
            when
                segmentations.needs_purchases
                and rfm.customer_id is null
                and (buyers.buyers > 0 or segmentations.algorithm = 'rules')
                then 'no_purchase'
            when
                segmentations.needs_purchases
                and segmentations.algorithm = 'learned'
                and rfm.first_order_on
                > {{ days_before("as_of_dates.as_of_date", setting("minimum_tenure_days")) }}
                then 'too_new'
            when
                segmentations.algorithm = 'learned'
                and coalesce(known_counts.known_features, 0)
                < coalesce(
                    feature_counts.features * {{ setting("minimum_known_share") }}, 1
                )
                then 'no_data'
            else 'eligible'
        end as standing
    from as_of_dates
    cross join segmentations
    cross join customers
    cross join buyers
    left join rfm
        on
            as_of_dates.as_of_date = rfm.as_of_date
            and customers.customer_id = rfm.customer_id
    left join feature_counts
        on
            as_of_dates.as_of_date = feature_counts.as_of_date
            and segmentations.segmentation = feature_counts.segmentation
    left join known_counts
        on
            as_of_dates.as_of_date = known_counts.as_of_date
            and segmentations.segmentation = known_counts.segmentation
            and customers.customer_id = known_counts.customer_id
    where coalesce(customers.known_since_on < as_of_dates.as_of_date, true)
)

select * from assigned
