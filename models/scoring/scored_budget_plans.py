"""Divide totals around each scenario; what the columns mean stands in the yml."""

from segmentation import to_pandas
from segmentation.budget import plan_budgets


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return plan_budgets(
        curves=to_pandas(dbt.ref("ml_active_response_curves")),
        segments=to_pandas(dbt.ref("scored_current_spend")),
        scenarios=to_pandas(dbt.ref("budget_scenarios")),
        bounds=to_pandas(dbt.ref("budget_bounds")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
