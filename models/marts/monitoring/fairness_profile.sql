with counts as (
    select * from {{ ref('scored_protected_counts') }}
),

names as (
    select * from {{ ref('scored_segment_names') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

expected as (
    select
        *,
        {{ share_of(
            "segment_customer_count * value_customer_count", "known_customer_count"
        ) }} as expected_count
    from counts
),

associated as (
    select
        *,
        sum(
            cast(
                (customer_count - expected_count)
                * (customer_count - expected_count)
                / expected_count as decimal(38, 9)
            )
        ) over (partition by segmentation, attribute) as chi_squared
    from expected
),

fairness_profile as (
    select
        associated.segmentation,
        associated.segment_key,
        names.segment_name,
        associated.attribute,
        associated.attribute_value,
        cast(associated.customer_count as bigint) as customer_count,
        {{ share_of("associated.customer_count", "associated.segment_customer_count") }}
            as share,
        {{ share_of("associated.value_customer_count", "associated.known_customer_count") }}
            as population_share,
        associated.customer_count / associated.expected_count as ratio,
        -- Null where there is but one segment or one value to compare.
        round(
            sqrt(
                {{ share_of(
                    "associated.chi_squared",
                    "associated.known_customer_count"
                    " * (least(associated.segment_count, associated.value_count) - 1)"
                ) }}
            ),
            6
        ) as cramers_v,
        -- The four-fifths rule.
        associated.customer_count / associated.expected_count < 0.8 as is_flagged,
        as_of_dates.as_of_date
    from associated
    inner join names
        on
            associated.segmentation = names.segmentation
            and associated.segment_key = names.segment_key
    inner join as_of_dates on as_of_dates.is_current
)

select * from fairness_profile
