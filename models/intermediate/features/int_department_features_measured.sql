with product_types as (
    select * from {{ ref('int_customer_product_types_measured') }}
),

departments as (
    select
        as_of_date,
        department,
        row_number() over (
            partition by as_of_date
            order by sum(sale_amount) desc, department
        ) as department_rank
    from product_types
    group by as_of_date, department
),

customers as (
    select
        as_of_date,
        customer_id,
        sum(sale_amount) as sale_amount
    from product_types
    group by as_of_date, customer_id
    having sum(sale_amount) > 0
),

customer_departments as (
    select
        as_of_date,
        customer_id,
        department,
        sum(sale_amount) as sale_amount
    from product_types
    group by as_of_date, customer_id, department
),

features as (
    select
        customers.as_of_date,
        customers.customer_id,
        'department_share_' || replace(lower(departments.department), ' ', '_')
            as feature,
        lower(departments.department) as department,
        departments.department_rank,
        {{ share_of("coalesce(customer_departments.sale_amount, 0)", "customers.sale_amount") }}
            as feature_value
    from customers
    inner join departments on customers.as_of_date = departments.as_of_date
    left join customer_departments
        on
            customers.as_of_date = customer_departments.as_of_date
            and customers.customer_id = customer_departments.customer_id
            and departments.department = customer_departments.department
)

select * from features
