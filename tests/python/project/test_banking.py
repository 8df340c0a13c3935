"""A made-up bank: plans that suit, dormancy seen before it is complete, every cent."""

import re

import pandas as pd
import pytest

from .conftest import PROJECT
from .industries import (
    Industry,
    build_committed,
    build_other,
    check_dirty_rows,
    check_offers,
    committed_key,
    segment_agreement,
    unexplained,
)

# The short run builds healthcare; the frame is the same.
pytestmark = pytest.mark.long

OFFERS = "select * from marketing.next_best_offers where purpose = 'new'"
# Risk as it was told at month ends, of everybody who still used the account.
LISTS = """
    select scores.scored_on, scores.customer_id, scores.probability
    from scoring.scored_risk_scores as scores
    inner join intermediate.int_risk_dates_resolved as dates
        on scores.scored_on = dates.scored_on and dates.is_scored_for_all
    where scores.target = 'lapse' and scores.is_behaviour
"""
RETAIL_WORDS = re.compile(
    r"\b(shop|shopping|shopper|baskets?|orders?|ordered|purchases?|bought|buys?|brands?)\b"
)
TEXTS = {
    "core.segments": ["segment_name"],
    "marketing.next_best_offers": ["reason"],
    "retention.at_risk_customers": ["reason_1", "reason_2", "reason_3"],
    "retention.reactivation_candidates": ["reason"],
    "sales.lead_priorities": ["reason", "suggested_approach"],
}


def check_planted_offers(bank: Industry) -> None:
    check_offers(bank, bank.warehouse.frame(OFFERS), at_least=2000)


@pytest.fixture(scope="module")
def bank(built_once) -> Industry:
    warehouse = built_once("banking", lambda w: build_committed("banking", w))
    return Industry(warehouse, committed_key("banking"))


@pytest.fixture(scope="module")
def raw() -> dict[str, pd.DataFrame]:
    """The raw tables without their dirty rows."""
    folder = PROJECT / "seeds/banking"
    tables = {
        path.stem.removeprefix("banking_"): pd.read_csv(
            path, dtype=str, keep_default_na=False
        )
        for path in folder.glob("*.csv")
    }
    for name, key in (("card_payments", "payment_id"), ("sessions", "session_id")):
        rows = tables[name].drop_duplicates()
        tables[name] = rows[rows[key].str.fullmatch(r"\d+")]
    return tables


def test_the_planted_kinds_are_the_behavioural_segments(bank):
    assert segment_agreement(bank, "behavioural", "segment") >= 0.8


def test_offers_follow_the_planted_preferences_and_suit(bank):
    check_planted_offers(bank)


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_offers_of_other_banks_do_too(seed, copy_project, tmp_path):
    bank = build_other("banking", seed, copy_project(), tmp_path)
    check_planted_offers(bank)
    assert segment_agreement(bank, "behavioural", "segment") >= 0.8
    assert unexplained(bank) == []
    assert caught_share(bank) >= 0.65


def test_nothing_but_plans_is_offered_and_none_twice(bank):
    found = bank.warehouse.frame("select * from marketing.next_best_offers")
    assert set(found["offer_type"]) == {"investment_plan"}
    again = found.loc[found["purpose"] == "reorder", "product_type"]
    assert set(again) == {"term deposit"}


def test_an_answer_that_is_missing_suits_nothing_that_may_fall(bank, raw):
    """The tables that rules read, joined with the offers by hand."""
    answers = raw["questionnaires"].set_index("customer_id")
    offers = bank.warehouse.frame("select * from marketing.next_best_offers")
    funds = offers[offers["product_type"].str.endswith("fund plan")]
    assert len(funds) > 100
    given = funds["customer_id"].map(answers["risk_tolerance"])
    assert set(given) == {"medium", "high"}
    equity = funds["product_type"] == "equity fund plan"
    assert set(given[equity]) == {"high"}
    horizons = funds["customer_id"].map(answers["investment_horizon"])
    assert set(horizons[equity]) == {"long"}


def test_minors_and_those_who_did_not_agree_are_offered_nothing(bank, raw):
    customers = raw["customers"].set_index("customer_id")
    offered = bank.warehouse.frame(
        "select distinct customer_id from marketing.next_best_offers"
    )["customer_id"]
    assert set(offered.map(customers["marketing_consent"])) == {"true"}
    assert offered.map(customers["age_years"]).astype(int).min() >= 18
    pensions = bank.warehouse.frame(
        "select customer_id from marketing.next_best_offers"
        " where product_type = 'pension plan'"
    )["customer_id"]
    assert pensions.map(customers["age_years"]).astype(int).max() <= 60


def test_every_cent_is_in_both_ledgers_and_in_the_segments(bank):
    assert unexplained(bank) == []
    kinds = bank.warehouse.query(
        "select ledger_kind, count(*) from finance.ledger_reconciliation"
        " where month_on between '2024-10-01' and '2025-09-01' group by 1 order by 1"
    )
    assert kinds == [("finance", 12), ("source_control", 12)]
    good = bank.warehouse.value("select sum(net_amount) from input.input_transactions")
    segments = bank.warehouse.value(
        "select sum(segments_amount) from finance.ledger_reconciliation"
        " where ledger_kind = 'finance'"
    )
    assert segments == good > 0


def test_the_dirty_rows_are_rejected_and_no_others(bank):
    check_dirty_rows(bank)


def caught_share(bank: Industry) -> float:
    """Share of the dormant who stood in the top 15 % before a month of silence.

    Asked of those for whom a list came out between their fading and that day.
    """
    dormant = bank.key("dormancy")
    for column in ("fading_from_on", "silent_from_on"):
        dormant[column] = pd.to_datetime(dormant[column])
    lists = bank.warehouse.frame(LISTS)
    lists["place"] = lists.groupby("scored_on")["probability"].rank(
        ascending=False, pct=True
    )
    lists["scored_on"] = pd.to_datetime(lists["scored_on"])
    told = dormant.merge(lists, on="customer_id")
    too_late_on = told["silent_from_on"] + pd.Timedelta(days=30)
    told = told[
        (told["scored_on"] > told["fading_from_on"])
        & (told["scored_on"] <= too_late_on)
    ]
    in_time = dormant[
        (dormant["silent_from_on"] >= lists["scored_on"].min())
        & (dormant["silent_from_on"] <= lists["scored_on"].max())
    ]
    assert len(in_time) >= 20
    caught = set(told.loc[told["place"] <= 0.15, "customer_id"])
    return in_time["customer_id"].isin(caught).mean()


def test_who_goes_dormant_is_on_the_list_before_a_month_of_silence(bank):
    assert caught_share(bank) >= 0.65


def test_the_scorecard_foretells_dormancy_better_than_the_baselines(bank):
    """By the area under the curve, at every cut-off for which one could be learned."""
    found = bank.warehouse.frame(
        "select method, cutoff_on, roc_auc from retention.early_warning_backtest"
        " where target = 'lapse'"
    ).pivot(index="cutoff_on", columns="method", values="roc_auc")
    judged = found[found["scorecard"].notna()]
    assert len(judged) >= 3
    assert (judged["scorecard"] >= 0.9).all()
    baselines = ["recency", "overdue_ratio", "rfm_cell_rate", "purchase_model"]
    margins = judged["scorecard"] - judged[baselines].max(axis=1)
    assert margins.min() > 0.02


def test_booked_interest_hides_no_silence(bank):
    """The bank earns on their accounts every month, and yet the silent are silent."""
    dormant = bank.key("dormancy")
    silent_on = pd.to_datetime(dormant["silent_from_on"])
    dormant = dormant[silent_on <= pd.Timestamp("2025-06-01")]
    known = bank.warehouse.frame(
        "select rfm.customer_id, rfm.recency_days, risk.standing"
        " from core.customer_rfm as rfm"
        " inner join scoring.scored_customer_risk as risk using (customer_id)"
        " where risk.target = 'lapse'"
    ).merge(dormant, on="customer_id")
    earned = bank.warehouse.frame(
        "select customer_id, count(*) as bookings from input.input_transactions"
        " where occurred_on >= '2025-07-01' group by customer_id"
    ).merge(known, on="customer_id")
    assert len(known) >= 20
    assert (known["standing"] == "lapsed").all()
    assert (known["recency_days"] > 100).all()
    assert len(earned) == len(known)


def test_declared_features_are_what_pandas_counts(bank, raw):
    """As of 2025-10-01, for ten customers, straight from the raw tables."""
    accounts = raw["accounts"].set_index("account_id")
    products = raw["products"].drop_duplicates("product_id").set_index("product_id")
    cards = raw["card_payments"]
    cards = cards.assign(
        customer_id=cards["account_id"].map(accounts["customer_id"]),
        category=cards["merchant_code"].map(products["category"]),
        amount=cards["amount"].astype(float),
    )
    balances = raw["balances"]
    balances = balances.assign(
        customer_id=balances["account_id"].map(accounts["customer_id"]),
        euros=balances["mean_balance"].astype(float),
    )
    sessions = raw["sessions"]
    sessions = sessions.assign(seconds=sessions["seconds"].astype(float))
    as_of = pd.Timestamp("2025-10-01")
    features = bank.warehouse.frame(
        "select customer_id, feature, feature_value"
        " from intermediate.int_feature_values_collected"
        " where as_of_date = '2025-10-01'"
    ).pivot(index="customer_id", columns="feature", values="feature_value")
    first_lines = bank.warehouse.frame(
        "select customer_id, min(occurred_on) as first_on from input.input_transactions"
        " group by customer_id"
    ).set_index("customer_id")["first_on"]
    for customer in [f"C{1001 + 70 * place}" for place in range(10)]:
        own = cards[cards["customer_id"] == customer]
        kept = balances[balances["customer_id"] == customer]
        logins = sessions[sessions["customer_id"] == customer]
        days = (as_of - pd.Timestamp(first_lines[customer])).days
        months = min(days, 365) / 30.4375
        late = kept[pd.to_datetime(kept["booked_on"]) >= as_of - pd.Timedelta(days=91)]
        half = kept[pd.to_datetime(kept["booked_on"]) >= as_of - pd.Timedelta(days=182)]
        expected = {
            "card_payments_per_month": len(own) / months,
            "card_spend_per_month": own["amount"].sum() / months,
            "mean_balance": kept["euros"].sum() / months,
            "balance_trend": 2 * late["euros"].sum() / half["euros"].sum() - 1,
            "travel_payment_share": (own["category"] == "travel").mean(),
            "cash_withdrawal_share": (own["category"] == "cash").mean(),
            "session_seconds": logins["seconds"].mean(),
            "days_since_login": (
                as_of - pd.to_datetime(logins["started_on"]).max()
            ).days,
        }
        for feature, value in expected.items():
            found = features.at[customer, feature]
            assert found == pytest.approx(value, nan_ok=True, rel=1e-6), feature


def test_answers_to_the_questionnaire_are_read_by_rules_alone(bank):
    answers = ("risk_tolerance", "investment_horizon", "investment_knowledge")
    kept = bank.warehouse.value(
        "select count(distinct attribute) from input.input_customer_attributes"
        f" where attribute in {answers}"
    )
    assert kept == 3
    for table, column in (
        ("intermediate.int_features_described", "feature"),
        ("intermediate.int_feature_values_collected", "feature"),
        ("core.segment_profiles", "feature"),
        ("monitoring.fairness_profile", "attribute"),
    ):
        for answer in answers:
            leaked = bank.warehouse.value(
                f"select count(*) from {table} where {column} like '{answer}%'"
            )
            assert leaked == 0, (table, answer)


def test_age_is_watched_and_not_learned_from(bank):
    assert bank.warehouse.value(
        "select count(*) from monitoring.fairness_profile where attribute = 'age_years'"
    )
    assert not bank.warehouse.value(
        "select count(*) from learning.ml_segment_features where feature = 'age_years'"
    )


@pytest.mark.parametrize("table", TEXTS)
def test_no_word_of_a_shop_reaches_a_banker(bank, table):
    texts = {
        text
        for column in TEXTS[table]
        for (text,) in bank.warehouse.query(f"select distinct {column} from {table}")
        if text
    }
    assert texts
    # What a customer orders of a bank is standing; a merchant may be a shop.
    spoilt = {
        text
        for text in texts
        if RETAIL_WORDS.search(re.sub(r"standing orders|\w+ shops?", "", text.lower()))
    }
    assert spoilt == set()
