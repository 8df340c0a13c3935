-- Lists are split at 100 places, and bounds leave somebody between them.
select audience
from {{ ref('audiences') }}
where
    minimum_value_amount > maximum_value_amount
    or minimum_days_since_order > maximum_days_since_order
    {%- for list in ["segment_keys", "risk_bands", "loyalty_tiers", "regions", "countries"] %}
    or length({{ list }}) - length(replace({{ list }}, '|', '')) >= 100
    {%- endfor %}
