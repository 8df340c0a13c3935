with parameters as (
    {{ active_segment_parameters("candidate") }}
),

candidates as (
    select
        segmentation,
        model_version,
        max(case when name = 'algorithm' then value_text end) as algorithm,
        max(case when name = 'reason' then value_text end) as reason,
        cast(max(case when name = 'segment_count' then value_number end) as bigint)
            as k,
        cast(max(case when name = 'exemplar_count' then value_number end) as bigint)
            as exemplar_count,
        max(case when name = 'silhouette' then value_number end) as silhouette,
        max(case when name = 'davies_bouldin' then value_number end) as davies_bouldin,
        max(case when name = 'stability' then value_number end) as stability,
        max(case when name = 'mean_jaccard' then value_number end) as mean_jaccard,
        max(case when name = 'smallest_jaccard' then value_number end)
            as smallest_jaccard,
        max(case when name = 'valley_depth' then value_number end) as valley_depth,
        max(case when name = 'valley_significance' then value_number end)
            as valley_significance,
        max(case when name = 'smallest_share' then value_number end) as smallest_share,
        max(case when name = 'noise_share' then value_number end) as noise_share,
        max(case when name = 'bic' then value_number end) as bic,
        max(case when name = 'is_chosen' then value_number end) = 1 as is_chosen
    from parameters
    group by segmentation, model_version, item
)

select * from candidates
