{%- set values = {"connector": var("connector")} -%}
{%- for name in var("settings") if name not in ["as_of_date", "loaded_on"] -%}
{%- do values.update({name: setting(name)}) -%}
{%- endfor -%}

with as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

settings as (
    select
        'as_of_date' as setting,
        cast(as_of_date as string) as setting_value
    from as_of_dates
    where is_current

    {%- for name in values | sort %}

    union all

    select
        '{{ name }}' as setting,
        {%- if values[name] is none %}
        cast(null as string) as setting_value
        {%- else %}
        '{{ dbt.escape_single_quotes(values[name] | string) }}' as setting_value
        {%- endif %}
    {%- endfor %}
)

select * from settings
