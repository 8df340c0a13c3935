with own_rows as (
    {{ files_rows("customer_outcomes") }}
)

select * from own_rows
{{ files_wide_rows("customer_outcomes") }}
