{{ files_rows("customers") }}
