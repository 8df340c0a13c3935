"""The boards: what people look at, drawn by dbt Charts from the published file."""
