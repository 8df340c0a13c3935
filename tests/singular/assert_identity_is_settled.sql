-- A row here is a link that another round might still move: raise `identity_rounds`.
{{ config(group="transformation") }}
select
    source_customer_id,
    identifier_type,
    identifier_hash,
    customer_id
from {{ ref('int_identifier_links_labelled') }}
where not is_settled
