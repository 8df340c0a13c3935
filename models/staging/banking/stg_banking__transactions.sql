{#-
    Each system: its seed, the key of a row, what tells product, quantity, amount and day.
    The amount is what the bank earns; the quantity is what the customer moves or keeps.
-#}
{%- set sources = [
    ("banking_card_payments", "'card:' || nullif(payment_id, '')", "account_id",
        "merchant_code", "'card'", "amount", "interchange", "paid_on"),
    ("banking_transfers", "'transfer:' || nullif(transfer_id, '')", "account_id",
        "transfer_type", "'online'", "amount", "fee", "executed_on"),
    ("banking_balances", "'balance:' || nullif(account_id, '') || ':' || booked_on",
        "account_id", "null", "'automatic'", "mean_balance", "margin",
        "booked_on"),
    ("banking_plans_held", "'plan:' || nullif(contract_id, '')", "null", "plan_id",
        "channel", "'1'", "entry_fee", "taken_on"),
] -%}

with accounts as (
    select * from {{ ref('banking_accounts') }}
),

lines as (
    {%- for seed, key, account, product, channel, quantity, amount, day in sources %}
    select
        {{ key }} as transaction_id,
        {{ account }} as account_id,
        {{ "customer_id" if account == "null" else "null" }} as holder_id,
        {{ product }} as product_id,
        {{ channel }} as channel,
        {{ quantity }} as quantity,
        {{ amount }} as amount,
        {{ day }} as booked_on
    from {{ ref(seed) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

renamed as (
    select
        lines.transaction_id,
        lines.transaction_id as order_id,
        coalesce(nullif(lines.holder_id, ''), accounts.customer_id) as customer_id,
        case
            when lines.channel = 'automatic' then accounts.account_type
            else nullif(lines.product_id, '')
        end as product_id,
        'sale' as transaction_type,
        'EUR' as currency_code,
        lines.channel,
        cast(null as string) as location_id,
        {{ text_as('lines.quantity', 'double') }} as quantity,
        {{ text_as('lines.amount', 'decimal(18, 2)') }} as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        {{ text_as('lines.amount', 'decimal(18, 2)') }} as net_amount,
        cast(null as decimal(18, 2)) as cost_amount,
        cast(0 as decimal(18, 2)) as third_party_funded_amount,
        {{ utc_time(text_as('lines.booked_on', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "quantity": ["lines.quantity", "double"],
            "net_amount": ["lines.amount", "decimal(18, 2)"],
            "occurred_at": ["lines.booked_on", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('lines') }} as source_row
    from lines
    left join accounts on lines.account_id = accounts.account_id
)

select * from renamed
