{%- set keys = ["email_hash", "phone_hash", "customer_id_hash"] -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

members as (
    select * from {{ ref('scored_audience_members') }}
    where is_large_enough
),

-- One row without an audience says that there was a publication, were it of nobody.
published as (
    select
        '{{ var("connector") }}' as connector,
        audience,
        customer_id,
        channel,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        is_holdout,
        true as is_current,
        as_of_date
    from members
    union all
    select
        '{{ var("connector") }}' as connector,
        {%- for column in ["audience", "customer_id", "channel"] + keys %}
        cast(null as string) as {{ column }},
        {%- endfor %}
        cast(null as boolean) as is_holdout,
        true as is_current,
        as_of_date
    from as_of_dates
),

-- What an earlier build of the same day published and this one does not.
replaced as (
    {%- if is_incremental() %}
    select
        earlier.connector,
        earlier.audience,
        earlier.customer_id,
        earlier.channel,
        {%- for key in keys %}
        earlier.{{ key }},
        {%- endfor %}
        earlier.is_holdout,
        false as is_current,
        earlier.as_of_date
    from {{ this }} as earlier
    left join published
        on
            earlier.connector = published.connector
            and earlier.as_of_date = published.as_of_date
            and earlier.audience = published.audience
            and earlier.customer_id = published.customer_id
            and earlier.is_holdout = published.is_holdout
            {%- for key in keys %}
            and coalesce(earlier.{{ key }}, '') = coalesce(published.{{ key }}, '')
            {%- endfor %}
    where
        earlier.connector = '{{ var("connector") }}'
        and earlier.as_of_date in (select as_of_dates.as_of_date from as_of_dates)
        and earlier.audience is not null
        and published.customer_id is null
    {%- else %}
    select * from published
    where false
    {%- endif %}
),
{%- set columns = ["connector", "audience", "customer_id", "channel"] + keys %}

publications as (
    select * from published
    union all
    select * from replaced
)

select
    {{ columns | join(",
    ") }},
    is_holdout,
    is_current,
    as_of_date
from publications
