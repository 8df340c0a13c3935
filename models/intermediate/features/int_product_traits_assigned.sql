with product_types as (
    select distinct
        department,
        category
    from {{ ref('int_customer_day_product_types_aggregated') }}
),

traits as (
    select * from {{ ref('product_traits') }}
),

matched as (
    select
        product_types.department,
        product_types.category,
        traits.trait
    from product_types
    left join traits
        on
            (product_types.department = traits.department and traits.category is null)
            or (traits.department is null and product_types.category = traits.category)
            or (
                product_types.department = traits.department
                and product_types.category = traits.category
            )
),

assigned as (
    select
        department,
        category,
        max(case when trait = 'fresh' then 1 else 0 end) = 1 as is_fresh,
        max(case when trait = 'healthy' then 1 else 0 end) = 1 as is_healthy,
        max(case when trait = 'convenience' then 1 else 0 end) = 1 as is_convenience
    from matched
    group by department, category
),

-- Where the seed knows none of the products, nothing is inferred from it.
described as (
    select assigned.*
    from assigned
    where (select count(matched.trait) from matched) > 0
)

select * from described
