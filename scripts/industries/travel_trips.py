"""Who the guests of the made-up tour operator are, and which trips they book."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from scripts.industries.travel_design import (
    AGES,
    AS_OF,
    CHANNEL_SHARES,
    CHANNELS,
    DEPOSIT_SHARES,
    DEPOSITS,
    EXTRA_RATES,
    EXTRAS,
    FIRST_DAY,
    HABIT_SHARES,
    HABITS,
    LEAD_TIMES,
    PACKAGES,
    PARTIES,
    PARTY_SHARES,
    PAST_SEASONS,
    PREFERENCES,
    SEASONS,
    SEGMENT_SHARES,
    SEGMENTS,
    cancellation_logits,
    suitable_types,
)

GUESTS = 1048
PROSPECTS = 12
_UNKNOWN_SHARE = 0.04
_OPEN_SHARE = 0.35
_CURIOUS_SHARE = 0.6
_FEWEST_TRIPS = 2
_MOST_NEW_SEASON = 6
_YEAR = len(SEASONS)


@dataclass
class Guest:
    """A guest and the plan by which they travel."""

    guest_id: str
    segment: str
    habit: str
    party: str
    age: str
    first_season: int
    suitable: list[str] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)  # package -> its season
    season: str = ""
    story: str = ""


@dataclass(frozen=True)
class Slot:
    """A trip that a guest means to take, in a season counted from the first day."""

    season: int
    package: str


def season_start(season: int) -> np.datetime64:
    """First day of a season counted from FIRST_DAY."""
    month = FIRST_DAY.astype("datetime64[M]") + 3 * season
    return month.astype("datetime64[D]")


def _weekday(day: np.datetime64) -> int:
    """Day of the week, Monday is 0: the epoch was a Thursday."""
    return (int(day.astype(int)) + 3) % 7


def draw_guests(generator: np.random.Generator) -> list[Guest]:
    """Draw the guests, those who never travelled last."""
    guests = []
    for number in range(GUESTS + PROSPECTS):
        segment = str(generator.choice(SEGMENTS, p=SEGMENT_SHARES))
        habit = str(generator.choice(HABITS, p=HABIT_SHARES))
        party = str(generator.choice(PARTIES, p=PARTY_SHARES[segment]))
        mean, spread = AGES[segment]
        age = str(int(np.clip(generator.normal(mean, spread), 19, 84)))
        is_early = habit == "stopped" or generator.random() < 0.7
        latest = _YEAR if is_early else _MOST_NEW_SEASON
        first_season = int(generator.integers(0, latest))
        if generator.random() < _UNKNOWN_SHARE:
            age = ""
        if generator.random() < _UNKNOWN_SHARE:
            party = ""
        guest = Guest(f"G{number + 1:04d}", segment, habit, party, age, first_season)
        if number >= GUESTS:
            guest.habit = "prospect"
        guest.suitable = suitable_types(party, age)
        guests.append(guest)
    return guests


def plan_trips(guest: Guest, generator: np.random.Generator) -> list[Slot]:
    """Choose the packages of a guest, and when they go up to a year ahead."""
    _choose_packages(guest, generator)
    names = list(guest.own)
    every = range(guest.first_season, PAST_SEASONS + _YEAR)
    slots = []
    for season in every:
        at = [name for name in names if guest.own[name] == season % _YEAR]
        if not at:
            continue
        is_known = len(slots) >= _FEWEST_TRIPS
        if guest.habit == "irregular" and is_known and generator.random() < 0.35:
            continue
        # As usual, or the next one of what they always wanted to try.
        known = [name for name in at if name in {slot.package for slot in slots}]
        fresh = [name for name in at if name not in known]
        if fresh and (not known or generator.random() < _CURIOUS_SHARE):
            slots.append(Slot(season, fresh[0]))
        else:
            slots.append(Slot(season, str(generator.choice(known))))
    if guest.habit == "stopped":
        slots = _stopped(slots, generator)
    return slots


def _choose_packages(guest: Guest, generator: np.random.Generator) -> None:
    chances = np.array(PREFERENCES[guest.segment])
    names = list(PACKAGES)
    chances[[name not in guest.suitable for name in names]] = 0
    wanted = int(generator.choice([1, 2, 3], p=[0.3, 0.4, 0.3]))
    seasons_wanted = 1 if guest.habit in ("yearly", "stopped") else 2
    while len(guest.own) < wanted and chances.any():
        name = str(generator.choice(names, p=chances / chances.sum()))
        chances[names.index(name)] = 0
        weights = np.array(PACKAGES[name].season_weights, dtype=float)
        if len(set(guest.own.values())) == seasons_wanted:
            # Who has found their seasons goes there in these alone.
            known = np.isin(range(_YEAR), list(guest.own.values()))
            weights = np.where(known, weights, 0)
        if weights.any():
            guest.own[name] = int(generator.choice(_YEAR, p=weights / weights.sum()))
    first = next(iter(guest.own.values()))
    guest.season = SEASONS[first] if len(set(guest.own.values())) == 1 else ""


def _stopped(slots: list[Slot], generator: np.random.Generator) -> list[Slot]:
    """Drop the last two or three of the own seasons of a guest who stays away."""
    past = [slot for slot in slots if slot.season < PAST_SEASONS]
    most = max(2, len(past) - 2)
    dropped = int(generator.integers(2, min(3, most) + 1))
    return past[: len(past) - dropped]


def draw_bookings(
    guest: Guest, slots: list[Slot], generator: np.random.Generator
) -> list[dict]:
    """Book the slots of a guest; of the last past one nothing but chance decides."""
    past = [slot for slot in slots if slot.season < PAST_SEASONS]
    ahead = [slot for slot in slots if slot.season >= PAST_SEASONS]
    rows: list[dict] = []
    earlier = 0
    for slot in past:
        row = _draw_booking(guest, slot, earlier, generator)
        is_cancelled = bool(generator.random() < row["probability"])
        row["status"] = "cancelled" if is_cancelled else "taken"
        rows.append(row)
        if not is_cancelled:
            continue
        lead = int((row["departs_on"] - row["booked_on"]).astype(int))
        days = int(generator.integers(1, lead))
        row["cancelled_on"] = row["booked_on"] + days
        earlier += 1
        is_again = slot is past[0] or guest.habit != "irregular"
        if slot is not past[-1] and (is_again or generator.random() < 0.5):
            again = _draw_booking(guest, slot, earlier, generator)
            again["status"] = "taken"
            rows.append(again)
    if ahead and generator.random() < _OPEN_SHARE:
        row = _draw_booking(guest, ahead[0], earlier, generator, is_open=True)
        row["status"] = "open"
        rows.append(row)
    _tell_story(guest, past, rows)
    return rows


def _draw_booking(
    guest: Guest,
    slot: Slot,
    earlier: int,
    generator: np.random.Generator,
    is_open: bool = False,
) -> dict:
    package = PACKAGES[slot.package]
    start = season_start(slot.season)
    days = int((season_start(slot.season + 1) - start).astype(int))
    is_holiday = guest.party == "with family" and slot.season % _YEAR == 2
    # Families go when school is out.
    departs_on = start + int(generator.integers(30 if is_holiday else 0, days))
    departs_on -= (_weekday(departs_on) - package.weekday) % 7
    departs_on = max(departs_on, start)
    median = LEAD_TIMES[guest.segment]
    lead = int(np.clip(generator.lognormal(np.log(median), 0.75), 3, 360))
    if is_open:
        ahead = int((departs_on - AS_OF).astype(int))
        lead = ahead + 1 + int(min(generator.exponential(45), 200))
    adults, children = _draw_party(guest, generator)
    nights = int(generator.choice(package.nights))
    row = {
        "guest_id": guest.guest_id,
        "booked_on": departs_on - max(lead, 3),
        "departs_on": departs_on,
        "product_type": slot.package,
        "place": int(generator.integers(len(package.places))),
        "nights": nights,
        "adults": adults,
        "children": children,
        "channel": str(generator.choice(CHANNELS, p=CHANNEL_SHARES[guest.segment])),
        "deposit_kind": str(generator.choice(DEPOSITS, p=DEPOSIT_SHARES)),
        "earlier_cancellations": earlier,
        "cancelled_on": None,
        "is_open": is_open,
    }
    people = adults + 0.5 * children
    price = nights * people * package.price * generator.lognormal(0, 0.1)
    row["price"] = round(price * 100)
    share = 0.1 if lead > 120 else 0.15 if lead < 14 else 0.0
    row["discount"] = round(row["price"] * share)
    row["cost"] = round(row["price"] * generator.uniform(0.72, 0.82))
    logit = cancellation_logits(
        np.array([max(lead, 3)]),
        np.array([earlier]),
        np.array([children]),
        np.array([row["channel"]]),
        np.array([row["deposit_kind"]]),
    )[0]
    row["probability"] = float(1 / (1 + np.exp(-logit)))
    return row


def _draw_party(guest: Guest, generator: np.random.Generator) -> tuple[int, int]:
    if guest.party == "with family":
        return int(generator.choice([1, 2], p=[0.2, 0.8])), int(
            generator.choice([1, 2, 3], p=[0.35, 0.45, 0.2])
        )
    if guest.party == "with friends":
        return int(generator.integers(3, 6)), 0
    return (1, 0) if guest.party == "alone" else (2, 0)


def _tell_story(guest: Guest, past: list[Slot], rows: list[dict]) -> None:
    """Mark who went every year in their one season, and who missed two or more."""
    taken = {row["departs_on"] for row in rows if row["status"] == "taken"}
    seasons = {
        slot.season
        for slot in past
        if any(
            season_start(slot.season) <= day < season_start(slot.season + 1)
            for day in taken
        )
    }
    own = {slot.season % _YEAR for slot in past}
    if not seasons:
        return
    missed = [
        season
        for season in range(max(seasons) + 1, PAST_SEASONS)
        if season % _YEAR in own
    ]
    if guest.habit == "yearly" and len(seasons) >= 3 and len(seasons) == len(past):
        guest.story = "faithful"
    if guest.habit == "stopped" and len(missed) >= 2:
        guest.story = "stopped"


def draw_extras(
    bookings: pd.DataFrame, segments: dict[str, str], generator: np.random.Generator
) -> pd.DataFrame:
    """Extras bought on the trips that were taken."""
    taken = bookings[bookings["status"] == "taken"]
    rates = np.array(
        [EXTRA_RATES[segments.get(guest, "culture")] for guest in taken["guest_id"]]
    )
    counts = generator.poisson(rates)
    trips, kinds = np.nonzero(counts)
    names = np.array(list(EXTRAS))[kinds]
    quantity = counts[trips, kinds]
    noise = generator.lognormal(0, 0.08, len(trips))
    price = np.array([EXTRAS[name] for name in names]) * quantity * noise
    return pd.DataFrame(
        {
            "booking_id": taken["booking_id"].to_numpy()[trips],
            "product_type": names,
            "quantity": quantity,
            "amount": np.round(price * 100).astype(int),
        }
    )
