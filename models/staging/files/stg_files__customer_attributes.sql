with own_rows as (
    {{ files_rows("customer_attributes") }}
)

select * from own_rows
{{ files_wide_rows("customer_attributes") }}
