with transactions as (
    select * from {{ source('complete_journey', 'transactions') }}
),

monthly as (
    select
        {{ first_day_of_month(local_date('try_cast(transaction_timestamp as timestamp)')) }}
            as month_on,
        sum(try_cast(sales_value as decimal(18, 2))) as net_revenue_amount
    from transactions
    group by 1
),

renamed as (
    select
        'source_control' as ledger_kind,
        {{ as_amount('coalesce(net_revenue_amount, 0)') }} as net_revenue_amount,
        month_on,
        cast(null as string) as unreadable_columns,
        {{ row_as_json('monthly') }} as source_row
    from monthly
)

select * from renamed
