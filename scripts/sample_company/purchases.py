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
    STORES,
    departments,
)
from scripts.sample_company.measures import department_shares

FIRST_YEAR_RATE = 0.2  # orders of the first year per order of the second
STORE_ORDER_SHARE = 0.72
APP_ORDER_SHARE = 0.12
GUEST_SHARE = 0.04
RETURN_SHARE = 0.045
YEAR_END_PULL = 0.85  # below 1: more orders late in the year
LEAVER_HASTE = 2.5  # who is going to leave buys faster until then
EDGE_DAYS = (25, 60)  # first and last order of a year are at most so far from its ends
FADING_DAYS = 60  # before somebody leaves
FADING_ORDER_SHARE = 0.5
FIRST_YEAR_DAYS = 366
SLIDE_DAY = 639  # 1 October of the second year
SLIDE_ORDER_RATIO = 0.4  # orders per day from then on, over those before
LATE_DAYS = 91  # at the end, when people buy again what they had before
LATE_REPEAT_SHARE = 0.34
REPEAT_SHARE = 0.12  # of the types bought in a year
PRICE_SWAY = 0.14  # how far the price of the day may lie from the list price
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
    quantiles = (np.arange(count - 1) + 0.5) / max(count - 1, 1)
    between = generator.permutation((-np.log1p(-quantiles)) ** variation)
    before, after = generator.uniform(0, EDGE_DAYS)
    scale = max(end - start - before - after, 1) / max(between.sum(), 1e-9)
    intervals = np.array([0 if starts_at_once else before, *scale * between, after])
    places = np.cumsum(intervals)
    places = (places[:-1] / places[-1]) ** YEAR_END_PULL
    return (start + (end - start) * places).astype(int)


def slid_days(days: np.ndarray, begin: int, finish: int) -> np.ndarray:
    """Days moved forward, so that orders become rare from the slide on.

    None is lost: what a person does in a year, and so the features, stay as planted.
    """
    if not begin < SLIDE_DAY < finish:
        return days
    before, after = SLIDE_DAY - begin, finish - SLIDE_DAY
    # As many days' worth of orders are made before the slide.
    turn = begin + (before + after) * before / (before + SLIDE_ORDER_RATIO * after)
    knots = ((begin, turn, finish), (begin, SLIDE_DAY, finish))
    return np.interp(days, *knots).astype(int)


def _moved_to(generator: np.random.Generator, day: int, to_weekend: bool) -> int:
    """Nearest day of the wanted kind; day 0 was a Monday."""
    weekday = day % 7
    if to_weekend == (weekday >= 5):
        return day
    if to_weekend:
        return day + 5 - weekday + int(generator.integers(2))
    return day - (weekday - 4) - int(generator.integers(3))


def plan_orders(
    generator: np.random.Generator,
    people: pd.DataFrame,
    years: tuple[Habits, Habits],
    caused: pd.DataFrame,
    is_sliding: np.ndarray,
) -> pd.DataFrame:
    """One row per order that people place of their own accord: person and day.

    Sliding people (booleans) order less often from a day in the second year on. Orders
    that campaigns cause count in the share of weekend orders that is kept to.
    """
    rows = []
    caused_weekends = (
        caused.assign(is_weekend=caused["day"] % 7 >= 5)
        .groupby(["person", "year"])["is_weekend"]
        .agg(["size", "sum"])
        .to_dict("index")
    )
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
            length = (finish - begin) / (end - start)
            if person.left >= 0 and year == 1:
                length *= min(1 / length, LEAVER_HASTE)
            count = quota(rate * length, 1)
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
            if is_sliding[index] and year == 1:
                days = slid_days(days, begin, finish)
            other = caused_weekends.get((index, year), {"size": 0, "sum": 0})
            weekends = quota(habits["weekend_share"][index], count + other["size"])
            weekends = min(max(weekends - other["sum"], 0), count)
            is_weekend = marked(generator, count, weekends)
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
        # Two other stores at most, wherever people live.
        others = generator.permutation(others)[:2]
        stores[visits] = np.where(at_home, home, generator.choice(others, len(visits)))
    currencies = people["country_code"].map(CURRENCIES).to_numpy()[orders["person"]]
    return orders.assign(channel=channels, store_id=stores, currency_code=currencies)


def _apportioned(total: int, shares: np.ndarray) -> np.ndarray:
    """Split a whole number by shares, one to each as far as it goes (Webster)."""
    # Who buys enough finds something everywhere: the amounts make up the shares.
    counts = np.full(len(shares), int(total >= len(shares)))
    for _ in range(total - counts.sum()):
        counts[np.argmax(shares / (counts + 0.5))] += 1
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
            misfit = abs(np.log(quantity * item[1] / amount))
            loss = (
                max(misfit - PRICE_SWAY, 0)
                + misfit / 8
                + abs(np.log(quantity / wanted_units))
            )
            if loss < best_loss:
                best, best_loss = (item, quantity), loss
        return best


class _Cupboard:
    """What a person has bought of each department: types, and the brand kept to."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._wishes = {
            name: list(generator.permutation(list(types)))
            for name, types in ASSORTMENT.items()
        }
        self._bought: dict[str, list[str]] = {name: [] for name in ASSORTMENT}
        self._picks: dict[str, int] = dict.fromkeys(ASSORTMENT, 0)
        self.is_private: dict[tuple[str, str], bool] = {}

    def new_type(self, department: str) -> str:
        """Return a type not bought before, or the one bought longest ago."""
        bought = self._bought[department]
        if not self._wishes[department]:
            return self.old_type(department)
        bought.append(self._wishes[department].pop(0))
        return bought[-1]

    def old_type(self, department: str) -> str:
        """Return the types bought before in turn, the latest first."""
        bought = self._bought[department]
        self._picks[department] += 1
        return bought[-1 - (self._picks[department] - 1) % len(bought)]


def _pick_types(
    days: np.ndarray,
    line_departments: list[str],
    cupboard: _Cupboard,
    repeats: int,
) -> list[str]:
    """Product type of each line, by day: mostly new ones, some again at the end."""
    # Only where the department was bought from this year; about a third of late lines.
    can_repeat = [
        line
        for line in range(len(days))
        if line_departments[line] in line_departments[:line]
    ]
    is_late = days >= DAYS - LATE_DAYS
    late = [line for line in can_repeat if is_late[line]]
    early = [line for line in can_repeat if not is_late[line]]
    late_repeats = min(quota(LATE_REPEAT_SHARE, is_late.sum()), repeats, len(late))
    again = {*late[:late_repeats], *early[: repeats - late_repeats]}
    return [
        cupboard.old_type(department)
        if line in again
        else cupboard.new_type(department)
        for line, department in enumerate(line_departments)
    ]


def make_lines(
    generator: np.random.Generator,
    orders: pd.DataFrame,
    products: pd.DataFrame,
    years: tuple[Habits, Habits],
    people_count: int,
) -> pd.DataFrame:
    """One row per line, amounts in cents of the order's currency."""
    shelf = _Shelf(products)
    cupboards = [_Cupboard(generator) for _ in range(people_count)]
    rows = []
    for (person, year), group in orders.groupby(["person", "year"]):
        rows += _lines_of_year(
            generator, group, shelf, cupboards[person], years[year], person
        )
    columns = "order product_id quantity gross discount net cost".split()
    lines = pd.DataFrame(rows, columns=columns)
    return lines.sort_values(["order", "product_id", "gross"], ignore_index=True)


def _lines_of_year(
    generator: np.random.Generator,
    orders: pd.DataFrame,
    shelf: _Shelf,
    cupboard: _Cupboard,
    habits: Habits,
    person: int,
) -> list[tuple]:
    style = {name: values[person] for name, values in habits.behavioural.items()}
    shares, names = habits.shares[person], departments()
    count = len(orders)
    # In a shorter year so many fewer types.
    type_count = quota(
        style["product_types_per_year"] / style["orders_per_year"], count
    )
    line_count = max(type_count + quota(REPEAT_SHARE, type_count), count)
    repeats = line_count - type_count
    positions = np.sort(
        np.concatenate(
            [np.arange(count), generator.integers(0, count, line_count - count)]
        )
    )
    per_department = _apportioned(line_count, shares)
    reached = shares[per_department > 0].sum()
    spend = count * style["order_amount"] / (1 - style["discount_share"])
    places = generator.permutation(np.repeat(np.arange(len(names)), per_department))
    types = _pick_types(
        orders["day"].to_numpy()[positions],
        [names[place] for place in places],
        cupboard,
        repeats,
    )
    units_left = style["units_per_order"] * count
    carried = np.zeros(len(names))
    private, total = 0.0, 0.0
    drawn = []
    for line, (place, product_type) in enumerate(zip(places, types, strict=True)):
        wanted = spend * shares[place] / reached / per_department[place]
        amount = max(wanted + carried[place], 3.0)
        # Once somebody has chosen a brand for a type of product, they keep to it.
        is_private = cupboard.is_private.setdefault(
            (names[place], product_type),
            private + amount / 2 <= style["private_label_share"] * (total + amount),
        )
        (product_id, price, cost), quantity = shelf.fitting(
            (names[place], product_type, is_private),
            amount,
            max(units_left / (line_count - line), 1),
        )
        sway = np.clip(amount / (quantity * price), 1 - PRICE_SWAY, 1 + PRICE_SWAY)
        price = round(price * sway, 2)
        gross = quantity * price
        units_left -= quantity
        carried[place] = amount - gross
        total += gross
        private += gross * is_private
        drawn.append((positions[line], product_id, quantity, price, cost, gross))
    is_deal = marked(
        generator,
        line_count,
        quota(habits.psychographic["deal_seeking_share"][person], line_count),
    )
    factors = orders["currency_code"].map(PRICE_FACTORS).to_numpy()
    gross = np.array([row[-1] for row in drawn])
    dealt = (gross * is_deal).sum()
    depth = style["discount_share"] * gross.sum() / dealt if dealt else 0
    depth = min(depth, LARGEST_LINE_DISCOUNT)
    rows = []
    for line, (position, product_id, quantity, price, cost, _) in enumerate(drawn):
        factor = factors[position]
        full = round(price * factor * 100) * quantity
        discount = round(full * depth) if is_deal[line] else 0
        rows.append(
            (
                orders.index[position],
                product_id,
                quantity,
                full,
                discount,
                full - discount,
                round(cost * factor * 100) * quantity,
            )
        )
    return rows


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
        (generator.random(len(lines)) < RETURN_SHARE)
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
