with own_rows as (
    {{ files_rows("customer_outcomes") }}
),

wide_rows as (
    {{ files_wide_source() }}
)

select * from own_rows
{{ files_wide_rows("customer_outcomes") }}
