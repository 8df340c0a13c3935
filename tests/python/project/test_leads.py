"""Leads: the order to work them down wins most of what a fair capacity can win."""

from fractions import Fraction

import pytest
from scipy.stats import binomtest

CAPACITY = 50
BUILDS = pytest.mark.parametrize("name", ["complete_journey", "sample_company"])


@pytest.fixture
def leads(name, request):
    return request.getfixturevalue(name).frame(
        "select * from sales.lead_priorities order by priority_rank"
    )


@BUILDS
def test_a_score_is_value_times_probability_times_reachability(leads):
    product = (
        leads["expected_value_amount"].astype(float)
        * leads["probability"]
        * leads["reachability"]
    )
    assert (leads["score"] - product).abs().max() < 1e-5
    assert (leads["score"] > 0).all()
    assert leads["suggested_approach"].nunique() >= 3
    assert not leads["reason"].str.contains(r"\bnull\b|\?").any()


@BUILDS
def test_regions_share_the_week_by_largest_remainder(leads):
    counts = leads["region"].value_counts().to_dict()
    quotas = {
        region: Fraction(CAPACITY * count, len(leads))
        for region, count in counts.items()
    }
    seats = {region: int(quota) for region, quota in quotas.items()}
    last = sorted(quotas, key=lambda region: (seats[region] - quotas[region], region))
    for region in last[: CAPACITY - sum(seats.values())]:
        seats[region] += 1
    now = leads[leads["is_within_capacity"]]
    assert now["region"].value_counts().to_dict() == {
        region: count for region, count in seats.items() if count
    }
    assert (
        leads["week_number"].value_counts().sort_index().iloc[:-1] == CAPACITY
    ).all()


@BUILDS
def test_no_swap_within_a_region_wins_more(leads):
    for _, region in leads.groupby("region"):
        now = region[region["is_within_capacity"]]["score"]
        rest = region[~region["is_within_capacity"]]["score"]
        assert now.min() >= rest.max()
    # So the week wins the most that the capacities of the regions let it win.
    best = sum(
        region["score"].nlargest(region["region_capacity"].iloc[0]).sum()
        for _, region in leads.groupby("region")
    )
    assert leads["score"].head(CAPACITY).sum() == pytest.approx(best)
    # Nor does stopping early: within a week it goes down.
    assert leads.groupby("week_number")["score"].is_monotonic_decreasing.all()
    assert leads["week_number"].is_monotonic_increasing


@BUILDS
def test_every_customer_is_a_lead_or_has_a_reason(name, request, leads):
    potential = request.getfixturevalue(name).frame(
        "select * from sales.segment_potential"
    )
    parts = ["leads", "without_consent", "in_contact_pause", "without_value"]
    assert (potential[parts].sum(axis=1) == potential["customers"]).all()
    per_segmentation = potential.groupby("segmentation")
    assert (per_segmentation["leads"].sum() == len(leads)).all()
    total = per_segmentation["expected_value_amount"].sum().astype(float)
    assert (total - leads["score"].sum()).abs().max() < 0.005 * len(leads)


@BUILDS
def test_conversion_rates_have_wilson_intervals(name, request):
    rows = request.getfixturevalue(name).query(
        "select conversions, past_members, conversion_low, conversion_high"
        " from sales.segment_potential where past_members > 0"
    )
    assert len(rows) > 20
    for conversions, past_members, low, high in rows:
        expected = binomtest(conversions, past_members).proportion_ci(0.9, "wilson")
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-8)


def test_nobody_who_refused_or_rests_is_a_lead(sample_company):
    assert (
        sample_company.value("""
        select count(*) from sales.lead_priorities
        inner join intermediate.int_contactable_customers_listed using (customer_id)
        where not is_contactable
    """)
        == 0
    )
    types = sample_company.query("select distinct lead_type from sales.lead_priorities")
    assert {("first_purchase",), ("more",)} <= set(types)
