{#- The combination of columns identifies a row; a null counts as a value. -#}
{% test unique_key(model, columns) %}
select
    {{ columns | join(", ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having count(*) > 1
{% endtest %}
