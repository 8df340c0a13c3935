with contributions as (
    select * from {{ ref('scored_risk_contributions') }}
),

wordings as (
    {{ worded_seed(
        "risk_features", "feature", ["sentence_high", "sentence_low"], ["theme"]
    ) }}
),

attribute_sentences as (
    select * from {{ ref('attribute_sentences') }}
),

evidence as (
    select * from {{ ref('scored_risk_evidence') }}
),

descriptions as (
    select * from {{ ref('int_features_described') }}
),

-- Features that tell the same story count as one reason: that of the strongest.
themed as (
    select
        contributions.target,
        contributions.customer_id,
        contributions.feature,
        contributions.is_high,
        contributions.contribution,
        case
            when contributions.feature_value = round(contributions.feature_value)
                then {{ number_text("contributions.feature_value", "count") }}
            else {{ number_text("contributions.feature_value", "number") }}
        end as value_text,
        coalesce(wordings.theme, contributions.feature) as theme,
        case
            when contributions.is_high
                then coalesce(wordings.sentence_high, attribute_sentences.sentence_high)
            else coalesce(wordings.sentence_low, attribute_sentences.sentence_low)
        end as sentence,
        sum(cast(contributions.contribution as decimal(38, 9))) over (
            partition by
                contributions.target,
                contributions.customer_id,
                coalesce(wordings.theme, contributions.feature)
        ) as theme_contribution,
        row_number() over (
            partition by
                contributions.target,
                contributions.customer_id,
                coalesce(wordings.theme, contributions.feature)
            order by contributions.contribution desc, contributions.feature asc
        ) as theme_rank
    from contributions
    left join wordings on contributions.feature = wordings.feature
    left join attribute_sentences on contributions.feature = attribute_sentences.attribute
),

ranked as (
    select
        *,
        row_number() over (
            partition by target, customer_id
            order by theme_contribution desc, theme asc
        ) as reason_rank
    from themed
    where theme_rank = 1 and theme_contribution > 0
),

worded as (
    select
        ranked.target,
        ranked.customer_id,
        ranked.reason_rank,
        ranked.theme,
        ranked.feature,
        cast(ranked.theme_contribution as double) as contribution,
        coalesce(
            {{ filled_sentence(
                "ranked.sentence",
                "coalesce(evidence.now_text, ranked.value_text)",
                "evidence.usual_text",
            ) }},
            case
                when ranked.is_high then descriptions.phrase_high
                else descriptions.phrase_low
            end,
            ranked.feature
        ) as reason
    from ranked
    left join evidence
        on ranked.customer_id = evidence.customer_id and ranked.feature = evidence.feature
    left join descriptions on ranked.feature = descriptions.feature
    where ranked.reason_rank <= 3
)

select * from worded
