{%- set targets = ["lapse", "decline", "return"] -%}

with examples as (
    select * from {{ ref('ml_risk_examples') }}
),

cut_points as (
    select
        scored_on,
        {{ rfm_cut_points("recency_days", "shopping_days", "mean_order_amount") }}
    from examples
    group by scored_on
),

-- The cell of the RFM grid by the customers of that very date.
celled as (
    select
        examples.*,
        {{ rfm_scores(
            "examples.recency_days", "examples.shopping_days", "examples.mean_order_amount"
        ) }}
    from examples
    inner join cut_points on examples.scored_on = cut_points.scored_on
),

labels as (
    {%- for target in targets %}
    select
        scored_on,
        '{{ target }}' as target,
        customer_id,
        10 * recency_score + frequency_score as rfm_cell,
        recency_days,
        overdue_ratio,
        no_purchase_probability,
        {{ target }}_label as label
    from celled
    where {{ target }}_label is not null
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from labels
