"""What a published file holds, in lines of a terminal: sources, segments, risk."""

import textwrap
from collections.abc import Mapping, Sequence

import duckdb

WIDTH = 100

SEGMENTS = """
    select
        segmentation,
        segment_key,
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


def summary_lines(
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[tuple[str, str], int] | None = None,
) -> list[str]:
    """Say what was read, which segments there are, and whether it ties to the ledger.

    Parameters
    ----------
    connection : to a file with the public marts
    before : customers of each (segmentation, segment_key) in the last publication
    """
    profile = connection.execute(PROFILE).fetchall()
    unavailable = connection.execute(UNAVAILABLE).fetchall()
    lines = [f"{'read':24}{'rows':>12}{'rejected':>10}  from         to"]
    for row in profile:
        lines += _source_lines(*row)
    lines += ["", *_segment_lines(connection, before)]
    for segmentation, reason in unavailable:
        lines += [segmentation, *wrapped(f"Not available: {reason}", "  ")]
    lines.append("")
    for kind, currency, amount, difference, as_of_date in connection.execute(
        LEDGERS
    ).fetchall():
        lines.append(
            f"Ledger ({kind}), as of {as_of_date}: {amount:,.2f} {currency}, "
            f"unexplained {difference:,.2f}"
        )
    for line in risk_lines(connection):
        lines += wrapped(line, "  ", first="")
    return lines


def _source_lines(table, read, rejected, reasons, first_on, last_on) -> list[str]:
    line = (
        f"  {table:22}{read:>12,}{rejected:>10,}"
        f"  {first_on or ''!s:13}{last_on or ''!s:13}".rstrip()
    )
    return [line, *(wrapped(reasons, " " * 4) if reasons else [])]


def _segment_lines(
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[tuple[str, str], int] | None,
) -> list[str]:
    unclear = {
        name
        for name, status in connection.execute(STATUSES).fetchall()
        if status == "no_clear_structure"
    }
    change = "change" if before is not None else ""
    lines = [f"{'':55}{'customers':>10}{change:>7}{'':7}{'net revenue':>14}"]
    shown = None
    for segmentation, key, name, customers, *rest in connection.execute(
        SEGMENTS
    ).fetchall():
        if segmentation != shown:
            note = "  (no clear structure: a cut through a continuum)"
            lines.append(segmentation + (note if segmentation in unclear else ""))
            shown = segmentation
        moved = _change(customers, before, (segmentation, key))
        share, revenue, revenue_share = rest
        lines.append(
            f"  {name:55}{customers:>8,}{moved:>7}{share:>6.1f}%"
            f"{revenue:>14,.2f}{revenue_share or 0:>6.1f}%"
        )
    return lines


def _change(
    customers: int,
    before: Mapping[tuple[str, str], int] | None,
    key: tuple[str, str],
) -> str:
    if before is None:
        return ""
    if key not in before:
        return "new"
    return signed(customers - before[key])


def signed(number: int) -> str:
    """Change of a count; nothing where there is none."""
    return f"{number:+,}" if number else ""


def wrapped(text: str, indent: str, first: str | None = None) -> Sequence[str]:
    """Lines of a terminal, the first with an indent of its own if one is given."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
