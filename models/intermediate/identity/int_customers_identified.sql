with links as (
    select * from {{ ref('int_identifier_links_labelled') }}
),

identified as (
    select
        source_customer_id,
        customer_id,
        min(merged_on) as merged_on
    from links
    group by source_customer_id, customer_id
)

select * from identified
