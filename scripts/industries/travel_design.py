"""What is planted in the made-up tour operator: packages, tastes, seasons, choices."""

from typing import NamedTuple

import numpy as np

FIRST_YEAR = 2022
YEARS = 4
# Seasons begin with the winter before the first year; the last one ends with November.
SEASONS = ("winter", "spring", "summer", "autumn")
PAST_SEASONS = YEARS * len(SEASONS)
FIRST_DAY = np.datetime64("2021-12-01")
AS_OF = np.datetime64("2025-12-01")


class Package(NamedTuple):
    """A type of package: where it stands in the catalogue, when and how people go."""

    department: str
    category: str
    season_weights: tuple[float, float, float, float]
    nights: tuple[int, ...]
    price: float  # of a person and night
    places: tuple[str, ...]  # after the name of the type
    weekday: int = 5  # of departure, Monday is 0


PACKAGES = {
    "Family club": Package(
        "Family",
        "Family holidays",
        (0, 1, 6, 1),
        (7, 10, 14),
        74,
        ("in Cala Verda", "in Port Salis", "at Lido Arena"),
    ),
    "Quiet beach": Package(
        "Beach",
        "Beach holidays",
        (0, 3, 3, 3),
        (7, 10),
        118,
        ("at Cape Miro", "on Isla Serena", "at Punta Clara"),
    ),
    "Winter sun": Package(
        "Beach",
        "Long-haul sun",
        (6, 1, 0, 2),
        (10, 14),
        104,
        ("on Costa Alba", "in Palmeira Bay", "in Port Salis"),
    ),
    "Ski week": Package(
        "Mountains",
        "Snow",
        (1, 0, 0, 0),
        (6, 7),
        132,
        ("in Hochalp", "in Val Brenna", "on the Steinjoch", "at Lac Noir"),
    ),
    "Hiking": Package(
        "Mountains",
        "Walking",
        (0, 1, 3, 3),
        (5, 7),
        81,
        ("round the Steinjoch", "on Monte Fiora", "round Hochalp"),
    ),
    "Cycling": Package(
        "Nature",
        "Cycling",
        (0, 3, 3, 2),
        (5, 7),
        96,
        ("in the Elda valley", "on the Lake Route", "along the North Dunes"),
    ),
    "Camper van": Package(
        "Nature",
        "Camping",
        (0, 1, 5, 1),
        (10, 14),
        58,
        ("to the fjords", "along the west coast"),
    ),
    "City break": Package(
        "Culture",
        "Cities",
        (2, 3, 2, 3),
        (2, 3, 4),
        121,
        ("in Marenza", "in Aldburg", "in Vieux-Pont", "in Santa Luz"),
        weekday=3,
    ),
    "Study tour": Package(
        "Culture",
        "Tours",
        (1, 3, 1, 3),
        (7, 9),
        142,
        ("to the abbeys of Lorne", "to ancient Thessa", "to the silk towns"),
    ),
    "Wine tour": Package(
        "Culture",
        "Tours",
        (0, 2, 1, 4),
        (4, 5),
        168,
        ("in the Fiora hills", "in the Douce valley"),
        weekday=3,
    ),
    "Spa stay": Package(
        "Wellness",
        "Spas",
        (3, 3, 1, 3),
        (3, 4, 7),
        139,
        ("in Bad Quellen", "in Hochalp", "at Lido Arena"),
        weekday=3,
    ),
    "Cruise": Package(
        "Wellness",
        "Cruises",
        (1, 2, 3, 2),
        (7, 8),
        156,
        ("on the Elda", "round the Great Bend"),
    ),
}

# Extras on the way, and what one costs.
EXTRAS = {
    "Kids programme": 48.0,
    "Pool day": 19.0,
    "Sports lessons": 64.0,
    "Equipment rental": 55.0,
    "Museum pass": 32.0,
    "Concert evening": 69.0,
    "Guided walk": 27.0,
    "Bike rental": 34.0,
    "Massage": 72.0,
    "Tasting menu": 88.0,
    "Airport transfer": 39.0,
    "Travel insurance": 46.0,
}

# A row per segment, columns as PACKAGES: of those who choose, how many choose it.
PREFERENCES = {
    "families": (
        0.34,
        0.02,
        0.04,
        0.13,
        0.04,
        0.06,
        0.24,
        0.06,
        0.01,
        0.01,
        0.02,
        0.03,
    ),
    "peaks": (
        0.03,
        0.02,
        0.02,
        0.34,
        0.26,
        0.13,
        0.06,
        0.02,
        0.01,
        0.01,
        0.09,
        0.01,
    ),
    "culture": (
        0.01,
        0.03,
        0.03,
        0.01,
        0.02,
        0.03,
        0.01,
        0.33,
        0.26,
        0.18,
        0.03,
        0.06,
    ),
    "nature": (
        0.03,
        0.01,
        0.02,
        0.05,
        0.23,
        0.31,
        0.22,
        0.03,
        0.07,
        0.01,
        0.01,
        0.01,
    ),
    "comfort": (
        0.01,
        0.25,
        0.21,
        0.01,
        0.01,
        0.01,
        0.01,
        0.04,
        0.03,
        0.08,
        0.2,
        0.14,
    ),
}
SEGMENTS = tuple(PREFERENCES)
SEGMENT_SHARES = (0.21, 0.19, 0.2, 0.19, 0.21)

# Mean number of each extra on a trip, columns as EXTRAS.
EXTRA_RATES = {
    "families": (1.5, 1.3, 0.03, 0.03, 0.01, 0.01, 0.03, 0.05, 0.01, 0.01, 0.05, 0.12),
    "peaks": (0.02, 0.02, 1.4, 1.5, 0.01, 0.01, 0.05, 0.04, 0.04, 0.02, 0.05, 0.12),
    "culture": (0.01, 0.01, 0.01, 0.01, 1.5, 1.3, 0.05, 0.02, 0.02, 0.06, 0.07, 0.1),
    "nature": (0.02, 0.01, 0.03, 0.04, 0.02, 0.01, 1.4, 1.4, 0.02, 0.01, 0.03, 0.1),
    "comfort": (0.01, 0.04, 0.01, 0.01, 0.03, 0.04, 0.02, 0.01, 1.4, 1.4, 0.1, 0.12),
}

SCALES = ("togetherness", "activity", "discovery", "nature", "indulgence")
# Where the segments stand on the scales, in units of what one answer varies by.
ATTITUDES = {
    "families": (2.0, -0.3, -0.6, -0.3, -0.6),
    "peaks": (-0.5, 2.0, -0.5, -0.6, -0.2),
    "culture": (-0.6, -0.6, 2.0, -0.5, 0.0),
    "nature": (-0.4, -0.4, 0.0, 2.0, -0.8),
    "comfort": (-0.4, -0.7, -0.3, -0.6, 2.0),
}
# Question by question: its scale, and whether agreeing speaks against the scale.
QUESTIONS = tuple(
    (f"t{3 * place + item + 1:02d}", scale, item == 1)
    for place, scale in enumerate(SCALES)
    for item in range(3)
)

PARTIES = ("alone", "as a couple", "with family", "with friends")
PARTY_SHARES = {
    "families": (0.0, 0.06, 0.92, 0.02),
    "peaks": (0.35, 0.5, 0.1, 0.05),
    "culture": (0.35, 0.55, 0.05, 0.05),
    "nature": (0.3, 0.55, 0.1, 0.05),
    "comfort": (0.08, 0.82, 0.05, 0.05),
}
AGES = {
    "families": (39, 6),
    "peaks": (36, 11),
    "culture": (55, 12),
    "nature": (42, 12),
    "comfort": (53, 12),
}

# How guests travel: once a year in their season, twice, now and then, or no longer.
HABITS = ("yearly", "twice", "irregular", "stopped")
HABIT_SHARES = (0.4, 0.22, 0.2, 0.18)

# Median days between booking and departure.
LEAD_TIMES = {"families": 150, "peaks": 75, "culture": 38, "nature": 55, "comfort": 105}
CHANNELS = ("web", "app", "agency", "phone")
CHANNEL_SHARES = {
    "families": (0.55, 0.2, 0.2, 0.05),
    "peaks": (0.3, 0.6, 0.05, 0.05),
    "culture": (0.7, 0.15, 0.1, 0.05),
    "nature": (0.5, 0.4, 0.05, 0.05),
    "comfort": (0.1, 0.05, 0.6, 0.25),
}
# Mean pages of a visit to the website or the app.
PAGES = {"families": 9, "peaks": 4, "culture": 12, "nature": 6, "comfort": 4}
DEPOSITS = ("no", "refundable", "non-refundable")
DEPOSIT_SHARES = (0.3, 0.5, 0.2)

# Log odds that a booking is cancelled: what the key scorer knows.
CANCELLATION = {
    "constant": -7.0,
    "log_lead_time": 1.1,
    "earlier_cancellation": 0.9,
    "children": -0.35,
    "channel": {"web": 0.45, "app": 0.15, "agency": -0.7, "phone": 0.0},
    "deposit": {"no": 1.0, "refundable": 0.0, "non-refundable": -1.5},
}


def suitable_types(party: str, age: str) -> list[str]:
    """Types of package that may be offered to a guest, by what the CRM knows of them.

    party : one of PARTIES, empty where it is not known; age : in years, or empty
    """
    barred = {"Quiet beach"} if party == "with family" else set()
    if party != "with family":
        barred.add("Family club")
    if not age or int(age) < 25:
        barred.add("Camper van")
    if not age or int(age) < 18:
        barred.add("Wine tour")
    return [name for name in PACKAGES if name not in barred]


def cancellation_logits(
    lead_time_days: np.ndarray,
    earlier_cancellations: np.ndarray,
    children: np.ndarray,
    channel: np.ndarray,
    deposit: np.ndarray,
) -> np.ndarray:
    """Planted log odds that bookings are cancelled, an array of one value each."""
    return (
        CANCELLATION["constant"]
        + CANCELLATION["log_lead_time"] * np.log1p(lead_time_days)
        + CANCELLATION["earlier_cancellation"] * earlier_cancellations
        + CANCELLATION["children"] * children
        + np.array([CANCELLATION["channel"][name] for name in channel])
        + np.array([CANCELLATION["deposit"][name] for name in deposit])
    )
