"""What appointments and stays in hospital of the made-up clinics come to."""

import numpy as np
import pandas as pd

from scripts.industries.healthcare_design import (
    HABITS,
    LAST_DAY,
    MISSED,
    READMISSION_DAYS,
    READMITTED,
)
from scripts.industries.healthcare_people import spread_days, visit_time

OPEN_SHARE = 0.15
_END = LAST_DAY + pd.Timedelta(days=1)


def make_stays(
    generator: np.random.Generator,
    patients: pd.DataFrame,
    points: pd.Series,
    emergencies: pd.DataFrame,
) -> pd.DataFrame:
    """One row per patient who was in hospital: the last stay and its planted truth.

    points : comorbidity points by patient_no
    emergencies : patient_no and occurred_at of emergency visits
    """
    count = len(patients)
    stayed = (
        generator.random(count) < np.array(HABITS.hospital_share)[patients["place"]]
    )
    stays = patients.loc[stayed, ["patient_no", "lives_alone"]].reset_index(drop=True)
    count = len(stays)
    stays["is_open"] = generator.random(count) < OPEN_SHARE
    days_before = np.where(
        stays["is_open"],
        generator.integers(1, READMISSION_DAYS - 2, count),
        generator.integers(90, 190, count),
    )
    hours = pd.to_timedelta(generator.integers(9, 16, count), unit="h")
    stays["discharged_at"] = _END - pd.to_timedelta(days_before, unit="D") + hours
    stays["length_of_stay_days"] = np.clip(
        np.ceil(generator.lognormal(np.log(4), 0.75, count)), 1, 30
    ).astype(int)
    stays["admitted_at"] = stays["discharged_at"] - pd.to_timedelta(
        stays["length_of_stay_days"], unit="D"
    )
    stays["is_emergency"] = generator.random(count) < 0.45
    stays["admissions_before"] = generator.poisson(0.7, count)
    stays["comorbidity_points"] = stays["patient_no"].map(points).fillna(0).astype(int)
    stays["emergency_visits_before"] = _counted_before(
        stays, emergencies, "admitted_at", 183
    )
    logits = _readmission_logits(stays)
    stays["probability"] = _probability(logits)
    # What can be known without the comorbidity: the mean over those of all patients.
    burden = READMITTED["comorbidity_points"]
    shares = stays["comorbidity_points"].value_counts(normalize=True).sort_index()
    without = logits - burden * stays["comorbidity_points"]
    stays["probability_without_conditions"] = sum(
        share * _probability(without + burden * point)
        for point, share in shares.items()
    )
    stays["is_readmitted"] = generator.random(count) < stays["probability"]
    stays["readmitted_at"] = stays["discharged_at"] + pd.to_timedelta(
        generator.integers(1, READMISSION_DAYS, count), unit="D"
    )
    return stays


def make_appointments(
    generator: np.random.Generator,
    patients: pd.DataFrame,
    here: pd.DataFrame,
    stays: pd.DataFrame,
    kept: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Past appointments, and the latest of who is here with its planted truth.

    here : those of the patients who have not left
    kept : patient_no, occurred_at and is_remote of visits by appointment
    """
    booked = _latest_bookings(generator, here, stays)
    past = [kept.assign(status="kept")]
    counts = kept["patient_no"].value_counts().reindex(patients["patient_no"])
    for person, count in zip(
        patients.itertuples(), counts.fillna(0).astype(int), strict=True
    ):
        share = HABITS.missed_share[person.place]
        for status, odds in (("missed", share / (1 - share)), ("cancelled", 0.07)):
            number = int(generator.poisson((count + 0.7) * odds))
            if not number:
                continue
            days = spread_days(generator, person, number, 0.9)
            times = [visit_time(generator, person.place, day) for day in days]
            past.append(
                pd.DataFrame(
                    {
                        "patient_no": person.patient_no,
                        "occurred_at": times,
                        "is_remote": False,
                        "status": status,
                    }
                )
            )
    history = pd.concat(past, ignore_index=True)
    # What was planned after the latest was booked would not leave it the latest.
    last = history["patient_no"].map(booked.set_index("patient_no")["booked_at"])
    history = history[~(history["occurred_at"] >= last)]
    missed = history[history["status"] == "missed"]["patient_no"].value_counts()
    booked["missed_before"] = (
        booked["patient_no"].map(missed).fillna(0).astype(int).clip(upper=6)
    )
    booked["probability"] = _probability(_missed_logits(booked))
    is_missed = generator.random(len(booked)) < booked["probability"]
    booked["status"] = np.select(
        [booked["planned_at"] >= _END, is_missed], ["open", "missed"], "kept"
    )
    closed = booked[booked["status"] != "open"]
    history = pd.concat(
        [
            history,
            closed.rename(columns={"planned_at": "occurred_at"}).assign(
                is_remote=False
            )[history.columns],
        ],
        ignore_index=True,
    )
    order = ["occurred_at", "patient_no", "status"]
    return history.sort_values(order, ignore_index=True), booked


def _latest_bookings(
    generator: np.random.Generator, patients: pd.DataFrame, stays: pd.DataFrame
) -> pd.DataFrame:
    """Latest booking of each patient: after a stay, the follow-up of the discharge."""
    count = len(patients)
    booked = patients[["patient_no", "distance_km"]].copy()
    waiting = np.clip(generator.lognormal(np.log(20), 0.8, count), 2, 80).astype(int)
    discharged = patients["patient_no"].map(
        stays.set_index("patient_no")["discharged_at"].dt.normalize()
    )
    is_open = np.where(
        discharged.notna(),
        discharged >= _END - pd.Timedelta(days=READMISSION_DAYS),
        generator.random(count) < OPEN_SHARE,
    )
    # Open: booked lately, for a day to come. Closed: planned for a day of autumn.
    ahead = np.minimum(generator.integers(1, 25, count), waiting)
    planned = _END - pd.to_timedelta(generator.integers(1, 90, count), unit="D")
    booked_on = pd.Series(
        np.where(
            is_open,
            _END - pd.to_timedelta(ahead, unit="D"),
            planned - pd.to_timedelta(waiting, unit="D"),
        )
    )
    gap = np.minimum(generator.integers(0, 15, count), waiting - 1)
    after_stay = discharged - pd.to_timedelta(gap, unit="D")
    booked_on = booked_on.where(discharged.isna(), after_stay)
    # After a late discharge the follow-up is still to come.
    to_come = (_END - booked_on).dt.days
    waiting = np.where(is_open, np.maximum(waiting, to_come), waiting)
    hours = pd.to_timedelta(generator.integers(8, 17, count), unit="h")
    booked["booked_at"] = booked_on + pd.Timedelta(hours=7)
    booked["planned_at"] = booked_on + pd.to_timedelta(waiting, unit="D") + hours
    booked["waiting_days"] = waiting
    booked["reminders"] = generator.choice(3, count, p=(0.4, 0.35, 0.25))
    return booked


def _missed_logits(booked: pd.DataFrame) -> pd.Series:
    return (
        MISSED["intercept"]
        + MISSED["waiting_days"] * np.log1p(booked["waiting_days"])
        + MISSED["missed_before"] * np.log1p(booked["missed_before"])
        + MISSED["reminders"] * booked["reminders"]
        + MISSED["distance_km"] * np.log1p(booked["distance_km"])
    )


def _readmission_logits(stays: pd.DataFrame) -> pd.Series:
    numbers = {
        "length_of_stay_days": np.log1p(stays["length_of_stay_days"]),
        "emergency_admission": stays["is_emergency"],
        "admissions_before": np.log1p(stays["admissions_before"]),
        "emergency_visits_before": np.log1p(stays["emergency_visits_before"]),
        "lives_alone": stays["lives_alone"],
        "comorbidity_points": stays["comorbidity_points"],
    }
    return READMITTED["intercept"] + sum(
        READMITTED[name] * values for name, values in numbers.items()
    )


def _probability(logits: pd.Series) -> pd.Series:
    return 1 / (1 + np.exp(-logits))


def _counted_before(
    stays: pd.DataFrame, events: pd.DataFrame, before: str, days: int
) -> np.ndarray:
    """Events of each patient in so many days before a moment of the stay."""
    pairs = stays[["patient_no", before]].merge(events, on="patient_no")
    ago = pairs[before] - pairs["occurred_at"]
    within = pairs[(ago > pd.Timedelta(0)) & (ago <= pd.Timedelta(days=days))]
    counts = within["patient_no"].value_counts()
    return stays["patient_no"].map(counts).fillna(0).astype(int).to_numpy()
