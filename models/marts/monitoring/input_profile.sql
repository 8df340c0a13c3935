{%- set tables = {
    "customers": ["registered_on", "customer_id"],
    "customer_attributes": ["observed_on", "customer_id"],
    "customer_identifiers": ["observed_on", "customer_id"],
    "transactions": ["occurred_on", "customer_id"],
    "products": [none, none],
    "interactions": ["occurred_on", "customer_id"],
    "survey_responses": ["responded_on", "customer_id"],
    "customer_outcomes": ["occurred_on", "customer_id"],
    "campaigns": ["started_on", none],
    "campaign_contacts": ["contacted_on", "customer_id"],
    "campaign_responses": ["responded_on", "customer_id"],
    "marketing_costs": ["cost_on", none],
    "exchange_rates": ["rate_on", none],
    "ledger_totals": ["month_on", none],
} -%}

with accepted as (
    {%- for table, (date_column, customer_column) in tables.items() %}
    select
        '{{ table }}' as source_table,
        count(*) as rows_accepted,
        {{ "count(distinct " ~ customer_column ~ ")" if customer_column else "0" }}
            as customers,
        cast({{ "min(" ~ date_column ~ ")" if date_column else "null" }} as date) as first_on,
        cast({{ "max(" ~ date_column ~ ")" if date_column else "null" }} as date) as last_on
    from {{ ref("input_" ~ table) }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

reasons as (
    select
        source_table,
        reason,
        count(*) as row_count
    from {{ ref('input_rejected_rows') }}
    group by source_table, reason
),

rejected as (
    select
        source_table,
        sum(row_count) as rows_rejected,
        {{ sorted_list_text("reason || ' ' || cast(row_count as string)") }}
            as rejected_by_reason
    from reasons
    group by source_table
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

input_profile as (
    select
        accepted.source_table,
        coalesce(rejected.rejected_by_reason, '') as rejected_by_reason,
        cast(accepted.rows_accepted + coalesce(rejected.rows_rejected, 0) as bigint)
            as rows_read,
        cast(accepted.rows_accepted as bigint) as rows_accepted,
        cast(coalesce(rejected.rows_rejected, 0) as bigint) as rows_rejected,
        cast(accepted.customers as bigint) as customers,
        accepted.first_on,
        accepted.last_on,
        as_of_dates.as_of_date
    from accepted
    inner join as_of_dates on as_of_dates.is_current
    left join rejected on accepted.source_table = rejected.source_table
)

select * from input_profile
