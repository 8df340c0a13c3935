{#- A campaign as a whole, and each month of its contacts. -#}
{%- set waves = ["'whole'", "cast(month_on as " ~ dbt.type_string() ~ ")"] -%}

with members as (
    select * from {{ ref('scored_campaign_members') }}
    where is_randomised and is_complete and not is_mixed
),

costs as (
    select * from {{ ref('scored_campaign_costs') }}
),

waved_costs as (
    {%- for wave in waves %}
    select
        segmentation,
        segment_key,
        campaign_id,
        {{ wave }} as wave,
        sum(shared_cost_amount) as cost_amount
    from costs
    group by segmentation, segment_key, campaign_id{{ ", month_on" if loop.last }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

measured as (
    {%- for measure in ["revenue", "margin"] %}
    {%- set is_last = loop.last %}
    {%- for wave in waves %}
    select
        '{{ measure }}' as measure,
        segmentation,
        segment_key,
        campaign_id,
        {{ wave }} as wave,
        {{ measure }}_amount as response,
        earlier_{{ measure }}_amount as covariate,
        cost_amount,
        has_ordered,
        is_holdout
    from members
    {{ "union all" if not (is_last and loop.last) }}
    {%- endfor %}
    {%- endfor %}
),

summed as (
    select
        measure,
        segmentation,
        segment_key,
        campaign_id,
        wave,
        count(*) as customers,
        sum(case when has_ordered then 1 else 0 end) as responders,
        sum(response) as response_amount,
        sum(response * response) as response_squares,
        sum(covariate) as covariate_amount,
        sum(covariate * covariate) as covariate_squares,
        sum(covariate * response) as covariate_products,
        case when count(cost_amount) = count(*) then sum(cost_amount) end as cost_amount,
        is_holdout
    from measured
    group by measure, segmentation, segment_key, campaign_id, wave, is_holdout
)

select
    summed.measure,
    summed.segmentation,
    summed.segment_key,
    summed.campaign_id,
    summed.wave,
    summed.customers,
    summed.responders,
    summed.response_amount,
    summed.response_squares,
    summed.covariate_amount,
    summed.covariate_squares,
    summed.covariate_products,
    {{ as_amount(
        "summed.cost_amount"
        " + case when summed.is_holdout then 0 else coalesce(waved_costs.cost_amount, 0) end"
    ) }} as cost_amount,
    summed.is_holdout
from summed
left join waved_costs
    on
        summed.segmentation = waved_costs.segmentation
        and summed.segment_key = waved_costs.segment_key
        and summed.campaign_id = waved_costs.campaign_id
        and summed.wave = waved_costs.wave
