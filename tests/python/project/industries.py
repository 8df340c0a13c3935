"""What the tests of every industry ask: planted offers, planted segments, money."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sklearn.metrics import adjusted_rand_score

from scripts.industries.__main__ import write_company

from .conftest import PROJECT, Warehouse, build

OFFERS_LOOKED_AT = 3


@dataclass(frozen=True)
class Industry:
    """A built company of an industry, beside its answer key."""

    warehouse: Warehouse
    answer_key: Path

    def key(self, name: str) -> pd.DataFrame:
        (path,) = self.answer_key.glob(f"*_{name}.csv")
        return pd.read_csv(path, dtype=str)


def build_committed(name: str, warehouse: Warehouse) -> Warehouse:
    return build(warehouse, settings={"connector": name}, salt="pepper")


def build_other(name: str, seed: int, project: Path, folder: Path) -> Industry:
    """Build the company that another seed makes, in a copy of the project."""
    key = folder / "key"
    write_company(name, seed, project / "seeds" / name, key)
    warehouse = build(
        Warehouse(folder), settings={"connector": name}, project=project, salt="pepper"
    )
    return Industry(warehouse, key)


def committed_key(name: str) -> Path:
    return PROJECT / "tests/fixtures" / name


@dataclass(frozen=True)
class HitRates:
    """Expected share of next choices that are among the first three offers."""

    ours: float
    key_scorer: float  # knows the planted segments and their preferences
    popularity: float  # offers everybody what most customers hold


def planted_hit_rates(industry: Industry, offers: pd.DataFrame) -> HitRates:
    """Compare offers with those of a scorer that holds the answer key.

    The next choice of a customer is drawn from what is suitable for them and not held
    yet, by the planted preferences of their segment. So the expected hit rate of a list
    is a sum of probabilities, and no draw blurs it. Customers for whom three
    offers or fewer are left cannot be missed, and do not count.

    Parameters
    ----------
    offers : customer_id, product_type, offer_rank; every customer that has offers.
    """
    people = industry.key("people")
    preferences = (
        industry.key("preferences")
        .astype({"probability": float})
        .pivot(index="segment", columns="product_type", values="probability")
    )
    held_rows = industry.warehouse.frame(
        "select distinct customer_id, product_type"
        " from intermediate.int_customer_product_days_aggregated"
    )
    held = held_rows.groupby("customer_id")["product_type"].agg(set)
    popular = held_rows["product_type"].value_counts()
    popular = popular.reindex(preferences.columns, fill_value=0)
    order = popular.sort_values(ascending=False, kind="stable").index
    listed = offers.sort_values("offer_rank").groupby("customer_id")["product_type"]
    lists = listed.agg(list)
    hits: dict[str, list[float]] = {"ours": [], "key_scorer": [], "popularity": []}
    for person in people.itertuples():
        left = [
            item
            for item in str(person.suitable).split("|")
            if item in preferences.columns
            and item not in held.get(person.customer_id, set())
        ]
        if len(left) <= OFFERS_LOOKED_AT:
            continue
        chances = preferences.loc[person.segment, left]
        chances = chances / chances.sum()
        candidates = {
            "ours": lists.get(person.customer_id, []),
            "key_scorer": list(chances.sort_values(ascending=False).index),
            "popularity": [item for item in order if item in left],
        }
        for scorer, items in candidates.items():
            shown = items[:OFFERS_LOOKED_AT]
            hits[scorer].append(chances.reindex(shown).fillna(0).sum())
    return HitRates(**{name: sum(rates) / len(rates) for name, rates in hits.items()})


def unsuitable_offers(industry: Industry, offers: pd.DataFrame) -> pd.DataFrame:
    """Return the offers that the answer key calls unsuitable for their customer."""
    people = industry.key("people").set_index("customer_id")["suitable"]
    suitable = people.fillna("").str.split("|")
    wrong = [
        row.product_type not in suitable[row.customer_id] for row in offers.itertuples()
    ]
    return offers[wrong]


def segment_agreement(industry: Industry, segmentation: str, planted: str) -> float:
    """Adjusted Rand index of a segmentation and a column of the key ``people``."""
    placed = industry.warehouse.frame(
        "select customer_id, segment_key from core.customer_segments"
        f" where segmentation = '{segmentation}'"
        " and segment_key not in ('too_new', 'no_purchase', 'no_data')"
    ).merge(industry.key("people"), on="customer_id")
    return adjusted_rand_score(placed[planted], placed["segment_key"])


def unexplained(industry: Industry) -> list[tuple]:
    """Months of a ledger that differ from the segments."""
    return industry.warehouse.query(
        "select ledger_kind, month_on, difference_amount"
        " from finance.ledger_reconciliation where difference_amount <> 0"
    )


def check_offers(industry: Industry, offers: pd.DataFrame, at_least: int) -> None:
    """Offers follow the planted preferences, suit, and are so many."""
    rates = planted_hit_rates(industry, offers)
    assert rates.ours >= 0.9 * rates.key_scorer, rates
    # Otherwise nothing was planted.
    assert rates.popularity < 0.9 * rates.key_scorer, rates
    assert len(offers) > at_least
    assert unsuitable_offers(industry, offers).empty


def check_dirty_rows(industry: Industry) -> None:
    """Each planted row is rejected for its reason, and no other row is."""
    planted = industry.key("dirty_rows")
    rejected = industry.warehouse.frame(
        "select source_table, source_row, reason from input.input_rejected_rows"
    )
    missed = [
        tuple(row)
        for row in planted.itertuples(index=False)
        if not (
            (rejected["source_table"] == row.source_table)
            & (rejected["reason"] == row.reason)
            & rejected["source_row"].str.contains(row.source_key, regex=False)
        ).any()
    ]
    assert missed == []
    columns = ["source_table", "reason"]
    assert sorted(rejected[columns].to_numpy().tolist()) == sorted(
        planted[columns].to_numpy().tolist()
    )
