{%- set keys = ["email_hash", "phone_hash", "customer_id_hash"] -%}

with publications as (
    select * from {{ ref('scored_published_audiences') }}
    where connector = '{{ var("connector") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

earlier_dates as (
    select max(publications.as_of_date) as as_of_date
    from publications
    inner join as_of_dates on publications.as_of_date < as_of_dates.as_of_date
),

-- Neither published nor published before: by an earlier build of the same day.
compared as (
    select
        publications.audience,
        publications.customer_id,
        {%- for key in keys %}
        publications.{{ key }},
        {%- endfor %}
        publications.is_holdout,
        publications.channel,
        max(
            case
                when publications.as_of_date = as_of_dates.as_of_date and publications.is_current
                    then 1
                else 0
            end
        ) = 1 as is_published,
        max(
            case when publications.as_of_date < as_of_dates.as_of_date then 1 else 0 end
        ) = 1 as was_published,
        max(as_of_dates.as_of_date) as as_of_date
    from publications
    cross join as_of_dates
    cross join earlier_dates
    where
        publications.audience is not null
        and (
            publications.as_of_date = as_of_dates.as_of_date
            or (publications.as_of_date = earlier_dates.as_of_date and publications.is_current)
        )
    group by
        publications.audience,
        publications.customer_id,
        {%- for key in keys %}
        publications.{{ key }},
        {%- endfor %}
        publications.is_holdout,
        publications.channel
)

select * from compared
