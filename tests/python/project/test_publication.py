"""Real builds, published: the marts as they are, and nothing else."""

import json

import duckdb
import pytest

from segmentation_serving.publication import publish
from segmentation_serving.refusal import Refused

from ..publishing.reading import check_whole
from ..served import served_file
from .conftest import PROJECT, Warehouse, failures, run_dbt

TABLES = """
    select schema_name || '.' || table_name, comment from duckdb_tables() order by all
"""
COLUMNS = """
    select schema_name, table_name, column_name, data_type
    from duckdb_columns()
    where schema_name || '.' || table_name in ({})
    order by all
"""


def marts(warehouse: Warehouse) -> dict[str, str]:
    """Public marts by name, with their description, as dbt has them."""
    manifest = json.loads((warehouse.folder / "target/manifest.json").read_text())
    return {
        f"{node['schema']}.{node['name']}": " ".join(node["description"].split())
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["original_file_path"].startswith("models/marts/")
        and node["access"] == "public"
    }


@pytest.fixture(params=["complete_journey", "sample_company"])
def warehouse(request) -> Warehouse:
    built = request.getfixturevalue(request.param)
    served_file(built.path)
    return built


def served_rows(warehouse: Warehouse, query: str) -> list[tuple]:
    file = served_file(warehouse.path)
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_served_file_is_the_public_marts(warehouse):
    expected = marts(warehouse)
    assert len(expected) >= 55
    assert dict(served_rows(warehouse, TABLES)) == expected
    names = ", ".join(f"'{name}'" for name in expected)
    columns = COLUMNS.format(names)
    assert served_rows(warehouse, columns) == warehouse.query(columns)
    undescribed = (
        "select table_name, column_name from duckdb_columns()"
        " where comment is null and not internal"
    )
    assert served_rows(warehouse, undescribed) == []


def test_every_row_is_the_row_that_was_built(warehouse):
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        served = served_file(warehouse.path).resolve()
        connection.execute(f"attach '{served}' as served (read_only)")
        for name in marts(warehouse):
            if name == "monitoring.publications":
                continue
            ((count,),) = connection.execute(f"""
                select count(*) from (
                    (from served.{name} except all from {name})
                    union all
                    (from {name} except all from served.{name})
                )
            """).fetchall()
            assert count == 0, name


def test_the_publication_is_recorded_and_ties_to_the_ledger(warehouse):
    assert check_whole(served_file(warehouse.path)) == 1
    ((action, revision, revenue, as_of_date),) = served_rows(
        warehouse,
        "select action, git_revision, net_revenue_amount, as_of_date"
        " from monitoring.publications",
    )
    assert (action, revision) == ("published", "unknown")
    ledger = warehouse.value(
        "select sum(ledger_amount - after_as_of_amount - rejected_amount"
        " - currency_rounding_amount) from finance.ledger_reconciliation"
        " where ledger_kind = 'source_control'"
    )
    assert revenue == ledger
    assert as_of_date == warehouse.value("select max(as_of_date) from core.segments")
    # The work file is as the build left it.
    assert warehouse.value("select count(*) from monitoring.publications") == 0


def test_each_writing_command_leaves_its_mark(some_households, tmp_path):
    """A seed that ran after the build, whole or killed, makes its results void."""
    warehouse = Warehouse(tmp_path)
    mark = "select invocation_id from main.last_invocation"
    found = set()
    for command in ("seed", "seed", "test"):
        result = run_dbt(
            warehouse,
            *(command, "--select", "segmentations"),
            source=some_households,
        )
        # The seed is all there is to test.
        assert result.success or command == "test", failures(result)
        found.add(warehouse.value(mark))
    # A test writes nothing, and leaves none.
    assert len(found) == 2
    results = json.loads((tmp_path / "target/run_results.json").read_text())
    assert results["metadata"]["invocation_id"] not in found
    with pytest.raises(Refused, match="The last dbt command was `test`"):
        publish(warehouse.folder, tmp_path / "target")


def test_docs_name_every_target_of_serving():
    text = (PROJECT / "docs/serving.md").read_text()
    for target in (
        "build",
        "publish",
        "rollback",
        "publish-postgres",
        "export-parquet",
    ):
        assert f"`make {target}`" in text
