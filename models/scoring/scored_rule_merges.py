"""Merge the segments of rules; what the rows mean stands in the yml."""

from segmentation import to_pandas
from segmentation.hierarchy import merge_rule_segments


def model(dbt, session):
    return merge_rule_segments(to_pandas(dbt.ref("scored_rule_centres")))
