with hits as (
    select * from {{ ref('scored_offer_hits') }}
),

lists as (
    select * from {{ ref('scored_offer_lists') }}
),

items as (
    select
        scored_on,
        level,
        count(*) as items
    from {{ ref('int_offer_items_counted') }}
    where is_known
    group by scored_on, level
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

listed as (
    select
        scored_on,
        level,
        method,
        count(distinct case when purpose = 'new' then item end) as new_items,
        max(case when purpose = 'new' then 1 else 0 end) as has_new
    from lists
    group by scored_on, level, method
),

measured as (
    select
        level,
        method,
        {%- for purpose in ["new", "reorder"] %}
        sum(case when purpose = '{{ purpose }}' then 1 else 0 end) as {{ purpose }}_customers,
        sum(case when purpose = '{{ purpose }}' and hits > 0 then 1 else 0 end)
            as {{ purpose }}_hit_customers,
        {{ exact_sum("case when purpose = '" ~ purpose ~ "' then ndcg end") }}
            as {{ purpose }}_ndcg,
        sum(case when purpose = '{{ purpose }}' then hits else 0 end) as {{ purpose }}_hits,
        sum(case when purpose = '{{ purpose }}' then wanted_items else 0 end)
            as {{ purpose }}_wanted_items,
        {%- endfor %}
        scored_on
    from hits
    group by level, method, scored_on
),

backtest as (
    select
        measured.method,
        measured.level,
        cast(measured.new_customers as bigint) as new_customers,
        cast(measured.reorder_customers as bigint) as rebuy_customers,
        {{ share_of("measured.new_hit_customers", "measured.new_customers") }}
            as new_hit_rate_at_10,
        {{ share_of("measured.new_ndcg", "measured.new_customers") }} as new_ndcg_at_10,
        {{ share_of("measured.new_hits", "measured.new_wanted_items") }} as new_recall_at_10,
        {{ share_of("measured.reorder_hit_customers", "measured.reorder_customers") }}
            as rebuy_hit_rate_at_10,
        {{ share_of("measured.reorder_ndcg", "measured.reorder_customers") }}
            as rebuy_ndcg_at_10,
        {{ share_of("measured.reorder_hits", "measured.reorder_wanted_items") }}
            as rebuy_recall_at_10,
        case
            when listed.has_new = 1 then {{ share_of("listed.new_items", "items.items") }}
        end as coverage,
        measured.scored_on as cutoff_on,
        as_of_dates.as_of_date
    from measured
    cross join as_of_dates
    inner join items
        on measured.scored_on = items.scored_on and measured.level = items.level
    inner join listed
        on
            measured.scored_on = listed.scored_on
            and measured.level = listed.level
            and measured.method = listed.method
)

select * from backtest
