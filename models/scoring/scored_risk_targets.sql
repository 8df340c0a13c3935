{%- set wanted = setting("risk_target") -%}

with outcomes as (
    select distinct outcome
    from {{ ref('int_customer_outcomes_identified') }}
),

standings as (
    select count(*) as buyers from {{ ref('int_risk_standings_assigned') }}
),

targets as (
    {%- for target in ["lapse", "decline", "return"] %}
    select
        '{{ target }}' as target,
        true as is_behaviour,
        {{ loop.index }} as preference
    from standings
    where buyers > 0
    union all
    {%- endfor %}
    select
        outcome as target,
        false as is_behaviour,
        10 as preference
    from outcomes
),

-- Without a wish, lapse where anybody buys, else the first outcome by name.
ranked as (
    select
        target,
        is_behaviour,
        row_number() over (
            order by
                case when target = '{{ wanted }}' then 0 else 1 end,
                preference,
                target
        ) = 1 as is_primary
    from targets
)

select * from ranked
