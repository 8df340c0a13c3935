{#- A column of a file as a timestamp between 1900 and 2200; null where it is none. -#}
{% macro files_known_time(name) -%}
    case
        when
            try_cast({{ name }} as timestamp) >= timestamp '1900-01-01'
            and try_cast({{ name }} as timestamp) < timestamp '2200-01-01'
            then try_cast({{ name }} as timestamp)
    end
{%- endmacro %}
