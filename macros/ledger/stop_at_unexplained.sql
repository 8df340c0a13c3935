{#-
    Stop a test with a line per month that the ledger does not explain; dbt itself would only
    count the rows. Asks the warehouse while the test is compiled, so only where tests run.

    unexplained    query for ledger_kind, month_on, ledger_amount and difference_amount
    stages         name -> query for month_on and amount, in the order in which rows pass
                   through them: the first that differs from the one before lost something
-#}
{% macro stop_at_unexplained(unexplained, stages) %}
    {%- if execute and flags.WHICH in ["build", "test"] -%}
        {%- set months = run_query(unexplained ~ " order by ledger_kind, month_on") -%}
        {%- if months | length > 0 -%}
            {%- set amounts = {} -%}
            {%- for stage, query in stages.items() -%}
                {%- set found = {} -%}
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
