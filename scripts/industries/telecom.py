"""Nordlicht Mobil, a made-up mobile operator: raw tables and answer key."""

import numpy as np
import pandas as pd

from scripts.industries import telecom_design as design
from scripts.industries.company import Company, cents, drawn_index
from scripts.industries.telecom_bills import LinePlan, make_bills
from scripts.industries.telecom_dirt import soil

AS_OF = pd.Timestamp("2026-01-01")
LATEST_HANDSET = pd.Timestamp("2025-03-20")
REVIEW_MONTHS = 6  # before the end of a contract from which on it is reviewed
REGIONS = ("North", "East", "South", "West")
AREAS = ("city", "suburb", "countryside")
SERVICE_CONTACTS_MEAN = 0.9


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
        "subscribers": _subscribers(people),
        "contracts": _contracts(people),
        "catalogue": _catalogue(),
        "billing_runs": _billing_runs(),
        "bill_lines": lines,
        "devices": _devices(people, generator),
        "renewal_reviews": _renewal_reviews(
            reviews[people.loc[reviews.index, "has_traffic_consent"]]
        ),
        "service_contacts": _service_contacts(people, generator),
        "app_sessions": _app_sessions(people, generator),
    }
    dirty_rows = soil(tables)
    tables["finance_ledger"] = _finance_ledger(tables["bill_lines"])
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
    month_end = _month_ends(position)
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


def _month_ends(positions: np.ndarray) -> pd.DatetimeIndex:
    first = design.RUNS[0]
    return pd.DatetimeIndex(
        [
            (first + int(position)).to_timestamp(how="end").normalize()
            for position in positions
        ]
    )


def _decide(
    people: pd.DataFrame, reviews: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    """Let those whose contract has ended leave by the planted probability."""
    draws = pd.Series(generator.random(len(people)), index=people.index)
    probability = pd.Series(design.churn_probability(reviews), index=reviews.index)
    has_ended = people["end_position"] < len(design.RUNS)
    has_left = has_ended & (draws < probability.reindex(people.index))
    return people.assign(
        contract_ends_on=_month_ends(people["end_position"].to_numpy()),
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


def _subscribers(people: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "subscriber_id": people["subscriber_id"],
            "joined_on": people["joined_on"].dt.strftime("%Y-%m-%d"),
            "age_years": people["age_years"].astype(str),
            "region": people["region"],
            "home_area": people["home_area"],
            "shop_distance_km": people["shop_distance_km"].astype(str),
            "fibre_at_home": _yes_no(people["has_fibre"]),
            "direct_debit": _yes_no(people["pays_by_debit"]),
            "online_bill": _yes_no(people["has_online_bill"]),
            "marketing_consent": people["marketing_consent"],
            "traffic_data_consent": _yes_no(people["has_traffic_consent"]),
        }
    )


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.map({True: "yes", False: "no"})


def _contracts(people: pd.DataFrame) -> pd.DataFrame:
    """One row per contract: the one that ended or runs, and the one after it."""
    ended_by = np.select(
        [people["has_left"], people["has_ended"]], ["left", "renewed"], default=""
    )
    first = pd.DataFrame(
        {
            "subscriber_id": people["subscriber_id"],
            "contract_number": "1",
            "ends_on": people["contract_ends_on"].dt.strftime("%Y-%m-%d"),
            "ended_by": ended_by,
        }
    )
    renewed = people[ended_by == "renewed"]
    second = pd.DataFrame(
        {
            "subscriber_id": renewed["subscriber_id"],
            "contract_number": "2",
            "ends_on": (
                renewed["contract_ends_on"] + pd.DateOffset(months=24)
            ).dt.strftime("%Y-%m-%d"),
            "ended_by": "",
        }
    )
    return pd.concat([first, second]).sort_values(
        ["subscriber_id", "contract_number"], ignore_index=True
    )


def _catalogue() -> pd.DataFrame:
    table = pd.DataFrame(design.ITEMS)
    return table.assign(price=cents(table["price"]), is_sold=_yes_no(table["is_sold"]))


def _billing_runs() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run": [f"R{month.month:02d}" for month in design.RUNS],
            "billed_at": [
                last_working_day.strftime("%Y-%m-%d 12:00:00")
                for last_working_day in pd.date_range(
                    design.RUNS[0].start_time, design.RUNS[-1].end_time, freq="BME"
                )
            ],
        }
    )


def _devices(people: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    """One row per device seen; the one seen last is the one in use."""
    known = people[people["has_traffic_consent"]]
    count = len(known)
    profile = pd.DataFrame(design.DEVICES).iloc[known["device_segment"]]
    profile = profile.set_index(known.index)
    spread = generator.normal(size=(count, 6))
    since = LATEST_HANDSET - pd.to_timedelta(
        generator.integers(0, 500, size=count), unit="D"
    )
    is_ios = generator.random(count) < profile["ios"]
    memory = np.exp2(np.round(np.log2(profile["memory_gb"]) + 0.35 * spread[:, 2]))
    current = pd.DataFrame(
        {
            "subscriber_id": known["subscriber_id"],
            "first_seen_on": since.strftime("%Y-%m-%d"),
            "device_release_year": np.minimum(
                np.round(profile["release_year"] + 0.6 * spread[:, 0]), 2025
            )
            .astype(int)
            .astype(str),
            "device_price_eur": np.round(
                profile["price_eur"] * np.exp(0.12 * spread[:, 1])
            )
            .astype(int)
            .astype(str),
            "device_memory_gb": memory.astype(int).astype(str),
            "screen_inches": np.round(
                profile["screen_inches"] + 0.25 * spread[:, 3], 1
            ).astype(str),
            "connected_devices": np.maximum(
                np.round(profile["connected_devices"] + 0.6 * spread[:, 4]), 1
            )
            .astype(int)
            .astype(str),
            "wifi_share_percent": np.clip(
                np.round(profile["wifi_share_percent"] + 7 * spread[:, 5]), 1, 99
            )
            .astype(int)
            .astype(str),
            "fastest_network": known["has_5g"].map({True: "5G", False: "4G"}),
            "sim_type": known["has_esim"].map({True: "eSIM", False: "plastic SIM"}),
            "device_system": np.where(is_ios, "iOS", "Android"),
        }
    )
    # Some had an older one before; it says nothing of today.
    earlier = current.sample(
        frac=0.2, random_state=int(generator.integers(2**31))
    ).sort_index()
    earlier = earlier.assign(
        first_seen_on="2022-05-01", device_release_year="2016", device_price_eur="90",
        device_memory_gb="8", screen_inches="4.7", connected_devices="1",
        wifi_share_percent="20", fastest_network="4G", sim_type="plastic SIM",
        device_system="Android",
    )  # fmt: skip
    return pd.concat([current, earlier]).sort_values(
        ["subscriber_id", "first_seen_on"], ignore_index=True
    )


def _renewal_reviews(reviews: pd.DataFrame) -> pd.DataFrame:
    kept = reviews.drop(columns="has_ended").assign(
        reviewed_on=reviews["reviewed_on"].dt.strftime("%Y-%m-%d"),
        auto_renewal=_yes_no(reviews["auto_renewal"] == 1),
    )
    return kept.astype(str).reset_index(drop=True)


def _service_contacts(
    people: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    known = people[people["has_traffic_consent"]]
    counts = generator.poisson(SERVICE_CONTACTS_MEAN, size=len(known))
    rows = known.loc[known.index.repeat(counts), ["subscriber_id", "last_run"]]
    is_complaint = generator.random(len(rows)) < 0.3
    tone = np.where(is_complaint, -0.5, 0.2) + 0.2 * generator.normal(size=len(rows))
    return pd.DataFrame(
        {
            "contact_id": [f"C{number:04d}" for number in range(1, len(rows) + 1)],
            "subscriber_id": rows["subscriber_id"].to_numpy(),
            "channel": generator.choice(
                ["phone", "email", "store"], size=len(rows), p=[0.6, 0.25, 0.15]
            ),
            "reason": np.where(is_complaint, "complaint", "support"),
            "seconds": generator.integers(60, 1500, size=len(rows)).astype(str),
            "tone": np.round(np.clip(tone, -1, 1), 2).astype(str),
            "opened_at": _times(rows["last_run"].to_numpy(), generator),
        }
    )


def _app_sessions(people: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
    known = people[people["has_traffic_consent"]]
    months = (known["last_run"] + 1) / len(design.RUNS)
    counts = generator.poisson(design.SESSIONS[known["segment"]] * months)
    rows = known.loc[known.index.repeat(counts), ["subscriber_id", "last_run"]]
    return pd.DataFrame(
        {
            "session_id": [f"A{number:05d}" for number in range(1, len(rows) + 1)],
            "subscriber_id": rows["subscriber_id"].to_numpy(),
            "started_at": _times(rows["last_run"].to_numpy(), generator),
            "seconds": generator.integers(15, 400, size=len(rows)).astype(str),
        }
    )


def _times(last_runs: np.ndarray, generator: np.random.Generator) -> pd.Series:
    """Minutes from April to the end of the last month that each row may lie in."""
    ends = _month_ends(last_runs)
    start = design.RUNS[0].to_timestamp()
    reach = ((ends - start).days.to_numpy() + 1) * 24 * 60
    minutes = (generator.random(len(reach)) * reach).astype(int)
    times = pd.Series(start + pd.to_timedelta(minutes, unit="min"))
    return times.dt.strftime("%Y-%m-%d %H:%M")


def _finance_ledger(lines: pd.DataFrame) -> pd.DataFrame:
    """What finance booked per month; lines without a known run have no month."""
    runs = _billing_runs().set_index("run")["billed_at"]
    # A line that came twice is booked once.
    once = lines.drop_duplicates()
    booked = once.assign(
        month_on=once["run"].map(runs).str[:7].add("-01").fillna(""),
        amount=pd.to_numeric(once["amount"], errors="coerce"),
    )
    sums = booked.groupby("month_on")["amount"].sum().round(2)
    return pd.DataFrame(
        {"month_on": sums.index, "net_revenue_amount": cents(sums.to_numpy())}
    )


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
