"""The RFM macros against the published result of R's package rfm 0.3.0."""

from decimal import Decimal

import duckdb
import pandas as pd
import pytest

from .conftest import PROJECT, Warehouse, run_dbt

SCORES = """
with customers as (
    select
        customer_id,
        date '2006-12-31' - max(order_date) as recency,
        count(*) as frequency,
        sum(revenue) as monetary
    from orders
    group by customer_id
),

cut_points as (
    select {{{{ rfm_cut_points("recency", "frequency", "monetary", offset={offset}) }}}}
    from customers
),

scores as (
    select
        customers.*,
        {{{{ rfm_scores("recency", "frequency", "monetary", boundary="{boundary}") }}}}
    from customers
    cross join cut_points
)
"""
SEGMENTS = """
, matched as (
    select
        scores.*,
        coalesce(rules.rfm_segment, 'Others') as rfm_segment,
        row_number() over (
            partition by scores.customer_id order by rules.rule_order
        ) as rule_rank
    from scores
    left join rules on {{ rfm_rule_join("scores", "rules") }}
)

select rfm_segment, count(*), sum(frequency), sum(monetary)
from matched
where rule_rank = 1
group by rfm_segment
order by count(*) desc, rfm_segment
"""


@pytest.fixture(scope="module")
def orders(test_data) -> pd.DataFrame:
    path = test_data("rfm_r") / "rfm_data_orders.csv"
    return pd.read_csv(path, parse_dates=["order_date"])


@pytest.fixture
def ask(orders, tmp_path):
    """Compile SQL with the project's macros and run it over R's orders."""

    def run(sql: str) -> list[tuple]:
        result = run_dbt(Warehouse(tmp_path), "compile", "--inline", sql)
        assert result.success, result.exception
        compiled = result.result.results[0].node.compiled_code
        with duckdb.connect() as connection:
            connection.register("frame", orders)
            connection.execute(
                "create table orders as select * replace"
                " (order_date::date as order_date, revenue::decimal(18, 2) as revenue)"
                " from frame"
            )
            rules = PROJECT / "tests/fixtures/rfm_r_segments.csv"
            connection.execute(f"create table rules as from read_csv('{rules}')")
            return connection.execute(compiled).fetchall()

    return run


@pytest.mark.parametrize(
    ("boundary", "offset", "recency", "frequency", "monetary"),
    [
        # R adds 1 to each quantile and puts a value on it into the upper class.
        (
            *("lower", 1),
            [197, 200, 199, 199, 200],
            [268, 187, 176, 244, 120],
            [200, 200, 198, 202, 195],
        ),
        (
            *("upper", 0),
            [197, 201, 198, 199, 200],
            [268, 187, 176, 244, 120],
            [199, 201, 197, 203, 195],
        ),
    ],
)
def test_score_counts(ask, boundary, offset, recency, frequency, monetary):
    counts = "union all".join(
        f" select '{measure}', {measure}_score, count(*) from scores group by 1, 2 "
        for measure in ("recency", "frequency", "monetary")
    )
    found = ask(
        f"{SCORES.format(boundary=boundary, offset=offset)} {counts} order by 1, 2"
    )
    expected = {"frequency": frequency, "monetary": monetary, "recency": recency}
    assert found == [
        (measure, score, count)
        for measure, counts in expected.items()
        for score, count in enumerate(counts, start=1)
    ]


def test_published_cut_points(ask):
    (found,) = ask(
        f"{SCORES.format(boundary='lower', offset=1)} select * from cut_points"
    )
    published = [115, 181, 297.4, 482, 4, 5, 6, 8, 255.8, 382, 506.4, 666]
    assert found == pytest.approx([float(value) for value in published], abs=1e-9)


def test_published_segments(ask):
    found = ask(SCORES.format(boundary="lower", offset=1) + SEGMENTS)
    assert found == [
        ("Potential Loyalist", 342, 2211, Decimal(204856)),
        ("Loyal Customers", 170, 799, Decimal(76562)),
        ("Lost", 148, 393, Decimal(35324)),
        ("New Customers", 104, 329, Decimal(28837)),
        ("About To Sleep", 102, 283, Decimal(23449)),
        ("Can't Lose Them", 47, 274, Decimal(32446)),
        ("Champions", 35, 316, Decimal(31646)),
        ("At Risk", 28, 216, Decimal(22227)),
        ("Need Attention", 10, 57, Decimal(4562)),
        ("Promising", 9, 28, Decimal(4249)),
    ]
