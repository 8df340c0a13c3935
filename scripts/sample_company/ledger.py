"""Money to the cent: what finance booked, from the raw rows and in exact decimals."""

import re
from bisect import bisect_right
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from scripts.sample_company.company import REPORTING_CURRENCY, TIMEZONE

_CENT = Decimal("0.01")
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")
_TIME = re.compile(r"\d{4}-(0\d|1[0-2])-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Rates:
    """Rates to the reporting currency; a day without one takes the last known."""

    def __init__(self, rates: pd.DataFrame) -> None:
        readable = rates[rates["rate_to_reporting"].str.fullmatch(_AMOUNT.pattern)]
        self._known = {
            currency: (
                group["rate_on"].tolist(),
                [Decimal(rate) for rate in group["rate_to_reporting"]],
            )
            for currency, group in readable.sort_values("rate_on").groupby(
                "currency_code"
            )
        }

    def on(self, currency: str, date: str) -> Decimal | None:
        """Rate of a currency on an ISO date; the last of all where there is no date."""
        if currency == REPORTING_CURRENCY:
            return Decimal(1)
        dates, values = self._known.get(currency, ([], []))
        place = bisect_right(dates, date) if date else 0
        return values[place - 1] if place else None


def converted(amount: Decimal, rate: Decimal) -> Decimal:
    """Amount in the reporting currency, half a cent rounded away from zero."""
    return (amount * rate).quantize(_CENT, ROUND_HALF_UP)


def book(tables: dict[str, pd.DataFrame], dirty_rows: pd.DataFrame) -> pd.DataFrame:
    """One row per line of sale or return that finance books.

    Columns: line_id, order_id, month_on (blank where the date cannot be read),
    currency_code, net_amount and net_reporting_amount as Decimal, is_good. Booked is
    what has a net amount and a currency that can be converted, and is no duplicate.
    """
    lines = tables["shop_lines"].merge(
        tables["shop_orders"][["order_id", "ordered_at", "currency_code"]],
        on="order_id",
        how="left",
    )
    lines = lines.assign(
        line_id=lines["order_id"] + "-" + lines["line_number"],
        at=lines["ordered_at"],
        # The key of a line without a number is its order's.
        dirty_key=(lines["order_id"] + "-" + lines["line_number"]).where(
            lines["line_number"] != "", lines["order_id"]
        ),
    )
    returns = tables["shop_returns"]
    returns = returns.assign(
        line_id=returns["return_id"],
        at=returns["returned_at"],
        dirty_key=returns["return_id"].where(
            returns["return_id"] != "", returns["order_id"]
        ),
    )
    columns = ["line_id", "order_id", "at", "currency_code", "net_amount", "dirty_key"]
    entries = pd.concat([lines[columns], returns[columns]], ignore_index=True)
    entries = entries[~((entries["line_id"] != "") & entries.duplicated())]
    refused = set(
        dirty_rows.loc[
            (dirty_rows["source_table"] == "transactions")
            & (dirty_rows["reason"] != "duplicate_key"),
            "source_key",
        ]
    )
    is_timed = entries["at"].str.fullmatch(_TIME.pattern)
    times = pd.to_datetime(
        entries["at"].where(is_timed), format="%Y-%m-%dT%H:%M:%SZ", utc=True
    )
    dates = times.dt.tz_convert(TIMEZONE).dt.strftime("%Y-%m-%d").where(is_timed, "")
    rates = Rates(tables["exchange_rates"])
    rows = []
    for entry, date in zip(entries.itertuples(index=False), dates, strict=True):
        if not _AMOUNT.fullmatch(entry.net_amount):
            continue
        rate = rates.on(entry.currency_code, date)
        if rate is None:
            continue
        amount = Decimal(entry.net_amount)
        rows.append(
            {
                "line_id": entry.line_id,
                "order_id": entry.order_id,
                "month_on": f"{date[:7]}-01" if date else "",
                "currency_code": entry.currency_code,
                "net_amount": amount,
                "net_reporting_amount": converted(amount, rate),
                "is_good": entry.dirty_key not in refused,
            }
        )
    return pd.DataFrame(rows)


def finance_ledger(booked: pd.DataFrame) -> pd.DataFrame:
    """What finance reports: net revenue in EUR per local month."""
    months = booked.groupby("month_on")["net_reporting_amount"].agg(
        lambda amounts: sum(amounts, Decimal(0))
    )
    return months.rename("net_revenue_amount").astype(str).reset_index()


def ledger_by_currency(booked: pd.DataFrame) -> pd.DataFrame:
    """Good lines only: net per local month and currency, in it and in EUR."""
    good = booked[booked["is_good"]]
    months = good.groupby(["month_on", "currency_code"])[
        ["net_amount", "net_reporting_amount"]
    ].agg(lambda amounts: sum(amounts, Decimal(0)))
    return months.astype(str).reset_index()
