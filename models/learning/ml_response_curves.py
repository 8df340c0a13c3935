"""Learn what spend brings in; what the columns mean stands in the yml."""

from segmentation import to_pandas
from segmentation.budget import learn_response_curves


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return learn_response_curves(
        history=to_pandas(dbt.ref("scored_response_weeks")),
        increments=to_pandas(dbt.ref("scored_response_increments")),
        segments=to_pandas(dbt.ref("scored_budget_segments")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
