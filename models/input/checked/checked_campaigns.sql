{{ checked_rows("campaigns", key=["campaign_id"]) }}
