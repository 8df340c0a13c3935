with declared as (
    select * from {{ ref('declared_features') }}
    where industry = '{{ setting("industry") }}'
),

product_types as (
    select * from {{ ref('int_customer_day_product_types_aggregated') }}
    where customer_id is not null and sale_line_count > 0
),

interactions as (
    select * from {{ ref('int_interactions_identified') }}
    where customer_id is not null
),

events as (
    select
        'transactions' as source_table,
        customer_id,
        department,
        category,
        product_type,
        cast(null as string) as channel,
        cast(null as string) as interaction_type,
        department as group_name,
        sale_line_count as event_count,
        cast(unit_count as decimal(38, 3)) as quantity,
        cast(net_amount as decimal(38, 3)) as amount,
        cast(null as decimal(38, 3)) as duration,
        0 as timed_count,
        active_on
    from product_types
    union all
    select
        'interactions' as source_table,
        customer_id,
        cast(null as string) as department,
        cast(null as string) as category,
        cast(null as string) as product_type,
        channel,
        interaction_type,
        interaction_type as group_name,
        1 as event_count,
        cast(null as decimal(38, 3)) as quantity,
        cast(null as decimal(38, 3)) as amount,
        cast(duration_seconds as decimal(38, 3)) as duration,
        case when duration_seconds is not null then 1 else 0 end as timed_count,
        occurred_on as active_on
    from interactions
),

-- An empty place of a declaration is anything.
matched as (
    select
        declared.feature,
        events.*,
        {%- for place in
            ["department", "category", "product_type", "channel", "interaction_type"] %}
        (
            declared.{{ place }} is null
            or coalesce(
                {{ is_listed("events." ~ place, "declared." ~ place) }}, false
            )
        )
        {{- " and" if not loop.last }}
        {%- endfor %} as is_match,
        declared.among is null
        or coalesce({{ is_listed("events.group_name", "declared.among") }}, false)
            as is_among
    from declared
    inner join events on declared.source = events.source_table
)

select
    feature,
    customer_id,
    sum(case when is_among then event_count else 0 end) as among_count,
    sum(case when is_match and is_among then event_count else 0 end) as event_count,
    sum(case when is_match then quantity end) as quantity,
    sum(case when is_match then amount end) as amount,
    sum(case when is_match then duration end) as duration,
    sum(case when is_match then timed_count else 0 end) as timed_count,
    active_on
from matched
group by feature, customer_id, active_on
