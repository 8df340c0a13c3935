"""Print where the warehouse is and a short table of its segments."""

import sys
from pathlib import Path

import duckdb

SEGMENTS = """
    select
        segmentation,
        segment_name,
        customer_count as customers,
        round(100 * customer_share, 1) as "customers %",
        net_revenue_amount as net_revenue,
        round(100 * net_revenue_share, 1) as "revenue %"
    from core.segments
    order by segmentation, customer_count desc, segment_key
"""
UNAVAILABLE = """
    select segmentation, reason
    from monitoring.segmentation_status
    where status = 'not_available'
    order by segmentation
"""


def main(path: Path) -> None:
    """Print the segments of the warehouse file."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.sql(SEGMENTS).show(max_rows=200, max_width=110)
        for segmentation, reason in connection.execute(UNAVAILABLE).fetchall():
            print(f"No {segmentation} segmentation: {reason}")
        as_of_date, segments, revenue, currency = connection.execute(
            "select max(as_of_date), count(*), sum(net_revenue_amount) filter"
            " (segmentation = 'value'), max(currency_code) from core.segments"
        ).fetchone()
    print(
        f"\nAs of {as_of_date}: {segments} segments, {revenue} {currency} of revenue."
    )
    print(
        f"Warehouse: {path.resolve()} (DuckDB; try core.segments, finance.segment_roi)"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
