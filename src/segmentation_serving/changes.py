"""What changed between two published files, in a few lines."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from segmentation_serving.summary import counted

_SEGMENTS = """
    select segmentation, segment_key, segment_name, customer_count, is_special
    from core.segments
    order by all
"""
_RISK = """
    select count(*), sum(value_at_risk_amount)
    from retention.at_risk_customers
"""
# Every segmentation has the whole of the money, so one of them tells it.
_MONEY = """
    select
        sum(net_revenue_amount), sum(attributed_margin_amount),
        sum(marketing_cost_amount), any_value(currency_code)
    from finance.segment_roi
    where segmentation = (select min(segmentation) from finance.segment_roi)
"""


@dataclass(frozen=True)
class Figures:
    """What is compared.

    Attributes
    ----------
    segments : (segmentation, segment_key) -> name and customers
    special : keys of them that are none of a model, as "too new" and "outliers"
    at_risk : customers at risk
    at_stake : what they are worth, None where nobody bought
    net_revenue : None without transactions
    return_on_cost : (attributed margin - marketing cost) / marketing cost, None without
    currency : ISO code, None without transactions
    """

    segments: dict[tuple[str, str], tuple[str, int]]
    special: frozenset[tuple[str, str]]
    at_risk: int
    at_stake: Decimal | None
    net_revenue: Decimal | None
    return_on_cost: float | None
    currency: str | None

    @property
    def customers(self) -> int:
        """Customers of the segmentation that places the most of them."""
        sums: dict[str, int] = {}
        for (segmentation, _), (_, count) in self.segments.items():
            sums[segmentation] = sums.get(segmentation, 0) + count
        return max(sums.values(), default=0)


def read_figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """Read what is compared from a published file."""
    rows = connection.execute(_SEGMENTS).fetchall()
    segments = {row[:2]: row[2:4] for row in rows}
    special = frozenset(row[:2] for row in rows if row[4])
    at_risk, at_stake = connection.execute(_RISK).fetchone()
    revenue, margin, cost, currency = connection.execute(_MONEY).fetchone()
    roi = float((margin - cost) / cost) if cost and margin is not None else None
    return Figures(segments, special, at_risk, at_stake, revenue, roi, currency)


def change_lines(before: Figures, after: Figures) -> list[str]:
    """Say which segments are new or gone, and what became of customers and money."""
    born = sorted(after.segments.keys() - before.segments.keys() - after.special)
    gone = sorted(before.segments.keys() - after.segments.keys() - before.special)
    if before == after:
        return ["Nothing of this has changed."]
    currency = after.currency or before.currency or ""
    return [
        f"New segments: {_names(after, born)}",
        f"Segments gone: {_names(before, gone)}",
        _count_line("Customers", before.customers, after.customers),
        _count_line("At risk", before.at_risk, after.at_risk) + _stake(before, after),
        _amount_line("Net revenue", before.net_revenue, after.net_revenue, currency),
        _roi_line(before.return_on_cost, after.return_on_cost),
    ]


def _names(figures: Figures, keys: list[tuple[str, str]]) -> str:
    if not keys:
        return "none"
    return "; ".join(
        "{}: {} ({})".format(
            key[0],
            figures.segments[key][0],
            counted(figures.segments[key][1], "customer"),
        )
        for key in keys
    )


def _count_line(what: str, before: int, after: int) -> str:
    change = f"{after - before:+,}" if after != before else "as before"
    return f"{what}: {after:,} ({change})"


def _stake(before: Figures, after: Figures) -> str:
    if after.at_stake is None:
        return ""
    change = _amount_difference(before.at_stake, after.at_stake)
    return f", {after.at_stake:,.2f} {after.currency or ''} at stake{change}"


def _amount_line(
    what: str, before: Decimal | None, after: Decimal | None, currency: str
) -> str:
    if after is None:
        return f"{what}: none to tell"
    return f"{what}: {after:,.2f} {currency}{_amount_difference(before, after)}"


def _amount_difference(before: Decimal | None, after: Decimal) -> str:
    if before is None:
        return " (none before)"
    return f" ({after - before:+,.2f})" if after != before else " (as before)"


def _roi_line(before: float | None, after: float | None) -> str:
    what = "Return on marketing cost (attributed)"
    if after is None:
        return f"{what}: no cost to hold it against"
    if before is None:
        return f"{what}: {after:.2f} (not known before)"
    same = f"{after:.2f}" == f"{before:.2f}"
    return f"{what}: {after:.2f} ({'as before' if same else f'was {before:.2f}'})"
