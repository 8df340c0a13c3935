{{ checked_rows("source_columns", required=["source_table", "source_column"]) }}
