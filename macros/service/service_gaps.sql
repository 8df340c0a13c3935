{#- Sentences, as a list of SQL texts, that say why measures of a row of segment_service_profile
    are null; each is null where there is nothing to say. -#}
{% macro service_gaps(row) %}
    {%- set gaps = [
        ("all_contacts = 0", "The source records no contact with service."),
        (
            "all_contacts > 0 and " ~ row ~ ".contacts = 0",
            "Nobody of the segment contacted service.",
        ),
        (
            "contacts > 0 and " ~ row ~ ".toned_contacts = 0",
            "No contact has a sentiment.",
        ),
        (
            "contacts > 0 and " ~ row ~ ".judged_contacts = 0",
            "No contact is known to be a complaint or not.",
        ),
        (
            "contacts_without_cost > 0",
            "Contacts without a row in service_cost_assumptions cost nothing here.",
        ),
        ("all_respondents = 0", "No survey asks for satisfaction."),
        (
            "all_respondents > 0 and " ~ row ~ ".respondents = 0",
            "Nobody of the segment answered the question for satisfaction.",
        ),
        ("all_returns_amount = 0", "The source shows no returns."),
        ("orders = 0", "Nobody of the segment ordered."),
        (
            "orders > 0 and " ~ row ~ ".gross_margin_amount <= 0",
            "There is no margin to hold the cost of service against.",
        ),
    ] -%}
    {%- set texts = [] -%}
    {%- for condition, sentence in gaps -%}
        {%- do texts.append(
            "case when " ~ row ~ "." ~ condition ~ " then '" ~ sentence ~ "' end"
        ) -%}
    {%- endfor -%}
    {{ return(texts) }}
{% endmacro %}
