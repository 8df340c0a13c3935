{{ files_rows("campaigns") }}
