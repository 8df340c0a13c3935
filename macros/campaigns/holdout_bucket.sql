{#- A number in [0, 1) that depends on campaign and customer (texts) and on nothing else: the
    first 13 hexadecimal digits of the MD5 of campaign|customer over 16^13, which a double
    holds exactly. `segmentation.lift.holdout_bucket` gives the same. -#}
{% macro holdout_bucket(campaign_id, customer_id) -%}
    cast({{ hexadecimal_number(
        "substr(md5(" ~ campaign_id ~ " || '|' || " ~ customer_id ~ "), 1, 13)"
    ) }} as double) / 4503599627370496e0
{%- endmacro %}
