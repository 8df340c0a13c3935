"""The made-up company: everything that was planted is found."""

from decimal import Decimal
from itertools import combinations
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from scripts.sample_company.__main__ import write_folder
from scripts.sample_company.generate import make_company

from .conftest import PROJECT, SAMPLE_COMPANY, Warehouse, build, run_dbt

ANSWER_KEY = PROJECT / "tests/fixtures/sample_company"
# How far a segmentation may stay behind a classifier that knows the true parameters.
DISTANCE_ALLOWED = {
    "demographic": 0.05,
    "behavioural": 0.05,
    "psychographic": 0.05,
    "geographic": 0.05,
    "technographic": 0.05,
    "combined": 0.10,
}


def key(name: str, folder: Path = ANSWER_KEY) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str)


def recovered(warehouse: Warehouse, folder: Path) -> pd.DataFrame:
    """Adjusted Rand index of each segmentation against the key, beside the oracle's."""
    people = key("records", folder).merge(key("people", folder), on="person_id")
    placed = warehouse.frame(
        "select customer_id, segmentation, segment_key from core.customer_segments"
        " where segment_key not in ('too_new', 'no_purchase', 'no_data')"
    ).merge(people, on="customer_id")
    oracles = key("oracles", folder).set_index("segmentation")["adjusted_rand"]
    rows = []
    for segmentation, members in placed.groupby("segmentation"):
        if segmentation not in DISTANCE_ALLOWED:
            continue
        truth = f"{segmentation}_segment"
        if segmentation == "combined":
            truth = "type"
        if segmentation in ("combined", "psychographic"):
            # Who did not answer the survey, or the same to everything, shows no mind.
            members = members[members["is_survey_usable"] == "true"]
        score = adjusted_rand_score(members[truth], members["segment_key"])
        rows.append((segmentation, score, float(oracles[segmentation]), len(members)))
    columns = ["segmentation", "found", "oracle", "customers"]
    return pd.DataFrame(rows, columns=columns).set_index("segmentation")


def too_far(scores: pd.DataFrame) -> pd.DataFrame:
    behind = scores["oracle"] - scores["found"]
    return scores[behind > pd.Series(DISTANCE_ALLOWED).reindex(scores.index)]


def test_every_planted_segmentation_is_found(sample_company):
    scores = recovered(sample_company, ANSWER_KEY)
    assert set(scores.index) == set(DISTANCE_ALLOWED)
    assert scores["customers"].min() > 900
    assert scores["oracle"].between(0.90, 0.95).all()
    assert too_far(scores).empty, scores


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_other_companies_are_found_as_well(seed, copy_project, tmp_path):
    project = copy_project()
    company = make_company(seed)
    write_folder(project / "seeds/sample_company", "sample_", company.tables)
    write_folder(tmp_path / "key", "", company.answer_key)
    warehouse = build(
        Warehouse(tmp_path), settings=SAMPLE_COMPANY, project=project, salt="pepper"
    )
    scores = recovered(warehouse, tmp_path / "key")
    assert set(scores.index) == set(DISTANCE_ALLOWED)
    assert too_far(scores).empty, scores


def test_each_dirty_row_has_its_reason_and_no_good_row_has_one(sample_company):
    planted = key("dirty_rows")
    rejected = sample_company.frame(
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
    expected = planted.groupby(["source_table", "reason"]).size()
    found = rejected.groupby(["source_table", "reason"]).size()
    assert found.to_dict() == expected.to_dict()


def test_money_ties_to_finance_in_three_currencies(sample_company):
    ledger = key("ledger_by_currency").astype(
        {"net_amount": float, "net_reporting_amount": float}
    )
    booked = sample_company.frame(
        "select date_trunc('month', occurred_on)::date::varchar as month_on,"
        " currency_code, sum(original_net_amount)::double as net_amount,"
        " sum(net_amount)::double as net_reporting_amount"
        " from input.input_transactions group by all"
    )
    order = ["month_on", "currency_code"]
    pd.testing.assert_frame_equal(
        booked.sort_values(order, ignore_index=True),
        ledger.sort_values(order, ignore_index=True)[booked.columns],
        check_exact=False,
        atol=0.001,
        rtol=0,
    )
    assert sorted(booked["currency_code"].unique()) == ["CHF", "EUR", "GBP"]
    months = sample_company.query(
        "select ledger_kind, count(*), sum(abs(difference_amount))"
        " from finance.ledger_reconciliation group by ledger_kind order by all"
    )
    assert [(kind, difference) for kind, _, difference in months] == [
        ("finance", 0),
        ("source_control", 0),
    ]
    assert min(count for _, count, _ in months) >= 24


def amounts(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Text of the answer key as exact decimals."""
    return table.assign(**{name: table[name].map(Decimal) for name in columns})


def test_margin_of_each_month_is_the_planted_one(sample_company):
    planted = amounts(key("margins"), "net_amount", "cost_amount", "margin_amount")
    found = sample_company.query(
        "select strftime(occurred_on, '%Y-%m-01'), sum(net_amount),"
        " sum(cost_amount), sum(net_amount) - sum(cost_amount)"
        " from input.input_transactions group by 1 order by 1"
    )
    assert found == list(planted.itertuples(index=False, name=None))


def test_marketing_costs_are_the_planted_ones_to_the_cent(sample_company):
    planted = key("marketing_costs")
    columns = ("contact_cost_amount", "ad_cost_amount")
    found = sample_company.query(
        "select campaign_id, strftime(cost_on, '%Y-%m-01'), sum(contact_cost),"
        " sum(ad_cost) from ("
        "     select campaign_id, contacted_on as cost_on, cost_amount as contact_cost,"
        "         0.00 as ad_cost from input.input_campaign_contacts"
        "     where not is_holdout and not starts_with(campaign_id, 'ads_')"
        "     union all"
        "     select campaign_id, cost_on, 0.00, cost_amount"
        "     from input.input_marketing_costs"
        " ) group by 1, 2 order by 1, 2"
    )
    assert found == list(amounts(planted, *columns).itertuples(index=False, name=None))
    # Neither a holdout nor an audience of ads has a cost by contact.
    free = sample_company.value(
        "select sum(cost_amount) from input.input_campaign_contacts"
        " where is_holdout or starts_with(campaign_id, 'ads_')"
    )
    assert free == 0


def test_contacts_and_holdouts_are_the_planted_ones(sample_company):
    planted = key("campaign_effects").astype({"contacted": int, "holdout": int})
    found = sample_company.query(
        "select campaign_id, count(*) filter (not is_holdout),"
        " count(*) filter (is_holdout)"
        " from input.input_campaign_contacts group by 1 order by 1"
    )
    columns = ["campaign_id", "contacted", "holdout"]
    assert found == list(planted[columns].itertuples(index=False, name=None))


def test_an_audience_of_ads_pauses_nobody(sample_company):
    """Uploads are of the first quarter; the last contact was by the sixth campaign."""
    ((last_on, paused, contacted),) = sample_company.query(
        "select max(last_contact_on)::varchar, count(*) filter (is_in_contact_pause),"
        " count(last_contact_on) from intermediate.int_contactable_customers_listed"
    )
    assert last_on == "2025-10-02"
    assert paused == 0
    assert contacted > 1_000


def test_gross_discount_and_returns_add_up(sample_company):
    wrong = sample_company.value(
        "select count(*) from input.input_transactions"
        " where gross_amount - discount_amount <> net_amount"
        " or (transaction_type = 'return') <> (net_amount < 0) and net_amount <> 0"
    )
    assert wrong == 0
    guests = sample_company.value(
        "select net_revenue_amount from core.segments"
        " where segmentation = 'value' and segment_key = 'guest'"
    )
    assert guests > 0


def test_records_of_one_person_are_one_customer(sample_company):
    merged = sample_company.frame(
        "select source_customer_id, customer_id from core.customer_identities"
    )
    people = key("records").set_index("customer_id")["person_id"]
    together = pairs(merged.groupby("customer_id")["source_customer_id"])
    belong = pairs(key("records").groupby("person_id")["customer_id"])
    assert set(merged["source_customer_id"]) <= set(people.index)
    assert len(together & belong) / len(together) >= 0.98
    assert len(together & belong) / len(belong) >= 0.98


def pairs(groups) -> set[tuple[str, str]]:
    return {pair for _, group in groups for pair in combinations(sorted(group), 2)}


def test_the_record_registered_first_survives(sample_company):
    wrong = sample_company.query(
        "select identities.customer_id from core.customer_identities as identities"
        " inner join input.input_customers as survivor"
        " on identities.customer_id = survivor.customer_id"
        " inner join input.input_customers as record"
        " on identities.source_customer_id = record.customer_id"
        " where (record.registered_on, record.customer_id)"
        " < (survivor.registered_on, survivor.customer_id)"
    )
    assert wrong == []


def test_identifiers_of_too_many_link_nobody_and_are_listed(sample_company):
    ignored = dict(
        sample_company.query(
            "select identifier_type, record_count from monitoring.ignored_identifiers"
        )
    )
    assert set(ignored) == {"device", "email", "phone"}
    assert min(ignored.values()) > 10
    assert (
        sample_company.value("select max(record_count) from core.customer_identities")
        <= 20
    )


def test_anonymous_visits_join_whoever_the_device_was_seen_with(sample_company):
    anonymous, joined = sample_company.query(
        "select count(*), count(identified.customer_id)"
        " from input.input_interactions as interactions"
        " inner join intermediate.int_interactions_identified as identified"
        " on interactions.interaction_id = identified.interaction_id"
        " where interactions.customer_id is null"
    )[0]
    assert 0 < joined < anonymous


def test_no_raw_identifier_is_left_after_staging(sample_company):
    raw = sample_company.frame(
        "select email as text from sample_company.sample_crm_accounts union"
        " select email from sample_company.sample_shop_accounts union"
        " select email from sample_company.sample_mail_subscribers union"
        " select email from sample_company.sample_survey_answers union"
        " select phone from sample_company.sample_crm_accounts union"
        " select phone from sample_company.sample_shop_accounts union"
        " select phone from sample_company.sample_support_requesters"
    )["text"].dropna()
    assert len(raw) > 2000
    wanted = set(raw.str.strip().str.lower())
    found = []
    with duckdb.connect(str(sample_company.path), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name || '.' || table_name, column_name"
            " from duckdb_columns() where data_type = 'VARCHAR'"
            " and database_name = 'customer_segmentation'"
            " and schema_name not in ('sample_company', 'staging')"
        ).fetchall()
        for table, column in columns:
            texts = connection.execute(
                f'select distinct lower(trim("{column}")) from {table}'
                f' where "{column}" is not null'
            ).fetchall()
            found += [
                (table, column, text)
                for (text,) in texts
                if "@example" in text or wanted & set(text.split('"'))
            ]
    assert len(columns) > 300
    assert found == []


def test_without_a_salt_nothing_is_hashed(tmp_path):
    result = run_dbt(Warehouse(tmp_path), "build", settings=SAMPLE_COMPANY)
    assert not result.success
    assert "SEGMENTATION_SALT" in str(result.exception or result.result)


def test_protected_attributes_are_shown_and_not_learned(sample_company):
    assert (
        sample_company.value(
            "select count(*) from monitoring.feature_selection"
            " where feature like 'gender%' and is_selected"
        )
        == 0
    )
    segmentations, values = sample_company.query(
        "select count(distinct segmentation), count(distinct attribute_value)"
        " from monitoring.fairness_profile where attribute = 'gender'"
    )[0]
    assert segmentations == 7
    assert values >= 2
    profiles = sample_company.value(
        "select count(*) from core.segment_profiles where feature like 'gender%'"
    )
    assert profiles > 0


def test_straight_lining_and_missing_answers_are_counted(sample_company):
    ((straight_lined, missing, respondents),) = sample_company.query(
        "select straight_lined_respondents, missing_answers, respondents"
        " from monitoring.survey_quality where survey = 'values_and_lifestyle'"
    )
    assert 0 < straight_lined < respondents / 10
    assert missing > 0
