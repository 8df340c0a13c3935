{%- set types = setting("service_interaction_types") -%}
{%- set complaint_sentiment = setting("complaint_sentiment") -%}

with interactions as (
    select *
    from {{ ref('int_interactions_identified') }}
    where {{ is_in_list("interaction_type", types) }}
),

assumptions as (
    select * from {{ ref('service_cost_assumptions') }}
    where connector = '{{ var("connector") }}'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

-- The most particular row counts, that of the channel before that of the type.
ranked as (
    select
        kinds.channel,
        kinds.interaction_type,
        assumptions.cost_amount,
        row_number() over (
            partition by kinds.channel, kinds.interaction_type
            order by
                case when assumptions.channel = '*' then 1 else 0 end,
                case when assumptions.interaction_type = '*' then 1 else 0 end
        ) as cost_rank
    from (
        select distinct
            coalesce(channel, 'unknown') as channel,
            interaction_type
        from interactions
    ) as kinds
    inner join assumptions
        on
            (kinds.channel = assumptions.channel or assumptions.channel = '*')
            and (
                kinds.interaction_type = assumptions.interaction_type
                or assumptions.interaction_type = '*'
            )
),

contacts as (
    select
        interactions.interaction_id,
        interactions.customer_id,
        coalesce(interactions.channel, 'unknown') as channel,
        interactions.interaction_type,
        interactions.sentiment_score,
        case when ranked.cost_amount is null then 'unknown' else 'assumed' end as cost_basis,
        {{ as_amount("coalesce(ranked.cost_amount, 0)") }} as cost_amount,
        extract(hour from {{ local_time("interactions.occurred_at") }}) as contact_hour,
        {{ iso_weekday("interactions.occurred_on") }} as contact_weekday,
        -- Without a tone a contact may be a complaint or not.
        case
            when interactions.interaction_type = 'complaint' then true
            {%- if complaint_sentiment is not none %}
            else interactions.sentiment_score <= {{ complaint_sentiment }}
            {%- endif %}
        end as is_complaint,
        interactions.occurred_on
    from interactions
    inner join as_of_dates
        on {{ is_within(
            "interactions.occurred_on", "as_of_dates.as_of_date",
            setting("feature_window_days")
        ) }}
    left join ranked
        on
            coalesce(interactions.channel, 'unknown') = ranked.channel
            and interactions.interaction_type = ranked.interaction_type
            and ranked.cost_rank = 1
)

select * from contacts
