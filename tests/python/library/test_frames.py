import duckdb
import pandas as pd
import pytest

from segmentation import to_pandas


def test_pandas_frame_is_returned_as_it_is():
    frame = pd.DataFrame({"df": [1], "toPandas": [2]})
    assert to_pandas(frame) is frame


def test_duckdb_relation_is_fetched():
    frame = to_pandas(duckdb.connect().sql("select 'a' as customer_id, 1.5 as value"))
    assert frame.to_dict("records") == [{"customer_id": "a", "value": 1.5}]


def test_spark_frame_is_fetched_even_with_a_column_named_df():
    class SparkFrame:
        df = "a column"

        def toPandas(self):
            return pd.DataFrame({"df": [1]})

    assert to_pandas(SparkFrame())["df"].tolist() == [1]


def test_anything_else_is_refused():
    with pytest.raises(TypeError, match="list"):
        to_pandas([1, 2])
