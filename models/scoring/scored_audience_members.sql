with candidates as (
    select * from {{ ref('scored_audience_candidates') }}
),

members as (
    select
        audience,
        customer_id,
        channel,
        email_hash,
        phone_hash,
        customer_id_hash,
        {{ is_held_out("audience", "customer_id", "holdout_share") }} as is_holdout,
        is_in_contact_pause,
        count(*) over (partition by audience) >= minimum_size as is_large_enough,
        as_of_date
    from candidates
    where has_consent
)

select * from members
