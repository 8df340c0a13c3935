with customers as (
    select * from {{ ref('scored_offer_customers') }}
    where is_current
),

rules as (
    select * from {{ ref('offer_rules') }}
    where condition <> 'never' and industry in ('*', '{{ setting("industry") }}')
),

consents as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

descriptions as (
    select * from {{ ref('int_customers_described') }}
),

attributes as (
    select attributes.*
    from {{ ref('int_customer_attributes_identified') }} as attributes
    inner join {{ ref('int_as_of_dates_resolved') }} as dates
        on attributes.as_of_date = dates.as_of_date and dates.is_current
),

-- A band such as 25-34 or 65+ counts by both of its ends.
ages as (
    select
        customer_id,
        min({{ age_bound("value_text", "value_number", "lowest") }}) as lowest_age,
        max({{ age_bound("value_text", "value_number", "highest") }}) as highest_age
    from attributes
    where {{ is_in_list("attribute", setting("age_attributes")) }}
    group by customer_id
),

held as (
    select distinct
        rules.rule,
        counted.customer_id
    from {{ ref('int_customer_items_counted') }} as counted
    inner join customers
        on
            counted.scored_on = customers.scored_on
            and counted.customer_id = customers.customer_id
    inner join rules
        on
            rules.condition in ('requires_held', 'excludes_held')
            and {{ is_listed("counted.item", "rules.condition_value") }}
),

described as (
    select distinct
        rules.rule,
        attributes.customer_id
    from attributes
    inner join rules
        on
            attributes.attribute = rules.attribute
            and rules.condition in ('requires_attribute', 'excluded_attribute')
            and (
                rules.condition_value is null
                or {{ is_listed("attributes.value_text", "rules.condition_value") }}
            )
),

judged as (
    select
        customers.customer_id,
        rules.rule,
        case rules.condition
            when 'requires_consent' then consents.has_consent
            when 'region'
                then {{ is_listed("descriptions.region", "rules.condition_value") }}
            when 'minimum_age'
                then ages.lowest_age >= {{ text_as("rules.condition_value", "double") }}
            when 'maximum_age'
                then ages.highest_age <= {{ text_as("rules.condition_value", "double") }}
            when 'requires_held' then held.customer_id is not null
            when 'excludes_held' then held.customer_id is null
            when 'requires_attribute' then described.customer_id is not null
            when 'excluded_attribute' then described.customer_id is null
        end as is_met
    from customers
    cross join rules
    left join consents on customers.customer_id = consents.customer_id
    left join descriptions on customers.customer_id = descriptions.customer_id
    left join ages on customers.customer_id = ages.customer_id
    left join held
        on customers.customer_id = held.customer_id and rules.rule = held.rule
    left join described
        on customers.customer_id = described.customer_id and rules.rule = described.rule
)

select
    customer_id,
    rule
from judged
where not coalesce(is_met, false)
