with lists as (
    select * from {{ ref('scored_offer_lists') }}
),

wanted as (
    select * from {{ ref('int_offer_outcomes_measured') }}
),

wishes as (
    select
        scored_on,
        level,
        purpose,
        customer_id,
        count(*) as wanted_items
    from wanted
    group by scored_on, level, purpose, customer_id
),

methods as (
    select distinct
        scored_on,
        level,
        purpose,
        method
    from lists
),

found as (
    select
        lists.scored_on,
        lists.level,
        lists.purpose,
        lists.method,
        lists.customer_id,
        count(*) as hits,
        {{ exact_sum("ln(2e0) / ln(lists.place + 1e0)") }} as gain
    from lists
    inner join wanted
        on
            lists.scored_on = wanted.scored_on
            and lists.level = wanted.level
            and lists.purpose = wanted.purpose
            and lists.customer_id = wanted.customer_id
            and lists.item = wanted.item
    group by lists.scored_on, lists.level, lists.purpose, lists.method, lists.customer_id
),

judged as (
    select
        wishes.scored_on,
        wishes.level,
        wishes.purpose,
        methods.method,
        wishes.customer_id,
        wishes.wanted_items,
        coalesce(found.hits, 0) as hits,
        coalesce(found.gain, 0) as gain,
        {{ ideal_list_gain("wishes.wanted_items") }} as ideal_gain
    from wishes
    inner join methods
        on
            wishes.scored_on = methods.scored_on
            and wishes.level = methods.level
            and wishes.purpose = methods.purpose
    left join found
        on
            wishes.scored_on = found.scored_on
            and wishes.level = found.level
            and wishes.purpose = found.purpose
            and methods.method = found.method
            and wishes.customer_id = found.customer_id
)

select
    scored_on,
    level,
    purpose,
    method,
    customer_id,
    wanted_items,
    hits,
    round(gain / ideal_gain, 9) as ndcg
from judged
