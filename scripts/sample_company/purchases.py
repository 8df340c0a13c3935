"""Orders and their lines: what a person's habits make of a year.

Habits are kept to as closely as whole orders allow: of ten orders with an evening share
of 0.3 three are evening orders. Drawing each order by chance instead would need several
times as many orders for the same clarity, and the seeds have to stay small.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.sample_company.company import (
    ASSORTMENT,
    CURRENCIES,
    DAYS,
    PRICE_FACTORS,
    PRIVATE_LABEL,
    SIZES,
    STORES,
    departments,
)
from scripts.sample_company.measures import department_shares

FIRST_YEAR_RATE = 0.28  # orders of the first year per order of the second
LINES_PER_ORDER = 1.45
STORE_ORDER_SHARE = 0.65
APP_ORDER_SHARE = 0.12
GUEST_SHARE = 0.04
RETURN_SHARE = 0.05
FADING_DAYS = 60  # before somebody leaves
FADING_ORDER_SHARE = 0.5
FIRST_YEAR_DAYS = 366
LARGEST_LINE_DISCOUNT = 0.6


class Habits(NamedTuple):
    """Quantities by name, each an array over people, for one year."""

    behavioural: dict[str, np.ndarray]
    psychographic: dict[str, np.ndarray]
    geographic: dict[str, np.ndarray]
    shares: np.ndarray  # people x departments


def make_habits(
    behavioural: dict[str, np.ndarray],
    psychographic: dict[str, np.ndarray],
    geographic: dict[str, np.ndarray],
) -> Habits:
    """Bundle what steers purchases."""
    shares = department_shares(behavioural, len(departments()))
    return Habits(behavioural, psychographic, geographic, shares)


def quota(share: float, count: int) -> int:
    """Whole number of ``count`` that comes nearest to a share."""
    return int(np.floor(share * count + 0.5))


def marked(generator: np.random.Generator, count: int, chosen: int) -> np.ndarray:
    """Booleans with a given number of trues, in random order."""
    return generator.permutation(np.arange(count) < chosen)


def spread_days(
    generator: np.random.Generator,
    start: int,
    end: int,
    count: int,
    variation: float,
    starts_at_once: bool,
) -> np.ndarray:
    """Days of ``count`` visits whose intervals have about this variation.

    The intervals are evenly spread quantiles of a Weibull distribution, shuffled.
    """
    quantiles = (np.arange(count + 1) + 0.5) / (count + 1)
    intervals = (-np.log1p(-quantiles)) ** variation
    intervals = generator.permutation(intervals)
    if starts_at_once:
        intervals[0] = 0
    places = np.cumsum(intervals)
    return (start + (end - start) * places[:-1] / places[-1]).astype(int)


def _moved_to(generator: np.random.Generator, day: int, to_weekend: bool) -> int:
    """Nearest day of the wanted kind; day 0 was a Monday."""
    weekday = day % 7
    if to_weekend == (weekday >= 5):
        return day
    if to_weekend:
        return day + 5 - weekday + int(generator.integers(2))
    return day - (weekday - 4) - int(generator.integers(3))


def plan_orders(
    generator: np.random.Generator, people: pd.DataFrame, years: tuple[Habits, Habits]
) -> pd.DataFrame:
    """One row per order that people place of their own accord: person and day."""
    rows = []
    for index, person in enumerate(people.itertuples(index=False)):
        if not person.is_buyer:
            continue
        for year, (start, end) in enumerate(
            ((0, FIRST_YEAR_DAYS), (FIRST_YEAR_DAYS, DAYS))
        ):
            begin = max(start, person.joined)
            finish = min(end, person.left) if person.left >= 0 else end
            if finish <= begin:
                continue
            habits = years[year].behavioural
            rate = habits["orders_per_year"][index] * (FIRST_YEAR_RATE, 1)[year]
            count = quota(rate, 1) if begin == start and finish == end else 0
            count = count or quota(rate * (finish - begin) / (end - start), 1)
            is_first = begin == person.joined
            count = max(count, int(is_first))
            days = spread_days(
                generator,
                begin,
                finish,
                count,
                habits["interval_variation"][index],
                is_first,
            )
            is_weekend = marked(
                generator, count, quota(habits["weekend_share"][index], count)
            )
            for position, day in enumerate(days):
                moved = _moved_to(generator, int(day), bool(is_weekend[position]))
                if not begin <= moved < finish:
                    moved = int(day)
                is_fading = 0 <= person.left <= moved + FADING_DAYS
                if is_fading and generator.random() > FADING_ORDER_SHARE:
                    continue
                rows.append((index, moved, year, ""))
    return pd.DataFrame(rows, columns=["person", "day", "year", "cause"])


def time_orders(
    generator: np.random.Generator, orders: pd.DataFrame, years: tuple[Habits, Habits]
) -> pd.DataFrame:
    """Add the minute of the day, so that a person's evening share is kept to."""
    orders = orders.sort_values(["person", "year", "day", "cause"], ignore_index=True)
    minutes = np.zeros(len(orders), dtype=int)
    for (person, year), group in orders.groupby(["person", "year"]):
        share = years[year].behavioural["evening_share"][person]
        evenings = marked(generator, len(group), quota(share, len(group)))
        minutes[group.index] = np.where(
            evenings,
            generator.integers(18 * 60 + 5, 22 * 60, len(group)),
            generator.integers(8 * 60, 17 * 60 + 50, len(group)),
        )
    return orders.assign(minute=minutes)


def place_orders(
    generator: np.random.Generator,
    orders: pd.DataFrame,
    people: pd.DataFrame,
    home_stores: pd.Series,
    home_store_share: np.ndarray,
) -> pd.DataFrame:
    """Add channel and store; most store orders are made at the home store."""
    channels = np.empty(len(orders), dtype=object)
    stores = np.full(len(orders), "", dtype=object)
    for (person, _), group in orders.groupby(["person", "year"]):
        count = len(group)
        in_store = quota(STORE_ORDER_SHARE, count)
        by_app = quota(APP_ORDER_SHARE, count)
        kinds = ["store"] * in_store + ["app"] * by_app
        kinds += ["web"] * (count - len(kinds))
        channels[group.index] = generator.permutation(kinds)
        visits = group.index[channels[group.index] == "store"]
        home = home_stores[person]
        others = [
            store.store_id
            for store in STORES
            if store.country_code == people["country_code"][person]
            and store.store_id != home
        ]
        at_home = marked(
            generator, len(visits), quota(home_store_share[person], len(visits))
        )
        stores[visits] = np.where(
            at_home, home, generator.choice(others, len(visits)) if others else home
        )
    currencies = people["country_code"].map(CURRENCIES).to_numpy()[orders["person"]]
    return orders.assign(channel=channels, store_id=stores, currency_code=currencies)


def _apportioned(total: int, shares: np.ndarray) -> np.ndarray:
    """Split a whole number by shares, largest remainders first."""
    exact = total * shares
    counts = np.floor(exact).astype(int)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: total - counts.sum()]] += 1
    return counts


class _Shelf:
    """Products by department, type, brand and size, with prices in cents."""

    def __init__(self, products: pd.DataFrame) -> None:
        self.items = {
            (row.department, row.product_type, row.brand == PRIVATE_LABEL): []
            for row in products.itertuples()
        }
        for row in products.itertuples():
            self.items[
                row.department, row.product_type, row.brand == PRIVATE_LABEL
            ].append((row.product_id, row.unit_price, row.unit_cost))

    def fitting(
        self, key: tuple[str, str, bool], amount: float, wanted_units: float
    ) -> tuple[tuple[str, float, float], int]:
        """Product and quantity whose amount comes nearest, units breaking near ties."""
        best, best_loss = None, np.inf
        for item in self.items[key]:
            quantity = min(max(round(amount / item[1]), 1), 12)
            loss = abs(np.log(quantity * item[1] / amount)) * 2 + 0.5 * abs(
                np.log(quantity / wanted_units)
            )
            if loss < best_loss:
                best, best_loss = (item, quantity), loss
        return best


def make_lines(
    generator: np.random.Generator,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    years: tuple[Habits, Habits],
    people_count: int,
) -> pd.DataFrame:
    """One row per line, amounts in cents of the order's currency."""
    shelf = _Shelf(products)
    names = departments()
    favourites = {
        person: {
            name: list(generator.permutation(list(ASSORTMENT[name]))) for name in names
        }
        for person in range(people_count)
    }
    rows = []
    for (person, year), group in orders.groupby(["person", "year"]):
        habits = years[year]
        style = {name: values[person] for name, values in habits.behavioural.items()}
        count = len(group)
        line_count = max(quota(LINES_PER_ORDER, count), count)
        line_orders = np.concatenate(
            [
                np.arange(count),
                generator.integers(0, count, line_count - count),
            ]
        )
        per_department = _apportioned(line_count, habits.shares[person])
        reached = habits.shares[person][per_department > 0].sum()
        spend = count * style["order_amount"] / (1 - style["discount_share"])
        line_departments = generator.permutation(
            np.repeat(np.arange(len(names)), per_department)
        )
        is_deal = marked(
            generator,
            line_count,
            quota(habits.psychographic["deal_seeking_share"][person], line_count),
        )
        units_left = style["units_per_order"] * count
        carried = np.zeros(len(names))
        private, total = 0.0, 0.0
        drawn = []
        seen: dict[str, int] = {}
        for line in range(line_count):
            department = line_departments[line]
            name = names[department]
            wanted = (
                spend
                * habits.shares[person][department]
                / reached
                / per_department[department]
            )
            amount = max(wanted + carried[department], 3.0)
            pool = max(
                1,
                int(np.ceil(style["type_variety"] * per_department[department])),
            )
            position = seen.get(name, 0)
            seen[name] = position + 1
            product_type = favourites[person][name][
                position % min(pool, len(ASSORTMENT[name]))
            ]
            is_private = private + amount / 2 <= style["private_label_share"] * (
                total + amount
            )
            wanted_units = max(units_left / (line_count - line), 1)
            (product_id, price, cost), quantity = shelf.fitting(
                (name, product_type, is_private), amount, wanted_units
            )
            gross = quantity * price
            units_left -= quantity
            carried[department] = amount - gross
            total += gross
            private += gross * is_private
            drawn.append((line_orders[line], product_id, quantity, price, cost, gross))
        gross = np.array([row[5] for row in drawn])
        dealt = (gross * is_deal).sum()
        depth = min(
            style["discount_share"] * gross.sum() / dealt if dealt else 0,
            LARGEST_LINE_DISCOUNT,
        )
        for line, (position, product_id, quantity, price, cost, _) in enumerate(drawn):
            order = group.iloc[position]
            factor = PRICE_FACTORS[order["currency_code"]]
            unit = round(price * factor * 100)
            unit_cost = round(cost * factor * 100)
            discount = round(unit * quantity * depth) if is_deal[line] else 0
            rows.append(
                (
                    order.name,
                    product_id,
                    quantity,
                    unit * quantity,
                    discount,
                    unit * quantity - discount,
                    unit_cost * quantity,
                )
            )
    columns = "order product_id quantity gross discount net cost".split()
    lines = pd.DataFrame(rows, columns=columns)
    return lines.sort_values(["order", "product_id", "gross"], ignore_index=True)


def guest_orders(
    generator: np.random.Generator, orders: pd.DataFrame, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders without an account: baskets like the others', on other days."""
    count = round(len(orders) * GUEST_SHARE / (1 - GUEST_SHARE))
    models = np.sort(generator.choice(len(orders), count, replace=False))
    guests = orders.iloc[models].copy()
    guests["day"] = (guests["day"] + 7 * generator.integers(1, 90, count)) % (DAYS - 10)
    guests["day"] += 7
    guests["person"], guests["cause"] = -1, "guest"
    numbers = np.arange(len(orders), len(orders) + count)
    guests.index = numbers
    copied = lines[lines["order"].isin(models)].copy()
    copied["order"] = copied["order"].map(dict(zip(models, numbers, strict=True)))
    return guests, copied


def make_returns(
    generator: np.random.Generator, orders: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Lines that came back some weeks later, at the hour and weekday of the order."""
    days = lines["order"].map(orders["day"]).to_numpy()
    causes = lines["order"].map(orders["cause"]).to_numpy()
    returned = days + 7 * generator.integers(1, 6, len(lines))
    is_returned = (
        (generator.random(len(lines)) < RETURN_SHARE * 1.05)
        & (returned < DAYS)
        & ((causes == "") | (causes == "guest"))
        # A sale that came to nothing has nothing to give back.
        & (lines["net"].to_numpy() > 0)
    )
    returns = lines[is_returned].copy()
    returns["day"] = returned[is_returned]
    for column in ("gross", "discount", "net", "cost"):
        returns[column] = -returns[column]
    return returns.reset_index(drop=True)
