{#-
    Rows that the wide file `customers_wide`, read by `files_wide_source` as `wide_rows`,
    holds for an input table: one per customer and described column. A value that is not
    there makes no row.

    table          customers, customer_attributes or customer_outcomes
-#}
{% macro files_wide_rows(table) %}
    {%- set wide = files_inspection()["tables"].get("customers_wide") -%}
    {%- set kinds = {
        "customer_attributes": ["number", "category", "boolean"],
        "customer_outcomes": ["outcome"],
    }.get(table, []) -%}
    {%- set described = [] -%}
    {%- set identifier = ["file_row_key"] if wide else [] -%}
    {%- for entry in (wide or {}).get("attributes", []) -%}
        {%- set name = adapter.quote(wide.columns[entry.column | lower].name) -%}
        {%- if entry.kind == "identifier" -%}
            {%- do identifier.append(name) -%}
        {%- endif -%}
        {%- if entry.kind in kinds -%}
            {%- do described.append({"name": name, "entry": entry}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if table == "customers" and wide -%}
        {%- do described.append({"name": identifier[-1], "entry": {}}) -%}
    {%- endif -%}
    {%- for item in described %}
    {%- set value = "nullif(trim(cast(" ~ item.name ~ " as varchar)), '')" %}
    {%- set truth = "try_cast(" ~ value ~ " as boolean)" %}
    {%- set number = files_cast(value, "VARCHAR", "double") %}
    union all
    select
        {%- for column in input_columns(table) %}
        {%- if column.name == "customer_id" %}
        nullif(trim(cast({{ identifier[-1] }} as varchar)), '') as customer_id,
        {%- elif column.name == "family" %}
        '{{ item.entry.family }}' as family,
        {%- elif column.name in ["attribute", "outcome"] %}
        '{{ dbt.escape_single_quotes(item.entry.column) }}' as {{ column.name }},
        {%- elif column.name == "value_text" and item.entry.kind == "boolean" %}
        case when {{ truth }} then 'yes' when not {{ truth }} then 'no' end as value_text,
        {%- elif column.name == "value_text" %}
        {{ value }} as value_text,
        {%- elif column.name == "value_number" and item.entry.kind == "number" %}
        {{ number }} as value_number,
        {%- elif column.name == "value" %}
        {{ truth }} as value,
        {%- else %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {%- if table == "customer_outcomes" %}
        {{ unreadable_columns({"value": [value, truth]}) }}
        {%- elif item.entry.kind == "boolean" %}
        {{ unreadable_columns({"value_text": [value, truth]}) }}
        {%- elif item.entry.kind == "number" %}
        {{ unreadable_columns({"value_number": [value, number]}) }}
        {%- else %}
        cast(null as string)
        {%- endif %} as unreadable_columns,
        file_row as source_row
    from wide_rows
    {%- if table != "customers" %}
    where {{ value }} is not null
    {%- endif %}
    {%- endfor %}
    {%- for line in (wide or {}).get("broken_lines", []) if table == "customers" %}
    union all
    select
        {%- for column in input_columns(table) %}
        cast(null as {{ column.data_type }}) as {{ column.name }},
        {%- endfor %}
        'row' as unreadable_columns,
        '{{ dbt.escape_single_quotes(tojson({"line": line})) }}' as source_row
    {%- endfor %}
{% endmacro %}
