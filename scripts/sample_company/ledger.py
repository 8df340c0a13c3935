"""Money to the cent: what finance booked, from the raw rows and in exact decimals."""

import re
from bisect import bisect_right
from collections.abc import Iterable
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
    currency_code, net_amount and net_reporting_amount as Decimal, is_good, and
    cost_reporting_amount, what the goods cost, of good lines alone. Booked is what has
    a net amount and a currency that can be converted, and is no duplicate.
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
    columns = ["line_id", "order_id", "at", "currency_code"]
    columns += ["net_amount", "cost_amount", "dirty_key"]
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
        is_good = entry.dirty_key not in refused
        cost = converted(Decimal(entry.cost_amount), rate) if is_good else None
        rows.append(
            {
                "line_id": entry.line_id,
                "order_id": entry.order_id,
                "month_on": f"{date[:7]}-01" if date else "",
                "currency_code": entry.currency_code,
                "net_amount": amount,
                "net_reporting_amount": converted(amount, rate),
                "cost_reporting_amount": cost,
                "is_good": is_good,
            }
        )
    return pd.DataFrame(rows)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Exact sum; of no amounts 0.00."""
    return sum(amounts, Decimal("0.00"))


def finance_ledger(booked: pd.DataFrame) -> pd.DataFrame:
    """What finance reports: net revenue in EUR per local month."""
    months = booked.groupby("month_on")["net_reporting_amount"].agg(total)
    return months.rename("net_revenue_amount").astype(str).reset_index()


def ledger_by_currency(booked: pd.DataFrame) -> pd.DataFrame:
    """Good lines only: net per local month and currency, in it and in EUR."""
    good = booked[booked["is_good"]]
    months = good.groupby(["month_on", "currency_code"])[
        ["net_amount", "net_reporting_amount"]
    ].agg(total)
    return months.astype(str).reset_index()


def margins(booked: pd.DataFrame) -> pd.DataFrame:
    """Good lines only: net, cost of goods and what lies between, in EUR per month."""
    good = booked[booked["is_good"]].rename(
        columns={
            "net_reporting_amount": "net_amount",
            "cost_reporting_amount": "cost_amount",
            "net_amount": "original_net_amount",
        }
    )
    months = good.groupby("month_on")[["net_amount", "cost_amount"]].agg(total)
    months["margin_amount"] = months["net_amount"] - months["cost_amount"]
    return months.astype(str).reset_index()


def good_contacts(members: pd.DataFrame) -> pd.DataFrame:
    """Members of campaigns that the input layer accepts, with their local month.

    The month is blank in the holdout, which nobody contacted.
    """
    members = members.drop_duplicates()
    is_timed = members["contacted_at"].str.fullmatch(_TIME.pattern)
    members = members[is_timed | (members["contacted_at"] == "")]
    times = pd.to_datetime(
        members["contacted_at"].where(is_timed), format="%Y-%m-%dT%H:%M:%SZ", utc=True
    )
    months = times.dt.tz_convert(TIMEZONE).dt.strftime("%Y-%m-01")
    return members.assign(month_on=months.fillna(""))


def marketing_costs(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """EUR per campaign and local month: contacts by their cost, ads by their bills."""
    contacts = good_contacts(tables["campaign_members"])
    contacts = contacts[contacts["month_on"] != ""]
    ads = tables["ad_costs"]
    ads = ads[
        (ads["cost_on"] != "") & ads["cost_amount"].str.fullmatch(_AMOUNT.pattern)
    ]
    ads = ads.assign(month_on=ads["cost_on"].str[:7] + "-01")
    sums = {
        f"{name}_cost_amount": rows["cost_amount"]
        .map(Decimal)
        .groupby([rows["campaign_id"], rows["month_on"]])
        .agg(total)
        for name, rows in (("contact", contacts), ("ad", ads))
    }
    costs = pd.DataFrame(sums).fillna(Decimal("0.00")).sort_index()
    return costs.astype(str).reset_index()
