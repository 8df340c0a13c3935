"""What the project promises as a whole: kept tables, contracts, thin models."""

import importlib.util
import json

import duckdb
import pandas as pd
import pytest

from .conftest import PROJECT, Warehouse, failures, run_dbt

KEPT = (
    *("ml_segment_parameters", "ml_rfm_cut_points", "ml_response_curves"),
    *("ml_offer_weights", "scored_published_memberships"),
    "scored_published_audiences",
)


@pytest.fixture(scope="module")
def manifest(tmp_path_factory) -> dict:
    warehouse = Warehouse(tmp_path_factory.mktemp("manifest"))
    assert run_dbt(warehouse, "parse").success
    nodes = json.loads((warehouse.folder / "target/manifest.json").read_text())["nodes"]
    return {
        node["name"]: node
        for node in nodes.values()
        if node["resource_type"] == "model"
    }


@pytest.mark.parametrize("model", KEPT)
def test_kept_tables_survive_a_full_refresh(manifest, model):
    config = manifest[model]["config"]
    assert config["materialized"] == "incremental"
    assert config["full_refresh"] is False
    assert config["incremental_strategy"] == "delete+insert"


def test_every_contract_table_of_the_input_layer_is_there(manifest):
    tables = [name for name in manifest if manifest[name]["schema"] == "input"]
    # The fourteen of the contract, rejected rows, roundings, columns of source files.
    assert len(tables) == 17
    assert all(manifest[name]["config"]["contract"]["enforced"] for name in tables)


def test_tables_without_a_source_are_empty_and_typed(complete_journey):
    types = complete_journey.query(
        "select column_name, data_type from information_schema.columns"
        " where table_name = 'input_interactions' order by ordinal_position"
    )
    assert ("duration_seconds", "DOUBLE") in types
    assert ("occurred_at", "TIMESTAMP") in types
    rows = "select count(*) from input.input_interactions"
    assert complete_journey.value(rows) == 0


def test_an_empty_build_gives_empty_marts(some_households, tmp_path):
    empty = Warehouse(tmp_path)
    assert run_dbt(empty, "seed", source=some_households).success
    result = run_dbt(empty, "run", "--empty", source=some_households)
    assert result.success, failures(result)
    assert empty.value("select count(*) from core.segments") == 0
    columns = empty.query("describe core.segments")
    assert ("net_revenue_amount", "DECIMAL(18,2)") in [row[:2] for row in columns]


class FakeDbt:
    """As much of dbt as a thin model asks for."""

    is_incremental = False
    this = "kept"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def ref(self, name: str) -> duckdb.DuckDBPyRelation:
        schema = "reference" if name == "segmentations" else "intermediate"
        return self.connection.table(f"{schema}.{name}")


@pytest.fixture
def learn():
    path = PROJECT / "models/learning/ml_segment_parameters.py"
    specification = importlib.util.spec_from_file_location("thin_model", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.model


def test_the_thin_model_learns_what_the_build_stored(complete_journey, learn):
    with duckdb.connect(str(complete_journey.path), read_only=True) as connection:
        learned = learn(FakeDbt(connection), connection)
        stored = connection.execute(
            "select * from learning.ml_segment_parameters"
            " order by segmentation, part, item, name"
        ).df()
    pd.testing.assert_frame_equal(
        learned.reset_index(drop=True), stored, check_dtype=False
    )


def test_the_thin_model_looks_at_what_it_kept(complete_journey, learn):
    with duckdb.connect(str(complete_journey.path), read_only=True) as connection:
        fake = FakeDbt(connection)
        fake.is_incremental = True
        fake.this = (
            "(select * replace (timestamp '2017-12-01' as as_of_date)"
            " from learning.ml_segment_parameters)"
        )
        learned = learn(fake, connection)
    statuses = learned.loc[learned["name"] == "status", "value_text"]
    assert statuses.value_counts().to_dict() == {"kept": 5, "not_fitted": 1}
