{#- Only what has come to an end: an open appointment and the 30 days after a discharge
    that have not passed are no outcome. -#}
with outcomes as (
    select
        {{ hashed_text('patient_no') }} as customer_id,
        'missed_appointment' as outcome,
        status = 'missed' as value,
        planned_at as occurred_at
    from {{ ref('healthcare_appointment_book') }}
    where status <> 'open'
    union all
    select
        {{ hashed_text('patient_no') }} as customer_id,
        'readmitted' as outcome,
        status = 'readmitted' as value,
        readmitted_at as occurred_at
    from {{ ref('healthcare_discharges') }}
    where status <> 'open'
),

renamed as (
    select
        customer_id,
        outcome,
        value,
        {{ utc_time(text_as('occurred_at', 'timestamp')) }} as occurred_at,
        {{ unreadable_texts({"occurred_at": ["occurred_at", "timestamp"]}) }}
            as unreadable_columns,
        {{ row_as_json('outcomes') }} as source_row
    from outcomes
)

select * from renamed
