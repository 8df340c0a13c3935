with built_in_features as (
    {{ worded_seed(
        "features", "feature", ["phrase_high", "phrase_low", "unit"],
        ["family", "description", "priority"]
    ) }}
),

declared as (
    select * from {{ ref('declared_features') }}
    where industry = '{{ setting("industry") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

departments as (
    select distinct
        departments.feature,
        departments.department,
        departments.department_rank
    from {{ ref('int_department_features_measured') }} as departments
    inner join as_of_dates
        on departments.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
    where departments.department_rank <= {{ setting("department_mix_maximum") }}
),

attributes as (
    select * from {{ ref('int_attributes_worded') }}
),

described as (
    select
        feature,
        family,
        'number' as kind,
        phrase_high,
        phrase_low,
        unit,
        description,
        priority
    from built_in_features

    union all

    select
        feature,
        family,
        'number' as kind,
        phrase_high,
        phrase_low,
        unit,
        description,
        priority
    from declared

    union all

    select
        feature,
        'behavioural' as family,
        'number' as kind,
        'much ' || department as phrase_high,
        'little ' || department as phrase_low,
        'share' as unit,
        'Share of spend in the department ' || department as description,
        100 + min(department_rank) as priority
    from departments
    group by feature, department

    union all

    select
        feature,
        family,
        kind,
        phrase_high,
        phrase_low,
        cast(null as string) as unit,
        'Attribute that the source provides or that was derived from it' as description,
        priority
    from attributes
)

select * from described
