with responses as (
    select * from {{ ref('input_survey_responses') }}
),

identified as (
    select * from {{ ref('int_customers_identified') }}
),

identified_responses as (
    select
        responses.response_id,
        coalesce(identified.customer_id, responses.customer_id) as customer_id,
        responses.survey,
        responses.question,
        responses.answer_text,
        responses.answer_number,
        responses.responded_at,
        responses.responded_on
    from responses
    left join identified on responses.customer_id = identified.source_customer_id
)

select * from identified_responses
