-- Whoever is a lead has a turn and an approach: the seed lead_approaches leaves nobody out.
select leads.customer_id
from {{ ref('scored_leads') }} as leads
left join {{ ref('lead_priorities') }} as listed on leads.customer_id = listed.customer_id
where leads.standing = 'lead' and listed.customer_id is null
