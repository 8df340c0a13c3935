{#-
    A column of a file as a type of the contract; null where it cannot be read. Amounts and
    numbers from 10^12 on, times before 1900 or from 2200 on, and what is not finite are not
    read: no sum of theirs could be trusted. A date without a time is a local day.

    name           the column, quoted
    found          its DuckDB type
    wanted         the type of the contract
-#}
{% macro files_cast(name, found, wanted) -%}
    {%- if wanted == "string" -%}
    nullif(cast({{ name }} as varchar), '')
    {%- elif wanted in ["double", "decimal(18,2)"] -%}
    case
        when abs(try_cast({{ name }} as double)) < 1e12 then try_cast({{ name }} as {{ wanted }})
    end
    {%- elif wanted == "timestamp" -%}
    {%- if found == "DATE" -%}
        {%- set time = utc_time("cast(" ~ name ~ " as timestamp)") -%}
    {%- elif found == "TIMESTAMP WITH TIME ZONE" -%}
        {%- set time = "timezone('UTC', " ~ name ~ ")" -%}
    {%- elif found == "VARCHAR" -%}
        {%- set time -%}
            case
                when length(trim({{ name }})) = 10
                    then {{ utc_time("try_cast(" ~ files_known_time(name) ~ " as timestamp)") }}
                else try_cast({{ name }} as timestamp)
            end
        {%- endset -%}
    {%- else -%}
        {%- set time = "cast(" ~ name ~ " as timestamp)" -%}
    {%- endif -%}
    case
        when {{ files_known_time(name) }} is not null then {{ time }}
    end
    {%- elif wanted == "date" -%}
    cast({{ files_known_time(name) }} as date)
    {%- else -%}
    try_cast({{ name }} as {{ wanted }})
    {%- endif -%}
{%- endmacro %}
