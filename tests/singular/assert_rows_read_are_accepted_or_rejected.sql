{{ config(group="sources") }}
{%- set tables = input_tables() -%}
-- Rows that the connector reads = rows accepted + rows rejected, for every input table.
with counts as (
    {%- for table in tables %}
    select
        '{{ table }}' as source_table,
        (select count(*) from {{ connector_table(table) }}) as rows_read,
        (select count(*) from {{ ref("input_" ~ table) }}) as rows_accepted,
        (
            select count(*) from {{ ref("input_rejected_rows") }}
            where source_table = '{{ table }}'
        ) as rows_rejected
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select *
from counts
where rows_read <> rows_accepted + rows_rejected
