{%- set inspected = files_inspection() -%}

with source_columns as (
    {%- for table, file in inspected["tables"].items() -%}
    {%- for column in file.columns.values() %}
    select
        '{{ table }}' as source_table,
        '{{ dbt.escape_single_quotes(column.name) }}' as source_column
    union all
    {%- endfor -%}
    {%- endfor -%}
    {%- for file in inspected["ignored_files"] %}
    select
        '{{ dbt.escape_single_quotes(file) }}' as source_table,
        '(the whole file)' as source_column
    union all
    {%- endfor %}
    select
        cast(null as string) as source_table,
        cast(null as string) as source_column
    where false
)

select
    source_table,
    source_column,
    cast(null as string) as unreadable_columns,
    cast(null as string) as source_row
from source_columns
