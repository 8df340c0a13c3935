"""What dbt-duckdb loads into its connection; nothing here learns or scores."""
