{#- The rows of one part of `ml_segment_parameters` that belong to the models in force. -#}
{% macro active_segment_parameters(part) %}
    select parameters.*
    from {{ ref("ml_segment_parameters") }} as parameters
    inner join {{ ref("ml_active_segment_models") }} as models
        on
            parameters.connector = models.connector
            and parameters.segmentation = models.segmentation
            and parameters.model_version = models.model_version
            and cast(parameters.as_of_date as date) = models.fitted_as_of
    where parameters.part = '{{ part }}'
{% endmacro %}
