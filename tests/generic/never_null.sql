{#- None of the columns is null in any row. -#}
{% test never_null(model, columns) %}
select
    {{ columns | join(", ") }}
from {{ model }}
where {{ columns | join(" is null or ") }} is null
{% endtest %}
