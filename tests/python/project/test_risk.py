"""Early warning of customers: how right the lists are, and that they know no future."""

import shutil
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from segmentation.calibration import calibration_error, precision_at_share
from segmentation.purchase_model import (
    PurchaseParameters,
    probability_alive,
    probability_no_purchase,
)
from segmentation.scorecard import score

from .conftest import PROJECT, Warehouse, run_dbt

# What depends on the as-of date and comes before the cut-offs.
DATES = ("int_as_of_dates_resolved", "int_settings_resolved", "scored_primary_segments")


def up_to(*models: str) -> tuple[str, ...]:
    """Select what lies between the cut-offs and some models: no more is rebuilt."""
    return tuple(f"int_risk_dates_resolved+,+{model}" for model in models)


@pytest.fixture(scope="session")
def rerun(tmp_path_factory) -> Callable[..., Warehouse]:
    """Copy a warehouse, change it by SQL and compute the risk part again."""

    def run(
        warehouse: Warehouse, *changes: str, models: tuple[str, ...], **options
    ) -> Warehouse:
        folder = tmp_path_factory.mktemp("risk") / "warehouse"
        shutil.copytree(warehouse.folder, folder)
        copy = Warehouse(folder)
        with duckdb.connect(str(copy.path)) as connection:
            for change in changes:
                connection.execute(change)
        result = run_dbt(copy, "run", "--select", *DATES, *models, **options)
        assert result.success
        return copy

    return run


@pytest.fixture(scope="module")
def published_cutoffs(complete_journey, rerun) -> Warehouse:
    """Complete Journey as of the day that makes 252, 280 and 308 the cut-offs."""
    return rerun(
        complete_journey,
        models=up_to("early_warning_backtest"),
        settings={"as_of_date": "2017-12-31"},
    )


def last_backtest(warehouse: Warehouse, target: str) -> pd.DataFrame:
    """Mean of each measure over the three latest cut-offs, by method."""
    rows = warehouse.frame(
        "select * from retention.early_warning_backtest"
        f" where target = '{target}' and evaluation = 'out_of_time'"
    )
    latest = sorted(rows.loc[rows["method"] == "scorecard", "cutoff_on"])[-3:]
    rows = rows[rows["cutoff_on"].isin(latest)]
    return rows.groupby("method").mean(numeric_only=True)


def last_predictions(warehouse: Warehouse, target: str) -> pd.DataFrame:
    """Predictions of the three latest cut-offs, a column per method."""
    rows = warehouse.frame(
        "select scored_on, customer_id, method, prediction, cast(label as double) as"
        f" label from scoring.scored_risk_predictions where target = '{target}'"
    )
    wide = rows.pivot(
        index=["scored_on", "customer_id", "label"],
        columns="method",
        values="prediction",
    ).reset_index()
    latest = sorted(wide.loc[wide["scorecard"].notna(), "scored_on"].unique())[-3:]
    return wide[wide["scored_on"].isin(latest)]


def test_cut_offs_are_the_published_ones(published_cutoffs):
    found = published_cutoffs.query(
        "select date_diff('day', date '2017-01-01', scored_on)"
        " from intermediate.int_risk_dates_resolved where is_cutoff"
        " order by scored_on desc limit 3"
    )
    # Days are counted from the first one as day 0 there.
    assert found == [(308,), (280,), (252,)]


def test_complete_journey_reaches_the_goals(published_cutoffs):
    lapse = last_backtest(published_cutoffs, "lapse")
    decline = last_backtest(published_cutoffs, "decline")
    assert lapse.loc["scorecard", "roc_auc"] >= 0.845
    assert lapse.loc["scorecard", "average_precision"] >= 0.245
    assert decline.loc["scorecard", "roc_auc"] >= 0.69
    assert lapse.loc["scorecard", "base_rate"] == pytest.approx(0.06, abs=0.01)
    assert (
        set(lapse.index)
        == set(decline.index)
        == {
            *("scorecard", "boosting", "purchase_model"),
            *("recency", "overdue_ratio", "rfm_cell_rate"),
        }
    )


def test_cdnow_reaches_the_goals(cdnow):
    lapse = last_backtest(cdnow, "lapse")
    assert lapse.loc["scorecard", "roc_auc"] >= 0.755
    assert lapse.loc["scorecard", "average_precision"] >= 0.865
    assert lapse.loc["scorecard", "base_rate"] == pytest.approx(0.71, abs=0.02)


@pytest.mark.parametrize(
    ("name", "target", "limit"),
    [
        ("published_cutoffs", "lapse", 0.03),
        ("published_cutoffs", "decline", 0.04),
        ("cdnow", "lapse", 0.03),
    ],
)
def test_probabilities_are_calibrated(name, target, limit, request):
    rows = last_predictions(request.getfixturevalue(name), target)
    error = calibration_error(rows["label"].to_numpy(), rows["scorecard"].to_numpy())
    assert error <= limit


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("published_cutoffs", "lapse"),
        ("published_cutoffs", "decline"),
        ("cdnow", "lapse"),
    ],
)
def test_the_decile_is_not_worse_than_by_recency(name, target, request):
    """Paired bootstrap over customers: the interval of the difference reaches 0."""
    rows = last_predictions(request.getfixturevalue(name), target)
    generator = np.random.default_rng(20170101)
    customers = rows["customer_id"].unique()
    rows = rows.assign(number=pd.factorize(rows["customer_id"])[0])
    differences = []
    for _ in range(200):
        drawn = np.bincount(
            generator.integers(0, len(customers), len(customers)),
            minlength=len(customers),
        )
        again = rows.loc[rows.index.repeat(drawn[rows["number"]])]
        differences.append(
            np.mean(
                [
                    precision_at_share(day["label"], day["scorecard"], 0.1)
                    - precision_at_share(day["label"], day["recency"], 0.1)
                    for _, day in again.groupby("scored_on")
                ]
            )
        )
    assert np.quantile(differences, 0.975) >= 0


def test_measures_are_those_of_scikit_learn(complete_journey):
    rows = last_predictions(complete_journey, "lapse")
    cutoff = rows["scored_on"].max()
    day = rows[rows["scored_on"] == cutoff]
    for method in ("scorecard", "boosting", "recency", "rfm_cell_rate"):
        ((auc, precision, brier),) = complete_journey.query(
            "select roc_auc, average_precision, brier_score from"
            " retention.early_warning_backtest where target = 'lapse'"
            f" and method = '{method}' and cutoff_on = '{cutoff:%Y-%m-%d}'"
        )
        assert auc == pytest.approx(roc_auc_score(day["label"], day[method]))
        assert precision == pytest.approx(
            average_precision_score(day["label"], day[method])
        )
        if method != "recency":
            expected = ((day[method] - day["label"]) ** 2).mean()
            assert brier == pytest.approx(expected)


def test_contributions_add_up_to_the_score(complete_journey):
    rows = complete_journey.frame("""
        select
            listed.customer_id,
            listed.risk_score,
            scorecards.intercept + contributions.total as logit,
            scorecards.platt_slope,
            scorecards.platt_intercept,
            scorecards.calibration
        from retention.at_risk_customers as listed
        inner join (
            select customer_id, sum(contribution) as total
            from retention.risk_contributions group by customer_id
        ) as contributions using (customer_id)
        inner join learning.ml_risk_scorecards as scorecards
            on scorecards.target = listed.target
            and scorecards.learned_on = listed.as_of_date
    """)
    assert len(rows) > 100
    knots = complete_journey.frame(
        "select logit_from, probability_from from learning.ml_risk_calibration"
        " where target = 'lapse' and learned_on = date '2018-01-01'"
        " order by logit_from"
    )
    if len(knots):
        expected = np.interp(
            rows["logit"], knots["logit_from"], knots["probability_from"]
        )
    else:
        scaled = rows["platt_slope"] * rows["logit"] + rows["platt_intercept"]
        expected = 1 / (1 + np.exp(-scaled))
    assert np.abs(rows["risk_score"] - expected).max() < 1e-8


def test_reasons_have_numbers_and_differ_between_customers(complete_journey):
    rows = complete_journey.frame("select * from retention.at_risk_customers")
    assert rows["reason_1"].notna().all()
    assert (
        not rows[["reason_1", "reason_2", "reason_3"]].stack().str.contains("{").any()
    )
    assert rows["reason_1"].str.contains(r"\d").mean() > 0.95
    reasons = rows[["reason_1", "reason_2", "reason_3"]]
    assert len(reasons.drop_duplicates()) > 0.9 * len(rows)
    assert rows["recommended_action"].nunique() >= 4
    # The list is worked down from the largest expected loss.
    ranked = rows.sort_values("priority_rank")
    assert ranked["expected_loss_amount"].is_monotonic_decreasing
    assert (ranked["priority_rank"] == range(1, len(rows) + 1)).all()


def test_everybody_has_a_standing(complete_journey):
    bought = complete_journey.value("select count(*) from core.customer_rfm")
    found = complete_journey.query(
        "select target, count(*) from retention.customer_risk group by all order by 1"
    )
    assert found == [("decline", bought), ("lapse", bought), ("return", bought)]
    silent = (
        "select count(*) from retention.customer_risk"
        " where risk_score is null and reason is null"
    )
    assert complete_journey.value(silent) == 0
    both = (
        "select count(*) from retention.at_risk_customers"
        " inner join retention.reactivation_candidates using (customer_id)"
    )
    assert complete_journey.value(both) == 0


def test_the_future_changes_nothing_before_it(complete_journey, rerun):
    """Later days are deleted, moved and made expensive; what was, stays."""
    change_on = "2017-09-20"
    changed = rerun(
        complete_journey,
        "delete from intermediate.int_customer_days_aggregated"
        f" where active_on >= '{change_on}' and hash(customer_id, active_on) % 3 = 0"
        " and active_on < '2017-12-31'",
        "update intermediate.int_customer_days_aggregated set net_amount = 999"
        f" where active_on >= '{change_on}' and hash(active_on) % 2 = 0",
        models=up_to("scored_risk_predictions", "customer_risk"),
    )
    tables = {
        "intermediate.int_risk_features_measured": "true",
        "intermediate.int_risk_labels_measured": "scored_on + 56 <= date '{0}'",
        "learning.ml_purchase_parameters": "true",
        "learning.ml_risk_parameters": "true",
        "learning.ml_risk_features": "true",
        "scoring.scored_risk_scores": "true",
        "scoring.scored_risk_predictions": "scored_on + 56 <= date '{0}'",
    }
    for table, extra in tables.items():
        condition = f"cast(scored_on as date) <= date '{change_on}' and {extra}"
        query = f"select * from {table} where {condition.format(change_on)}"
        before = complete_journey.frame(query).astype(str)
        after = changed.frame(query).astype(str)
        columns = [*before.columns]
        assert len(before) > 10, table
        pd.testing.assert_frame_equal(
            before.sort_values(columns, ignore_index=True),
            after.sort_values(columns, ignore_index=True),
            obj=table,
        )
    # The change is seen after it.
    later = "select sum(risk_score) from retention.customer_risk"
    assert complete_journey.value(later) != changed.value(later)


def leavers(warehouse: Warehouse) -> pd.Series:
    """Day of the last purchase of each customer planted as leaving."""
    answers = PROJECT / "tests/fixtures/sample_company"
    people = pd.read_csv(answers / "people.csv").dropna(subset=["left_on"])
    records = pd.read_csv(answers / "records.csv")
    identities = warehouse.frame(
        "select source_customer_id, customer_id as surviving_id"
        " from core.customer_identities"
    )
    known = records.merge(people, on="person_id").merge(
        identities, left_on="customer_id", right_on="source_customer_id", how="left"
    )
    customers = known["surviving_id"].fillna(known["customer_id"]).unique()
    orders = warehouse.frame(
        "select customer_id, max(active_on) as last_on"
        " from intermediate.int_customer_days_aggregated"
        " where sale_order_count > 0 group by customer_id"
    ).set_index("customer_id")["last_on"]
    return orders[orders.index.isin(customers)]


def test_leavers_are_on_the_list_in_time(sample_company):
    """By the scorecard of each date, whose learning had ended a horizon before.

    All planted leavers count, also who left before there was a scorecard.
    """
    last_orders = leavers(sample_company)
    scores = sample_company.frame(
        "select scored_on, customer_id, probability, logit"
        " from scoring.scored_risk_scores where target = 'lapse'"
    )
    # A scorecard that cannot tell anybody apart calls all equally probable.
    scores = scores.sort_values(["probability", "logit"], ascending=False)
    scores["place"] = scores.groupby("scored_on").cumcount() + 1
    scores["place"] /= scores.groupby("scored_on")["customer_id"].transform("size")
    scores = scores[scores["customer_id"].isin(last_orders.index)]
    since = scores["scored_on"] - scores["customer_id"].map(last_orders)
    # Until the last purchase is a month old, and not long before it, by chance.
    is_in_time = since.between(pd.Timedelta(days=-60), pd.Timedelta(days=30))
    listed = scores[is_in_time & (scores["place"] <= 0.15)]["customer_id"].nunique()
    assert len(last_orders) >= 80
    assert listed / len(last_orders) >= 0.7


def test_outcomes_are_foretold_by_cross_validation(telco):
    ((method, evaluation, auc, customers),) = telco.query(
        "select method, evaluation, roc_auc, customers"
        " from retention.early_warning_backtest"
    )
    assert (method, evaluation, customers) == ("scorecard", "cross_validated", 7043)
    assert auc >= 0.84
    listed = telco.frame("select * from retention.at_risk_customers")
    assert set(listed["target"]) == {"Churn"} | set(listed["target"])
    assert listed["reason_1"].notna().all()
    gone = telco.value("select count(*) from retention.reactivation_candidates")
    assert gone == 1869
    both = (
        "select count(*) from retention.at_risk_customers"
        " inner join retention.reactivation_candidates using (customer_id)"
    )
    assert telco.value(both) == 0


def test_alerts_are_answered_by_what_came(complete_journey, rerun):
    lists = up_to("alert_log", "at_risk_customers")
    earlier = rerun(
        complete_journey, models=lists, settings={"as_of_date": "2017-10-01"}
    )
    later = rerun(earlier, models=lists, settings={"as_of_date": "2018-01-01"})
    log = later.frame("select * from retention.alert_log order by customer_id")
    answered = log[log["published_on"] == "2017-10-01"]
    published = earlier.frame(
        "select customer_id, risk_score from retention.at_risk_customers"
        " order by customer_id"
    )
    assert list(answered["customer_id"]) == list(published["customer_id"])
    assert (answered["risk_score"].to_numpy() == published["risk_score"]).all()
    assert set(answered["outcome"]) == {"ordered", "no_order"}
    stayed_away = later.value(
        "select count(*) from retention.alert_log as alerts where published_on ="
        " date '2017-10-01' and not exists (select 1 from"
        " intermediate.int_customer_days_aggregated as days where"
        " days.customer_id = alerts.customer_id and days.sale_order_count > 0"
        " and days.active_on >= date '2017-10-01'"
        " and days.active_on < date '2017-11-26')"
    )
    assert (answered["outcome"] == "no_order").sum() == stayed_away > 10
    open_ones = log[log["published_on"] == "2018-01-01"]
    assert open_ones["outcome"].isna().all()


@pytest.mark.long
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    day=st.integers(100, 330),
    share=st.integers(2, 6),
    amount=st.integers(1, 5000),
)
def test_no_future_changes_the_past(complete_journey, rerun, day, share, amount):
    """The property over random dates: adding and deleting after a day is not seen."""
    on = f"(date '2017-01-01' + {day})"
    changed = rerun(
        complete_journey,
        "delete from intermediate.int_customer_days_aggregated where active_on >="
        f" {on} and hash(customer_id, active_on) % {share} = 0"
        " and active_on < '2017-12-31'",
        "insert into intermediate.int_customer_days_aggregated select * replace"
        f" (active_on + 1 as active_on, {amount} as net_amount) from"
        " intermediate.int_customer_days_aggregated where active_on >="
        f" {on} and active_on < '2017-12-30' and hash(customer_id) % {share} = 1",
        models=up_to("ml_risk_parameters", "ml_risk_features"),
    )
    for table in ("learning.ml_risk_parameters", "learning.ml_risk_features"):
        query = f"select * from {table} where cast(scored_on as date) <= {on}"
        rows = f"select count(*) from ({query} except {{}})"
        with duckdb.connect() as connection:
            connection.execute(f"attach '{complete_journey.path}' as a (read_only)")
            connection.execute(f"attach '{changed.path}' as b (read_only)")
            here = query.replace(table, f"a.{table}")
            there = query.replace(table, f"b.{table}")
            ((differences,),) = connection.execute(
                f"select count(*) from (({here} except {there})"
                f" union all ({there} except {here}))"
            ).fetchall()
        assert differences == 0, (table, rows)


def test_sql_and_library_agree(complete_journey):
    """Probabilities of the purchase model and scores, for everybody and every date."""
    features = complete_journey.frame(
        "select features.*, model, r, alpha, a, b from learning.ml_risk_features as"
        " features inner join learning.ml_active_purchase_models using (scored_on)"
    )
    for _, rows in features.groupby("scored_on"):
        parameters = PurchaseParameters(*rows.iloc[0][["r", "alpha", "a", "b"]])
        model = rows["model"].iloc[0]
        history = [
            rows[column].to_numpy(dtype=float) / weeks
            for column, weeks in (
                ("repeat_count", 1),
                ("last_repeat_days", 7),
                ("age_days", 7),
            )
        ]
        alive = probability_alive(*history, parameters, model)
        none = probability_no_purchase(8, *history, parameters, model)
        assert np.abs(alive - rows["probability_alive"]).max() < 1e-8
        assert np.abs(none - rows["no_purchase_probability"]).max() < 1e-8
    parameters = complete_journey.frame(
        "select * from learning.ml_risk_parameters where target = 'lapse'"
        " and scored_on = '2018-01-01'"
    )
    scored = complete_journey.frame(
        "select features.*, scores.logit, scores.probability from"
        " learning.ml_risk_features as features inner join"
        " scoring.scored_risk_scores as scores using (scored_on, customer_id)"
        " where scores.target = 'lapse' and scored_on = '2018-01-01'"
    )
    expected = score(parameters, scored)
    assert np.abs(expected.logit - scored["logit"]).max() < 1e-7
    assert np.abs(expected.probability - scored["probability"]).max() < 1e-7
