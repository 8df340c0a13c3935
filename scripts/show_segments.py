"""Print a short table of the segments and where the warehouse is."""

import sys
from pathlib import Path

import duckdb

SEGMENTS = """
    select
        segmentation,
        segment_name,
        customer_count,
        round(100 * customer_share, 1),
        net_revenue_amount,
        round(100 * net_revenue_share, 1)
    from core.segments
    order by segmentation, is_special, customer_count desc, segment_key
"""
LEDGERS = """
    select
        ledger_kind,
        currency_code,
        sum(ledger_amount),
        sum(abs(difference_amount)),
        max(as_of_date)
    from finance.ledger_reconciliation
    group by ledger_kind, currency_code
    order by ledger_kind
"""
UNAVAILABLE = """
    select segmentation, reason
    from monitoring.segmentation_status
    where status = 'not_available'
    order by segmentation
"""


def main(path: Path) -> None:
    """Print what the warehouse file holds, a line per segment."""
    with duckdb.connect(str(path), read_only=True) as connection:
        segments = connection.execute(SEGMENTS).fetchall()
        unavailable = connection.execute(UNAVAILABLE).fetchall()
        ledgers = connection.execute(LEDGERS).fetchall()

    print(f"{'':56}{'customers':>9}{'':8}{'net revenue':>15}")
    shown = None
    for segmentation, name, customers, share, revenue, revenue_share in segments:
        if segmentation != shown:
            print(segmentation)
            shown = segmentation
        print(
            f"  {name:54}{customers:>9,}{share:>6.1f} %"
            f"{revenue:>15,.2f}{revenue_share:>6.1f} %"
        )
    for segmentation, reason in unavailable:
        print(f"{segmentation}\n  Not available: {reason}")
    print()
    for kind, currency, amount, difference, as_of_date in ledgers:
        print(
            f"Ledger ({kind}), as of {as_of_date}: {amount:,.2f} {currency}, "
            f"unexplained {difference:,.2f}"
        )
    print(f"Warehouse: {path} (DuckDB; start with core.segments, finance.segment_roi)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
