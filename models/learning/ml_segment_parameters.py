"""Learn the segmentations; how to read the rows stands in `_learning__models.yml`."""

from segmentation import fit_segmentations, to_pandas


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    segmentations = to_pandas(dbt.ref("segmentations"))
    is_learned = segmentations["algorithm"] == "learned"
    kept = None
    if dbt.is_incremental:
        kept = to_pandas(session.sql(f"select * from {dbt.this}"))
    return fit_segmentations(
        feature_values=to_pandas(dbt.ref("int_learning_sample_measured")),
        candidates=to_pandas(dbt.ref("int_segmentation_features_listed")),
        populations=to_pandas(dbt.ref("int_learning_sample_drawn")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
        kept=kept,
        segmentations=segmentations.loc[is_learned, "segmentation"],
    )
