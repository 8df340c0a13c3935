"""Nordlicht Mobil, a made-up mobile operator: raw tables and answer key."""

import numpy as np
import pandas as pd

from scripts.industries import telecom_design as design
from scripts.industries.company import Company, drawn_index
from scripts.industries.telecom_bills import LinePlan, make_bills
from scripts.industries.telecom_dirt import soil
from scripts.industries.telecom_tables import (
    billing_runs_table,
    catalogue_table,
    contacts_table,
    contracts_table,
    devices_table,
    ledger_table,
    month_ends,
    reviews_table,
    sessions_table,
    subscribers_table,
)

REVIEW_MONTHS = 6  # before the end of a contract from which on it is reviewed
REGIONS = ("North", "East", "South", "West")
AREAS = ("city", "suburb", "countryside")


def make_company(seed: int) -> Company:
    """Make the operator's raw tables and what was planted in them.

    Parameters
    ----------
    seed : of every draw; the same one gives the same bytes.
    """
    generator = np.random.default_rng(seed)
    people = _make_people(generator)
    reviews = _make_reviews(people, generator)
    people = _decide(people, reviews, generator)
    takings = _take_plans(people, generator)
    lines = make_bills(
        LinePlan(people=people, takings=takings, runs=list(design.RUNS)), generator
    )
    tables = {
        "subscribers": subscribers_table(people),
        "contracts": contracts_table(people),
        "catalogue": catalogue_table(),
        "billing_runs": billing_runs_table(),
        "bill_lines": lines,
        "devices": devices_table(people, generator),
        "renewal_reviews": reviews_table(
            reviews[people.loc[reviews.index, "has_traffic_consent"]]
        ),
        "service_contacts": contacts_table(people, generator),
        "app_sessions": sessions_table(people, generator),
    }
    dirty_rows = soil(tables)
    tables["finance_ledger"] = ledger_table(tables["bill_lines"])
    return Company(
        tables,
        {
            "people": _people_key(people, takings),
            "preferences": _preferences_key(),
            "churn": _churn_key(people),
            "dirty_rows": dirty_rows,
        },
    )


def _make_people(generator: np.random.Generator) -> pd.DataFrame:
    count = design.SUBSCRIBERS
    segment = generator.choice(
        len(design.SEGMENTS), size=count, p=design.SEGMENT_SHARES
    )
    device = generator.choice(
        len(design.DEVICE_SEGMENTS), size=count, p=design.DEVICE_SHARES
    )
    profile = pd.DataFrame(design.DEVICES).iloc[device].reset_index(drop=True)
    joined_on = pd.Timestamp("2019-01-15") + pd.to_timedelta(
        generator.integers(0, 2150, size=count), unit="D"
    )
    has_traffic_consent = generator.random(count) >= 0.05
    return pd.DataFrame(
        {
            "subscriber_id": [f"S{number:04d}" for number in range(1, count + 1)],
            "segment": segment,
            "device_segment": device,
            "age_years": generator.integers(18, 84, size=count),
            "region": generator.choice(REGIONS, size=count),
            "home_area": generator.choice(AREAS, size=count, p=[0.45, 0.35, 0.2]),
            "shop_distance_km": np.round(generator.lognormal(1.5, 0.8, count), 1),
            "has_fibre": generator.random(count) < 0.4,
            "pays_by_debit": generator.random(count) < 0.7,
            "has_online_bill": generator.random(count) < 0.8,
            # Who does not let us look at traffic data wants no advertising either.
            "marketing_consent": np.where(
                has_traffic_consent,
                generator.choice(
                    ["true", "false", ""], size=count, p=[0.7, 0.22, 0.08]
                ),
                "false",
            ),
            "has_traffic_consent": has_traffic_consent,
            "joined_on": joined_on,
            "has_5g": generator.random(count) < profile["has_5g"],
            "has_esim": generator.random(count) < profile["has_esim"],
            # Months before the year ended, so nobody's contract ends before they came.
            "end_position": _end_positions(generator, count),
        }
    )


def _end_positions(generator: np.random.Generator, count: int) -> np.ndarray:
    """Month in which the contract ends, or ended: 0 is April 2025, the first run."""
    ended = generator.integers(0, len(design.RUNS), size=count)
    soon = len(design.RUNS) + generator.integers(0, REVIEW_MONTHS, size=count)
    later = len(design.RUNS) + generator.integers(REVIEW_MONTHS, 24, size=count)
    kind = generator.choice(3, size=count, p=[0.5, 0.22, 0.28])
    return np.choose(kind, [ended, soon, later])


def _make_reviews(people: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """What the desk for renewals sees of a contract, 1 to 6 months before its end."""
    count = len(people)
    position = people["end_position"].to_numpy()
    has_ended = position < len(design.RUNS)
    months = np.where(
        has_ended,
        generator.integers(1, REVIEW_MONTHS + 1, size=count),
        position - len(design.RUNS) + 1,
    )
    month_end = month_ends(position)
    reviewed_on = [
        (end.to_period("M") - int(gap)).to_timestamp() + pd.Timedelta(days=14)
        for end, gap in zip(month_end, months, strict=True)
    ]
    chance = design.OVERAGE_CHANCE[people["segment"]]
    return pd.DataFrame(
        {
            "subscriber_id": people["subscriber_id"],
            "reviewed_on": reviewed_on,
            "has_ended": has_ended,
            "months_to_contract_end": months,
            "contract_term_months": generator.choice(
                [12, 24], size=count, p=[0.3, 0.7]
            ),
            "auto_renewal": (generator.random(count) < 0.45).astype(int),
            "overage_bills": generator.binomial(6, chance),
            "complaints": generator.poisson(0.45, size=count),
            "dropped_call_percent": np.round(generator.lognormal(0.1, 0.6, count), 1),
            "price_gap_percent": np.round(generator.normal(4, 12, count)).astype(int),
            "bundle_count": generator.binomial(4, 0.4, size=count),
            "months_since_handset": generator.integers(1, 49, size=count),
        }
    )[lambda table: months <= REVIEW_MONTHS]


def _decide(
    people: pd.DataFrame, reviews: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    """Let those whose contract has ended leave by the planted probability."""
    draws = pd.Series(generator.random(len(people)), index=people.index)
    probability = pd.Series(design.churn_probability(reviews), index=reviews.index)
    has_ended = people["end_position"] < len(design.RUNS)
    has_left = has_ended & (draws < probability.reindex(people.index))
    return people.assign(
        contract_ends_on=month_ends(people["end_position"].to_numpy()),
        has_ended=has_ended,
        has_left=has_left,
        is_running=~has_left,
        churn_probability=probability,
        last_run=np.where(has_left, people["end_position"], len(design.RUNS) - 1),
    )


def _take_plans(
    people: pd.DataFrame, generator: np.random.Generator
) -> list[list[tuple[int, str]]]:
    """Per person the plans they took, as (run, item), by what their segment prefers."""
    counts = drawn_index(generator, np.tile(design.PLAN_COUNTS, (len(people), 1))) + 1
    takings = []
    for person, count in zip(people.itertuples(), counts, strict=True):
        # Whoever has left could take what they liked before.
        fitting = person._replace(is_running=True, has_traffic_consent=True)
        suitable = design.suitable_plans(fitting)
        chances = np.where(
            [plan in suitable for plan in design.PLANS],
            design.PREFERENCES[person.segment],
            0,
        )
        # An exponential race draws without replacement, each next by the chances left.
        race = generator.exponential(size=len(chances))
        with np.errstate(divide="ignore"):
            order = np.argsort(race / chances, kind="stable")[:count]
        # One a month at most, so that each is billed at least once.
        later_runs = np.arange(1, len(design.RUNS))
        runs = np.sort(generator.choice(later_runs, size=count, replace=False))
        takings.append(
            [
                (int(run), design.PLANS[plan].item)
                for run, plan in zip(runs, order, strict=True)
                if run <= person.last_run
            ]
        )
    return takings


def _people_key(
    people: pd.DataFrame, takings: list[list[tuple[int, str]]]
) -> pd.DataFrame:
    """Who is of which segment; what they took already is not to be offered again."""
    suitable = [
        [
            plan.product_type
            for plan in design.suitable_plans(person)
            if plan.item not in {item for _, item in taken}
        ]
        for person, taken in zip(people.itertuples(), takings, strict=True)
    ]
    return pd.DataFrame(
        {
            "customer_id": people["subscriber_id"],
            "segment": [design.SEGMENTS[place] for place in people["segment"]],
            "device_segment": [
                design.DEVICE_SEGMENTS[place] for place in people["device_segment"]
            ],
            "suitable": ["|".join(names) for names in suitable],
        }
    )


def _preferences_key() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "segment": segment,
                "product_type": plan.product_type,
                "probability": f"{chance:g}",
            }
            for segment, chances in zip(
                design.SEGMENTS, design.PREFERENCES, strict=True
            )
            for plan, chance in zip(design.PLANS, chances, strict=True)
        ]
    )


def _churn_key(people: pd.DataFrame) -> pd.DataFrame:
    """One row per subscriber with a review: the planted probability of leaving."""
    reviewed = people[
        people["churn_probability"].notna() & people["has_traffic_consent"]
    ]
    return pd.DataFrame(
        {
            "customer_id": reviewed["subscriber_id"],
            "probability": reviewed["churn_probability"].map("{:.4f}".format),
        }
    )
