{%- set mentions = {
    "input_customers": "registered_on",
    "input_customer_attributes": "observed_on",
    "input_customer_identifiers": "observed_on",
    "input_customer_outcomes": "occurred_on",
    "input_survey_responses": "responded_on",
    "input_campaign_contacts": "contacted_on",
    "input_campaign_responses": "responded_on",
} -%}

with identified as (
    select * from {{ ref('int_customers_identified') }}
),

source_mentions as (
    {%- for table, date in mentions.items() %}
    select
        customer_id as source_customer_id,
        {{ date }} as known_on
    from {{ ref(table) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

mentions as (
    select
        coalesce(identified.customer_id, source_mentions.source_customer_id)
            as customer_id,
        source_mentions.known_on
    from source_mentions
    left join identified
        on source_mentions.source_customer_id = identified.source_customer_id
    union all
    select
        customer_id,
        ordered_on as known_on
    from {{ ref('int_orders_aggregated') }}
    union all
    select
        customer_id,
        occurred_on as known_on
    from {{ ref('int_interactions_identified') }}
),

listed as (
    select
        customer_id,
        -- Null where no source dates the customer, who then was always known.
        min(known_on) as known_since_on
    from mentions
    where customer_id is not null
    group by customer_id
)

select * from listed
