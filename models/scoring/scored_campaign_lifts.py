"""Measure what campaigns changed; what the columns mean stands in the yml."""

from segmentation import to_pandas
from segmentation.lift import measure_lift


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return measure_lift(
        outcomes=to_pandas(dbt.ref("scored_campaign_outcomes")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
        keys=("measure", "segmentation", "campaign_id", "wave", "segment_key"),
    )
