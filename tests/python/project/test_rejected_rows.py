"""Dirty rows end in input_rejected_rows with their reason, and every cent stays."""

from decimal import Decimal

import pytest

from .conftest import Warehouse, build

DIRTY = """
    select
        household_id, store_id, basket_id, product_id, quantity, sales_value,
        retail_disc, coupon_disc, coupon_match_disc, week,
        cast(transaction_timestamp as varchar) as transaction_timestamp
    from {table}
    where household_id % 6 = 1
    union all
    values
        -- household, store, basket, product, quantity, sales, discounts, week, time
        (1, 300, 1, 1, 1, 10.01, 0, 0, 0, 1, 'yesterday'),
        (1, 300, 2, 2, 1, 20.02, 0, 0, 0, 1, null),
        (1, 300, null, 3, 1, 40.03, 0, 0, 0, 1, '2017-05-05 12:00:00'),
        (1, 300, 4, 4, 1, 80.04, 0, 0, 0, 1, '2099-05-05 12:00:00'),
        (1, 300, 5, 5, 1, 160.05, 0, 0, 0, 1, '2017-05-05 12:00:00'),
        (1, 300, 5, 5, 1, 160.05, 0, 0, 0, 1, '2017-05-05 12:00:00'),
        (1, 300, 6, 6, 1, null, 0, 0, 0, 1, '2017-05-05 12:00:00'),
        (null, 300, 7, 7, 1, 320.07, 0, 0, 0, 1, '2017-05-05 12:00:00')
"""


@pytest.fixture(scope="module")
def dirty(copy_source, tmp_path_factory) -> Warehouse:
    source = copy_source(
        transactions=DIRTY,
        demographics="""
            select * replace (if(household_id = '1', '12-18', age) as age)
            from {table} where household_id::int % 6 = 1
        """,
        campaigns="""
            select * from {table} where household_id % 6 = 1
            union all values (1, null), (1, 7), (1, 7)
        """,
        coupon_redemptions="select * from {table} where household_id % 6 = 1",
    )
    return build(Warehouse(tmp_path_factory.mktemp("dirty")), source=source)


def test_each_row_gets_its_reason(dirty):
    found = dirty.query(
        "select reason, amount, is_revenue, occurred_on::varchar"
        " from input.input_rejected_rows where source_table = 'transactions'"
        " order by amount nulls last"
    )
    assert found == [
        ("unreadable_occurred_at", Decimal("10.01"), True, None),
        ("missing_occurred_at", Decimal("20.02"), True, None),
        ("missing_key", Decimal("40.03"), True, "2017-05-05"),
        ("future_date", Decimal("80.04"), True, "2099-05-05"),
        ("duplicate_key", Decimal("160.05"), False, "2017-05-05"),
        ("missing_net_amount", None, False, "2017-05-05"),
    ]


def test_the_source_row_is_kept_as_it_came(dirty):
    source_row = dirty.value(
        "select source_row from input.input_rejected_rows"
        " where reason = 'unreadable_occurred_at'"
    )
    assert '"transaction_timestamp":"yesterday"' in source_row
    assert '"sales_value":10.01' in source_row


def test_other_tables_reject_too(dirty):
    found = dirty.query(
        "select source_table, reason, count(*) from input.input_rejected_rows"
        " where source_table <> 'transactions' group by all order by all"
    )
    assert found == [
        ("campaign_contacts", "duplicate_key", 1),
        ("campaign_contacts", "missing_key", 1),
        ("customer_attributes", "unreadable_value_number", 1),
    ]


def test_every_cent_of_the_source_is_somewhere(dirty):
    (found,) = dirty.query(
        "select sum(ledger_amount) - sum(segments_amount), sum(guest_amount),"
        " sum(rejected_amount), sum(abs(difference_amount))"
        " from finance.ledger_reconciliation"
    )
    rejected = Decimal("10.01") + Decimal("20.02") + Decimal("40.03")
    rejected += Decimal("80.04") + Decimal("160.05")
    guests = Decimal("320.07")
    assert found == (guests + rejected, guests, rejected, 0)


def test_rows_without_a_date_form_one_row_of_the_reconciliation(dirty):
    undated = dirty.query(
        "select ledger_amount, rejected_amount from finance.ledger_reconciliation"
        " where month_on is null"
    )
    assert undated == [(Decimal("30.03"), Decimal("30.03"))]


def test_guests_are_a_segment_without_customers(dirty):
    found = dirty.query(
        "select distinct customer_count, net_revenue_amount from core.segments"
        " where segment_key = 'guest'"
    )
    assert found == [(0, Decimal("320.07"))]
    months = dirty.query(
        "select distinct customers, orders, net_revenue_amount"
        " from finance.segment_roi where segment_key = 'guest'"
    )
    assert months == [(0, 1, Decimal("320.07"))]
