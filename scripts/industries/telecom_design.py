"""What Nordlicht Mobil, a made-up operator, sells, and what is planted in it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

# Bills are run on the last working day of a month. In April everybody was moved to
# Classic, and the plans of today came on sale.
RUNS = pd.period_range("2025-04", "2025-12", freq="M")
SUBSCRIBERS = 1000
SUMMER_RUNS = (3, 4)  # July and August


class Item(NamedTuple):
    """A line that a bill may have."""

    item: str
    item_name: str
    kind: str  # tariff, option or use
    department: str
    category: str
    product_type: str
    unit: str
    price: float
    is_sold: bool = True


CLASSIC = Item(
    "CLA", "Classic", "tariff", "base fees", "tariffs", "classic tariff",
    "month", 9.99, is_sold=False,
)  # fmt: skip


def _tariff(item: str, name: str, product_type: str, price: float) -> Item:
    return Item(
        item, name, "tariff", "base fees", "tariffs", product_type, "month", price
    )


def _option(item: str, name: str, product_type: str, price: float) -> Item:
    return Item(
        item, name, "option", "options", "options", product_type, "month", price
    )


PLANS = (
    _tariff("LIG", "Light 3 GB", "light tariff", 7.99),
    _tariff("TLK", "Talk Flat", "talk tariff", 12.99),
    _tariff("MED", "Medium 20 GB", "medium tariff", 17.99),
    _tariff("LAR", "Large 60 GB", "large tariff", 26.99),
    _tariff("UNL", "Unlimited 5G", "unlimited tariff", 39.99),
    _tariff("YOU", "Youth 30 GB", "youth tariff", 12.99),
    _tariff("FAM", "Family Share 100 GB", "family tariff", 49.99),
    _option("INT", "World Calls 300", "world calls", 6.99),
    _option("NEI", "Neighbours Pass", "neighbour pass", 9.99),
    _option("WOR", "World Pass", "world pass", 19.99),
    _option("STR", "Streaming Flat", "streaming", 9.99),
    _option("GAM", "Cloud Gaming", "cloud gaming", 12.99),
    _option("SIM", "Second SIM", "second SIM", 4.99),
    _option("COV", "Handset Cover", "handset cover", 4.99),
)


def _use(
    item: str,
    name: str,
    department: str,
    category: str,
    product_type: str,
    unit: str,
    price: float,
) -> Item:
    return Item(item, name, "use", department, category, product_type, unit, price)


INCLUDED, CHARGED = "included use", "charged use"
USES = (
    _use("DAT", "Data", "data", INCLUDED, "data use", "GB", 0.0),
    _use("VOI", "Calls", "voice", INCLUDED, "calls", "minute", 0.0),
    _use("REU", "Roaming in the EU", "roaming", INCLUDED, "EU roaming", "day", 0.0),
    _use("OVR", "Extra data", "data", CHARGED, "extra data", "GB", 3.0),
    _use("GIF", "Data refill for a shared line", "data", CHARGED, "shared data refill",
         "GB", 2.5),
    _use("INC", "Calls to other countries", "voice", CHARGED, "calls abroad",
         "minute", 0.15),
    _use("SRV", "Service numbers", "voice", CHARGED, "service numbers", "minute", 0.49),
    _use("PIC", "Picture messages", "voice", CHARGED, "picture messages",
         "message", 0.39),
    _use("RNB", "Roaming in the United Kingdom and Switzerland", "roaming", CHARGED,
         "neighbour roaming", "day", 2.99),
    _use("RWO", "Roaming in the world", "roaming", CHARGED, "world roaming", "day",
         6.99),
    _use("CON", "Games and films by phone bill", "content", CHARGED, "digital content",
         "purchase", 5.99),
    _use("TIC", "Tickets and parking by phone bill", "content", CHARGED, "tickets",
         "purchase", 3.2),
    _use("XLN", "Additional line", "base fees", "lines", "additional lines", "month",
         6.99),
    _use("ACC", "Accessories", "devices", "devices", "accessories", "piece", 24.9),
    _use("REP", "Repair", "devices", "devices", "repair", "piece", 79.0),
)  # fmt: skip
ITEMS = (CLASSIC, *PLANS, *USES)
PRICES = {item.item: item.price for item in ITEMS}

SEGMENTS = ("light", "talker", "data_heavy", "traveller", "family")
SEGMENT_SHARES = np.array([0.24, 0.20, 0.22, 0.16, 0.18])
# Who of a segment takes a plan takes this one by so much.
# Columns in the order of PLANS: 7 tariffs, then 7 options. Shares in percent.
PREFERENCES = (
    np.array([
        [28, 14, 16, 1, 1, 6, 1, 1, 6, 1, 1, 1, 1, 22],
        [12, 28, 14, 1, 1, 2, 1, 24, 1, 1, 1, 1, 1, 12],
        [1, 1, 9, 20, 16, 6, 1, 1, 1, 1, 20, 14, 1, 8],
        [1, 1, 10, 10, 1, 1, 1, 14, 22, 22, 1, 1, 14, 1],
        [1, 1, 12, 16, 1, 1, 28, 1, 1, 1, 16, 1, 12, 8],
    ])
    / 100
)  # fmt: skip
PLAN_COUNTS = np.array([0.20, 0.35, 0.45])  # of one, two and three plans

# Mean of a month, by segment; each person has a factor of their own on top.
GIGABYTES = np.array([1.5, 4.5, 60.0, 14.0, 32.0])
MINUTES = np.array([45.0, 620.0, 40.0, 190.0, 330.0])
EU_ROAMING_CHANCE = np.array([0.01, 0.02, 0.02, 0.40, 0.05])
# Chance that a month's bill has a charge, by segment, and its mean quantity.
CHARGES = {
    "OVR": ((0.01, 0.01, 0.45, 0.02, 0.02), 2.5),
    "GIF": ((0.00, 0.00, 0.01, 0.00, 0.45), 4.0),
    "INC": ((0.01, 0.45, 0.01, 0.08, 0.01), 30.0),
    "SRV": ((0.08, 0.30, 0.01, 0.01, 0.02), 6.0),
    "PIC": ((0.60, 0.03, 0.01, 0.01, 0.02), 4.0),
    "RNB": ((0.01, 0.01, 0.01, 0.26, 0.02), 3.0),
    "RWO": ((0.00, 0.00, 0.01, 0.26, 0.01), 4.0),
    "CON": ((0.01, 0.01, 0.50, 0.01, 0.02), 2.0),
    "TIC": ((0.06, 0.06, 0.06, 0.06, 0.06), 2.0),
    "ACC": ((0.01, 0.01, 0.01, 0.01, 0.01), 1.0),
    "REP": ((0.01, 0.01, 0.01, 0.01, 0.01), 1.0),
}
ROAMING_ITEMS = ("RNB", "RWO")
ADDITIONAL_LINES = np.array([0.02, 0.02, 0.02, 0.02, 0.95])  # chance of having any
SESSIONS = np.array([1.5, 2.5, 9.0, 7.0, 5.0])  # app sessions in nine months
OVERAGE_CHANCE = np.array([0.12, 0.10, 0.40, 0.15, 0.25])  # of a bill before the review

DEVICE_SEGMENTS = ("flagship_5g", "midrange_android", "old_phone", "many_devices")
DEVICE_SHARES = np.array([0.27, 0.33, 0.22, 0.18])


class DeviceProfile(NamedTuple):
    """What a device segment's current devices are like: means, and chances."""

    age_months: float
    price_eur: float
    storage_used_gb: float
    screen_inches: float
    connected_share_percent: float
    wifi_share_percent: float
    has_5g: float
    has_esim: float
    ios: float


DEVICES = (
    DeviceProfile(11, 1050, 150, 6.4, 9, 45, 1.00, 0.98, 0.95),
    DeviceProfile(34, 320, 70, 6.5, 8, 55, 0.96, 0.04, 0.00),
    DeviceProfile(92, 150, 14, 4.9, 4, 25, 0.00, 0.02, 0.02),
    DeviceProfile(36, 560, 60, 10.3, 60, 82, 0.96, 0.94, 0.05),
)

# Log odds of leaving at the end of the contract, per unit of what the review says.
CHURN_EFFECTS = {
    "months_to_contract_end": -0.3,
    "auto_renewal": -1.4,
    "overage_bills": 0.45,
    "complaints": 0.9,
    "dropped_call_percent": 0.7,
    "price_gap_percent": 0.08,
    "bundle_count": -0.55,
    "months_since_handset": 0.04,
}
CHURN_INTERCEPT = -2.75


def churn_probability(reviews: pd.DataFrame) -> np.ndarray:
    """Planted probability of leaving, from the columns of ``CHURN_EFFECTS``."""
    logit = CHURN_INTERCEPT + sum(
        effect * reviews[name].to_numpy(dtype=float)
        for name, effect in CHURN_EFFECTS.items()
    )
    return 1 / (1 + np.exp(-logit))


YOUTH_MOST_AGE = 27


def suitable_plans(person: object) -> list[Item]:
    """Plans that may be offered to a row of people, by conditions of sale."""
    if not (person.has_traffic_consent and person.is_running):
        return []
    barred = {
        "youth tariff": person.age_years > YOUTH_MOST_AGE,
        "unlimited tariff": not person.has_5g,
        "cloud gaming": not person.has_5g,
        "second SIM": not person.has_esim,
    }
    return [plan for plan in PLANS if not barred.get(plan.product_type, False)]
