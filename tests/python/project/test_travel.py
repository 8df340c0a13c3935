"""A made-up tour operator: tastes, seasons, cancellations and every cent are found."""

import re
import shutil

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from .conftest import PROJECT, Warehouse, run_dbt
from .industries import (
    Industry,
    build_committed,
    build_other,
    check_offers,
    committed_key,
    segment_agreement,
    unexplained,
)

# The short run builds healthcare; the frame is the same.
pytestmark = pytest.mark.long

OFFERS = "select * from marketing.next_best_offers where purpose = 'new'"
AS_OF = pd.Timestamp("2025-12-01")
WINDOW_DAYS = 1461
MONTH_DAYS = 30.4375
RETAIL_WORDS = re.compile(
    r"\b(shop|shops|shopping|shopper|baskets?|orders?|ordered|purchases?|bought|buys?"
    r"|brands?|stores?)\b",
    re.IGNORECASE,
)
TEXTS = {
    "core.segments": ["segment_name"],
    "marketing.next_best_offers": ["reason"],
    "retention.at_risk_customers": [
        *("reason_1", "reason_2", "reason_3", "recommended_action", "offer_reason"),
    ],
    "retention.reactivation_candidates": ["reason"],
    "retention.loyalty_candidates": ["reason"],
    "sales.lead_priorities": ["reason", "suggested_approach"],
}


def check_planted_offers(operator: Industry) -> None:
    check_offers(operator, operator.warehouse.frame(OFFERS), at_least=4000)


@pytest.fixture(scope="module")
def operator(built_once) -> Industry:
    warehouse = built_once("travel", lambda w: build_committed("travel", w))
    return Industry(warehouse, committed_key("travel"))


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """Packages and extras of the trips that were taken, from the raw tables."""
    folder = PROJECT / "seeds/travel"
    tables = {
        name: pd.read_csv(
            folder / f"travel_{name}.csv", dtype=str, keep_default_na=False
        ).drop_duplicates()
        for name in ("bookings", "extras", "packages", "cancellation_fees")
    }
    trips = tables["bookings"]
    trips = trips[(trips["status"] == "taken") & (trips["guest_id"] != "")]
    packages = trips.rename(columns={"nights": "quantity", "departs_on": "on"})
    extras = tables["extras"].merge(
        packages[["booking_id", "guest_id", "on"]], on="booking_id"
    )
    fees = tables["cancellation_fees"].rename(columns={"charged_on": "on"})
    fees = fees.assign(product_id="F01", quantity="1")
    columns = ["guest_id", "product_id", "quantity", "on"]
    found = pd.concat([table[columns] for table in (packages, extras, fees)])
    found = found.merge(tables["packages"].drop_duplicates("product_id"))
    days_ago = (AS_OF - pd.to_datetime(found["on"])).dt.days
    return found.assign(days_ago=days_ago, quantity=found["quantity"].astype(float))


def test_packages_follow_the_planted_preferences_and_suit(operator):
    check_planted_offers(operator)


def test_nothing_but_packages_is_offered(operator):
    types = operator.warehouse.query(
        "select distinct offer_type from marketing.next_best_offers"
    )
    assert types == [("travel_package",)]


def test_planted_tastes_are_the_psychographic_segments(operator):
    assert segment_agreement(operator, "psychographic", "segment") >= 0.9
    assert segment_agreement(operator, "combined", "segment") >= 0.8
    placed = operator.warehouse.value(
        "select count(*) from core.customer_segments"
        " where segmentation = 'psychographic'"
        " and segment_key like 'psychographic%'"
    )
    assert placed > 650


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_other_operators_are_found_as_well(seed, copy_project, tmp_path):
    operator = build_other("travel", seed, copy_project(), tmp_path)
    check_planted_offers(operator)
    assert segment_agreement(operator, "psychographic", "segment") >= 0.8
    assert unexplained(operator) == []


def test_every_cent_is_explained(operator):
    assert unexplained(operator) == []
    ((months, kinds),) = operator.warehouse.query(
        "select count(distinct month_on), count(distinct ledger_kind)"
        " from finance.ledger_reconciliation"
    )
    assert months > 48
    assert kinds == 2


def test_each_dirty_row_has_its_reason_and_no_good_row_has_one(operator):
    planted = operator.key("dirty_rows")
    rejected = operator.warehouse.frame(
        "select source_table, source_row, reason from input.input_rejected_rows"
    )
    for row in planted.itertuples(index=False):
        found = rejected[
            (rejected["source_table"] == row.source_table)
            & (rejected["reason"] == row.reason)
            & rejected["source_row"].str.contains(row.source_key, regex=False)
        ]
        assert len(found) == 1, row
    assert len(rejected) == len(planted)


@pytest.mark.parametrize(
    ("feature", "product_types", "among"),
    [
        ("mountain_trip_share", {"Ski week", "Hiking"}, None),
        ("treat_extra_share", {"Massage", "Tasting menu"}, "Extras"),
    ],
)
def test_shares_are_those_counted_by_hand(
    operator, lines, feature, product_types, among
):
    if among:
        counted = lines[lines["department"] == among]
    else:
        counted = lines[~lines["department"].isin({"Extras", "Fees"})]
    hits = counted["product_type"].isin(product_types)
    expected = hits.groupby(counted["guest_id"]).mean()
    check_feature(operator, feature, expected)


def test_nights_a_month_are_those_counted_by_hand(operator, lines):
    trips = lines[~lines["department"].isin({"Extras", "Fees"})]
    first = lines.groupby("guest_id")["days_ago"].max()
    days = first.clip(upper=WINDOW_DAYS).clip(lower=MONTH_DAYS)
    nights = trips[trips["days_ago"] <= WINDOW_DAYS]
    nights = nights.groupby("guest_id")["quantity"].sum()
    check_feature(operator, "nights_per_month", nights * MONTH_DAYS / days)


def check_feature(operator: Industry, feature: str, expected: pd.Series) -> None:
    found = operator.warehouse.frame(
        "select customer_id, feature_value"
        " from intermediate.int_declared_features_measured"
        f" where feature = '{feature}' and as_of_date = '{AS_OF:%Y-%m-%d}'"
    ).set_index("customer_id")["feature_value"]
    expected = expected.dropna()
    assert len(expected) > 900
    assert expected.nunique() > 5
    difference = found.reindex(expected.index) - expected
    assert difference.abs().max() < 1e-6


@pytest.fixture(scope="module")
def counted_in_days(operator, tmp_path_factory) -> Warehouse:
    """The same guests, their recency counted in days."""
    folder = tmp_path_factory.mktemp("travel") / "warehouse"
    shutil.copytree(operator.warehouse.folder, folder)
    copy = Warehouse(folder)
    changed = ("int_customer_rfm_measured", "ml_rfm_cut_points", "scored_customer_rfm")
    result = run_dbt(
        copy,
        *("run", "--select", *changed, "ml_active_rfm_cut_points", "customer_rfm"),
        settings={"connector": "travel", "recency_basis": "days"},
        salt="pepper",
    )
    assert result.success
    return copy


def scores(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.frame("select * from core.customer_rfm").set_index("customer_id")


def test_a_year_is_no_absence_of_who_travels_once_a_year(operator, counted_in_days):
    people = operator.key("people").set_index("customer_id")
    by_season, by_days = scores(operator.warehouse), scores(counted_in_days)
    faithful = people.index[people["story"] == "faithful"]
    assert len(faithful) > 250
    assert set(by_season.loc[faithful, "recency_seasons"]) == {0}
    assert set(by_season.loc[faithful, "recency_score"]) == {5}
    # Their winter ended nine months ago: days take them for the worst half.
    winter = people.index[
        (people["story"] == "faithful") & (people["season"] == "winter")
    ]
    assert len(winter) > 50
    days = by_days["recency_days"]
    assert days[winter].min() > 270
    assert (days[winter] > days.median()).all()
    assert by_days.loc[winter, "recency_score"].max() <= 3


def test_who_stopped_missed_their_seasons(operator):
    people = operator.key("people").set_index("customer_id")
    stopped = people.index[people["story"] == "stopped"]
    found = scores(operator.warehouse).loc[stopped]
    assert len(found) > 100
    assert found["recency_seasons"].min() >= 2
    assert found["recency_score"].max() <= 2


def test_who_is_true_to_their_season_is_not_called_at_risk_out_of_it(operator):
    people = operator.key("people").set_index("customer_id")
    active = operator.warehouse.frame(
        "select customer_id from retention.customer_risk"
        " where target = 'lapse' and standing = 'active'"
    )["customer_id"]
    listed = operator.warehouse.frame("select * from retention.at_risk_customers")
    is_listed = active.isin(listed["customer_id"]).set_axis(active)
    story = people["story"].reindex(active).set_axis(active)
    faithful = is_listed[story == "faithful"]
    away = faithful[people["season"].reindex(faithful.index).isin(["winter", "spring"])]
    others = is_listed[story != "faithful"]
    assert is_listed.sum() > 60
    assert len(away) > 100
    assert away.mean() <= 0.1
    assert others.mean() > 1.5 * faithful.mean()
    # Who is listed all the same complained or spends less; nobody for being away.
    reasons = listed[listed["customer_id"].isin(away.index)]
    assert not reasons["reason_1"].str.contains("last trip").any()


def test_open_bookings_have_no_outcome_and_a_probability(operator):
    people = operator.key("people").set_index("customer_id")
    open_guests = set(people.index[people["is_open"] == "1"])
    assert len(open_guests) > 200
    outcomes = operator.warehouse.frame("select * from input.input_customer_outcomes")
    assert not open_guests & set(outcomes["customer_id"])
    assert set(people.index[people["is_open"] == "0"]) == set(outcomes["customer_id"])
    risk = cancellation_risk(operator)
    planted = people.loc[sorted(open_guests), "cancellation_probability"].astype(float)
    found = risk.reindex(planted.index)
    assert found.notna().all()
    assert planted.corr(found, method="spearman") >= 0.8


def test_cancellations_are_foretold_nearly_as_well_as_by_who_drew_them(operator):
    people = operator.key("people").set_index("customer_id")
    outcomes = operator.warehouse.frame(
        "select customer_id, value from input.input_customer_outcomes"
    ).set_index("customer_id")["value"]
    planted = people.loc[outcomes.index, "cancellation_probability"].astype(float)
    best = roc_auc_score(outcomes, planted)
    found = operator.warehouse.value(
        "select out_of_fold_auc from learning.ml_risk_scorecards"
        " where target = 'cancelled'"
    )
    assert best > 0.78
    assert found >= best - 0.04
    # What is told of those who were learned from is what the others told.
    risk = cancellation_risk(operator)[outcomes.index]
    assert roc_auc_score(outcomes, risk) == pytest.approx(found, abs=0.02)


def cancellation_risk(operator: Industry) -> pd.Series:
    return operator.warehouse.frame(
        "select customer_id, risk_score from retention.customer_risk"
        " where target = 'cancelled'"
    ).set_index("customer_id")["risk_score"]


def test_a_cancelled_trip_is_money_and_no_trip(operator):
    ((fees, trips),) = operator.warehouse.query("""
        select
            count(*),
            count(case when days.sale_order_count > 0 then 1 end)
        from input.input_transactions as lines
        inner join intermediate.int_customer_days_aggregated as days
            on lines.customer_id = days.customer_id
            and lines.occurred_on = days.active_on
        where lines.product_id = 'F01' and lines.net_amount > 0
            and days.order_count = 1
    """)
    assert fees > 300
    assert trips == 0


def test_no_word_of_a_shop_reaches_a_reader(operator):
    for table, columns in TEXTS.items():
        for column in columns:
            texts = operator.warehouse.frame(
                f"select distinct {column} as words from {table}"
                f" where {column} is not null"
            )["words"]
            assert len(texts) > 0
            spoilt = [text for text in texts if RETAIL_WORDS.search(text)]
            assert spoilt == [], (table, column)
