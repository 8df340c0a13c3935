with offers as (
    select * from {{ ref('scored_chosen_offers') }}
),

evidence as (
    select * from {{ ref('scored_offer_evidence') }}
),

products as (
    select * from {{ ref('int_offer_products_described') }}
),

worded as (
    select
        offers.customer_id,
        offers.purpose,
        offers.offer_rank,
        offers.product_id,
        coalesce(products.product_name, offers.product_id) as product_name,
        offers.product_type,
        products.offer_type,
        offers.is_restricted,
        offers.score_source,
        case
            when offers.purpose = 'reorder' and offers.purchase_days = 1
                then '{{ word("bought") }} once, ' || {{ days_ago("offers.days_since_last") }}
            when offers.purpose = 'reorder'
                then
                    '{{ word("bought") }} every ' || {{ days_text("offers.mean_interval_days") }}
                    || ', last ' || {{ days_ago("offers.days_since_last") }}
            when evidence.other_item is not null
                then
                    '{{ word("bought") }} by ' || {{ number_text("evidence.bought_with_share", "share") }}
                    || ' of those who, like this {{ word("customer") }}, {{ word("to_buy") }} ' || evidence.other_item
            else
                '{{ word("bought") }} by ' || {{ number_text("offers.recent_share", "share") }}
                || ' of the {{ word("buyers") }} of the last {{ setting("offer_horizon_days") }} days'
        end as reason,
        offers.score,
        offers.purchase_days,
        offers.days_since_last,
        offers.mean_interval_days,
        offers.is_due,
        offers.as_of_date
    from offers
    inner join products
        on
            offers.as_of_date = products.scored_on
            and offers.product_id = products.product_id
    left join evidence
        on
            offers.customer_id = evidence.customer_id
            and offers.item = evidence.item
            and offers.score_source = 'weights'
)

select * from worded
