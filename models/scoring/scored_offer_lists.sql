{#- Method and the rank that makes its list; the last one is of items bought before. -#}
{%- set new_ranks = {
    "offers": ["new_offers", "offer_rank"],
    "recent_popularity": ["popular_offers", "recent_rank"],
    "segment_popularity": ["popular_offers", "segment_rank"],
} -%}
{%- set reorder_ranks = {"offers": "offer_rank", "own_frequency": "frequency_rank"} -%}
{%- set popularity = {
    "recent_popularity": "recent_place",
    "segment_popularity": "segment_place",
} -%}

with new_offers as (
    select * from {{ ref('scored_new_offers') }}
    where not is_current
),

popular_offers as (
    select * from {{ ref('scored_popular_offers') }}
),

reorder_offers as (
    select * from {{ ref('scored_reorder_offers') }}
    where not is_current
),

customers as (
    select * from {{ ref('scored_offer_customers') }}
    where not is_current
),

popular_items as (
    select * from {{ ref('scored_offer_popularity') }}
    where is_candidate
),

-- Whether bought before or not, as everybody else's baskets say.
popular_ranks as (
    select
        level,
        segment_key,
        item,
        {%- for method, place in popularity.items() %}
        row_number() over (
            partition by scored_on, level, segment_key order by {{ place }}
        ) as {{ method }}_rank,
        {%- endfor %}
        scored_on
    from popular_items
),

lists as (
    {%- for method, (relation, rank) in new_ranks.items() %}
    select
        scored_on,
        level,
        'new' as purpose,
        '{{ method }}' as method,
        customer_id,
        item,
        {{ rank }} as place
    from {{ relation }}
    union all
    {%- endfor %}
    {%- for method, rank in reorder_ranks.items() %}
    select
        scored_on,
        level,
        'reorder' as purpose,
        '{{ method }}' as method,
        customer_id,
        item,
        {{ rank }} as place
    from reorder_offers
    union all
    {%- endfor %}
    {%- for method in popularity %}
    select
        customers.scored_on,
        popular_ranks.level,
        'reorder' as purpose,
        '{{ method }}' as method,
        customers.customer_id,
        popular_ranks.item,
        popular_ranks.{{ method }}_rank as place
    from customers
    inner join popular_ranks
        on
            customers.scored_on = popular_ranks.scored_on
            and customers.segment_key = popular_ranks.segment_key
            and popular_ranks.{{ method }}_rank <= 10
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from lists
where place <= 10
