"""Who the patients of the made-up clinics are and when they come."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from scripts.industries.company import drawn_index
from scripts.industries.healthcare_design import (
    AGE_BANDS,
    CONDITIONS,
    FIRST_DAY,
    HABITS,
    LAST_DAY,
    PATIENTS,
    PRIVATE_SHARE,
    REGIONS,
    SEGMENT_SHARES,
    SEGMENTS,
)

LEAVING_SHARE = 0.10


class Patient(Protocol):
    """A row of the patients: when they were ours, within the span of the data."""

    starts_on: pd.Timestamp
    ends_on: pd.Timestamp


def make_patients(generator: np.random.Generator) -> pd.DataFrame:
    """One row per patient; ``place`` is the number of the engagement segment."""

    def drawn(weights: Sequence[float]) -> np.ndarray:
        return drawn_index(generator, np.tile(weights, (PATIENTS, 1)))

    place = drawn(SEGMENT_SHARES)
    is_late = generator.random(PATIENTS) < 0.12
    late = FIRST_DAY + pd.to_timedelta(generator.integers(0, 300, PATIENTS), unit="D")
    early = FIRST_DAY - pd.to_timedelta(
        generator.integers(30, 2000, PATIENTS), unit="D"
    )
    # Who moves away or changes the doctor does not come again.
    leaves = generator.random(PATIENTS) < LEAVING_SHARE
    left = LAST_DAY - pd.to_timedelta(generator.integers(60, 330, PATIENTS), unit="D")
    distances = generator.lognormal(np.log(7), 0.7, PATIENTS)
    return pd.DataFrame(
        {
            "patient_no": [f"P{number:04d}" for number in range(1, PATIENTS + 1)],
            "place": place,
            "segment": np.array(SEGMENTS)[place],
            "registered_on": np.where(is_late, late, early),
            "age_band": np.array(list(AGE_BANDS))[drawn(list(AGE_BANDS.values()))],
            "sex": np.array(["female", "male"])[drawn((0.54, 0.46))],
            "region": np.array(REGIONS)[drawn((0.3, 0.25, 0.25, 0.2))],
            "is_private": generator.random(PATIENTS) < PRIVATE_SHARE,
            "lives_alone": generator.random(PATIENTS) < 0.34,
            "distance_km": np.clip(distances, 0.5, 60).round(1),
            "ends_on": np.where(leaves & ~is_late, left, LAST_DAY),
            "has_consent": generator.random(PATIENTS) < 0.86,
            # How often they come beside others of their segment.
            "activity": generator.gamma(14, 1 / 14, PATIENTS),
        }
    ).assign(
        starts_on=lambda table: table["registered_on"].clip(lower=FIRST_DAY),
        is_adult=lambda table: table["age_band"] != "12-17",
    )


def make_problems(
    generator: np.random.Generator, patients: pd.DataFrame
) -> pd.DataFrame:
    """Problem list: patient, condition group, ICD-10 group and since when."""
    rows = []
    shares = np.array([share for share, _ in CONDITIONS.values()])
    has = generator.random((len(patients), len(shares))) < shares
    for patient, held in zip(patients["patient_no"], has, strict=True):
        for (condition, (_, codes)), is_held in zip(
            CONDITIONS.items(), held, strict=True
        ):
            if not is_held:
                continue
            count = 1 + int(generator.random() < 0.2)
            for code in sorted(generator.choice(codes, count, replace=False)):
                days = int(generator.integers(60, 3000))
                since = FIRST_DAY - pd.Timedelta(days=days)
                rows.append((patient, condition, code, since.strftime("%Y-%m-%d")))
    columns = ["patient_no", "condition", "icd10_group", "since_on"]
    return pd.DataFrame(rows, columns=columns)


def years_with_us(person: Patient) -> float:
    """Years within the span of the data in which somebody was a patient."""
    return (person.ends_on - person.starts_on).days / 365.25


def spread_days(
    generator: np.random.Generator, person: Patient, count: int, jitter: float
) -> np.ndarray:
    """Days since the first day of so many dates, evenly spread but for some jitter."""
    first = (person.starts_on - FIRST_DAY).days
    step = ((person.ends_on - person.starts_on).days + 1) / count
    offsets = 0.5 + jitter * (generator.random(count) - 0.5)
    return np.floor(first + step * (np.arange(count) + offsets)).astype(int)


def visit_time(generator: np.random.Generator, place: int, day: int) -> pd.Timestamp:
    """Local time at which a patient of this segment comes on about this day."""
    moved = FIRST_DAY + pd.Timedelta(days=int(day))
    is_weekend = generator.random() < HABITS.weekend_share[place]
    if is_weekend:
        moved += pd.Timedelta(days=5 - moved.weekday())
    elif moved.weekday() > 4:
        moved -= pd.Timedelta(days=moved.weekday() - 4)
    moved = min(max(moved, FIRST_DAY), LAST_DAY)
    is_evening = generator.random() < HABITS.evening_share[place]
    hour = generator.integers(18, 20) if is_evening else generator.integers(8, 17)
    minute = 5 * int(generator.integers(0, 12))
    return moved + pd.Timedelta(hours=int(hour), minutes=minute)


def shown(moments: pd.Series) -> pd.Series:
    """Moments as the systems write them; nothing where there is none."""
    return pd.to_datetime(moments).dt.strftime("%Y-%m-%d %H:%M").fillna("")
