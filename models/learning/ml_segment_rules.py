"""Learn a short rule per segment; what the rows mean stands in the yml."""

from segmentation import to_pandas
from segmentation.rules import learn_rules


def model(dbt, session):
    return learn_rules(
        exemplars=to_pandas(dbt.ref("ml_segment_exemplars")),
        features=to_pandas(dbt.ref("ml_segment_features")),
        feature_values=to_pandas(dbt.ref("int_learning_sample_measured")),
        populations=to_pandas(dbt.ref("int_learning_sample_drawn")),
        descriptions=to_pandas(dbt.ref("int_features_described")),
        units=to_pandas(dbt.ref("features")),
    )
