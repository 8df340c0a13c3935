"""Expect the orders of every distinct history; what the rows mean stands in the yml."""

from segmentation import to_pandas
from segmentation.lifetime import expect_orders


def model(dbt, session):
    settings = to_pandas(dbt.ref("int_settings_resolved"))
    return expect_orders(
        triples=to_pandas(dbt.ref("int_purchase_triples_counted")),
        parameters=to_pandas(dbt.ref("ml_purchase_parameters")),
        settings=dict(zip(settings["setting"], settings["setting_value"], strict=True)),
    )
