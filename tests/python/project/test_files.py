"""The connector `files`: a folder of files, good rows and bad ones, and no code."""

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from .conftest import PROJECT, Warehouse, build, files, run_dbt


def test_cdnow_is_complete(cdnow):
    (found,) = cdnow.query(
        "select rows_read, rows_accepted, customers, first_on::varchar,"
        " last_on::varchar from monitoring.input_profile"
        " where source_table = 'transactions'"
    )
    assert found == (69_659, 69_659, 23_570, "1997-01-01", "1998-06-30")
    total = (
        "select sum(net_revenue_amount) from core.segments where segmentation = '{}'"
    )
    for segmentation in ("value", "behavioural", "combined"):
        found = cdnow.value(total.format(segmentation))
        assert found == Decimal("2500315.63")
    ids = "select min(customer_id) from core.customer_rfm"
    assert cdnow.value(ids) == "00001"


def test_cdnow_says_what_cannot_be_segmented(cdnow):
    found = dict(
        cdnow.query(
            "select segmentation, reason from monitoring.segmentation_status"
            " where status = 'not_available'"
        )
    )
    assert set(found) == {
        "demographic",
        "geographic",
        "psychographic",
        "technographic",
    }
    assert all(found.values())


TRANSACTIONS = """\
Customer_ID;occurred_at;net_amount;quantity;order_id;gift_wrap
007;2017-03-05;10.00;1;o1;yes
007;2017-03-05;10.00;1;o1;yes
008;2017-03-05T23:30:00Z;5.5;;o2;
008;2017-03-07;-5.50;1;o3;
;2017-03-08;7;1;o4;
009;05/03/2017;1;1;o5;
009;2017-03-09;1,234.50;1;o6;
009;;2;1;o7;
009;2017-03-09;;1;o8;
009;2017-03-09;3;many;o9;
009;2017-03-09;4;nan;o10;
009;2017-03-09;9e15;1;o11;
009;infinity;6;1;o12;
009;2099-03-09;8;1;o13;
009;2017-03-09;8;1;;
009;2017-03-09;8
009;2017-03-09;8;1;o14;no;one too many
"009";"2017-03-10";"1.25";"1";"o;15";
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Warehouse:
    """A small shop with every kind of bad row, in a time zone of its own."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "transactions.csv").write_text(TRANSACTIONS)
    (folder / "notes.txt").write_text("not a table")
    (folder / "customer_attributes").mkdir()
    for name, customers in (("a", "('007'), ('008')"), ("b", "('009'), ('010')")):
        duckdb.sql(
            "select col0 as CUSTOMER_ID, 'demographic' as family, 'age' as attribute,"
            f" 30::tinyint as value_number from (values {customers})"
        ).write_parquet(str(folder / f"customer_attributes/{name}.parquet"))
    settings = files(folder, business_timezone="America/New_York")
    return build(
        Warehouse(tmp_path_factory.mktemp("shop_warehouse")), settings=settings
    )


def test_each_bad_row_has_its_reason(shop):
    found = shop.query(
        "select reason, count(*) from input.input_rejected_rows"
        " where source_table = 'transactions' group by all order by all"
    )
    assert found == [
        ("future_date", 1),
        ("missing_net_amount", 1),
        ("missing_occurred_at", 1),
        ("missing_order_id", 1),
        ("unreadable_net_amount", 2),
        ("unreadable_occurred_at", 2),
        ("unreadable_quantity", 2),
        ("unreadable_row", 2),
    ]


def test_rows_read_are_accepted_or_rejected(shop):
    lines = len(TRANSACTIONS.splitlines()) - 1
    (found,) = shop.query(
        "select rows_read, rows_accepted, rows_rejected from monitoring.input_profile"
        " where source_table = 'transactions'"
    )
    assert found == (lines, lines - 12, 12)


def test_good_rows_mean_what_they_say(shop):
    found = shop.query(
        "select customer_id, transaction_type, net_amount, order_id,"
        " occurred_on::varchar from input.input_transactions"
        " order by occurred_on, order_id, transaction_id"
    )
    assert found == [
        # Identical rows are genuine; a day is a local day, a time is UTC.
        ("007", "sale", Decimal("10.00"), "o1", "2017-03-05"),
        ("007", "sale", Decimal("10.00"), "o1", "2017-03-05"),
        ("008", "sale", Decimal("5.50"), "o2", "2017-03-05"),
        ("008", "return", Decimal("-5.50"), "o3", "2017-03-07"),
        (None, "sale", Decimal("7.00"), "o4", "2017-03-08"),
        ("009", "sale", Decimal("1.25"), "o;15", "2017-03-10"),
    ]


def test_every_cent_of_the_file_is_somewhere(shop):
    (found,) = shop.query(
        "select sum(segments_amount), sum(guest_amount), sum(rejected_amount),"
        " sum(abs(difference_amount)) from finance.ledger_reconciliation"
    )
    rejected = sum(map(Decimal, ["1", "2", "3", "4", "6", "8", "8"]))
    assert found == (Decimal("21.25"), Decimal(7), rejected, 0)


def test_columns_are_provided_absent_or_ignored(shop):
    found = dict(
        shop.query(
            "select source_table || '.' || column_name, status"
            " from monitoring.input_columns"
        )
    )
    assert found["transactions.customer_id"] == "provided"
    assert found["transactions.gift_wrap"] == "ignored"
    assert found["transactions.cost_amount"] == "absent"
    assert found["products.product_id"] == "absent"
    assert found["notes.txt.(the whole file)"] == "ignored"


def test_a_folder_of_parts_is_one_table(shop):
    attributes = "select count(*) from input.input_customer_attributes"
    assert shop.value(attributes) == 4


def build_input(warehouse: Warehouse, folder: Path) -> Warehouse:
    """Build the input layer alone, with its data tests."""
    return build(
        warehouse,
        *("--select", "path:models/staging", "path:models/input"),
        *("--indirect-selection", "cautious"),
        settings=files(folder),
    )


def test_what_is_not_there_is_made(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "transactions.csv").write_text(
        "customer_id,occurred_at,net_amount\n"
        "a,2017-01-01,1\na,2017-01-01,2\na,2017-01-02,3\n"
        ",2017-01-01,4\n,2017-01-01,4\n"
    )
    shop = build_input(Warehouse(tmp_path / "warehouse"), folder)
    found = shop.query(
        "select customer_id, occurred_on::varchar, count(*), sum(net_amount)"
        " from input.input_transactions group by customer_id, occurred_on, order_id"
        " order by all"
    )
    # One order per customer and date; each line of a guest is an order.
    assert found == [
        ("a", "2017-01-01", 2, 3),
        ("a", "2017-01-02", 1, 3),
        (None, "2017-01-01", 1, 4),
        (None, "2017-01-01", 1, 4),
    ]


def test_attributes_alone_make_a_segmentation(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    lines = ["customer_id,family,attribute,value_number,value_text"]
    for number in range(600):
        group = number % 3
        lines += [
            f"c{number},demographic,age,{20 + 25 * group + number * 7 % 401 / 100},",
            f"c{number},demographic,income,{10 + 60 * (group == 1) + number % 97 / 9},",
            f"c{number},demographic,home,,{'owner' if group else 'renter'}",
        ]
    (folder / "customer_attributes.csv").write_text("\n".join(lines))
    settings = files(folder, loaded_on="2018-01-31")
    people = build(
        Warehouse(tmp_path / "warehouse"),
        *("--select", "+customer_segments", "+segmentation_status"),
        *("--indirect-selection", "cautious"),
        settings=settings,
    )
    assert people.query(
        "select segmentation, status, as_of_date::varchar"
        " from monitoring.segmentation_status"
        " where segmentation in ('demographic', 'value') order by all"
    ) == [
        ("demographic", "available", "2018-01-31"),
        ("value", "not_available", "2018-01-31"),
    ]
    groups = people.query(
        "select segment_key, count(*), count(distinct substr(customer_id, 2)::int % 3)"
        " from core.customer_segments where segmentation = 'demographic' group by all"
    )
    assert [group[1:] for group in groups] == [(200, 1)] * 3


def test_a_wide_file_becomes_attributes_and_outcomes(telco):
    found = telco.query(
        "select source_table, rows_read, rows_rejected, customers"
        " from monitoring.input_profile where rows_read > 0 order by source_table"
    )
    # 19 attributes each, but for 11 blank TotalCharges of customers of tenure 0.
    assert found == [
        ("customer_attributes", 7043 * 19 - 11, 0, 7043),
        ("customer_outcomes", 7043, 0, 7043),
        ("customers", 7043, 0, 7043),
    ]
    churned = "select count_if(value) from input.input_customer_outcomes"
    assert telco.value(churned) == 1869
    tenures = telco.query(
        "select distinct value_number from input.input_customer_attributes"
        " where attribute = 'tenure' and customer_id not in (select customer_id"
        " from input.input_customer_attributes where attribute = 'TotalCharges')"
    )
    assert tenures == [(0.0,)]


def test_snapshot_data_are_segmented_by_their_families(telco):
    found = dict(
        telco.query("select segmentation, status from monitoring.segmentation_status")
    )
    available = {name for name, status in found.items() if status != "not_available"}
    assert available == {"behavioural", "combined", "demographic", "technographic"}
    # Beyond what a density method itself calls noise, hardly anybody is too far away.
    far = telco.query(
        "select segments.segmentation, segments.customer_share - candidates.noise_share"
        " from core.segments as segments"
        " inner join monitoring.segment_model_candidates as candidates"
        " on segments.segmentation = candidates.segmentation and candidates.is_chosen"
        " where segments.segment_key = 'outlier'"
    )
    assert [row for row in far if row[1] >= 0.02] == []


def test_an_unreadable_folder_stops_before_any_model(tmp_path, capsys):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "transactions.csv").write_text(
        "customer_id,occurred_at,net_amount\na,2017-01-01,1\n"
    )
    shop = build(Warehouse(tmp_path / "warehouse"), settings=files(folder))
    before = shop.path.read_bytes()
    (folder / "transactions.csv").write_text(
        "customer_id,occurred_at,amount\na,2017,1\n"
    )
    result = run_dbt(shop, "build", settings=files(folder))
    assert not result.success
    message = f"{result.exception}{capsys.readouterr().out}"
    assert "transactions.csv has no column net_amount" in message
    assert shop.path.read_bytes() == before


@pytest.fixture(scope="module")
def hotel(test_data, tmp_path_factory) -> Warehouse:
    """119,390 hotel bookings, none of which names a guest."""
    folder = tmp_path_factory.mktemp("hotel")
    source = test_data("hotel_bookings") / "hotel_bookings.parquet"
    (folder / "customers_wide.parquet").symlink_to(source)
    described = PROJECT / "tests/fixtures/hotel_attributes.csv"
    (folder / "attributes.csv").write_bytes(described.read_bytes())
    settings = files(
        folder,
        loaded_on="2018-01-01",
        industry="travel",
        # They know whether a booking was cancelled: no segment is learned from them.
        protected_attributes=["reservation_status", "deposit_type"],
    )
    return build(Warehouse(tmp_path_factory.mktemp("hotel_wh")), settings=settings)


@pytest.mark.long
def test_a_wide_file_without_an_identifier_keeps_genuine_repeats(hotel):
    customers = "select count(distinct customer_id) from core.customer_segments"
    assert hotel.value(customers) == 119_390
    # Published: 44,224 of the bookings were cancelled.
    cancelled = "select count_if(value) from input.input_customer_outcomes"
    assert hotel.value(cancelled) == 44_224
    assert hotel.value("select count(*) from input.input_rejected_rows") == 0
    found = dict(
        hotel.query("select segmentation, status from monitoring.segmentation_status")
    )
    assert found["value"] == "not_available"
    assert found["behavioural"] != "not_available"


@pytest.mark.long
def test_cancellations_are_foretold_without_what_knows_them(hotel):
    """Non-refundable deposits were cancelled 14,494 of 14,587 times: paid, and lost."""
    weights = hotel.frame(
        "select feature, weight, reason from retention.risk_scorecards"
        " where target = 'is_canceled'"
    ).set_index("feature")
    named = weights[weights["reason"].notna()]
    assert {feature.partition(":")[0] for feature in named.index} == {
        "reservation_status",
        "deposit_type",
    }
    assert "99.4% of the 14,587" in named.loc["deposit_type: Non Refund", "reason"]
    assert (named["weight"] == 0).all()
    auc = hotel.value(
        "select out_of_fold_auc from monitoring.risk_status"
        " where question = 'is_canceled'"
    )
    assert 0.85 <= auc <= 0.95
    learned = hotel.value(
        "select count(*) from monitoring.feature_selection where is_selected"
        " and (feature like 'reservation_status%' or feature like 'deposit_type%')"
    )
    assert learned == 0
