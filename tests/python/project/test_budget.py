"""Lift, response curves and budgets of whole companies, against what was planted."""

import numpy as np
import pandas as pd
import pytest

from segmentation.allocation import marginal_return

from .conftest import PROJECT

ANSWERS = PROJECT / "tests/fixtures/sample_company"


def test_intervals_hold_what_the_campaigns_of_the_company_caused(sample_company):
    planted = pd.read_csv(ANSWERS / "campaigns.csv").set_index("campaign_id")
    found = sample_company.frame(
        "select campaign_id, incremental_revenue_low_amount::double as low,"
        " incremental_revenue_high_amount::double as high"
        " from marketing.campaign_performance"
        " where segmentation = 'all' and evidence = 'measured'"
    ).set_index("campaign_id")
    # Few people bought when the others ran; of 90 % intervals one may miss.
    assert len(found) >= 3
    truth = planted["incremental_revenue_amount"].reindex(found.index)
    assert ((found["low"] <= truth) & (truth <= found["high"])).sum() >= len(found) - 1
    # Nobody was held out of the ads.
    rows = sample_company.query(
        "select distinct evidence from marketing.campaign_performance"
        " where campaign_id like 'ads%'"
    )
    assert rows == [("not enough data",)]


def test_incremental_months_are_the_campaigns_of_the_month(sample_company):
    """Each campaign of the company was sent on one day, so its wave is the whole."""
    rows = sample_company.frame(
        "select segmentation, segment_key, sum(incremental_revenue_amount)::double as"
        " amount, sum(measured_campaigns)::int as campaigns"
        " from scoring.scored_incremental_months where evidence = 'measured'"
        " group by all order by all"
    )
    expected = sample_company.frame(
        "select segmentation, segment_key, sum(incremental_revenue_amount)::double as"
        " amount, count(*)::int as campaigns from marketing.campaign_performance"
        " where evidence = 'measured' and segmentation <> 'all'"
        " group by all order by all"
    )
    assert len(expected) > 0
    pd.testing.assert_frame_equal(rows, expected)


def test_what_nothing_binds_has_one_marginal_return(sample_company):
    """Recomputed from the curves and the published amounts."""
    rows = sample_company.frame(
        "select scenario, segment_key, binding_constraint, horizon_days / 7 as weeks,"
        " recommended_spend_amount::double as spend, curves.curve, a, b"
        " from finance.budget_allocation as allocations"
        " inner join learning.ml_active_response_curves as curves using (segment_key)"
        " where draw = 0 and total_amount > 0"
    )
    rows["found"] = marginal_return(
        rows["curve"],
        rows["a"] * rows["weeks"],
        rows["b"] * rows["weeks"],
        rows["spend"],
    )
    free = rows[rows["binding_constraint"] == "none"].groupby("scenario")["found"]
    assert free.count().max() > 1
    assert (free.max() / free.min() - 1 < 1e-3).all()


def test_the_budget_of_the_company_earns_what_was_planted(sample_company):
    """By the planted curves: 99 % of today's and of the proportional split, 92 % of
    the best. A segment stands for the type whose ads most of its spend is."""
    spend = sample_company.frame(
        "select segment_key, campaign_id, sum(cost_amount)::double as amount"
        " from scoring.scored_marketing_costs inner join"
        " scoring.scored_segmentation_models using (segmentation)"
        " where is_primary and cost_type = 'shared' group by all"
    )
    aimed_at = spend.sort_values("amount").groupby("segment_key").last()["campaign_id"]
    curves = pd.read_csv(ANSWERS / "response_curves.csv").set_index("campaign_id")
    budget = sample_company.frame(
        "select segment_key, current_spend_amount::double as today,"
        " recommended_spend_amount::double as recommended, horizon_days"
        " from finance.budget_allocation"
        " where scenario = 'same_total' and segment_key like 'combined%'"
    )
    planted = curves.loc[aimed_at[budget["segment_key"]]]
    assert sorted(planted.index) == sorted(curves.index)
    weeks = budget["horizon_days"].iloc[0] / 7
    a, b = planted["a"].to_numpy() * weeks, planted["b"].to_numpy() * weeks

    def earned(spent):
        return (a * spent / (b + spent)).sum()

    today, recommended = (budget[name].to_numpy() for name in ("today", "recommended"))
    total = recommended.sum()
    # At the optimum all marginal returns a b / (b + x)^2 are alike; nobody is at 0.
    level = np.sqrt(a * b).sum() / (total + b.sum())
    best = np.sqrt(a * b) / level - b
    assert (best > 0).all()
    assert best.sum() == pytest.approx(total)
    returns = a / (b + today)
    proportional = total * returns / returns.sum()
    assert earned(recommended) >= 0.99 * earned(today * total / today.sum())
    assert earned(recommended) >= 0.99 * earned(proportional)
    assert earned(recommended) >= 0.92 * earned(best)


def test_costs_and_margins_of_the_company_come_out_exactly(sample_company):
    planted = pd.read_csv(ANSWERS / "marketing_costs.csv", dtype=str)
    told = sample_company.frame(
        "select campaign_id, month_on::varchar as month_on,"
        " sum(case when cost_type = 'contact' then cost_amount else 0 end)::varchar"
        " as contact_cost_amount,"
        " sum(case when cost_type = 'shared' then cost_amount else 0 end)::varchar"
        " as ad_cost_amount"
        " from scoring.scored_marketing_costs where segmentation = 'behavioural'"
        " group by all having sum(cost_amount) <> 0"
    )
    keys = ["campaign_id", "month_on"]
    planted = planted[planted.filter(like="amount").astype(float).any(axis=1)]
    pd.testing.assert_frame_equal(
        told.sort_values(keys, ignore_index=True)[planted.columns],
        planted.sort_values(keys, ignore_index=True),
        check_dtype=False,
    )

    margins = pd.read_csv(ANSWERS / "margins.csv", dtype=str)
    roi = sample_company.frame(
        "select month_on::varchar as month_on,"
        " sum(net_revenue_amount)::varchar as net_amount,"
        " sum(cost_amount)::varchar as cost_amount,"
        " sum(gross_margin_amount)::varchar as margin_amount"
        " from finance.segment_roi where segmentation = 'combined'"
        " group by month_on order by month_on"
    )
    pd.testing.assert_frame_equal(roi, margins, check_dtype=False)


def test_scenarios_stand_beside_each_other(sample_company):
    rows = sample_company.frame(
        "select scenario, sum(recommended_spend_amount)::double as spend,"
        " sum(current_spend_amount)::double as today, any_value(unspent_amount)::double"
        " as unspent from finance.budget_allocation group by scenario"
    ).set_index("scenario")
    today = rows["today"].iloc[0]
    assert (rows["today"] == today).all()
    total = (rows["spend"] + rows["unspent"]).round(2)
    assert total.to_dict() == {
        "same_total": today,
        "ten_percent_less": round(today * 0.9, 2),
        "ten_percent_more": round(today * 1.1, 2),
        "zero": 0,
    }


def test_no_effect_is_told_of_complete_journey(complete_journey):
    """Who was contacted there was not drawn at random."""
    rows = complete_journey.frame(
        "select evidence, response_basis, incremental_revenue_amount, lift, p_value,"
        " incremental_roi, holdout, reason, pending, contacted"
        " from marketing.campaign_performance"
    )
    assert set(rows["evidence"]) == {"not enough data"}
    columns = ["incremental_revenue_amount", "lift", "p_value", "incremental_roi"]
    assert rows[columns].isna().all(axis=None)
    assert (rows["holdout"] == 0).all()
    contacted = rows[rows["contacted"] > 0]
    assert contacted["reason"].str.startswith("Nobody was held out at random").all()
    assert "recorded responses" in set(rows["response_basis"])
    curves = "select distinct parameter_source from finance.response_curves"
    assert complete_journey.query(curves) == [("assumed",)]


def test_redeemers_are_the_responses_of_complete_journey(complete_journey):
    responded = complete_journey.value(
        "select sum(responded) from marketing.campaign_performance"
        " where segmentation = 'all' and response_basis = 'recorded responses'"
    )
    expected = complete_journey.value(
        "select count(*) from (select distinct campaign_id, customer_id"
        " from input.input_campaign_responses"
        " semi join input.input_campaign_contacts using (campaign_id, customer_id)"
        " semi join (select campaign_id from marketing.campaign_performance"
        "  where segmentation = 'all' and pending = 0) using (campaign_id))"
    )
    assert responded == expected


@pytest.mark.parametrize("model", ["campaign_performance", "budget_allocation"])
def test_a_company_without_campaigns_is_no_error(cdnow, model):
    schema = "marketing" if model == "campaign_performance" else "finance"
    rows = cdnow.frame(f"select * from {schema}.{model}")
    if model == "campaign_performance":
        assert rows.empty
        return
    assert set(rows["response_status"]) == {"no_history"}
    assert (rows["status"] == "allocated").all()
    money = rows.filter(like="_amount").drop(columns="cap_amount")
    assert money.notna().all(axis=None)
    assert not np.isnan(rows["recommended_spend_amount"].astype(float)).any()
    assert (rows["recommended_spend_amount"] == 0).all()
