"""What `make build` says at its end, on tables made by hand."""

import duckdb
import pytest

from segmentation_serving.summary import risk_lines

TABLES = """
    create schema core; create schema retention;
    create table retention.at_risk_customers (
        currency_code varchar, value_at_risk_amount decimal(18, 2),
        expected_loss_amount decimal(18, 2));
    create table retention.early_warning_segments (
        segmentation varchar, segment_key varchar, segment_name varchar,
        is_alert boolean, month_on date);
    create table retention.reactivation_candidates (
        currency_code varchar, expected_value_amount decimal(18, 2));
"""


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute(TABLES)
        yield opened


def test_three_lines_say_who_is_at_risk_where_and_who_may_return(connection):
    connection.execute("""
        insert into retention.at_risk_customers values
            ('EUR', 1000.10, 400.05), ('EUR', 2000.20, 600.10), ('EUR', null, null);
        insert into retention.early_warning_segments values
            ('geographic', 'b', 'South', true, '2025-11-01'),
            ('geographic', 'a', 'North', true, '2025-11-01'),
            ('value', 'c', 'Champions', false, '2025-11-01'),
            ('value', 'd', 'Lost', true, '2025-10-01');
        insert into retention.reactivation_candidates values
            ('EUR', 10.00), ('EUR', 20.50);
    """)
    # The alert of October is no news in November.
    assert risk_lines(connection) == [
        "At risk: 3 customers, 3,000.30 EUR at stake, 1,000.15 EUR expected loss",
        "Alerts of 2025-11: 2 segments (geographic: North; geographic: South)",
        "May come back: 2 customers, 30.50 EUR expected",
    ]


def test_without_customers_at_risk_the_lines_say_so(connection):
    assert risk_lines(connection) == [
        "At risk: 0 customers",
        "Alerts: no month to tell",
        "May come back: 0 customers",
    ]


def test_a_quiet_month_is_named(connection):
    connection.execute(
        "insert into retention.early_warning_segments values"
        " ('value', 'c', 'Champions', false, '2025-11-01')"
    )
    assert risk_lines(connection)[1] == "Alerts of 2025-11: 0 segments"


def test_one_is_singular(connection):
    connection.execute(
        "insert into retention.at_risk_customers values ('EUR', 2.00, 1.00);"
        "insert into retention.early_warning_segments values"
        " ('value', 'c', 'Champions', true, '2025-11-01')"
    )
    assert risk_lines(connection)[:2] == [
        "At risk: 1 customer, 2.00 EUR at stake, 1.00 EUR expected loss",
        "Alerts of 2025-11: 1 segment (value: Champions)",
    ]
