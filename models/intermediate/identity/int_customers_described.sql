{%- set columns = ["country_code", "region", "city", "postal_code"] -%}

with customers as (
    select * from {{ ref('input_customers') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

ranked as (
    select
        customers.*,
        coalesce(identified.customer_id, customers.customer_id) as surviving_customer_id,
        row_number() over (
            partition by coalesce(identified.customer_id, customers.customer_id)
            order by
                coalesce(customers.registered_on, cast('1900-01-01' as date)) desc,
                customers.customer_id
        ) as record_rank
    from customers
    left join identified on customers.customer_id = identified.source_customer_id
),

-- Of each column the value of the latest record that has one.
described as (
    select
        surviving_customer_id as customer_id,
        {%- for column in columns %}
        min_by({{ column }}, case when {{ column }} is not null then record_rank end)
            as {{ column }},
        {%- endfor %}
        -- Who refused in one system has refused.
        coalesce(
            min(
                case
                    when is_consent_known
                        then case when marketing_consent then 1 else 0 end
                end
            ) = 1,
            {{ setting("consent_when_unknown") }}
        ) as marketing_consent,
        max(case when is_consent_known then 1 else 0 end) = 1 as is_consent_known,
        min(registered_on) as registered_on
    from ranked
    group by surviving_customer_id
)

select * from described
