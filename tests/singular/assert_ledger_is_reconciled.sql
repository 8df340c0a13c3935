{%- set unexplained -%}
    select
        reconciliation.ledger_kind,
        reconciliation.month_on,
        reconciliation.ledger_amount,
        reconciliation.difference_amount,
        differences.example
    from {{ ref('ledger_reconciliation') }} as reconciliation
    -- Read here, so that a build makes it before it stops.
    left join {{ ref('ledger_differences') }} as differences
        on
            reconciliation.ledger_kind = differences.ledger_kind
            and reconciliation.month_on = differences.month_on
            and differences.item_type = 'unexplained'
    where
        abs(reconciliation.difference_amount) > case
            when reconciliation.ledger_kind = 'finance'
                then {{ setting("finance_ledger_tolerance_amount") }}
            else 0
        end
{%- endset -%}

{%- set stages = {
    "accepted lines": [ref("input_transactions"), "occurred_on", "net_amount"],
    "orders": [ref("int_orders_aggregated"), "ordered_on", "net_amount"],
    "customer days": [ref("int_customer_days_aggregated"), "active_on", "net_amount"],
    "segments, guests and later days": [
        ref("scored_monthly_revenue"), "month_on",
        "segments_amount + guest_amount + after_as_of_amount",
    ],
} -%}
{%- do stop_at_unexplained(unexplained, stages) -%}

-- Not a cent between the source and what became of it; of the ledger that finance keeps,
-- not more than the tolerance. Names each month and where its amount went.
{{ unexplained }}
