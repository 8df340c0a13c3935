{#- What scripts/write_audiences.py writes, to the byte: a header, and a line per row. -#}
{%- set header = "email_hash,phone_hash,customer_id_hash\n" -%}

with totals as (
    select * from {{ ref('scored_audience_totals') }}
),

rules as (
    select * from {{ ref('scored_audience_rules') }}
    where is_active
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

activated as (
    select * from {{ ref('scored_activation_rows') }}
    where has_key
),

contents as (
    select
        audience,
        change_type,
        count(*) as row_count,
        {{ sorted_lines("line_text") }} as lines_text
    from activated
    group by audience, change_type
),

change_types as (
    select 'added' as change_type
    union all
    select 'kept' as change_type
    union all
    select 'removed' as change_type
),

-- An audience that ended leaves one more set of files, which takes its last members off.
exports as (
    select
        totals.audience,
        change_types.change_type,
        totals.audience || '/' || change_types.change_type || '.csv' as file_path,
        {{ sha256_text("'" ~ header ~ "' || coalesce(contents.lines_text, '')") }} as sha256,
        cast(coalesce(contents.row_count, 0) as bigint) as row_count,
        as_of_dates.as_of_date
    from totals
    cross join change_types
    cross join as_of_dates
    left join rules on totals.audience = rules.audience
    left join contents
        on
            totals.audience = contents.audience
            and change_types.change_type = contents.change_type
    where rules.audience is not null or totals.removed > 0
)

select * from exports
