{#- Seed, when its columns became known, family, columns, and whether they are numbers. -#}
{%- set sources = [
    ["healthcare_patients", "null", "demographic", ["age_band", "sex"], false],
    ["healthcare_patients", "null", "demographic", ["lives_alone"], true],
    ["healthcare_patients", "null", "geographic", ["distance_km"], true],
    ["healthcare_appointment_book", "booked_at", "behavioural",
        ["waiting_days", "missed_before", "reminders"], true],
    ["healthcare_discharges", "discharged_at", "behavioural",
        ["length_of_stay_days", "emergency_admission", "admissions_before",
            "emergency_visits_before"], true],
] -%}

with conditions as (
    select
        problems.patient_no,
        code_groups.condition_group,
        min(problems.since_on) as since_on
    from {{ ref('healthcare_problems') }} as problems
    inner join {{ ref('healthcare_icd10_groups') }} as code_groups
        on problems.icd10_group = code_groups.icd10_group
    group by problems.patient_no, code_groups.condition_group
),

attributes as (
    {%- for seed, time, family, columns, is_number in sources %}
    {%- for column in columns %}
    select
        patient_no,
        '{{ family }}' as family,
        '{{ column }}' as attribute,
        {{ column }} as attribute_value,
        {{ "true" if is_number else "false" }} as is_number,
        cast({{ time }} as string) as observed
    from {{ ref(seed) }}
    union all
    {%- endfor %}
    {%- endfor %}
    -- Restricted: their names begin with condition_.
    select
        patient_no,
        'demographic' as family,
        'condition_points' as attribute,
        comorbidity_points as attribute_value,
        true as is_number,
        discharged_at as observed
    from {{ ref('healthcare_discharges') }}
    union all
    select
        patient_no,
        'demographic' as family,
        'condition_' || condition_group as attribute,
        'yes' as attribute_value,
        false as is_number,
        since_on as observed
    from conditions
),

-- From here on nobody sees a patient number.
hashed as (
    select
        {{ hashed_text('patient_no') }} as customer_id,
        family,
        attribute,
        attribute_value,
        case when is_number then attribute_value end as number_text,
        observed
    from attributes
    where nullif(trim(attribute_value), '') is not null
),

renamed as (
    select
        customer_id,
        family,
        attribute,
        case when number_text is null then attribute_value end as value_text,
        {{ text_as('number_text', 'double') }} as value_number,
        {{ utc_time(text_as('observed', 'timestamp')) }} as observed_at,
        {{ unreadable_texts({
            "value_number": ["number_text", "double"],
            "observed_at": ["observed", "timestamp"],
        }) }} as unreadable_columns,
        {{ row_as_json('hashed') }} as source_row
    from hashed
)

select * from renamed
