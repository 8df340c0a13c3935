{#- Every record starts with its own label: registration date and id, so that the smallest
    label of a group is the id that survives. In a round an identifier takes the smallest
    label of its records and a record the smallest of its identifiers; beside it goes the
    earliest date by which all links on the way were known. -#}
{%- set always = "cast('1900-01-01' as date)" -%}
{%- set identifier = "identifier_type, identifier_hash" -%}
{%- set rounds = setting("identity_rounds") -%}

with identifiers as (
    select * from {{ ref('input_customer_identifiers') }}
),

customers as (
    select * from {{ ref('input_customers') }}
),

counted as (
    select * from {{ ref('int_identifiers_counted') }}
    where not is_ignored
),

linked_since as (
    select
        customer_id as source_customer_id,
        identifier_type,
        identifier_hash,
        min(coalesce(observed_on, {{ always }})) as linked_on
    from identifiers
    group by customer_id, identifier_type, identifier_hash
),

round_0 as (
    select
        linked_since.*,
        coalesce(cast(customers.registered_on as string), '9999-12-31')
        || '|'
        || linked_since.source_customer_id as label,
        {{ always }} as labelled_on,
        cast(null as string) as previous_label,
        cast(null as date) as previous_labelled_on
    from linked_since
    inner join counted
        on
            linked_since.identifier_type = counted.identifier_type
            and linked_since.identifier_hash = counted.identifier_hash
    left join customers on linked_since.source_customer_id = customers.customer_id
),
{%- for number in range(1, rounds + 1) %}

identifier_labels_{{ number }} as (
    select
        *,
        min(label) over (partition by {{ identifier }}) as identifier_label
    from round_{{ number - 1 }}
),

identifier_dates_{{ number }} as (
    select
        *,
        min(case when label = identifier_label then greatest(labelled_on, linked_on) end)
            over (partition by {{ identifier }}) as identifier_labelled_on,
        min(identifier_label) over (partition by source_customer_id) as new_label
    from identifier_labels_{{ number }}
),

round_{{ number }} as {{ materialized() }} (
    select
        source_customer_id,
        identifier_type,
        identifier_hash,
        linked_on,
        new_label as label,
        min(
            least(
                case
                    when identifier_label = new_label
                        then greatest(identifier_labelled_on, linked_on)
                end,
                case when label = new_label then labelled_on end
            )
        ) over (partition by source_customer_id) as labelled_on,
        label as previous_label,
        labelled_on as previous_labelled_on
    from identifier_dates_{{ number }}
),
{%- endfor %}

labelled as (
    select
        source_customer_id,
        identifier_type,
        identifier_hash,
        -- A date and a bar stand before the id.
        substr(label, 12) as customer_id,
        label = previous_label and labelled_on = previous_labelled_on as is_settled,
        nullif(labelled_on, {{ always }}) as merged_on
    from round_{{ rounds }}
)

select * from labelled
