{#- Body of a query that has the CTE `differences`, with `is_left_out` for months that nothing
    is learned from: how far each difference lies from the mean of earlier ones, in standard
    deviations, and the tail probability. -#}
{% macro warning_surprises() -%}
-- The month directly before is left out, so that a slide is not its own baseline.
baselines as (
    select
        later.segmentation,
        later.segment_key,
        later.measure,
        later.month_on,
        count(*) as baseline_months,
        {{ exact_sum("earlier.difference") }} / count(*) as baseline_difference,
        {{ exact_sum("earlier.rest_value") }} / count(*) as baseline_rest_value,
        {{ exact_sum("earlier.variance") }} / (count(*) * count(*)) as baseline_variance
    from differences as later
    inner join differences as earlier
        on
            later.segmentation = earlier.segmentation
            and later.segment_key = earlier.segment_key
            and later.measure = earlier.measure
            and earlier.month_on < cast({{ dbt.dateadd("month", -1, "later.month_on") }} as date)
    where not earlier.is_left_out
    group by later.segmentation, later.segment_key, later.measure, later.month_on
),

deviations as (
    select
        differences.*,
        baselines.baseline_months,
        baselines.baseline_rest_value,
        round(differences.difference - baselines.baseline_difference, 9) as worsening,
        round(
            (differences.difference - baselines.baseline_difference)
            / sqrt(differences.variance + baselines.baseline_variance),
            9
        ) as deviation
    from differences
    inner join baselines
        on
            differences.segmentation = baselines.segmentation
            and differences.segment_key = baselines.segment_key
            and differences.measure = baselines.measure
            and differences.month_on = baselines.month_on
    where differences.variance > 0
),

-- How far such predictions missed before, beyond what sampling explains.
dispersions as (
    select
        later.segmentation,
        later.measure,
        later.month_on,
        count(*) as degrees,
        {{ exact_sum("earlier.deviation * earlier.deviation") }} / count(*) as dispersion
    from (select distinct segmentation, measure, month_on from deviations) as later
    inner join deviations as earlier
        on
            later.segmentation = earlier.segmentation
            and later.measure = earlier.measure
            and later.month_on > earlier.month_on
    where not earlier.is_left_out
    group by later.segmentation, later.measure, later.month_on
),

-- A deviation in units that were themselves estimated from few misses is a Student t.
standardised as (
    select
        deviations.*,
        dispersions.degrees,
        round(dispersions.dispersion, 9) as dispersion,
        case
            when dispersions.dispersion > 1
                then
                    round(
                        {{ t_as_normal(
                            "(deviations.deviation / sqrt(dispersions.dispersion))",
                            "dispersions.degrees"
                        ) }},
                        9
                    )
            else deviations.deviation
        end as standardised_deviation
    from deviations
    inner join dispersions
        on
            deviations.segmentation = dispersions.segmentation
            and deviations.measure = dispersions.measure
            and deviations.month_on = dispersions.month_on
    where deviations.baseline_months >= {{ setting("minimum_baseline_months") }}
),

surprises as (
    select
        *,
        {{ normal_tail("standardised_deviation") }} as p_value
    from standardised
)
{%- endmacro %}
