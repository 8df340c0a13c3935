{%- set inputs = connector_declaration()["inputs"] -%}
{%- set tables = input_tables() -%}

with contract_columns as (
    {%- for table in tables %}
    {%- set last_table = loop.last -%}
    {%- for column in input_columns(table) %}
    select
        '{{ table }}' as source_table,
        '{{ column.name }}' as column_name,
        {{ "true" if table in inputs else "false" }} as is_declared
    {{ "union all" if not (last_table and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

source_columns as (
    select * from {{ ref('input_source_columns') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

compared as (
    select
        coalesce(contract_columns.source_table, source_columns.source_table) as source_table,
        coalesce(contract_columns.column_name, source_columns.source_column) as column_name,
        case
            when contract_columns.column_name is null then 'ignored'
            when source_columns.source_column is not null then 'provided'
            {%- if "source_columns" in inputs %}
            else 'absent'
            {%- else %}
            when contract_columns.is_declared then 'provided'
            else 'absent'
            {%- endif %}
        end as status
    from contract_columns
    full join source_columns
        on
            contract_columns.source_table = source_columns.source_table
            and contract_columns.column_name = lower(source_columns.source_column)
),

input_columns as (
    select
        compared.source_table,
        compared.column_name,
        compared.status,
        as_of_dates.as_of_date
    from compared
    inner join as_of_dates on as_of_dates.is_current
)

select * from input_columns
