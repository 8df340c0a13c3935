with contacts as (
    select * from {{ ref('int_service_contacts_costed') }}
),

placed as (
    {{ in_current_segments("contacts") }}
),

segment_contacts as (
    select
        segmentation,
        segment_key,
        count(*) as contacts,
        count(sentiment_score) as toned_contacts,
        {{ share_of(exact_sum("sentiment_score"), "count(sentiment_score)") }}
            as sentiment_score,
        count(is_complaint) as judged_contacts,
        count(case when is_complaint then 1 end) as complaints,
        count(case when cost_basis = 'unknown' then 1 end) as contacts_without_cost,
        {{ as_amount("sum(cost_amount)") }} as service_cost_amount
    from placed
    group by segmentation, segment_key
)

select * from segment_contacts
