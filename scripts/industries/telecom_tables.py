"""Raw tables of the made-up operator, as its systems hold them: text throughout."""

import numpy as np
import pandas as pd

from scripts.industries import telecom_design as design
from scripts.industries.company import cents

LATEST_HANDSET = pd.Timestamp("2025-03-20")
SERVICE_CONTACTS_MEAN = 0.9


def month_ends(positions: np.ndarray) -> pd.DatetimeIndex:
    """Last days of months, by their place after the first run."""
    first = design.RUNS[0]
    return pd.DatetimeIndex(
        [
            (first + int(position)).to_timestamp(how="end").normalize()
            for position in positions
        ]
    )


def subscribers_table(people: pd.DataFrame) -> pd.DataFrame:
    """One row per subscriber, as the CRM has them."""
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


def contracts_table(people: pd.DataFrame) -> pd.DataFrame:
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


def catalogue_table() -> pd.DataFrame:
    """One row per item that a bill may have."""
    table = pd.DataFrame(design.ITEMS)
    return table.assign(price=cents(table["price"]), is_sold=_yes_no(table["is_sold"]))


def billing_runs_table() -> pd.DataFrame:
    """One row per run, dated on the last working day of its month."""
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


def devices_table(people: pd.DataFrame, generator: np.random.Generator) -> pd.DataFrame:
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

    def whole(numbers: pd.Series, least: int, most: int) -> pd.Series:
        return numbers.round().clip(least, most).astype(int).astype(str)

    current = pd.DataFrame(
        {
            "subscriber_id": known["subscriber_id"],
            "first_seen_on": since.strftime("%Y-%m-%d"),
            "device_age_months": whole(
                profile["age_months"] * np.exp(0.2 * spread[:, 0]), 1, 180
            ),
            "device_price_eur": whole(
                profile["price_eur"] * np.exp(0.15 * spread[:, 1]), 40, 2000
            ),
            "storage_used_gb": whole(
                profile["storage_used_gb"] * np.exp(0.25 * spread[:, 2]), 1, 900
            ),
            "screen_inches": (profile["screen_inches"] + 0.3 * spread[:, 3])
            .round(1)
            .astype(str),
            "connected_share_percent": whole(
                profile["connected_share_percent"] * np.exp(0.25 * spread[:, 4]), 0, 99
            ),
            "wifi_share_percent": whole(
                profile["wifi_share_percent"] + 7 * spread[:, 5], 1, 99
            ),
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
        first_seen_on="2022-05-01", device_age_months="110", device_price_eur="90",
        storage_used_gb="7", screen_inches="4.7", connected_share_percent="2",
        wifi_share_percent="20", fastest_network="4G", sim_type="plastic SIM",
        device_system="Android",
    )  # fmt: skip
    return pd.concat([current, earlier]).sort_values(
        ["subscriber_id", "first_seen_on"], ignore_index=True
    )


def reviews_table(reviews: pd.DataFrame) -> pd.DataFrame:
    """One row per contract that is reviewed, as text."""
    kept = reviews.drop(columns="has_ended").assign(
        reviewed_on=reviews["reviewed_on"].dt.strftime("%Y-%m-%d"),
        auto_renewal=_yes_no(reviews["auto_renewal"] == 1),
    )
    return kept.astype(str).reset_index(drop=True)


def contacts_table(
    people: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    """One row per contact with service."""
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


def sessions_table(
    people: pd.DataFrame, generator: np.random.Generator
) -> pd.DataFrame:
    """One row per visit in the app."""
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
    ends = month_ends(last_runs)
    start = design.RUNS[0].to_timestamp()
    reach = ((ends - start).days.to_numpy() + 1) * 24 * 60
    minutes = (generator.random(len(reach)) * reach).astype(int)
    times = pd.Series(start + pd.to_timedelta(minutes, unit="min"))
    return times.dt.strftime("%Y-%m-%d %H:%M")


def ledger_table(lines: pd.DataFrame) -> pd.DataFrame:
    """What finance booked per month; lines without a known run have no month."""
    runs = billing_runs_table().set_index("run")["billed_at"]
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
