with candidates as (
    select * from {{ ref('ml_segment_candidates') }}
),

as_of_dates as (
    select * from {{ ref('int_as_of_dates_resolved') }}
),

segment_model_candidates as (
    select
        candidates.segmentation,
        candidates.algorithm,
        candidates.reason,
        candidates.model_version,
        candidates.k,
        candidates.exemplar_count,
        candidates.silhouette,
        candidates.davies_bouldin,
        candidates.stability,
        candidates.mean_jaccard,
        candidates.smallest_jaccard,
        candidates.valley_depth,
        candidates.valley_significance,
        candidates.smallest_share,
        candidates.noise_share,
        candidates.bic,
        candidates.is_chosen,
        as_of_dates.as_of_date
    from candidates
    inner join as_of_dates on as_of_dates.is_current
)

select * from segment_model_candidates
