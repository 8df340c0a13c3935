{%- set unexplained -%}
    select
        ledger_kind,
        month_on,
        ledger_amount,
        difference_amount
    from {{ ref('ledger_reconciliation') }}
    where
        abs(difference_amount) > case
            when ledger_kind = 'finance' then {{ setting("finance_ledger_tolerance_amount") }}
            else 0
        end
{%- endset -%}

{%- set stages = {} -%}
{%- for stage, relation, day, amount in [
    ["accepted lines", ref("input_transactions"), "occurred_on", "net_amount"],
    ["orders", ref("int_orders_aggregated"), "ordered_on", "net_amount"],
    ["customer days", ref("int_customer_days_aggregated"), "active_on", "net_amount"],
    ["segments, guests and later days", ref("scored_monthly_revenue"), "month_on",
        "segments_amount + guest_amount + after_as_of_amount"],
] -%}
    {%- set query -%}
        select
            {{ first_day_of_month(day) }} as month_on,
            {{ as_amount("sum(" ~ amount ~ ")") }} as amount
        from {{ relation }}
        group by {{ first_day_of_month(day) }}
    {%- endset -%}
    {%- do stages.update({stage: query}) -%}
{%- endfor -%}
{%- do stop_at_unexplained(unexplained, stages) -%}

-- Not a cent between the source and what became of it; of the ledger that finance keeps,
-- not more than the tolerance. Names each month and where its amount went.
{{ unexplained }}
