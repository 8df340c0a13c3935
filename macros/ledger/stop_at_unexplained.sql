{#-
    Stop a test with a line per month that the ledger does not explain; dbt itself would only
    count the rows. Asks the warehouse while the test is compiled, so only where tests run.

    unexplained    query for ledger_kind, month_on, ledger_amount, difference_amount and
                   example, an order id or null
    stages         name -> relation, its date and its amount, in the order in which money
                   passes through them: one that differs from the one before lost some
-#}
{% macro stop_at_unexplained(unexplained, stages) %}
    {%- if execute and flags.WHICH in ["build", "test"] -%}
        {%- set months = run_query(unexplained ~ " order by ledger_kind, month_on") -%}
        {%- if months | length > 0 -%}
            {%- set amounts = {} -%}
            {%- for stage, (relation, day, amount) in stages.items() -%}
                {%- set found = {} -%}
                {%- set query -%}
                    select
                        {{ first_day_of_month(day) }} as month_on,
                        {{ as_amount("sum(" ~ amount ~ ")") }} as amount
                    from {{ relation }}
                    group by {{ first_day_of_month(day) }}
                {%- endset -%}
                {%- for row in run_query(query) -%}
                    {%- do found.update({row["month_on"] | string: row["amount"]}) -%}
                {%- endfor -%}
                {%- do amounts.update({stage: found}) -%}
            {%- endfor -%}
            {%- set lines = [] -%}
            {%- for row in months -%}
                {%- do lines.append(
                    unexplained_line(row, stages.keys() | list, amounts)
                ) -%}
            {%- endfor -%}
            {{ exceptions.raise_compiler_error(
                "The segments do not add up to the ledger:\n"
                ~ lines | join("\n")
                ~ "\nfinance.ledger_differences lists what lies between them, with examples;"
                ~ " docs/finance.md tells how to read it."
            ) }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
