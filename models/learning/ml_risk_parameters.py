"""Learn the risk scorecards; how to read the rows stands in the yml."""

from segmentation import to_pandas
from segmentation.risk import fit_risk


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return fit_risk(
        examples=to_pandas(dbt.ref("ml_risk_examples")),
        features=to_pandas(dbt.ref("risk_features")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
