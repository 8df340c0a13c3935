with own_rows as (
    {{ files_rows("customers") }}
)

select * from own_rows
{{ files_wide_rows("customers") }}
