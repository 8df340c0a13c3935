"""Segments at the month ends: told from what was known by then, and then left alone."""

import shutil

import pytest

from .conftest import Warehouse, build_models

MEMBERSHIPS = """
    select customer_id, segmentation, month_on, segment_key, model_version
    from core.segment_memberships
"""
NEVER = {"refit_policy": "never"}
# Nothing else is looked at here.
HISTORY = (
    *("--select", "+segment_memberships", "+segment_migrations"),
    *("+restatements", "+customer_segments"),
)


@pytest.fixture(scope="module")
def until_autumn(copy_source, some_households):
    """One household in six, as if nothing had happened after September."""
    return copy_source(
        transactions="""
            select * from {table}
            where household_id % 6 = 1
                and timezone('America/New_York', timezone('UTC', transaction_timestamp))
                < timestamp '2017-10-01'
        """,
        **{
            name: f"select * from '{some_households}/{name}.parquet'"
            for name in ("demographics", "campaigns", "coupon_redemptions")
        },
    )


@pytest.fixture(scope="module")
def autumn(until_autumn, tmp_path_factory) -> Warehouse:
    folder = tmp_path_factory.mktemp("autumn")
    return build_models(
        Warehouse(folder), *HISTORY, source=until_autumn, settings=NEVER
    )


@pytest.fixture(scope="module")
def winter(autumn, some_households, tmp_path_factory) -> Warehouse:
    """Three months more, scored by the models of autumn; every month told anew."""
    folder = tmp_path_factory.mktemp("winter") / "warehouse"
    shutil.copytree(autumn.folder, folder)
    settings = {**NEVER, "restate_months": True}
    return build_models(
        Warehouse(folder), *HISTORY, source=some_households, settings=settings
    )


def test_nothing_known_later_enters_a_month(autumn, winter):
    before = set(autumn.query(MEMBERSHIPS))
    after = set(winter.query(MEMBERSHIPS + " where month_on < '2017-10-01'"))
    assert len(before) > 10_000
    assert before == after
    later = "select count(distinct month_on) from core.segment_memberships"
    assert (autumn.value(later), winter.value(later)) == (9, 12)


def test_a_restatement_is_logged(winter):
    segmentations, written, changed = winter.query(
        "select count(*), min(membership_count), max(changed_count)"
        " from monitoring.restatements"
    )[0]
    assert segmentations == 5
    assert written > 1000
    # What is new since autumn counts as changed, nine months did not.
    new = "select count(*) from core.segment_memberships where month_on > '2017-09-01'"
    assert 0 < changed <= winter.value(new)


def test_closed_months_stay_as_they_were_published(winter, some_households, tmp_path):
    shutil.copytree(winter.folder, tmp_path / "warehouse")
    again = Warehouse(tmp_path / "warehouse")
    settings = {**NEVER, "minimum_tenure_days": 300}
    build_models(again, *HISTORY, source=some_households, settings=settings)
    assert again.query(MEMBERSHIPS + " order by all") == winter.query(
        MEMBERSHIPS + " order by all"
    )
    too_new = (
        "select count(*) from core.customer_segments where segment_key = 'too_new'"
    )
    assert again.value(too_new) > winter.value(too_new)


def test_moves_add_up_to_the_month(winter):
    wrong = winter.query(
        "select memberships.segmentation, memberships.month_on"
        " from (select segmentation, month_on, count(*) as customers"
        "     from core.segment_memberships group by all) as memberships"
        " inner join (select segmentation, month_on, sum(customer_count) as customers"
        "     from core.segment_migrations group by all) as migrations"
        " using (segmentation, month_on)"
        " where memberships.customers <> migrations.customers"
    )
    assert wrong == []
