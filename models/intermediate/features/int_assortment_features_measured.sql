with product_types as (
    select * from {{ ref('int_customer_product_types_measured') }}
),

departments as (
    select
        as_of_date,
        customer_id,
        sum(sale_amount) as sale_amount
    from product_types
    group by as_of_date, customer_id, department
),

concentrations as (
    select
        as_of_date,
        customer_id,
        {{ share_of("sum(sale_amount * sale_amount)", "sum(sale_amount) * sum(sale_amount)") }}
            as department_concentration
    from departments
    group by as_of_date, customer_id
),

summed as (
    select
        as_of_date,
        customer_id,
        count(case when sale_amount > 0 then 1 end) as product_types,
        sum(is_bought_lately) as recent_product_types,
        sum(is_new_lately) as new_product_types,
        sum(sale_line_count) as sale_lines,
        sum(discounted_line_count) as discounted_lines,
        sum(sale_amount) as sale_amount,
        sum(private_label_amount) as private_label_amount,
        sum(greatest(private_label_amount, sale_amount - private_label_amount))
            as attached_amount,
        sum(case when is_fresh then sale_amount else 0 end) as fresh_amount,
        sum(case when is_healthy then sale_amount else 0 end) as healthy_amount,
        sum(case when is_convenience then sale_amount else 0 end) as convenience_amount,
        count(is_fresh) as described_types
    from product_types
    group by as_of_date, customer_id
),

features as (
    select
        summed.as_of_date,
        summed.customer_id,
        {{ share_of("summed.private_label_amount", "summed.sale_amount") }}
            as private_label_share,
        cast(summed.product_types as double) as product_type_count,
        concentrations.department_concentration,
        {{ share_of("summed.discounted_lines", "summed.sale_lines") }}
            as deal_seeking_share,
        {{ share_of("summed.new_product_types", "summed.recent_product_types") }}
            as variety_seeking_share,
        {{ share_of("summed.attached_amount", "summed.sale_amount") }}
            as brand_attachment_share,
        case
            when summed.described_types > 0
                then {{ share_of("summed.fresh_amount", "summed.sale_amount") }}
        end as fresh_share,
        case
            when summed.described_types > 0
                then {{ share_of("summed.healthy_amount", "summed.sale_amount") }}
        end as healthy_share,
        case
            when summed.described_types > 0
                then {{ share_of("summed.convenience_amount", "summed.sale_amount") }}
        end as convenience_share
    from summed
    inner join concentrations
        on
            summed.as_of_date = concentrations.as_of_date
            and summed.customer_id = concentrations.customer_id
)

select * from features
