"""What changed since the last publication, in lines that a manager understands."""

from dataclasses import replace
from decimal import Decimal

import duckdb

from segmentation_serving.changes import Figures, change_lines, read_figures
from segmentation_serving.publication import publish

BEFORE = Figures(
    segments={
        ("value", "loyal"): ("Loyal", 4),
        ("value", "rare"): ("Rare", 6),
        ("combined", "a"): ("Thrifty", 8),
        ("combined", "too_new"): ("Too new", 1),
    },
    special=frozenset({("combined", "too_new")}),
    at_risk=3,
    at_stake=Decimal("60.00"),
    net_revenue=Decimal("100.00"),
    return_on_cost=0.5,
    currency="EUR",
)


def test_births_deaths_customers_and_money_are_told():
    after = replace(
        BEFORE,
        segments={
            ("value", "loyal"): ("Loyal", 5),
            ("value", "rare"): ("Rare", 7),
            ("combined", "b"): ("Free-spending", 1),
            ("combined", "outliers"): ("Outliers", 11),
        },
        special=frozenset({("combined", "outliers")}),
        at_risk=1,
        at_stake=Decimal("20.50"),
        net_revenue=Decimal("1110.00"),
        return_on_cost=0.756,
    )
    # Too new and outliers are no segments that are born or die.
    assert change_lines(BEFORE, after) == [
        "New segments: combined: Free-spending (1 customer)",
        "Segments gone: combined: Thrifty (8 customers)",
        "Customers: 12 (+2)",
        "At risk: 1 (-2), 20.50 EUR at stake (-39.50)",
        "Net revenue: 1,110.00 EUR (+1,010.00)",
        "Return on marketing cost (attributed): 0.76 (was 0.50)",
    ]


def test_what_did_not_change_says_so():
    after = replace(BEFORE, net_revenue=Decimal("100.01"))
    assert change_lines(BEFORE, after) == [
        "New segments: none",
        "Segments gone: none",
        "Customers: 10 (as before)",
        "At risk: 3 (as before), 60.00 EUR at stake (as before)",
        "Net revenue: 100.01 EUR (+0.01)",
        "Return on marketing cost (attributed): 0.50 (as before)",
    ]
    assert change_lines(BEFORE, BEFORE) == ["Nothing of this has changed."]


def test_without_money_there_is_none_to_tell():
    without = replace(
        BEFORE, at_stake=None, net_revenue=None, return_on_cost=None, currency=None
    )
    assert change_lines(BEFORE, without)[3:] == [
        "At risk: 3 (as before)",
        "Net revenue: none to tell",
        "Return on marketing cost (attributed): no cost to hold it against",
    ]
    assert change_lines(without, BEFORE)[3:] == [
        "At risk: 3 (as before), 60.00 EUR at stake (none before)",
        "Net revenue: 100.00 EUR (none before)",
        "Return on marketing cost (attributed): 0.50 (not known before)",
    ]


def test_figures_are_those_of_the_marts(small):
    publish(small.folder, small.target)
    with duckdb.connect(str(small.served), read_only=True) as connection:
        figures = read_figures(connection)
    # 40 at stake; a margin of 30 for a cost of 20.
    assert figures == Figures(
        segments={("value", "loyal"): ("Loyal", 4), ("value", "rare"): ("Rare", 6)},
        special=frozenset(),
        at_risk=1,
        at_stake=Decimal("40.00"),
        net_revenue=Decimal("100.00"),
        return_on_cost=0.5,
        currency="EUR",
    )
    assert figures.customers == 10
