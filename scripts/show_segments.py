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
PROFILE = """
    select
        source_table,
        rows_read,
        rows_rejected,
        rejected_by_reason,
        first_on,
        last_on
    from monitoring.input_profile
    where rows_read > 0
    order by source_table
"""
STATUSES = "select segmentation, status from monitoring.segmentation_status"
UNAVAILABLE = """
    select segmentation, reason
    from monitoring.segmentation_status
    where status = 'not_available'
    order by segmentation
"""
AT_RISK = """
    select
        count(*),
        any_value(currency_code),
        sum(value_at_risk_amount),
        sum(expected_loss_amount)
    from retention.at_risk_customers
"""
# The latest month is the news; earlier alerts stand in the mart.
ALERTS = """
    with latest as (
        select max(month_on) as month_on from retention.early_warning_segments
    )

    select
        strftime(latest.month_on, '%Y-%m'),
        count(warnings.segment_key),
        string_agg(
            warnings.segmentation || ': ' || warnings.segment_name, '; '
            order by warnings.segmentation, warnings.segment_key
        )
    from latest
    left join retention.early_warning_segments as warnings
        on latest.month_on = warnings.month_on and warnings.is_alert
    group by latest.month_on
"""
LAPSED = """
    select count(*), any_value(currency_code), sum(expected_value_amount)
    from retention.reactivation_candidates
"""


def counted(number: int, noun: str) -> str:
    """Number with its noun, singular where there is one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def risk_lines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Say in three lines who is at risk, where there are alerts and who may return."""
    at_risk, currency, stake, loss = connection.execute(AT_RISK).fetchone()
    month, alerts, names = connection.execute(ALERTS).fetchone()
    lapsed, lapsed_currency, value = connection.execute(LAPSED).fetchone()
    lines = [
        f"At risk: {counted(at_risk, 'customer')}",
        f"Alerts of {month}: {counted(alerts, 'segment')}",
        f"May come back: {counted(lapsed, 'customer')}",
    ]
    # Without transactions there is nothing at stake that could be told.
    if stake is not None:
        lines[0] += f", {stake:,.2f} {currency} at stake"
    if loss is not None:
        lines[0] += f", {loss:,.2f} {currency} expected loss"
    if month is None:
        lines[1] = "Alerts: no month to tell"
    if names:
        lines[1] += f" ({names})"
    if value is not None:
        lines[2] += f", {value:,.2f} {lapsed_currency} expected"
    return lines


def main(path: Path) -> None:
    """Print what the warehouse file holds, a line per segment."""
    with duckdb.connect(str(path), read_only=True) as connection:
        segments = connection.execute(SEGMENTS).fetchall()
        statuses = connection.execute(STATUSES).fetchall()
        unavailable = connection.execute(UNAVAILABLE).fetchall()
        ledgers = connection.execute(LEDGERS).fetchall()
        profile = connection.execute(PROFILE).fetchall()
        about_risk = risk_lines(connection)

    print(f"{'read':24}{'rows':>12}{'rejected':>10}  from         to")
    for table, read, rejected, reasons, first_on, last_on in profile:
        print(
            f"  {table:22}{read:>12,}{rejected:>10,}"
            f"  {first_on or ''!s:13}{last_on or ''!s:13}{reasons}".rstrip()
        )
    print()
    print(f"{'':56}{'customers':>9}{'':8}{'net revenue':>15}")
    unclear = {name for name, status in statuses if status == "no_clear_structure"}
    shown = None
    for segmentation, name, customers, share, revenue, revenue_share in segments:
        if segmentation != shown:
            note = "  (no clear structure: a cut through a continuum)"
            print(segmentation + (note if segmentation in unclear else ""))
            shown = segmentation
        print(
            f"  {name:54}{customers:>9,}{share:>6.1f} %"
            f"{revenue:>15,.2f}{revenue_share or 0:>6.1f} %"
        )
    for segmentation, reason in unavailable:
        print(f"{segmentation}\n  Not available: {reason}")
    print()
    for kind, currency, amount, difference, as_of_date in ledgers:
        print(
            f"Ledger ({kind}), as of {as_of_date}: {amount:,.2f} {currency}, "
            f"unexplained {difference:,.2f}"
        )
    print("\n".join(about_risk))
    print(f"Warehouse: {path} (DuckDB; start with core.segments, finance.segment_roi)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
