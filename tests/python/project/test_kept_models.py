"""What was learned stays in force; a build changes only its own date."""

from decimal import Decimal

import pytest

from .conftest import Warehouse, build_models

# Nothing else is looked at here.
MODELS = ["--select", "+segmentation_status", "+customer_rfm", "+ledger_reconciliation"]
VERSIONS = """
    select segmentation, model_version, fitted_as_of::varchar
    from monitoring.segmentation_status where status <> 'not_available' order by all
"""
CUT_POINTS = """
    select columns('.*_cut_point_.'), fitted_as_of::varchar
    from learning.ml_rfm_cut_points where as_of_date = '{}'
"""


@pytest.fixture(scope="module")
def autumn(some_households, tmp_path_factory) -> Warehouse:
    """Built as of 1 October, then as of 1 November, whatever drifted."""
    warehouse = Warehouse(tmp_path_factory.mktemp("autumn"))
    for date in ("2017-10-01", "2017-11-01"):
        settings = {"as_of_date": date, "refit_policy": "never"}
        build_models(warehouse, *MODELS, source=some_households, settings=settings)
    return warehouse


def test_a_later_date_keeps_the_models(autumn):
    versions = autumn.query(VERSIONS)
    # One household in six leaves too few with demographics to learn from.
    assert len(versions) == 5
    assert {fitted for _, _, fitted in versions} == {"2017-10-01"}
    statuses = autumn.query(
        "select as_of_date::date::varchar, value_text, count(*)"
        " from learning.ml_segment_parameters"
        " where part = 'model' and name = 'status' group by all order by all"
    )
    assert statuses == [
        ("2017-10-01", "fitted", 4),
        ("2017-10-01", "not_fitted", 2),
        ("2017-11-01", "kept", 4),
        ("2017-11-01", "not_fitted", 2),
    ]
    october = autumn.query(CUT_POINTS.format("2017-10-01"))
    assert autumn.query(CUT_POINTS.format("2017-11-01")) == october


def test_kept_models_score_the_later_date(autumn, some_households, tmp_path):
    fresh = build_models(
        Warehouse(tmp_path),
        *MODELS,
        source=some_households,
        settings={"as_of_date": "2017-11-01"},
    )
    rfm = "select customer_id, recency_days, monetary_amount from core.customer_rfm"
    assert sorted(fresh.query(rfm)) == sorted(autumn.query(rfm))
    assert fresh.query(VERSIONS) != autumn.query(VERSIONS)
    cells = "select customer_id, rfm_cell from core.customer_rfm"
    assert sorted(fresh.query(cells)) != sorted(autumn.query(cells))


def test_asked_to_it_learns_again_and_back(autumn, some_households):
    kept = autumn.query(VERSIONS)
    november = {"as_of_date": "2017-11-01", "refit_policy": "never"}
    # A continuum is cut elsewhere each time; the gate is not what is asked here.
    always = {**november, "refit_policy": "always", "minimum_agreement": 0}
    build_models(autumn, *MODELS, source=some_households, settings=always)
    assert {fitted for _, _, fitted in autumn.query(VERSIONS)} == {"2017-11-01"}
    build_models(
        autumn,
        *MODELS,
        "--full-refresh",
        source=some_households,
        settings=november,
    )
    assert autumn.query(VERSIONS) == kept


def test_later_transactions_enter_no_measure_but_the_reconciliation(autumn):
    (found,) = autumn.query(
        "select sum(ledger_amount) = sum(segments_amount + after_as_of_amount),"
        " sum(after_as_of_amount) > 0, max(after_as_of_amount) filter"
        " (month_on < '2017-11-01'), sum(abs(difference_amount))"
        " from finance.ledger_reconciliation"
    )
    assert found == (True, True, Decimal(0), 0)
    last = "select max(last_order_on)::varchar from core.customer_rfm"
    assert autumn.value(last) == "2017-10-31"
