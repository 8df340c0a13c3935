{#- What the folder `files_path` holds, or an error of one sentence. Only this connector asks
    the engine while it compiles: which files and columns there are decides its SQL. -#}
{% macro files_inspection() %}
    {%- if not execute -%}
        {{ return({"tables": {}, "ignored_files": []}) }}
    {%- endif -%}
    {%- if setting("files_path") is none -%}
        {{ exceptions.raise_compiler_error(
            "The connector files needs files_path, the folder with your files."
        ) }}
    {%- endif -%}
    {%- set contract = {} -%}
    {%- for table in connector_declaration()["inputs"] if table != "source_columns" -%}
        {%- set types = {} -%}
        {%- for column in input_columns(table) -%}
            {%- do types.update({column.name: column.data_type}) -%}
        {%- endfor -%}
        {%- do contract.update({table: types}) -%}
    {%- endfor -%}
    {%- set answer = run_query(
        "select inspect_files('" ~ dbt.escape_single_quotes(setting("files_path"))
        ~ "', '" ~ dbt.escape_single_quotes(tojson(contract)) ~ "')"
    ) -%}
    {%- set inspected = fromjson(answer.columns[0].values()[0]) -%}
    {%- if inspected.get("error") -%}
        {{ exceptions.raise_compiler_error(inspected["error"]) }}
    {%- endif -%}
    {{ return(inspected) }}
{% endmacro %}
