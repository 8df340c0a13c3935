with steps as (
    select * from {{ ref('scored_loyalty_steps') }}
),

step_values as (
    select * from {{ ref('scored_loyalty_step_values') }}
),

segments as (
    select * from {{ ref('scored_primary_segments') }}
),

contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

loyalty_candidates as (
    select
        steps.customer_id,
        segments.segmentation,
        segments.segment_key,
        segments.segment_name,
        steps.loyalty_tier,
        steps.next_tier,
        case
            when steps.missing_amount > 0
                then
                    '{{ word("spends") }} ' || {{ number_text("steps.missing_amount", "amount") }}
                    || ' a year less than ' || steps.next_tier || ' asks'
            when steps.missing_orders > 0
                then
                    '{{ word("ordered") }} on ' || {{ number_text("steps.missing_orders", "count") }}
                    || case when steps.missing_orders = 1 then ' day' else ' days' end
                    || ' a year less than ' || steps.next_tier || ' asks'
            else
                'has been a customer for '
                || {{ number_text("steps.missing_days", "count") }}
                || case when steps.missing_days = 1 then ' day' else ' days' end
                || ' less than ' || steps.next_tier || ' asks'
        end || '; meets the other conditions' as reason,
        step_values.probability_basis,
        '{{ setting("reporting_currency") }}' as currency_code,
        steps.yearly_amount,
        steps.minimum_amount,
        steps.missing_amount,
        cast(steps.missing_orders as bigint) as missing_orders,
        cast(steps.missing_days as bigint) as missing_days,
        steps.closeness_share,
        step_values.active_probability,
        step_values.expected_value_amount,
        step_values.expected_cost_amount,
        step_values.expected_gain_amount,
        coalesce(contacts.is_contactable, false) as is_contactable,
        -- The value of a step grows with what is missing, the chance of it does not.
        row_number() over (
            order by
                round(
                    cast(step_values.expected_gain_amount as double)
                    * steps.closeness_share,
                    6
                ) desc,
                step_values.expected_value_amount desc,
                {{ dbt.hash("steps.customer_id") }},
                steps.customer_id
        ) as priority_rank,
        segments.as_of_date
    from steps
    inner join step_values on steps.customer_id = step_values.customer_id
    inner join segments on steps.customer_id = segments.customer_id
    left join contacts on steps.customer_id = contacts.customer_id
)

select * from loyalty_candidates
