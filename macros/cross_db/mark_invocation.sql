{#- Before the first model, leave the id of the invocation in the work file: whoever
    publishes it can tell that no later one, killed perhaps, has written to it. -#}
{% macro mark_invocation() %}
    {%- if invocation_args_dict.which in ["build", "run", "seed", "snapshot", "clone"] -%}
        {{- return(adapter.dispatch("mark_invocation")()) -}}
    {%- endif -%}
{% endmacro %}

{% macro default__mark_invocation() %}{% endmacro %}

{#- A view, so that it is none of the tables that two builds must have alike. -#}
{% macro duckdb__mark_invocation() %}
    create or replace view {{ target.schema }}.last_invocation as
    select '{{ invocation_id }}' as invocation_id
{% endmacro %}
