{{ files_rows("campaign_responses") }}
