with totals as (
    select * from {{ ref('scored_audience_totals') }}
),

rules as (
    select * from {{ ref('scored_audience_rules') }}
),

-- Audiences whose list of segments names one that there is.
known_segments as (
    select distinct audience
    from {{ ref('scored_audience_values') }}
    where criterion = 'segment_key'
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
    where is_current
),

judged as (
    select
        totals.*,
        rules.description,
        rules.segmentation,
        rules.channel,
        rules.holdout_share,
        rules.minimum_size,
        case
            when rules.audience is null then 'not_declared'
            when not rules.is_active then 'not_active'
            when rules.segment_keys is not null and not rules.is_segmentation_available
                then 'not_available'
            when rules.segment_keys is not null and known_segments.audience is null
                then 'no_such_segment'
            when totals.eligible_customers = 0 then 'empty'
            when totals.eligible_customers < rules.minimum_size then 'too_small'
            else 'published'
        end as status,
        as_of_dates.as_of_date
    from totals
    cross join as_of_dates
    left join rules on totals.audience = rules.audience
    left join known_segments on totals.audience = known_segments.audience
),

audience_status as (
    select
        audience,
        description,
        segmentation,
        channel,
        status,
        case status
            when 'not_declared' then 'The seed audiences does not declare it any more.'
            when 'not_active' then 'It is switched off in the seed audiences.'
            when 'not_available'
                then 'The segmentation ' || coalesce(segmentation, '(primary)') || ' is not available.'
            when 'no_such_segment'
                then 'No segment of ' || segmentation || ' is called like one of its segment_keys.'
            when 'empty'
                then
                    case
                        when matching_customers = 0 then 'Nobody meets the rule.'
                        else 'Nobody who meets the rule has agreed to marketing.'
                    end
            when 'too_small'
                then
                    {{ number_text("eligible_customers", "count") }} || ' are fewer than '
                    || {{ number_text("minimum_size", "count") }} || ', the minimum_size: nobody is published.'
            else
                {{ number_text("eligible_customers", "count") }}
                || ' meet the rule and have agreed to marketing.'
        end as reason,
        cast(matching_customers as bigint) as matching_customers,
        cast(without_consent as bigint) as without_consent,
        cast(added + kept as bigint) as members,
        cast(holdout as bigint) as holdout,
        cast(added as bigint) as added,
        cast(kept as bigint) as kept,
        cast(removed as bigint) as removed,
        cast(without_key as bigint) as without_key,
        minimum_size,
        holdout_share,
        as_of_date
    from judged
)

select * from audience_status
