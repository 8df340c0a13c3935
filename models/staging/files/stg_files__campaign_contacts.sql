{{ files_rows("campaign_contacts", made={"is_holdout": "false"}) }}
