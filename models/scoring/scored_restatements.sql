{#- Read by name, not by ref: what is about to be replaced is what
    `scored_published_memberships` still holds, and that model waits for this one. -#}
{%- set published = adapter.get_relation(
    database=this.database, schema=generate_schema_name("scoring", model), identifier="scored_published_memberships"
) -%}

with memberships as (
    select * from {{ ref('scored_segment_memberships') }}
),

{%- if published and setting("restate_months") %}

published as (
    select * from {{ published }}
),

changed as (
    select
        memberships.connector,
        memberships.segmentation,
        memberships.as_of_date,
        memberships.month_on,
        case
            when published.segment_key = memberships.segment_key then 0 else 1
        end as is_changed
    from memberships
    left join published
        on
            memberships.connector = published.connector
            and memberships.segmentation = published.segmentation
            and memberships.month_on = published.month_on
            and memberships.customer_id = published.customer_id
)
{%- else %}

changed as (
    select
        connector,
        segmentation,
        as_of_date,
        month_on,
        0 as is_changed
    from memberships
    where false
)
{%- endif %}

select
    connector,
    segmentation,
    count(*) as membership_count,
    cast(sum(is_changed) as bigint) as changed_count,
    min(month_on) as first_month_on,
    max(month_on) as last_month_on,
    cast('{{ loaded_on() }}' as date) as restated_on,
    as_of_date
from changed
group by connector, segmentation, as_of_date
