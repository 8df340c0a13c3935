with shortlists as (
    select * from {{ ref('scored_offer_shortlists') }}
),

options as (
    select * from {{ ref('scored_offer_products') }}
),

failed as (
    select * from {{ ref('scored_failed_offer_rules') }}
),

ruled as (
    select * from {{ ref('scored_ruled_offers') }}
    where level = 'product'
),

barred_options as (
    select distinct
        options.customer_id,
        options.product_id
    from options
    inner join ruled on options.product_id = ruled.item
    inner join failed
        on options.customer_id = failed.customer_id and ruled.rule = failed.rule
),

allowed as (
    select
        options.purpose,
        options.customer_id,
        options.item,
        options.product_id,
        row_number() over (
            partition by options.purpose, options.customer_id, options.item
            order by
                options.purchase_days desc,
                coalesce(options.last_bought_on, cast('1900-01-01' as date)) desc,
                coalesce(options.popularity_rank, 0),
                options.product_id
        ) as option_rank
    from options
    left join barred_options
        on
            options.customer_id = barred_options.customer_id
            and options.product_id = barred_options.product_id
    where barred_options.customer_id is null
),

products as (
    select * from {{ ref('int_offer_products_described') }}
),

-- An item without any product that the customer may be offered gives way to the next.
ranked as (
    select
        shortlists.purpose,
        shortlists.level,
        shortlists.customer_id,
        shortlists.item,
        shortlists.product_type,
        allowed.product_id,
        shortlists.score_source,
        shortlists.score,
        shortlists.recent_share,
        shortlists.purchase_days,
        shortlists.days_since_last,
        shortlists.mean_interval_days,
        shortlists.is_due,
        products.is_restricted,
        -- Restricted offers stand in a list of their own.
        row_number() over (
            partition by
                shortlists.purpose, shortlists.customer_id, products.is_restricted
            order by shortlists.offer_rank
        ) as offer_rank,
        shortlists.as_of_date
    from shortlists
    inner join allowed
        on
            shortlists.purpose = allowed.purpose
            and shortlists.customer_id = allowed.customer_id
            and shortlists.item = allowed.item
            and allowed.option_rank = 1
    inner join products
        on
            shortlists.as_of_date = products.scored_on
            and allowed.product_id = products.product_id
)

select * from ranked
where offer_rank <= {{ setting("offers_per_customer") }}
