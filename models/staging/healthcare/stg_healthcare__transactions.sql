with all_lines as (
    select
        nullif(encounter_no, '') || '-' || nullif(service, '') as transaction_id,
        encounter_no as order_id,
        patient_no,
        service as product_id,
        cast(null as string) as channel,
        quantity,
        amount,
        billed_at as occurred_at
    from {{ ref('healthcare_billing_lines') }}
    union all
    select
        nullif(fill_no, '') as transaction_id,
        fill_no as order_id,
        patient_no,
        article as product_id,
        'store' as channel,
        days_of_supply as quantity,
        copayment as amount,
        filled_at as occurred_at
    from {{ ref('healthcare_dispensary_fills') }}
    union all
    select
        nullif(enrolment_no, '') as transaction_id,
        enrolment_no as order_id,
        patient_no,
        plan_id as product_id,
        cast(null as string) as channel,
        '1' as quantity,
        fee as amount,
        enrolled_at as occurred_at
    from {{ ref('healthcare_enrolments') }}
),

-- From here on nobody sees a patient number.
hashed as (
    select
        transaction_id,
        order_id,
        {{ hashed_text('patient_no') }} as customer_id,
        product_id,
        channel,
        quantity,
        amount,
        occurred_at
    from all_lines
),

renamed as (
    select
        transaction_id,
        nullif(order_id, '') as order_id,
        customer_id,
        nullif(product_id, '') as product_id,
        'sale' as transaction_type,
        'EUR' as currency_code,
        channel,
        cast(null as string) as location_id,
        {{ text_as('quantity', 'double') }} as quantity,
        {{ text_as('amount', 'decimal(18, 2)') }} as gross_amount,
        cast(0 as decimal(18, 2)) as discount_amount,
        {{ text_as('amount', 'decimal(18, 2)') }} as net_amount,
        cast(null as decimal(18, 2)) as cost_amount,
        cast(0 as decimal(18, 2)) as third_party_funded_amount,
        {{ utc_time(text_as('occurred_at', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({
            "quantity": ["quantity", "double"],
            "gross_amount": ["amount", "decimal(18, 2)"],
            "occurred_at": ["occurred_at", "timestamp"],
        }) }} as unreadable_columns,
        -- What was bought is left out: a rejected row may be shown as an example.
        (
            select {{ row_as_json('shown') }}
            from (
                select
                    hashed.transaction_id,
                    hashed.customer_id,
                    hashed.quantity,
                    hashed.amount,
                    hashed.occurred_at
            ) as shown
        ) as source_row
    from hashed
)

select * from renamed
