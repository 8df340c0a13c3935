"""Learn a scorecard per recorded outcome; what the rows mean stands in the yml."""

from segmentation import to_pandas
from segmentation.outcomes import fit_outcomes


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    values = to_pandas(dbt.ref("int_outcome_features_collected"))
    return fit_outcomes(
        outcomes=to_pandas(dbt.ref("int_customer_outcomes_identified")),
        feature_values=values,
        feature_kinds=values[["feature", "kind", "family"]].drop_duplicates(),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
