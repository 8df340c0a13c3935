with candidates as (
    select * from {{ ref('scored_reactivation_candidates') }}
),

segments as (
    select * from {{ ref('scored_primary_segments') }}
),

contacts as (
    select * from {{ ref('int_contactable_customers_listed') }}
),

reactivation_candidates as (
    select
        candidates.customer_id,
        segments.segmentation,
        segments.segment_key,
        segments.segment_name,
        candidates.method,
        '{{ setting("reporting_currency") }}' as currency_code,
        candidates.return_probability,
        candidates.expected_value_amount,
        case
            when candidates.target <> 'return'
                then 'recorded as ' || candidates.target
            else
                'no {{ word("order") }} for ' || {{ number_text("candidates.recency_days", "count") }} || ' days, after '
                || {{ number_text("candidates.shopping_days", "count") }}
                || case
                    when candidates.shopping_days = 1 then ' {{ word("order") }}'
                    else ' {{ word("orders") }}'
                end
                || coalesce(
                    ' every '
                    || {{ number_text("candidates.mean_interval_days", "count") }}
                    || ' days',
                    ''
                )
                || ' at '
                || {{ number_text("candidates.mean_order_amount", "amount") }}
                || ' each'
        end as reason,
        coalesce(contacts.is_contactable, false) as is_contactable,
        row_number() over (
            order by
                coalesce(candidates.expected_value_amount, 0) desc,
                coalesce(candidates.return_probability, 0) desc,
                {{ dbt.hash("candidates.customer_id") }},
                candidates.customer_id
        ) as priority_rank,
        candidates.last_order_on,
        segments.as_of_date
    from candidates
    inner join segments on candidates.customer_id = segments.customer_id
    left join contacts on candidates.customer_id = contacts.customer_id
)

select * from reactivation_candidates
