-- A declared channel without a single cost is likely misspelt, and its months would look free.
{{ config(severity='warn') }}

with declared as (
    {%- for channel in setting("acquisition_channels") %}
    select '{{ dbt.escape_single_quotes(channel) }}' as channel
    union all
    {%- endfor %}
    select cast(null as {{ dbt.type_string() }}) as channel
    where false
),

costs as (
    select distinct coalesce(marketing_costs.channel, campaigns.channel) as channel
    from {{ ref('input_marketing_costs') }} as marketing_costs
    left join {{ ref('input_campaigns') }} as campaigns
        on marketing_costs.campaign_id = campaigns.campaign_id
)

select declared.channel
from declared
left join costs on declared.channel = costs.channel
where costs.channel is null
