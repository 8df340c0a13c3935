"""Learn what goes with what was bought; what the columns mean stands in the yml."""

from segmentation import to_pandas
from segmentation.offers import fit_offer_weights


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return fit_offer_weights(
        histories=to_pandas(dbt.ref("int_offer_histories_sampled")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
