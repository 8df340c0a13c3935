{%- set capacity = setting("sales_capacity_per_week") -%}

with leads as (
    select * from {{ ref('scored_leads') }}
    where standing = 'lead'
),

counted as (
    select
        region,
        count(*) as region_leads,
        sum(count(*)) over () as leads,
        least({{ capacity }}, sum(count(*)) over ()) as capacity
    from leads
    group by region
),

-- Largest remainder: whole seats first, what is left to whom they cut off most.
shared as (
    select
        *,
        cast(floor(cast(capacity * region_leads as double) / leads) as bigint) as whole_seats
    from counted
),

seats as (
    select
        region,
        region_leads,
        whole_seats
        + case
            when
                row_number() over (
                    order by capacity * region_leads - whole_seats * leads desc, region asc
                ) <= capacity - sum(whole_seats) over ()
                then 1
            else 0
        end as region_capacity
    from shared
),

ranked as (
    select
        leads.customer_id,
        leads.region,
        leads.score,
        seats.region_leads,
        seats.region_capacity,
        row_number() over (
            partition by leads.region
            order by
                leads.score desc, {{ dbt.hash("leads.customer_id") }}, leads.customer_id
        ) as region_rank
    from leads
    inner join seats on leads.region = seats.region
),

-- After this week regions take turns, so that each has its share of every week.
positioned as (
    select
        *,
        region_rank <= region_capacity as is_within_capacity,
        row_number() over (
            partition by region_rank <= region_capacity
            order by
                case
                    when region_rank > region_capacity
                        then
                            (region_rank - region_capacity - 0.5e0)
                            / (region_leads - region_capacity)
                end,
                region
        ) as turn
    from ranked
),

weeks as (
    select
        *,
        case
            when is_within_capacity then 1
            else 2 + cast(floor(cast(turn - 1 as double) / {{ capacity }}) as bigint)
        end as week_number
    from positioned
)

select
    customer_id,
    region_rank,
    region_capacity,
    is_within_capacity,
    week_number,
    row_number() over (
        order by week_number, score desc, {{ dbt.hash("customer_id") }}, customer_id
    ) as priority_rank
from weeks
