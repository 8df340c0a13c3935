{#-
    The rows of a table of the folder in the columns of its contract, or none where there is
    no such file. Lines of a CSV file that do not fit its header come along as rows that
    cannot be read.

    made           column -> SQL for it where the file has no such column; may use the
                   other columns and `file_row_key`, which tells identical rows apart
-#}
{% macro files_rows(table, made={}) %}
    {%- set file = files_inspection()["tables"].get(table) -%}
    {%- set contract = input_columns(table) -%}
    {%- if file is none %}
    select
        {%- for column in contract %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
        cast(null as string) as unreadable_columns,
        cast(null as string) as source_row
    where false
    {%- else %}
    with file_rows as (
        select * from {{ file.relation }}
    ),

    read_rows as (
        select
            {%- set casts = {} -%}
            {%- for column in contract if column.name in file.columns -%}
                {%- set found = file.columns[column.name] -%}
                {%- set name = "file_rows." ~ adapter.quote(found.name) -%}
                {%- set cast_column = files_cast(name, found.type, column.data_type) -%}
                {%- if column.data_type != "string" -%}
                    {%- do casts.update({column.name: [name, cast_column]}) -%}
                {%- endif %}
            {{ cast_column }} as {{ column.name }},
            {%- endfor %}
            {{ unreadable_columns(casts) if casts else "cast(null as string)" }}
                as unreadable_columns,
            {{ row_as_json("file_rows") }} as source_row
        from file_rows
        {%- for line in file.broken_lines %}
        union all
        select
            {%- for column in contract if column.name in file.columns %}
            cast(null as {{ column.data_type }}) as {{ column.name }},
            {%- endfor %}
            'row' as unreadable_columns,
            '{{ dbt.escape_single_quotes(tojson({"line": line})) }}' as source_row
        {%- endfor %}
    ),

    keyed_rows as (
        select
            *,
            md5(
                source_row || '|' || cast(
                    row_number() over (partition by source_row) as varchar
                )
            ) as file_row_key
        from read_rows
    )

    select
        {%- for column in contract %}
        {%- if column.name in file.columns %}
        {{ column.name }},
        {%- elif column.name in made %}
        {{ made[column.name] }} as {{ column.name }},
        {%- else %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endif %}
        {%- endfor %}
        unreadable_columns,
        source_row
    from keyed_rows
    {%- endif %}
{% endmacro %}
