"""Tables of the made-up clinics as their systems export them, and the answer key."""

import numpy as np
import pandas as pd

from scripts.industries.company import cents
from scripts.industries.healthcare_design import (
    CONDITION_NAMES,
    CONDITIONS,
    FORM_NAMES,
    FORMS,
    HOSPITAL_DAY,
    LONG_TERM,
    SERVICES,
    SHORT_TERM,
    plan_type,
)
from scripts.industries.healthcare_people import shown


def patient_table(patients: pd.DataFrame) -> pd.DataFrame:
    """Patient administration: an age band, never a date of birth."""
    return patients.assign(
        registered_on=patients["registered_on"].dt.strftime("%Y-%m-%d"),
        lives_alone=patients["lives_alone"].astype(int).astype(str),
        distance_km=patients["distance_km"].map("{:.1f}".format),
        consent=patients["has_consent"].map({True: "yes", False: "no"}),
    )[
        ["patient_no", "registered_on", "age_band", "sex", "region"]
        + ["lives_alone", "distance_km", "consent"]
    ]


def service_table() -> pd.DataFrame:
    """Catalogue of services and of what the dispensary hands out."""
    return pd.DataFrame(
        [
            (
                service.code,
                service.product_type.capitalize(),
                service.department,
                service.category,
                service.product_type,
                f"{service.fee:.2f}",
                f"{service.cost:.2f}",
            )
            for service in (*SERVICES, HOSPITAL_DAY, LONG_TERM, SHORT_TERM)
        ],
        columns=["service", "name", "department", "category", "type", "fee", "cost"],
    )


def plan_table() -> pd.DataFrame:
    """Catalogue of care plans."""
    rows = [
        (
            plan_type(group, form),
            f"{CONDITION_NAMES[group]} {FORM_NAMES[form]}",
            form,
            f"{fee:.2f}",
            f"{cost:.2f}",
        )
        for group in CONDITIONS
        for form, (_, fee, cost) in FORMS.items()
    ]
    table = pd.DataFrame(rows, columns=["plan_type", "name", "form", "fee", "cost"])
    # Numbered in an order that tells nothing.
    numbers = [f"CP{101 + (7 * place) % len(table)}" for place in range(len(table))]
    table.insert(0, "plan_id", numbers)
    return table


def appointment_table(appointments: pd.DataFrame) -> pd.DataFrame:
    """Archive of appointments that are past."""
    return pd.DataFrame(
        {
            "appointment_no": [f"A{n:05d}" for n in range(1, len(appointments) + 1)],
            "patient_no": appointments["patient_no"],
            "planned_at": shown(appointments["occurred_at"]),
            "status": appointments["status"],
            "place": appointments["is_remote"].map({True: "phone", False: "clinic"}),
        }
    )


def book_table(latest: pd.DataFrame) -> pd.DataFrame:
    """Latest appointment of each patient, with what was known when it was booked."""
    return pd.DataFrame(
        {
            "patient_no": latest["patient_no"],
            "booked_at": shown(latest["booked_at"]),
            "planned_at": shown(latest["planned_at"]),
            "waiting_days": latest["waiting_days"].astype(str),
            "missed_before": latest["missed_before"].astype(str),
            "reminders": latest["reminders"].astype(str),
            "status": latest["status"],
        }
    )


def discharge_table(stays: pd.DataFrame) -> pd.DataFrame:
    """Letters of discharge, with what became of the 30 days after."""
    status = np.select(
        [stays["is_open"], stays["is_readmitted"]], ["open", "readmitted"], "home"
    )
    at = stays["readmitted_at"].where(status == "readmitted")
    return pd.DataFrame(
        {
            "patient_no": stays["patient_no"],
            "discharged_at": shown(stays["discharged_at"]),
            "length_of_stay_days": stays["length_of_stay_days"].astype(str),
            "emergency_admission": stays["is_emergency"].astype(int).astype(str),
            "admissions_before": stays["admissions_before"].astype(str),
            "emergency_visits_before": stays["emergency_visits_before"].astype(str),
            "comorbidity_points": stays["comorbidity_points"].astype(str),
            "status": status,
            "readmitted_at": shown(at),
        }
    )


def finance_ledger(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What finance books per month: each bill, pack and fee once, if it can be read."""
    books = (
        ("billing_lines", ["encounter_no", "service"], "billed_at", "amount"),
        ("dispensary_fills", ["fill_no"], "filled_at", "copayment"),
        ("enrolments", ["enrolment_no"], "enrolled_at", "fee"),
    )
    booked = []
    for name, key, moment, amount in books:
        once = tables[name].drop_duplicates(key)
        read = pd.to_numeric(once[amount], errors="coerce")
        booked.append(pd.DataFrame({"month": once[moment].str[:7], "amount": read}))
    lines = pd.concat(booked).dropna()
    months = lines.groupby("month")["amount"].sum()
    return pd.DataFrame(
        {
            "month_on": [f"{month}-01" if month else "" for month in months.index],
            "net_revenue_amount": cents(months).to_numpy(),
        }
    )


def outcome_key(latest: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Planted probability of each outcome, and without knowledge of conditions."""
    missed = pd.DataFrame(
        {
            "customer_id": latest["patient_no"],
            "outcome": "missed_appointment",
            "is_open": latest["status"] == "open",
            "probability": latest["probability"],
            "probability_without_conditions": latest["probability"],
        }
    )
    readmitted = pd.DataFrame(
        {
            "customer_id": stays["patient_no"],
            "outcome": "readmitted",
            "is_open": stays["is_open"],
            "probability": stays["probability"],
            "probability_without_conditions": stays["probability_without_conditions"],
        }
    )
    table = pd.concat([missed, readmitted], ignore_index=True)
    for name in ("probability", "probability_without_conditions"):
        table[name] = table[name].map("{:.4f}".format)
    table["is_open"] = table["is_open"].map({True: "true", False: "false"})
    return table
