{%- set settings_hash = local_md5(
    "rfm_window_days=" ~ setting("rfm_window_days")
    ~ "|recency_basis=" ~ setting("recency_basis")
)[:12] -%}
{%- set cut_points = rfm_cut_point_columns() -%}

with rfm as (
    select * from {{ ref('int_customer_rfm_measured') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

current_rfm as (
    select rfm.*
    from rfm
    inner join as_of_dates
        on rfm.as_of_date = as_of_dates.as_of_date and as_of_dates.is_current
),

measured as (
    select
        as_of_date,
        {{ rfm_cut_points("recency_" ~ setting("recency_basis"), "frequency", "monetary_amount") }}
    from current_rfm
    group by as_of_date
),

versioned as (
    select
        '{{ var("connector") }}' as connector,
        '{{ settings_hash }}' as settings_hash,
        substr(
            {{ dbt.hash(
                "concat_ws('|', '" ~ settings_hash ~ "', " ~ cut_points | join(", ") ~ ")"
            ) }},
            1,
            12
        ) as model_version,
        {{ cut_points | join(",\n        ") }},
        as_of_date,
        as_of_date as fitted_as_of
    from measured
),

{%- if is_incremental() and setting("refit_policy") != "always" %}

earlier as (
    select
        kept.*,
        row_number() over (order by kept.as_of_date desc) as age_rank
    from {{ this }} as kept
    inner join versioned
        on
            kept.connector = versioned.connector
            and kept.settings_hash = versioned.settings_hash
            and kept.as_of_date < versioned.as_of_date
),

in_force as (
    select
        versioned.connector,
        versioned.settings_hash,
        coalesce(earlier.model_version, versioned.model_version) as model_version,
        {%- for cut_point in cut_points %}
        coalesce(earlier.{{ cut_point }}, versioned.{{ cut_point }}) as {{ cut_point }},
        {%- endfor %}
        versioned.as_of_date,
        coalesce(earlier.fitted_as_of, versioned.fitted_as_of) as fitted_as_of
    from versioned
    left join earlier on earlier.age_rank = 1
)

select * from in_force
{%- else %}

in_force as (
    select * from versioned
)

select * from in_force
{%- endif %}
