"""Complete Journey against figures that others published or that were found by hand."""

from decimal import Decimal

import numpy as np
import pytest
from scipy.spatial.distance import cdist

LEDGER = Decimal("4596039.58")


def test_household_208_has_its_lines(complete_journey):
    lines = "select count(*) from input.input_transactions where customer_id = '208'"
    assert complete_journey.value(lines) == 756


def test_baskets(complete_journey):
    (found,) = complete_journey.query(
        "select count(*), round(avg(net_amount), 2), median(net_amount)"
        " from intermediate.int_orders_aggregated"
    )
    assert found == (155_848, 29.49, Decimal("17.50"))


def test_mean_spend_by_age_band(complete_journey):
    found = complete_journey.query(
        "select attributes.value_text, round(avg(rfm.monetary_amount), 2)"
        " from input.input_customer_attributes as attributes"
        " inner join core.customer_rfm as rfm using (customer_id)"
        " where attributes.attribute = 'age_years' group by all order by all"
    )
    assert found == [
        ("19-24", 2732.02),
        ("25-34", 3192.76),
        ("35-44", 3733.80),
        ("45-54", 3374.38),
        ("55-64", 2934.81),
        ("65+", 2452.79),
    ]


def test_a_tenth_of_the_households_holds_a_third_of_sales(complete_journey):
    share = complete_journey.value(
        "select sum(monetary_amount) from (select monetary_amount"
        " from core.customer_rfm order by monetary_amount desc limit 247)"
    )
    assert round(100 * share / LEDGER, 2) == Decimal("35.14")


@pytest.mark.parametrize(("days", "households"), [(28, 469), (56, 244), (90, 144)])
def test_silent_households(complete_journey, days, households):
    found = complete_journey.value(
        f"select count(*) from core.customer_rfm where recency_days >= {days}"
    )
    assert found == households


def test_rfm_cut_points(complete_journey):
    (found,) = complete_journey.query(
        "select columns('.*_cut_point_.') from learning.ml_rfm_cut_points"
    )
    quantiles = [2, 4, 10, 26, 16, 32, 55, 95, 356.504, 871.992, 1628.476, 2985.718]
    assert found == pytest.approx(quantiles, abs=1e-9)


def test_money(complete_journey):
    (found,) = complete_journey.query(
        "select sum(gross_amount), sum(discount_amount), sum(net_amount),"
        " sum(net_amount - third_party_funded_amount) from input.input_transactions"
    )
    expected = ("5392232.87", "796193.29", "4596039.58", "4569679.68")
    assert found == tuple(map(Decimal, expected))


def test_days_are_local(complete_journey):
    (found,) = complete_journey.query(
        "select max(occurred_at)::text, max(occurred_on)::text,"
        " count_if(occurred_on = '2017-12-25') from input.input_transactions"
    )
    assert found == ("2018-01-01 04:01:20", "2017-12-31", 0)
    busiest = complete_journey.value(
        "select ordered_hour from intermediate.int_orders_aggregated"
        " group by 1 order by count(*) desc limit 1"
    )
    assert busiest == 17


def test_units_of_fuel_and_miscellaneous_are_lines(complete_journey):
    # 152.9 million as they come, 151 million of them fuel and miscellaneous.
    units = complete_journey.value(
        "select sum(unit_count) from intermediate.int_orders_aggregated"
    )
    assert 1_800_000 < units < 2_000_000


@pytest.mark.parametrize(
    ("table", "source", "rows"),
    [
        ("transactions", "transactions", 1_469_307),
        ("products", "products", 92_331),
        ("campaigns", "campaign_descriptions", 27),
        ("campaign_contacts", "campaigns", 6_589),
        ("campaign_responses", "coupon_redemptions", 2_102),
    ],
)
def test_every_source_row_arrives(
    complete_journey, installed_data, table, source, rows
):
    read = f"select count(*) from read_parquet('{installed_data / source}.parquet')"
    assert complete_journey.value(read) == rows
    accepted = f"select count(*) from input.input_{table}"
    rejected = (
        f"select count(*) from input.input_rejected_rows where source_table = '{table}'"
    )
    assert complete_journey.value(accepted) + complete_journey.value(rejected) == rows


def test_demographics_arrive_as_attributes(complete_journey):
    # 801 households with seven columns, of which 233 and 137 values are missing.
    rows = "select count(*) from input.input_customer_attributes"
    assert complete_journey.value(rows) == 801 * 7 - 233 - 137


def test_products_that_are_not_in_the_catalogue_are_flagged(complete_journey):
    (found,) = complete_journey.query(
        "select count(*), count(distinct product_id)"
        " from input.input_transactions where not is_product_known"
    )
    assert found == (4_836, 17)


def test_campaigns(complete_journey):
    (found,) = complete_journey.query(
        "select count(distinct contacts.customer_id),"
        " count(distinct responses.customer_id) from input.input_campaign_contacts"
        " as contacts full join input.input_campaign_responses as responses"
        " on contacts.customer_id = responses.customer_id"
    )
    assert found == (1_559, 410)


def test_segments_tie_to_the_ledger(complete_journey):
    found = complete_journey.query(
        "select segmentation, sum(customer_count), sum(net_revenue_amount)"
        " from core.segments group by all order by all"
    )
    segmentations = [
        "behavioural",
        "combined",
        "demographic",
        "geographic",
        "psychographic",
        "value",
    ]
    assert found == [(name, 2469, LEDGER) for name in segmentations]
    (ledger,) = complete_journey.query(
        "select count(*), sum(ledger_amount), sum(abs(difference_amount))"
        " from finance.ledger_reconciliation"
    )
    assert ledger == (12, LEDGER, 0)


def test_features_of_four_families(complete_journey):
    found = dict(
        complete_journey.query(
            "select family, count(distinct feature) from core.segment_profiles"
            " group by all"
        )
    )
    assert set(found) == {"behavioural", "demographic", "geographic", "psychographic"}
    assert sum(found.values()) >= 20


def test_a_family_without_features_says_so(complete_journey):
    (found,) = complete_journey.query(
        "select status, reason, customers_scored from monitoring.segmentation_status"
        " where segmentation = 'technographic'"
    )
    reason = "Its population holds 0 customers, at least 200 are required."
    assert found == ("not_available", reason, 0)


def test_sql_places_customers_as_the_library_would(complete_journey):
    """The nearest exemplar by numpy is the segment in SQL, for everyone."""
    vectors = complete_journey.frame(
        "select segmentation, customer_id, coordinates"
        " from scoring.scored_customer_vectors"
        " where as_of_date = '2018-01-01' order by all"
    )
    exemplars = complete_journey.frame(
        "select segmentation, segment_key, coordinates"
        " from learning.ml_segment_exemplars order by all"
    )
    scored = {
        (segmentation, customer): {segment, runner_up if segment == "outlier" else None}
        for segmentation, customer, segment, runner_up in complete_journey.query(
            "select segmentation, customer_id, segment_key, runner_up_segment_key"
            " from scoring.scored_learned_segments where as_of_date = '2018-01-01'"
        )
    }
    assert len(scored) == len(vectors) == 4 * 2464 + 801
    nearest = {}
    for segmentation, known in exemplars.groupby("segmentation"):
        people = vectors[vectors["segmentation"] == segmentation]
        distances = cdist(
            np.stack(people["coordinates"]), np.stack(known["coordinates"])
        )
        keys = known["segment_key"].to_numpy()[distances.argmin(axis=1)]
        nearest |= {
            (segmentation, customer): key
            for customer, key in zip(people["customer_id"], keys, strict=True)
        }
    # Beyond the radius the nearest is the runner-up; near noise all are outliers.
    assert nearest.keys() == scored.keys()
    assert [who for who, key in nearest.items() if key not in scored[who]] == []
