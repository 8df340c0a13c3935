"""Bounds as people would say them."""

import pytest

from segmentation.wording import Bounds, phrase_bounds, phrase_unknown


@pytest.mark.parametrize(
    ("feature", "low", "high", "unit", "expected"),
    [
        ("frequency", 12, None, "orders", "at least 12 orders"),
        ("frequency", 1, None, "orders", "at least 1 order"),
        ("frequency", None, 1, "orders", "no orders"),
        ("frequency", 2, 5, "orders", "at least 2 and fewer than 5 orders"),
        ("web_visit_count", None, 3, "visits", "fewer than 3 web visits"),
        ("discount_share", None, 0.21, "share", "discount share below 21 %"),
        (
            "discount_share",
            0.07,
            0.29,
            "share",
            "discount share at least 7 and below 29 %",
        ),
        (
            "department_share_ready_food",
            0.5,
            None,
            None,
            "share of ready food at least 50 %",
        ),
        ("children_count", 1, None, None, "at least 1 child"),
        ("children_count", None, 1, None, "no children"),
        ("mean_order_units", 11, None, "units", "mean order units at least 11"),
        ("recency_days", 30, None, "days", "recency at least 30 days"),
        ("recency_days", None, 1, "days", "recency below 1 day"),
        (
            "store_distance_km",
            None,
            1.5,
            "kilometres",
            "store distance below 1.5 kilometres",
        ),
        ("age_years", 44, None, None, "age at least 44 years"),
        ("income_thousands", 45, None, None, "income at least 45 thousand"),
        ("monetary_amount", 12345, None, "amount", "monetary amount at least 12,345"),
        ("interval_variation", None, 0.8, "ratio", "interval variation below 0.8"),
        ("thrift", 3, 4, None, "thrift at least 3 and below 4"),
    ],
)
def test_bounds_are_said_in_the_unit_of_the_feature(feature, low, high, unit, expected):
    bounds = Bounds(low, high)
    assert phrase_bounds(feature, bounds, unit, None, is_category=False) == expected


@pytest.mark.parametrize(
    ("bounds", "phrases", "expected"),
    [
        (Bounds(1, None), ("owner", "not owner"), "owner"),
        (Bounds(None, 1), ("owner", "not owner"), "not owner"),
        (Bounds(1, None), None, "home: owner"),
        (Bounds(None, 1), (None, " "), "not home: owner"),
    ],
)
def test_a_category_is_said_by_its_phrases(bounds, phrases, expected):
    said = phrase_bounds("home: owner", bounds, None, phrases, is_category=True)
    assert said == expected


def test_bounds_hold_from_the_low_end_to_below_the_high_one():
    bounds = Bounds(2, 5)
    held = [value for value in (1.9, 2, 4.9, 5) if bounds.hold(value)]
    assert held == [2, 4.9]


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("age_years", ("age unknown", "age known")),
        ("store_distance_km", ("store distance unknown", "store distance known")),
        ("spend_trend", ("spend trend unknown", "spend trend known")),
        (
            "department_share_ready_food",
            ("share of ready food unknown", "share of ready food known"),
        ),
    ],
)
def test_what_is_not_known_is_said_without_its_unit(feature, expected):
    assert phrase_unknown(feature) == expected
