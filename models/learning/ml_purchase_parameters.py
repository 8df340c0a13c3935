"""Learn how customers come back; what the columns mean stands in the yml."""

from segmentation import to_pandas
from segmentation.purchase_model import fit_purchase_models


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return fit_purchase_models(
        histories=to_pandas(dbt.ref("int_purchase_sample_measured")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
