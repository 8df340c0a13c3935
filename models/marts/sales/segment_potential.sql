with names as (
    select * from {{ ref('scored_segment_names') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

segments as (
    select * from {{ ref('scored_current_segments') }}
),

leads as (
    select * from {{ ref('scored_leads') }}
),

conversions as (
    select
        segmentation,
        segment_key,
        sum(members) as members,
        sum(conversions) as conversions,
        max(cutoff_on) as cutoff_on
    from {{ ref('scored_past_conversions') }}
    group by segmentation, segment_key
),

counted as (
    select
        segments.segmentation,
        segments.segment_key,
        count(*) as customers,
        {%- for standing in ["lead", "no_consent", "in_contact_pause", "no_value"] %}
        sum(case when leads.standing = '{{ standing }}' then 1 else 0 end) as {{ standing }},
        {%- endfor %}
        sum(case when leads.standing = 'lead' then {{ as_amount("round(leads.score, 2)") }} end)
            as expected_value_amount
    from segments
    inner join leads on segments.customer_id = leads.customer_id
    group by segments.segmentation, segments.segment_key
),

segment_potential as (
    select
        names.segmentation,
        names.segment_key,
        names.segment_name,
        '{{ setting("reporting_currency") }}' as currency_code,
        cast(coalesce(counted.customers, 0) as bigint) as customers,
        cast(coalesce(counted.lead, 0) as bigint) as leads,
        cast(coalesce(counted.no_consent, 0) as bigint) as without_consent,
        cast(coalesce(counted.in_contact_pause, 0) as bigint) as in_contact_pause,
        cast(coalesce(counted.no_value, 0) as bigint) as without_value,
        cast(conversions.members as bigint) as past_members,
        cast(conversions.conversions as bigint) as conversions,
        cast({{ setting("risk_horizon_days") }} as bigint) as horizon_days,
        {{ share_of("conversions.conversions", "conversions.members") }} as conversion_rate,
        {{ wilson_bound("conversions.conversions", "conversions.members", -1) }}
            as conversion_low,
        {{ wilson_bound("conversions.conversions", "conversions.members", 1) }}
            as conversion_high,
        {{ as_amount("coalesce(counted.expected_value_amount, 0)") }}
            as expected_value_amount,
        conversions.cutoff_on,
        as_of_dates.as_of_date
    from names
    cross join as_of_dates
    left join counted
        on
            names.segmentation = counted.segmentation
            and names.segment_key = counted.segment_key
    left join conversions
        on
            names.segmentation = conversions.segmentation
            and names.segment_key = conversions.segment_key
    where counted.customers > 0 or conversions.members > 0
)

select * from segment_potential
