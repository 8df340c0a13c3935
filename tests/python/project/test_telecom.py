"""A made-up operator: tariffs that fit, contracts that end, consent, every cent."""

import re

import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

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
AS_OF = pd.Timestamp("2026-01-01")
MONTH_DAYS = 30.4375
# What a shop would say of its customers.
RETAIL_WORDS = re.compile(
    r"\b(shop|shopper|baskets?|orders?|ordered|visits? us|best sellers?)\b"
)
TEXTS = {
    "retention.at_risk_customers": [
        *("reason_1", "reason_2", "reason_3", "recommended_action", "segment_name")
    ],
    "sales.lead_priorities": ["reason", "suggested_approach"],
    "marketing.next_best_offers": ["reason"],
    "retention.loyalty_tiers": ["segment_name"],
}


def check_planted_offers(operator: Industry) -> None:
    check_offers(operator, operator.warehouse.frame(OFFERS), at_least=2000)


@pytest.fixture(scope="module")
def operator(built_once) -> Industry:
    warehouse = built_once("telecom", lambda w: build_committed("telecom", w))
    return Industry(warehouse, committed_key("telecom"))


def raw(name: str) -> pd.DataFrame:
    path = PROJECT / "seeds/telecom" / f"telecom_{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_offers_follow_the_planted_preferences_and_fit(operator):
    check_planted_offers(operator)


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_offers_follow_the_preferences_of_other_companies(seed, copy_project, tmp_path):
    check_planted_offers(build_other("telecom", seed, copy_project(), tmp_path))


def test_consumption_and_devices_are_found_where_they_were_planted(operator):
    assert segment_agreement(operator, "behavioural", "segment") >= 0.8
    assert segment_agreement(operator, "technographic", "device_segment") >= 0.8


def test_every_cent_is_in_both_ledgers(operator):
    assert unexplained(operator) == []
    ledgers = operator.warehouse.query(
        "select ledger_kind, count(*) from finance.ledger_reconciliation"
        " where ledger_amount is not null group by 1 order by 1"
    )
    assert [kind for kind, _ in ledgers] == ["finance", "source_control"]


def test_each_dirty_row_has_its_reason_and_no_good_row_has_one(operator):
    check_dirty_rows(operator)


def test_leaving_is_foretold_nearly_as_well_as_by_who_planted_it(operator):
    outcomes = operator.warehouse.frame(
        "select outcomes.customer_id, cast(outcomes.value as integer) as has_left,"
        " parameters.value_number as learned"
        " from intermediate.int_customer_outcomes_identified as outcomes"
        " inner join learning.ml_active_risk_parameters as parameters"
        " on outcomes.customer_id = parameters.item and parameters.target = 'churned'"
        " and parameters.part = 'out_of_fold' and parameters.name = 'probability'"
    ).merge(operator.key("churn").astype({"probability": float}), on="customer_id")
    assert len(outcomes) > 400
    learned = roc_auc_score(outcomes["has_left"], outcomes["learned"])
    planted = roc_auc_score(outcomes["has_left"], outcomes["probability"])
    assert planted - learned <= 0.04


def test_the_list_names_who_can_still_be_kept(operator):
    """Contracts that end within six months, and nobody whose contract has ended."""
    listed = operator.warehouse.frame("select * from retention.at_risk_customers")
    contracts = raw("contracts")
    running = contracts[contracts["ended_by"] == ""].set_index("subscriber_id")
    ends = pd.to_datetime(running["ends_on"])
    assert (listed["target"] == "churned").all()
    assert len(listed) > 20
    # Of a contract that ends later there is no review, so little to speak for leaving.
    ends_soon = ends[listed["customer_id"]] <= AS_OF + pd.DateOffset(months=6)
    assert ends_soon.mean() >= 0.9
    standings = operator.warehouse.frame(
        "select customer_id, standing from retention.customer_risk"
        " where target = 'churned'"
    ).set_index("customer_id")["standing"]
    last = contracts.drop_duplicates("subscriber_id").set_index("subscriber_id")
    dirty = operator.key("dirty_rows")
    unread = dirty.loc[dirty["source_table"] == "customer_outcomes", "source_key"]
    last = last.drop(unread)["ended_by"]
    expected = last.map({"left": "lapsed", "renewed": "decided", "": "active"})
    expected = expected.reindex(standings.index).dropna()
    assert len(expected) > 900
    assert (standings[expected.index] == expected).all()


def test_a_reason_names_the_month_in_which_the_contract_ends(operator):
    reasons = operator.warehouse.frame(
        "select customer_id, unnest([reason_1, reason_2, reason_3]) as reason"
        " from retention.at_risk_customers"
    )
    stated = reasons["reason"].str.extract(
        r"^months to the end of the contract: (\d+)$"
    )[0]
    told = reasons.assign(months=stated).dropna()
    reviews = raw("renewal_reviews").set_index("subscriber_id")
    assert not told.empty
    assert (
        told["months"].to_numpy()
        == reviews.loc[told["customer_id"], "months_to_contract_end"].to_numpy()
    ).all()


def test_traffic_data_without_consent_are_money_and_nobody_s(operator):
    people = raw("subscribers")
    refused = people.loc[people["traffic_data_consent"] == "no", "subscriber_id"]
    # A line that came twice is billed once.
    lines = raw("bill_lines").drop_duplicates()
    expected = lines.loc[lines["subscriber_id"].isin(refused), "amount"].astype(float)
    found = operator.warehouse.value(
        "select sum(net_amount) from input.input_transactions where customer_id is null"
    )
    assert len(refused) > 20
    assert float(found) == pytest.approx(expected.sum(), abs=0.001)
    for table in ("marketing.next_best_offers", "retention.at_risk_customers"):
        listed = operator.warehouse.frame(f"select customer_id from {table}")
        assert not listed["customer_id"].isin(refused).any()


def test_age_and_consent_are_read_by_rules_alone(operator):
    restricted = "'age_years', 'traffic_data_consent', 'contract_state'"
    assert operator.warehouse.query(
        "select count(distinct attribute) from input.input_customer_attributes"
        f" where attribute in ({restricted})"
    ) == [(3,)]
    for table in (
        *("core.segment_profiles", "monitoring.feature_selection"),
        *("retention.risk_contributions", "intermediate.int_feature_values_collected"),
    ):
        features = operator.warehouse.frame(f"select distinct feature from {table}")
        named = features["feature"].str.split(":").str[0]
        assert not features.empty
        assert not named.isin(["age_years", "traffic_data_consent"]).any()
        assert not named.eq("contract_state").any()


def test_declared_features_are_what_the_bills_say(operator):
    people = raw("subscribers")
    consenting = people.loc[people["traffic_data_consent"] == "yes", "subscriber_id"]
    left = operator.key("people").query("suitable == suitable")["customer_id"]
    lines = raw("bill_lines").merge(raw("billing_runs"), on="run")
    lines = lines.drop_duplicates(["subscriber_id", "run", "item"])
    lines = lines[lines["subscriber_id"].isin(consenting)]
    lines["quantity"] = pd.to_numeric(lines["quantity"], errors="coerce")
    lines["amount"] = pd.to_numeric(lines["amount"], errors="coerce")
    lines["days_ago"] = (
        AS_OF - pd.to_datetime(lines["billed_at"]).dt.normalize()
    ).dt.days
    chosen = [name for name in left if name in set(consenting)][:40:5]
    found = operator.warehouse.frame(
        "select customer_id, feature, feature_value from"
        " intermediate.int_declared_features_measured where as_of_date = '2026-01-01'"
    ).pivot(index="customer_id", columns="feature", values="feature_value")
    measures = {
        "monthly_data_gb": (["DAT"], "quantity"),
        "monthly_call_minutes": (["VOI"], "quantity"),
        "monthly_roaming_days": (["REU", "RNB", "RWO"], "quantity"),
        "monthly_minutes_abroad": (["INC"], "quantity"),
        "additional_lines": (["XLN"], "quantity"),
        "monthly_extra_data_gb": (["OVR"], "quantity"),
        "monthly_content_amount": (["CON"], "amount"),
    }
    for subscriber in chosen:
        own = lines[lines["subscriber_id"] == subscriber]
        months = own["days_ago"].max() / MONTH_DAYS
        for feature, (items, column) in measures.items():
            total = own.loc[own["item"].isin(items), column].sum()
            assert found.loc[subscriber, feature] == pytest.approx(total / months)
        data = own[(own["item"] == "DAT") & (own["days_ago"] <= 182)]
        late = data.loc[data["days_ago"] <= 91, "quantity"].sum()
        trend = (2 * late - data["quantity"].sum()) / data["quantity"].sum()
        assert found.loc[subscriber, "data_trend"] == pytest.approx(trend)


@pytest.mark.parametrize("table", TEXTS)
def test_no_list_speaks_the_words_of_a_shop(operator, table):
    texts = operator.warehouse.frame(f"select {', '.join(TEXTS[table])} from {table}")
    said = {
        text for column in texts for text in texts[column].dropna().str.lower().unique()
    }
    assert said
    assert [text for text in sorted(said) if RETAIL_WORDS.search(text)] == []
