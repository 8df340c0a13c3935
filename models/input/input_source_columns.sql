select
    source_table,
    source_column
from {{ ref('checked_source_columns') }}
where rejection_reason is null
