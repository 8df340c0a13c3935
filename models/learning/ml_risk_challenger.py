"""Predict past cut-offs with boosted trees; what the rows mean stands in the yml."""

from segmentation import to_pandas
from segmentation.challenger import predict_challenger


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return predict_challenger(
        examples=to_pandas(dbt.ref("ml_risk_examples")),
        features=to_pandas(dbt.ref("risk_features")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
