"""What is planted in Alder Bank: five kinds of customers, and what each likes."""

from typing import NamedTuple

import pandas as pd

FIRST_DAY = pd.Timestamp("2024-10-01")
LAST_DAY = pd.Timestamp("2025-09-30")
DAYS = (LAST_DAY - FIRST_DAY).days + 1
CUSTOMERS = 740
DORMANT_SHARE = 0.12
# From the first payment left out to the last that is made.
FADING_DAYS = 90
REGIONS = ("Vienna", "Lower Austria", "Upper Austria", "Styria", "Tyrol", "Salzburg")
REGION_SHARES = (0.36, 0.2, 0.16, 0.14, 0.08, 0.06)
OCCUPATIONS = ("employee", "self-employed", "public service", "not employed")


class Kind(NamedTuple):
    """A kind of financial behaviour; rates are per month, amounts in EUR."""

    name: str
    share: float
    payments: float
    payment_size: float  # times the usual amount of a merchant category
    transfers: dict[str, float]  # product of a transfer -> rate
    logins: float
    app_share: float
    session_seconds: float
    balance: float
    savings_share: float  # share with a savings account
    savings: float
    mean_age: float
    occupations: tuple[float, float, float, float]
    answered_share: float  # who answered the suitability questionnaire
    risk_tolerance: tuple[float, float, float]  # low, medium, high
    horizon: tuple[float, float, float]  # short, medium, long
    merchants: dict[str, float]  # merchant category -> weight
    plans: dict[str, float]  # plan -> probability among those not yet held


class Merchant(NamedTuple):
    """A merchant category by its ISO 18245 code."""

    code: str
    name: str
    category: str
    usual_amount: float


class Plan(NamedTuple):
    """A plan that the bank offers, and whom it suits."""

    plan_id: str
    product_type: str
    name: str
    category: str
    entry_fee: float
    risk_tolerances: tuple[str, ...] = ()  # none: the questionnaire is not asked
    horizons: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    maximum_age: int | None = None


# None that tells of health, faith, politics or gambling: these stay with the processor.
MERCHANTS = (
    Merchant("5411", "grocery shops", "daily life", 38),
    Merchant("5541", "filling stations", "daily life", 55),
    Merchant("5462", "bakeries", "daily life", 9),
    Merchant("5200", "home and garden shops", "daily life", 64),
    Merchant("5651", "clothing shops", "shopping", 58),
    Merchant("5311", "department stores", "shopping", 49),
    Merchant("5732", "electronics shops", "shopping", 120),
    Merchant("5812", "restaurants", "leisure", 42),
    Merchant("5192", "bookshops and newsagents", "leisure", 17),
    Merchant("7922", "theatres and concerts", "leisure", 68),
    Merchant("5815", "streaming services", "digital", 12),
    Merchant("5816", "online games", "digital", 15),
    Merchant("5814", "food deliveries", "digital", 24),
    Merchant("4121", "ride services", "digital", 16),
    Merchant("4511", "airlines", "travel", 210),
    Merchant("7011", "hotels", "travel", 160),
    Merchant("4722", "travel agencies", "travel", 320),
    Merchant("6011", "cash machines", "cash", 110),
)

# Product of a transfer -> its type, usual amount and what the bank earns by it.
TRANSFERS = {
    "T-BILL": ("transfers for rent and bills", 420, 0.12),
    "T-SAVE": ("transfers to savings", 260, 0.08),
    "T-BROKER": ("transfers to a broker", 640, 0.35),
    "T-ABROAD": ("transfers abroad", 310, 3.9),
    "T-INSTANT": ("instant transfers", 36, 0.2),
}
# Type of an account -> type of its balance and the yearly margin.
BALANCES = {
    "current": ("current accounts", 0.016),
    "savings": ("savings accounts", 0.008),
}

_CAREFUL = ("medium", "high")
PLANS = (
    Plan("P01", "call money account", "Alder Call Money", "savings", 4),
    Plan("P02", "term deposit", "Alder Term Deposit", "savings", 8),
    Plan("P03", "building savings plan", "Alder Home Savings", "savings", 9),
    Plan("P04", "children's savings plan", "Alder Sprout", "savings", 5),
    Plan("P05", "holiday savings plan", "Alder Away", "savings", 4),
    Plan("P06", "round-up savings plan", "Alder Small Change", "savings", 3),
    Plan("P07", "foreign currency account", "Alder Currencies", "savings", 6),
    Plan("P08", "pension plan", "Alder Later", "provision", 14, maximum_age=60),
    Plan("P09", "gold savings plan", "Alder Gold", "investments", 10, _CAREFUL),
    Plan(
        "P10",
        "bond fund plan",
        "Alder Bonds",
        "investments",
        11,
        _CAREFUL,
        ("medium", "long"),
    ),
    Plan(
        "P11",
        "balanced fund plan",
        "Alder Balanced",
        "investments",
        13,
        _CAREFUL,
        ("medium", "long"),
        ("basic", "good"),
    ),
    Plan(
        "P12",
        "sustainable fund plan",
        "Alder Green",
        "investments",
        13,
        _CAREFUL,
        ("medium", "long"),
        ("basic", "good"),
    ),
    Plan(
        "P13",
        "equity fund plan",
        "Alder World Equity",
        "investments",
        15,
        ("high",),
        ("long",),
        ("basic", "good"),
    ),
)

KINDS = (
    Kind(
        name="everyday_spenders",
        share=0.26,
        payments=2.8,
        payment_size=1.0,
        transfers={"T-BILL": 0.15},
        logins=0.4,
        app_share=0.5,
        session_seconds=150,
        balance=1400,
        savings_share=0.15,
        savings=2500,
        mean_age=43,
        occupations=(0.6, 0.08, 0.22, 0.1),
        answered_share=0.5,
        risk_tolerance=(0.5, 0.4, 0.1),
        horizon=(0.3, 0.4, 0.3),
        merchants={
            "5411": 34,
            "5541": 15,
            "5462": 8,
            "5200": 13,
            "5651": 9,
            "5311": 7,
            "5812": 5,
            "6011": 7,
            "5815": 2,
        },
        plans={
            "building savings plan": 0.29,
            "children's savings plan": 0.27,
            "call money account": 0.16,
            "pension plan": 0.09,
            "holiday savings plan": 0.05,
            "round-up savings plan": 0.04,
            "term deposit": 0.03,
            "gold savings plan": 0.02,
            "bond fund plan": 0.01,
            "balanced fund plan": 0.01,
            "sustainable fund plan": 0.01,
            "equity fund plan": 0.01,
            "foreign currency account": 0.01,
        },
    ),
    Kind(
        name="savers",
        share=0.19,
        payments=1.1,
        payment_size=0.9,
        transfers={"T-SAVE": 0.75, "T-BILL": 0.1},
        logins=0.3,
        app_share=0.15,
        session_seconds=260,
        balance=4200,
        savings_share=0.95,
        savings=17000,
        mean_age=55,
        occupations=(0.4, 0.06, 0.24, 0.3),
        answered_share=0.65,
        risk_tolerance=(0.6, 0.35, 0.05),
        horizon=(0.3, 0.4, 0.3),
        merchants={
            "5411": 40,
            "6011": 34,
            "5462": 16,
            "5311": 4,
            "5541": 4,
            "5812": 2,
        },
        plans={
            "term deposit": 0.31,
            "call money account": 0.23,
            "pension plan": 0.16,
            "building savings plan": 0.08,
            "bond fund plan": 0.08,
            "gold savings plan": 0.05,
            "children's savings plan": 0.03,
            "balanced fund plan": 0.02,
            "holiday savings plan": 0.01,
            "round-up savings plan": 0.01,
            "foreign currency account": 0.01,
            "sustainable fund plan": 0.005,
            "equity fund plan": 0.005,
        },
    ),
    Kind(
        name="travellers",
        share=0.18,
        payments=2.5,
        payment_size=1.2,
        transfers={"T-ABROAD": 0.35, "T-BILL": 0.1},
        logins=0.45,
        app_share=0.6,
        session_seconds=120,
        balance=3000,
        savings_share=0.2,
        savings=4000,
        mean_age=45,
        occupations=(0.55, 0.2, 0.15, 0.1),
        answered_share=0.65,
        risk_tolerance=(0.35, 0.45, 0.2),
        horizon=(0.2, 0.45, 0.35),
        merchants={
            "4511": 17,
            "7011": 22,
            "4722": 11,
            "5812": 20,
            "6011": 8,
            "5411": 12,
            "4121": 4,
            "5541": 3,
            "5651": 3,
        },
        plans={
            "holiday savings plan": 0.32,
            "foreign currency account": 0.3,
            "call money account": 0.08,
            "sustainable fund plan": 0.06,
            "round-up savings plan": 0.05,
            "gold savings plan": 0.05,
            "balanced fund plan": 0.04,
            "pension plan": 0.03,
            "building savings plan": 0.02,
            "equity fund plan": 0.02,
            "term deposit": 0.01,
            "children's savings plan": 0.01,
            "bond fund plan": 0.01,
        },
    ),
    Kind(
        name="investors",
        share=0.19,
        payments=1.3,
        payment_size=1.5,
        transfers={"T-BROKER": 0.8, "T-BILL": 0.1},
        logins=0.8,
        app_share=0.3,
        session_seconds=420,
        balance=9500,
        savings_share=0.4,
        savings=12000,
        mean_age=50,
        occupations=(0.42, 0.34, 0.14, 0.1),
        answered_share=0.96,
        risk_tolerance=(0.02, 0.23, 0.75),
        horizon=(0.03, 0.17, 0.8),
        merchants={
            "5192": 26,
            "7922": 16,
            "5812": 10,
            "5411": 20,
            "5311": 10,
            "7011": 6,
            "5541": 6,
            "5732": 4,
            "6011": 4,
        },
        plans={
            "equity fund plan": 0.28,
            "gold savings plan": 0.22,
            "balanced fund plan": 0.2,
            "bond fund plan": 0.14,
            "sustainable fund plan": 0.06,
            "term deposit": 0.03,
            "foreign currency account": 0.02,
            "pension plan": 0.01,
            "call money account": 0.01,
            "building savings plan": 0.01,
            "children's savings plan": 0.01,
            "holiday savings plan": 0.005,
            "round-up savings plan": 0.005,
        },
    ),
    Kind(
        name="digital_natives",
        share=0.18,
        payments=2.8,
        payment_size=0.8,
        transfers={"T-INSTANT": 0.5},
        logins=1.0,
        app_share=0.97,
        session_seconds=60,
        balance=900,
        savings_share=0.1,
        savings=1200,
        mean_age=29,
        occupations=(0.62, 0.14, 0.06, 0.18),
        answered_share=0.9,
        risk_tolerance=(0.1, 0.5, 0.4),
        horizon=(0.08, 0.32, 0.6),
        merchants={
            "5815": 19,
            "5816": 14,
            "5814": 22,
            "4121": 15,
            "5732": 9,
            "5411": 12,
            "5651": 6,
            "5812": 3,
        },
        plans={
            "round-up savings plan": 0.36,
            "sustainable fund plan": 0.25,
            "equity fund plan": 0.08,
            "foreign currency account": 0.07,
            "holiday savings plan": 0.06,
            "call money account": 0.05,
            "balanced fund plan": 0.04,
            "gold savings plan": 0.03,
            "pension plan": 0.02,
            "building savings plan": 0.01,
            "children's savings plan": 0.01,
            "term deposit": 0.01,
            "bond fund plan": 0.01,
        },
    ),
)
