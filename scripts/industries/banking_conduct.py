"""What the customers of Alder Bank do day by day: pay, transfer, save, log in."""

import numpy as np
import pandas as pd

from scripts.industries.banking_design import (
    BALANCES,
    DAYS,
    FADING_DAYS,
    FIRST_DAY,
    KINDS,
    MERCHANTS,
    TRANSFERS,
)
from scripts.industries.company import cents, drawn_index

_MONTH_DAYS = 30.4375
# Gaps are sums of three waits, so that people have a rhythm.
_GAP_SHAPE = 3
# Where every kind also pays now and then.
_ELSEWHERE_SHARE = 0.04
_LOGIN_LEAD_DAYS = 15


def dates(days: pd.Series | np.ndarray) -> np.ndarray:
    """ISO texts of day numbers, counted from the first day."""
    return (FIRST_DAY + pd.to_timedelta(np.asarray(days), unit="D")).strftime(
        "%Y-%m-%d"
    )


def liveliness(
    silent_from: np.ndarray | int, day: int | np.ndarray, lead_days: int = 0
) -> np.ndarray:
    """How much of their usual conduct people show on a day: 1, falling to 0."""
    left = silent_from - lead_days - day
    return np.where(left >= FADING_DAYS, 1.0, 0.15 + 0.65 * left / FADING_DAYS) * (
        left > 0
    )


def payments(
    generator: np.random.Generator, people: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """One row per card payment, as the card processor clears it."""
    events = _events(generator, people, _of_kind(people, "payments"))
    weights = np.zeros((len(KINDS), len(MERCHANTS)))
    for row, kind in enumerate(KINDS):
        liked = np.array([kind.merchants.get(item.code, 0) for item in MERCHANTS])
        weights[row] = (1 - _ELSEWHERE_SHARE) * liked / liked.sum()
    weights += _ELSEWHERE_SHARE / len(MERCHANTS)
    kind = people["kind"].to_numpy()[events["place"]]
    merchant = drawn_index(generator, weights[kind])
    usual = np.array([item.usual_amount for item in MERCHANTS])[merchant]
    size = _of_kind(people, "payment_size")[events["place"]]
    amount = usual * size * np.exp(generator.normal(0, 0.45, len(events)))
    return pd.DataFrame(
        {
            "payment_id": [str(10001 + place) for place in range(len(events))],
            "account_id": _account_of(accounts, people, "current")[events["place"]],
            "paid_on": dates(events["day"]),
            "merchant_code": np.array([item.code for item in MERCHANTS])[merchant],
            "amount": cents(amount),
            "interchange": cents(0.02 + 0.003 * amount),
        }
    )


def transfers(
    generator: np.random.Generator, people: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """One row per transfer that a customer orders, with the fee that the bank earns."""
    frames = []
    for transfer, (_, usual, fee) in TRANSFERS.items():
        rates = np.array(
            [KINDS[kind].transfers.get(transfer, 0.0) for kind in people["kind"]]
        )
        # A few of every kind do it once in a while.
        rates = np.where(generator.random(len(people)) < 0.06, rates + 0.1, rates)
        events = _events(generator, people, rates)
        amount = usual * np.exp(generator.normal(0, 0.3, len(events)))
        amount *= people["wealth"].to_numpy()[events["place"]]
        frames.append(
            events.assign(
                transfer_type=transfer,
                amount=amount,
                fee=fee * generator.uniform(0.8, 1.2, len(events)),
            )
        )
    events = pd.concat(frames, ignore_index=True).sort_values(
        ["day", "place", "transfer_type"], ignore_index=True
    )
    return pd.DataFrame(
        {
            "transfer_id": [str(40001 + place) for place in range(len(events))],
            "account_id": _account_of(accounts, people, "current")[events["place"]],
            "executed_on": dates(events["day"]),
            "transfer_type": events["transfer_type"],
            "amount": cents(events["amount"]),
            "fee": cents(events["fee"]),
        }
    )


def balances(
    generator: np.random.Generator, people: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """One row per account and month: mean balance and the margin that it earned."""
    months = pd.date_range(FIRST_DAY, periods=12, freq="MS")
    owners = people.set_index("customer_id").loc[accounts["customer_id"]]
    is_savings = (accounts["account_type"] == "savings").to_numpy()
    usual = (
        np.where(is_savings, _of_kind(owners, "savings"), _of_kind(owners, "balance"))
        * owners["wealth"].to_numpy()
    )
    margin = np.where(is_savings, BALANCES["savings"][1], BALANCES["current"][1])
    frames = []
    for month in months:
        month_end = month + pd.offsets.MonthEnd()
        middle = (month - FIRST_DAY).days + 15
        kept = liveliness(owners["silent_from"].to_numpy(), middle).clip(0.03, 1)
        balance = usual * kept * np.exp(generator.normal(0, 0.12, len(accounts)))
        frames.append(
            pd.DataFrame(
                {
                    "account_id": accounts["account_id"].to_numpy(),
                    "booked_on": month_end.strftime("%Y-%m-%d"),
                    "mean_balance": [f"{euros:.0f}" for euros in balance],
                    "margin": cents((balance * margin / 12).clip(0.01)),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def sessions(generator: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """One row per login to online banking; they fade two weeks before the payments."""
    rates = _of_kind(people, "logins")
    events = _events(generator, people, rates, lead_days=_LOGIN_LEAD_DAYS)
    is_app = (
        generator.random(len(events)) < _of_kind(people, "app_share")[events["place"]]
    )
    is_tablet = generator.random(len(events)) < 0.15
    device = np.where(is_tablet, "tablet", np.where(is_app, "phone", "desktop"))
    seconds = _of_kind(people, "session_seconds")[events["place"]]
    seconds = seconds * np.exp(generator.normal(0, 0.35, len(events)))
    return pd.DataFrame(
        {
            "session_id": [str(70001 + place) for place in range(len(events))],
            "customer_id": people["customer_id"].to_numpy()[events["place"]],
            "started_on": dates(events["day"]),
            "channel": np.where(is_app, "app", "web"),
            "device": device,
            "seconds": [f"{second:.0f}" for second in seconds],
        }
    )


def _of_kind(people: pd.DataFrame, field: str) -> np.ndarray:
    return np.array([getattr(KINDS[kind], field) for kind in people["kind"]])


def _account_of(
    accounts: pd.DataFrame, people: pd.DataFrame, account_type: str
) -> np.ndarray:
    held = accounts[accounts["account_type"] == account_type]
    return (
        held.set_index("customer_id")["account_id"]
        .reindex(people["customer_id"])
        .to_numpy()
    )


def _events(
    generator: np.random.Generator,
    people: pd.DataFrame,
    rates: np.ndarray,
    lead_days: int = 0,
) -> pd.DataFrame:
    """Days of something that people do at monthly rates, by day and place of person.

    Waits are drawn in a clock of their own, which runs as fast as a person is lively.
    """
    days = np.arange(DAYS)
    speeds = rates * people["pace"].to_numpy() / _MONTH_DAYS
    places, found = [], []
    for place, silent_from in enumerate(people["silent_from"]):
        clock = np.cumsum(liveliness(silent_from, days, lead_days) * speeds[place])
        count = int(clock[-1] + 5 * np.sqrt(clock[-1]) + 5)
        gaps = generator.gamma(_GAP_SHAPE, 1 / _GAP_SHAPE, count)
        gaps[0] *= generator.random()
        times = np.cumsum(gaps)
        found.append(np.searchsorted(clock, times[times < clock[-1]]))
        places.append(np.full(len(found[-1]), place))
    events = pd.DataFrame(
        {"place": np.concatenate(places), "day": np.concatenate(found)}
    )
    return events.sort_values(["day", "place"], ignore_index=True)
