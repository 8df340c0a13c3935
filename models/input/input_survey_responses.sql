select
    response_id,
    customer_id,
    survey,
    question,
    answer_text,
    answer_number,
    responded_at,
    responded_on
from {{ ref('checked_survey_responses') }}
where rejection_reason is null
