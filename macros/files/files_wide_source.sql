{#- The rows of `customers_wide` with their JSON as `file_row`, and with `file_row_key`, which
    tells identical rows apart; no row where there is no such file. -#}
{% macro files_wide_source() %}
    {%- set wide = files_inspection()["tables"].get("customers_wide") -%}
    {%- if wide is none %}
    select cast(null as string) as file_row_key
    where false
    {%- else %}
    select
        described_rows.*,
        md5(
            file_row || '|' || cast(row_number() over (partition by file_row) as varchar)
        ) as file_row_key
    from (
        select
            file_rows.*,
            {{ row_as_json("file_rows") }} as file_row
        from {{ wide.relation }} as file_rows
    ) as described_rows
    {%- endif %}
{% endmacro %}
