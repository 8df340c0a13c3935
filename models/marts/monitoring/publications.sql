{#- A build knows nothing of its publication, which comes after it: `make publish` writes
    the rows, and only into the served file (decision 25). -#}
select
    cast(null as {{ dbt.type_string() }}) as publication_id,
    cast(null as {{ dbt.type_string() }}) as connector,
    cast(null as {{ dbt.type_string() }}) as action,
    cast(null as {{ dbt.type_string() }}) as git_revision,
    cast(null as {{ dbt.type_string() }}) as build_id,
    cast(null as {{ dbt.type_string() }}) as currency_code,
    cast(null as {{ dbt.type_string() }}) as control_totals,
    cast(null as {{ dbt.type_int() }}) as generation,
    cast(null as {{ dbt.type_int() }}) as tables,
    cast(null as {{ dbt.type_bigint() }}) as total_rows,
    cast(null as decimal(18, 2)) as net_revenue_amount,
    cast(null as date) as as_of_date,
    cast(null as {{ dbt.type_timestamp() }}) as published_at
where false
