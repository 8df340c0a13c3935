{{ files_rows("marketing_costs") }}
