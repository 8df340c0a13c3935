"""What segments buy, buy together and take to serve, against counts by another path."""

import numpy as np
import pandas as pd
import pytest

from .conftest import Warehouse

SEGMENTATION = "value"
SEGMENT = "loyal"
WINDOW = "occurred_on >= date '2017-01-01' and occurred_on < date '2018-01-01'"


@pytest.fixture(scope="module")
def lines(complete_journey) -> pd.DataFrame:
    """Lines of the last year with the category and the customer's segment."""
    return complete_journey.frame(
        "select l.order_id, l.customer_id, l.net_amount::double as amount,"
        " l.occurred_on, coalesce(p.category, 'unknown') as category, s.segment_key"
        " from input.input_transactions l"
        " left join input.input_products p on l.product_id = p.product_id"
        " join core.customer_segments s on l.customer_id = s.customer_id"
        f" where s.segmentation = '{SEGMENTATION}' and {WINDOW}"
    )


def test_penetration_and_lift_are_counts_of_customers(complete_journey, lines):
    told = complete_journey.frame(
        "select category, penetration, population_penetration, lift"
        " from product.segment_product_affinity"
        f" where segmentation = '{SEGMENTATION}' and segment_key = '{SEGMENT}'"
    ).set_index("category")
    own = lines[lines["segment_key"] == SEGMENT]
    share = own.groupby("category")["customer_id"].nunique()
    share = share.reindex(told.index, fill_value=0) / own["customer_id"].nunique()
    everybody = lines.groupby("category")["customer_id"].nunique()
    everybody = everybody.reindex(told.index) / lines["customer_id"].nunique()
    np.testing.assert_allclose(told["penetration"], share)
    np.testing.assert_allclose(told["population_penetration"], everybody)
    np.testing.assert_allclose(told["lift"], share / everybody)


def test_intervals_of_share_changes_are_those_of_a_bootstrap(complete_journey, lines):
    told = complete_journey.frame(
        "select category, share_change, share_change_high - share_change_low as width"
        " from product.segment_product_affinity"
        f" where segmentation = '{SEGMENTATION}' and segment_key = '{SEGMENT}'"
        " and customers >= 100 order by category"
    ).set_index("category")
    own = lines[lines["segment_key"] == SEGMENT]
    days = (pd.Timestamp("2018-01-01") - pd.to_datetime(own["occurred_on"])).dt.days
    spend = {
        name: own[within]
        .pivot_table("amount", "customer_id", "category", "sum", fill_value=0)
        .reindex(sorted(own["customer_id"].unique()), fill_value=0)
        for name, within in (
            ("recent", days <= 91),
            ("earlier", (days > 91) & (days <= 182)),
        )
    }
    customers = len(spend["recent"])
    generator = np.random.default_rng(0)
    weights = generator.multinomial(customers, [1 / customers] * customers, size=1000)

    def shares(name: str, weights: np.ndarray) -> np.ndarray:
        sums = weights @ spend[name].reindex(columns=told.index, fill_value=0).values
        return sums / (weights @ spend[name].sum(axis=1).values)[:, None]

    change = shares("recent", weights) - shares("earlier", weights)
    everybody = np.ones((1, customers))
    exact = shares("recent", everybody) - shares("earlier", everybody)
    np.testing.assert_allclose(told["share_change"], exact[0], atol=1e-12)
    ratio = told["width"] / (2 * 1.645 * change.std(axis=0))
    assert 0.95 < ratio.median() < 1.05
    assert ratio.between(0.8, 1.25).all()


def test_pairs_are_counts_of_orders_and_as_sure_as_a_bootstrap_says(
    complete_journey, lines
):
    told = complete_journey.frame(
        "select left_category, right_category, orders, lift, lift_low, lift_high"
        " from product.segment_basket_pairs"
        f" where segmentation = '{SEGMENTATION}' and segment_key = '{SEGMENT}'"
        " order by orders desc, left_category, right_category limit 60"
    )
    own = lines[lines["segment_key"] == SEGMENT]
    names = sorted({*told["left_category"], *told["right_category"]})
    has = pd.crosstab(own["order_id"], own["category"]).reindex(columns=names) > 0
    buyers = own.groupby("order_id")["customer_id"].first().loc[has.index]
    left, right = has[told["left_category"]], has[told["right_category"]]
    both = left.values & right.values
    assert (told["orders"] == both.sum(axis=0)).all()

    matrices = {"both": both, "left": left.values, "right": right.values}
    counts = {
        name: pd.DataFrame(matrix).groupby(buyers.values).sum().values
        for name, matrix in matrices.items()
    }
    orders = buyers.value_counts().sort_index().values
    customers = len(orders)
    generator = np.random.default_rng(0)
    weights = generator.multinomial(customers, [1 / customers] * customers, size=400)

    def lifts(weights: np.ndarray) -> np.ndarray:
        sums = {name: weights @ matrix for name, matrix in counts.items()}
        return sums["both"] * (weights @ orders)[:, None] / sums["left"] / sums["right"]

    np.testing.assert_allclose(told["lift"], lifts(np.ones((1, customers)))[0])
    # Student's t with 15 degrees of freedom, as sixteen groups are.
    told_error = np.log(told["lift_high"] / told["lift_low"]) / (2 * 1.753)
    ratio = told_error / np.log(lifts(weights)).std(axis=0)
    assert 0.8 < np.sqrt((ratio**2).mean()) < 1.25


def test_complete_journey_says_what_it_lacks(complete_journey):
    nulls = complete_journey.frame(
        "select count(contacts), count(complaint_rate), count(satisfaction_score),"
        " count(sentiment_score), count(return_rate), count(service_cost_amount),"
        " count(cost_to_serve_share) from operations.segment_service_profile"
    )
    assert not nulls.to_numpy().any()
    assert complete_journey.query(
        "select distinct reason from operations.segment_service_profile"
        " where orders > 0"
    ) == [
        (
            "The source records no contact with service. No survey asks for"
            " satisfaction. The source shows no returns.",
        )
    ]
    # FACTS: local time, five in the afternoon.
    assert complete_journey.value(
        "select mode(peak_hour) from operations.segment_service_profile"
        " where orders > 1000"
    ) in (16, 17, 18)


def test_service_of_the_sample_company_costs_what_its_tickets_cost(
    sample_company: Warehouse,
):
    ((tickets, cost),) = sample_company.query(
        "select count(*), sum(case channel when 'phone' then 6.50 else 3.80 end)"
        " from input.input_interactions i, intermediate.int_as_of_dates_resolved d"
        " where is_current and interaction_type = 'support'"
        " and occurred_on < as_of_date and occurred_on >= as_of_date - 365"
    )
    sums = sample_company.query(
        "select sum(contacts), sum(service_cost_amount)"
        " from operations.segment_service_profile group by segmentation"
    )
    assert tickets > 1000
    assert len(sums) == 7
    assert set(sums) == {(tickets, cost)}


def test_planted_tastes_show_in_what_segments_buy(sample_company: Warehouse):
    """A behavioural segment is named after the department it prefers."""
    lifts = sample_company.frame(
        "select a.segment_name, p.department, avg(a.lift) as lift"
        " from product.segment_product_affinity a"
        " join (select distinct department, product_type from input.input_products) p"
        " on a.category = p.product_type"
        " where a.segmentation = 'behavioural' and not a.segment_key in"
        " ('guest', 'outlier', 'too_new', 'no_data') group by all"
    ).pivot(index="segment_name", columns="department", values="lift")
    named = [
        (name, department)
        for name in lifts.index
        for department in lifts.columns
        if f"much {department.lower()}" in name.lower()
    ]
    assert len(named) >= 3
    assert all(lifts.loc[name, department] > 1.1 for name, department in named)
