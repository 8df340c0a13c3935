with products as (
    select * from {{ ref('input_products') }}
),

product_days as (
    select * from {{ ref('int_customer_product_days_aggregated') }}
),

dates as (
    select * from {{ ref('int_offer_dates_resolved') }}
),

never_offered as (
    select distinct product_id
    from {{ ref('int_offer_rules_matched') }}
    where condition = 'never'
),

evidence_only as (
    select distinct product_id
    from {{ ref('int_offer_rules_matched') }}
    where condition = 'evidence_only'
),

last_sales as (
    select
        dates.scored_on,
        product_days.product_id,
        max(product_days.active_on) as last_sold_on
    from dates
    inner join product_days on dates.scored_on > product_days.active_on
    group by dates.scored_on, product_days.product_id
),

-- What the source says of today is not what it said at a cut-off.
described as (
    select
        last_sales.scored_on,
        products.product_id,
        products.product_name,
        products.product_type,
        products.offer_type,
        {{ is_in_list("products.offer_type", setting("restricted_offer_types")) }}
            as is_restricted,
        {{ is_in_list("products.department", setting("automatic_departments")) }}
            as is_automatic,
        never_offered.product_id is null
        and coalesce(
            case when dates.is_current then products.is_active end,
            {{ is_within(
                "last_sales.last_sold_on", "last_sales.scored_on",
                setting("offer_active_days"),
            ) }}
        ) as is_active,
        evidence_only.product_id is null as is_offered
    from last_sales
    inner join dates on last_sales.scored_on = dates.scored_on
    inner join products on last_sales.product_id = products.product_id
    left join never_offered on last_sales.product_id = never_offered.product_id
    left join evidence_only on last_sales.product_id = evidence_only.product_id
)

select * from described
