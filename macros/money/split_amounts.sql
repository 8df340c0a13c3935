{#- Rows of a relation, each with its part of an amount that it shares with others: cents by
    largest remainder, so that the parts sum to the amount. Of equal remainders the first
    by `tie` counts.

    relation  CTE or model with the columns named below
    amount    column with the amount, the same in all rows that share it
    weight    column with a whole number, not negative; not all of a group zero
    group     columns that the rows sharing an amount have in common
    tie       columns that tell them apart
    part      name of the new column
-#}
{% macro split_amounts(relation, amount, weight, group, tie, part) %}
    select
        floored.*,
        {{ as_amount(
            "(whole_cents + case when remainder_rank <= missing_cents then 1 else 0 end) / 100.0"
        ) }} as {{ part }}
    from (
        select
            shared.*,
            total_cents - sum(whole_cents) over (partition by {{ group | join(", ") }})
                as missing_cents,
            row_number() over (
                partition by {{ group | join(", ") }}
                order by
                    cast(total_cents as decimal(38, 0)) * split_weight
                    - cast(whole_cents as decimal(38, 0)) * total_weight desc,
                    {{ tie | join(", ") }}
            ) as remainder_rank
        from (
            select
                weighed.*,
                cast(
                    floor(
                        cast(total_cents as double)
                        * cast(split_weight as double)
                        / cast(total_weight as double)
                    ) as bigint
                ) as whole_cents
            from (
                select
                    {{ relation }}.*,
                    cast({{ weight }} as bigint) as split_weight,
                    cast(
                        sum({{ weight }}) over (partition by {{ group | join(", ") }}) as bigint
                    ) as total_weight,
                    cast({{ amount }} * 100 as bigint) as total_cents
                from {{ relation }}
            ) as weighed
        ) as shared
    ) as floored
{% endmacro %}
