{#-
    Every row that the connector provides for an input table, with the local date of each
    time and with `rejection_reason`: null where the row is accepted, else the first of
    missing_key, unreadable_<column>, missing_<column>, unknown_<column>,
    amounts_do_not_add_up, no_exchange_rate, future_date, duplicate_key. Of rows with one
    key the first by content is accepted.

    table          name of the input table without `input_`
    key            columns that identify a row and must be there; [] where rows have no key
    required       other columns that must be there
    times          `_at` columns, each of which gets its `_on` date
    dates          `_on` columns that arrive as dates; like times they may not be after
                   `loaded_on`
    allowed        column -> values that it may have
    has_money      the row carries gross, discount and net amount in currency_code; amounts
                   are converted at the rate of the first of `times`
-#}
{% macro checked_rows(
    table, key=[], required=[], times=[], dates=[], allowed={}, has_money=false
) %}
    {%- set local_dates = [] -%}
    {%- for time in times -%}
        {%- do local_dates.append(modules.re.sub("_at$", "_on", time)) -%}
    {%- endfor -%}

    with source_rows as (
        select * from {{ connector_table(table) }}
    ),

    dated as (
        select
            source_rows.*
            {%- for time in times %},
            {{ local_date("source_rows." ~ time) }} as {{ local_dates[loop.index0] }}
            {%- endfor %}
        from source_rows
    ),
    {%- if has_money %}

    rates as (
        {{ exchange_rate_periods() }}
    ),

    rated as (
        select
            dated.*,
            case
                when dated.currency_code = '{{ setting("reporting_currency") }}' then 1
                else rates.rate_to_reporting
            end as rate_to_reporting
        from dated
        left join rates
            on
                dated.currency_code = rates.currency_code
                and dated.{{ local_dates[0] }} >= rates.valid_from_on
                and dated.{{ local_dates[0] }} < rates.valid_until_on
    ),
    {%- endif %}

    examined as (
        select
            *,
            case
                {%- for column in key %}
                when {{ column }} is null then 'missing_key'
                {%- endfor %}
                when unreadable_columns is not null
                    then 'unreadable_' || split_part(unreadable_columns, ',', 1)
                {%- for column in required %}
                when {{ column }} is null then 'missing_{{ column }}'
                {%- endfor %}
                {%- for column, values in allowed.items() %}
                when {{ column }} not in ('{{ values | join("', '") }}')
                    then 'unknown_{{ column }}'
                {%- endfor %}
                {%- if has_money %}
                when gross_amount - discount_amount <> net_amount
                    then 'amounts_do_not_add_up'
                when rate_to_reporting is null then 'no_exchange_rate'
                {%- endif %}
                {%- for date in local_dates + dates %}
                when {{ date }} > cast('{{ loaded_on() }}' as date) then 'future_date'
                {%- endfor %}
            end as impossible_reason
        from {{ "rated" if has_money else "dated" }}
    ),

    {%- if key %}

    ranked as (
        select
            examined.*,
            row_number() over (
                partition by {{ key | join(", ") }}, impossible_reason is null
                {%- set ties = [] -%}
                {%- for column in input_columns(table) if column.name not in key -%}
                    {%- do ties.append(column.name) -%}
                {%- endfor %}
                order by {{ (ties or key) | join(", ") }}
            ) as rank_within_key
        from examined
    ),
    {%- endif %}

    reasoned as (
        select
            *,
            {%- if key %}
            case
                when impossible_reason is not null then impossible_reason
                when rank_within_key > 1 then 'duplicate_key'
            end as rejection_reason
            {%- else %}
            impossible_reason as rejection_reason
            {%- endif %}
        from {{ "ranked" if key else "examined" }}
    )

    select
        {%- for column in input_columns(table) %}
        {%- if has_money and column.name.endswith("_amount") %}
        {{ converted_amount(column.name) }} as {{ column.name }},
        {%- else %}
        {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {%- if has_money %}
        net_amount as original_net_amount,
        {%- endif %}
        {%- for date in local_dates %}
        {{ date }},
        {%- endfor %}
        rejection_reason,
        case when rejection_reason is not null then source_row end as source_row
    from reasoned
{% endmacro %}
