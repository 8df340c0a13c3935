with settings as (
    select * from {{ ref('int_settings_resolved') }}
    -- Where files lay says nothing about their numbers.
    where setting <> 'files_path'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
)

select
    settings.setting,
    settings.setting_value,
    as_of_dates.as_of_date
from settings
cross join as_of_dates
