"""What is planted in the made-up clinics: who comes how, and who takes which plan."""

from typing import NamedTuple

import pandas as pd

FIRST_DAY = pd.Timestamp("2024-07-01")
LAST_DAY = pd.Timestamp("2025-12-31")
PATIENTS = 1050

SEGMENTS = ("digital", "sociable", "needs_support", "rarely_seen")
SEGMENT_SHARES = (0.27, 0.27, 0.24, 0.22)

REGIONS = ("North", "South", "East", "West")
AGE_BANDS = {"12-17": 0.02, "18-39": 0.23, "40-59": 0.36, "60-79": 0.32, "80+": 0.07}
# Privately insured: share of patients, and what they are billed beside the others.
PRIVATE_SHARE = 0.15
PRIVATE_FACTOR = 1.3

CONDITION_NAMES = {
    "metabolic": "Metabolic care",
    "heart_and_circulation": "Heart care",
    "airways": "Airways care",
    "back_and_joints": "Back and joint care",
    "mental_health": "Mental health care",
}
FORM_NAMES = {
    "app": "in the app",
    "group course": "in a group",
    "nurse-led": "with a nurse",
}
# Condition group: share of patients, ICD-10 groups of the problem list.
CONDITIONS = {
    "metabolic": (0.52, ("E11", "E66", "E78")),
    "heart_and_circulation": (0.50, ("I10", "I25", "I50")),
    "airways": (0.34, ("J44", "J45")),
    "back_and_joints": (0.42, ("M16", "M17", "M54")),
    "mental_health": (0.32, ("F32", "F41")),
}
# Form of a plan: how likely each segment chooses it, its fee and what it costs us.
FORMS = {
    "app": ((0.76, 0.10, 0.06, 0.64), 60, 22),
    "group course": ((0.08, 0.77, 0.12, 0.08), 90, 48),
    "nurse-led": ((0.16, 0.13, 0.82, 0.28), 120, 80),
}


# What a patient pays for a pack, however long it lasts.
COPAYMENT = 5.0


class Service(NamedTuple):
    """A service that clinics bill: where it stands and how often each segment uses it.

    yearly : uses per year by a patient of each segment, in the order of ``SEGMENTS``.
    """

    code: str
    department: str
    category: str
    product_type: str
    fee: float
    cost: float
    yearly: tuple[float, float, float, float]


SERVICES = (
    Service("GP", "visits", "general practice", "general practice visit", 38, 24,
            (1.3, 3.0, 1.6, 0.5)),
    Service("SP", "visits", "specialist care", "specialist visit", 74, 47,
            (0.7, 0.9, 0.5, 0.3)),
    Service("WI", "visits", "walk-in care", "walk-in visit", 45, 31,
            (0.05, 0.05, 0.1, 2.2)),
    Service("VV", "visits", "remote care", "video visit", 32, 15,
            (2.4, 0.03, 0.03, 0.06)),
    Service("TC", "visits", "remote care", "telephone consultation", 24, 13,
            (0.1, 0.1, 2.0, 0.05)),
    Service("HV", "visits", "home care", "nurse home visit", 52, 38,
            (0.01, 0.03, 2.6, 0.03)),
    Service("EM", "hospital", "emergency care", "emergency visit", 96, 82,
            (0.05, 0.05, 1.0, 0.5)),
    Service("LB", "diagnostics", "laboratory", "laboratory panel", 28, 11,
            (0.2, 1.2, 0.5, 0.2)),
    Service("LS", "diagnostics", "laboratory", "laboratory self check-in", 26, 9,
            (1.6, 0.03, 0.03, 0.05)),
    Service("IM", "diagnostics", "imaging", "imaging", 110, 64,
            (0.25, 0.3, 0.25, 0.1)),
    Service("IT", "therapy", "individual therapy", "individual therapy", 58, 37,
            (0.1, 0.4, 0.3, 0.05)),
    Service("GT", "therapy", "group therapy", "group therapy", 30, 14,
            (0.03, 3.0, 0.05, 0.02)),
    Service("CK", "prevention", "check-up", "check-up", 60, 33,
            (0.3, 0.5, 0.1, 0.1)),
    Service("VA", "prevention", "vaccination", "vaccination", 25, 16,
            (0.4, 0.6, 0.2, 0.1)),
    Service("HL", "prevention", "health talk", "health talk", 12, 6,
            (0.03, 1.4, 0.03, 0.01)),
    Service("RM", "digital care", "remote monitoring", "remote monitoring", 15, 5,
            (2.2, 0.03, 0.05, 0.03)),
    Service("EP", "digital care", "prescription service", "online prescription", 6, 2,
            (1.6, 0.03, 0.03, 0.05)),
)  # fmt: skip
HOSPITAL_DAY = Service(
    "IP", "hospital", "inpatient care", "inpatient day", 40, 34, (0, 0, 0, 0)
)
LONG_TERM = Service(
    "LM", "medication", "dispensary", "long-term medication", 0.06, 0.03, (0, 0, 0, 0)
)
SHORT_TERM = Service(
    "SM",
    "medication",
    "dispensary",
    "short-term medication",
    5,
    3,
    (0.3, 0.4, 0.5, 0.2),
)
# Services that somebody is given an appointment for.
BY_APPOINTMENT = ("GP", "SP", "VV", "TC", "IT", "GT", "CK", "LB")
ON_THE_TELEPHONE = ("TC", "VV")
# Done together with a visit more often than not.
WITH_A_VISIT = ("LB", "IM", "VA")


class Habits(NamedTuple):
    """How a segment comes: by segment, in the order of ``SEGMENTS``."""

    missed_share: tuple[float, ...] = (0.04, 0.03, 0.30, 0.20)
    adherence: tuple[float, ...] = (0.96, 0.93, 0.50, 0.70)
    supply_days: tuple[int, ...] = (90, 90, 60, 90)
    evening_share: tuple[float, ...] = (0.60, 0.04, 0.08, 0.45)
    weekend_share: tuple[float, ...] = (0.05, 0.02, 0.03, 0.40)
    yearly_sessions: tuple[float, ...] = (9.0, 1.2, 0.6, 1.6)
    app_share: tuple[float, ...] = (0.85, 0.15, 0.40, 0.55)
    session_seconds: tuple[int, ...] = (210, 420, 150, 90)
    yearly_calls: tuple[float, ...] = (0.2, 0.4, 1.3, 0.1)
    hospital_share: tuple[float, ...] = (0.42, 0.42, 0.56, 0.46)
    activation: tuple[float, ...] = (6.0, 5.2, 2.4, 3.6)
    sociability: tuple[float, ...] = (2.8, 6.1, 4.0, 2.2)


HABITS = Habits()

# Logits of a missed appointment. Days, counts and kilometres enter as log(1 + x).
MISSED = {
    "intercept": -5.5,
    "waiting_days": 1.0,
    "missed_before": 1.5,
    "reminders": -0.9,
    "distance_km": 0.6,
}
# Logits of coming back within 30 days: length, acuity, comorbidity, emergencies.
READMITTED = {
    "intercept": -8.3,
    "length_of_stay_days": 2.0,
    "emergency_admission": 2.0,
    "admissions_before": 2.0,
    "emergency_visits_before": 1.5,
    "lives_alone": 1.4,
    "comorbidity_points": 0.3,
}
READMISSION_DAYS = 30


def plan_type(condition: str, form: str) -> str:
    """Product type of the plan of a condition group in a form."""
    return f"{condition.replace('_', ' ')}: {form}"


def preferences() -> pd.DataFrame:
    """Probability of each plan among all plans, by segment."""
    total = sum(share for share, _ in CONDITIONS.values())
    return pd.DataFrame(
        [
            (segment, plan_type(condition, form), round(share / total * by[place], 4))
            for place, segment in enumerate(SEGMENTS)
            for condition, (share, _) in CONDITIONS.items()
            for form, (by, _, _) in FORMS.items()
        ],
        columns=["segment", "product_type", "probability"],
    )
