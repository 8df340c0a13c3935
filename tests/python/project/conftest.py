"""Builds of the whole project, each in a warehouse of its own."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from filelock import FileLock

from segmentation_plugins.packaged_data import complete_journey_folder

PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Warehouse:
    """One warehouse file and what the last build said about it."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "work" / "customer_segmentation.duckdb"

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        ((value,),) = self.query(sql)
        return value

    def frame(self, sql: str) -> pd.DataFrame:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(sql).df()

    def differences(self, other: "Warehouse") -> dict[str, int]:
        """Rows of each table that only one of two warehouses holds; views follow."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.path}' as here (read_only)")
            connection.execute(f"attach '{other.path}' as there (read_only)")
            names = connection.execute(
                "select distinct schema_name || '.' || table_name from duckdb_tables()"
                " where database_name in ('here', 'there') order by all"
            ).fetchall()
            rows = (
                "select count(*) from ((from here.{0} except all from there.{0})"
                " union all (from there.{0} except all from here.{0}))"
            )
            return {
                name: connection.execute(rows.format(name)).fetchall()[0][0]
                for (name,) in names
            }


def run_dbt(
    warehouse: Warehouse,
    *arguments: str,
    source: Path | None = None,
    threads: int = 2,
    settings: Mapping[str, Any] | None = None,
    project: Path = PROJECT,
    salt: str = "",
) -> Any:
    """Run dbt in this process and return its result."""
    (warehouse.folder / "work").mkdir(parents=True, exist_ok=True)
    environment = {
        "SEGMENTATION_WAREHOUSE": str(warehouse.folder),
        "SEGMENTATION_THREADS": str(threads),
        "SEGMENTATION_COMPLETE_JOURNEY": str(source or ""),
        "SEGMENTATION_SALT": salt,
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        return dbtRunner().invoke(
            [
                *arguments,
                *("--quiet", "--project-dir", str(project)),
                *("--profiles-dir", str(project / "profiles")),
                *("--target-path", str(warehouse.folder / "target")),
                *("--log-path", str(warehouse.folder / "logs")),
                *("--vars", yaml.safe_dump(dict(settings or {}))),
            ]
        )
    finally:
        # Otherwise dbt-duckdb keeps the lock to the end of the process.
        DuckDBConnectionManager.close_all_connections()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def build(
    warehouse: Warehouse,
    *arguments: str,
    without: tuple[str, ...] = ("unit_test",),
    **options: Any,
) -> Warehouse:
    """Build the project with its data tests, which must pass.

    Unit tests bring their own rows, so one build of a connector's models is enough.
    """
    for kind in without:
        arguments = (*arguments, "--exclude-resource-type", kind)
    result = run_dbt(warehouse, "build", *arguments, **options)
    assert result.success, failures(result)
    return warehouse


def build_models(warehouse: Warehouse, *arguments: str, **options: Any) -> Warehouse:
    """Build models and seeds alone: for builds that are compared with others."""
    return build(warehouse, *arguments, without=("unit_test", "test"), **options)


def failures(result: Any) -> str:
    """What went wrong in a dbt run, a line per node."""
    if result.exception:
        return str(result.exception)
    return "\n".join(
        f"{node.node.name}: {node.message}"
        for node in result.result
        if node.status in ("error", "fail")
    )


@pytest.fixture(scope="session")
def built_once(tmp_path_factory) -> Callable[..., Warehouse]:
    """Build a named warehouse for all test processes of a run, in the first to ask."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def find(name: str, make: Callable[[Warehouse], Warehouse]) -> Warehouse:
        warehouse = Warehouse(shared / name)
        is_built = shared / f"{name}.built"
        with FileLock(shared / f"{name}.lock"):
            if not is_built.exists():
                shutil.rmtree(warehouse.folder, ignore_errors=True)
                make(warehouse)
                is_built.touch()
        return warehouse

    return find


@pytest.fixture(scope="session")
def complete_journey(built_once) -> Warehouse:
    """The default build: Complete Journey as installed, two threads."""
    return built_once(
        "complete_journey", lambda warehouse: build(warehouse, without=())
    )


SAMPLE_COMPANY = {"connector": "sample_company"}


@pytest.fixture(scope="session")
def sample_company(built_once) -> Warehouse:
    """The made-up company as committed."""
    return built_once(
        "sample_company",
        lambda warehouse: build(warehouse, settings=SAMPLE_COMPANY, salt="pepper"),
    )


def files(folder: Path, **settings: object) -> dict:
    return {"connector": "files", "files_path": str(folder), **settings}


# Quarters, and everybody who came back at least once, as METHODS has it.
CDNOW = {
    "risk_horizon_days": 91,
    "active_within_days": None,
    "minimum_orders_for_risk": 2,
}


@pytest.fixture(scope="session")
def cdnow(test_data, tmp_path_factory, built_once) -> Warehouse:
    """CDNOW as its owner would hand it over: dates in ISO form, ids with zeros."""
    folder = tmp_path_factory.mktemp("cdnow")
    lines = (test_data("cdnow") / "CDNOW_master.txt").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    (folder / "transactions.csv").write_text(
        "customer_id,occurred_at,quantity,net_amount\n"
        + "".join(
            f"{customer},{day[:4]}-{day[4:6]}-{day[6:]},{discs},{amount}\n"
            for customer, day, discs, amount in rows
        )
    )
    settings = files(folder, **CDNOW)
    return built_once("cdnow_warehouse", lambda w: build(w, settings=settings))


@pytest.fixture(scope="session")
def telco(test_data, tmp_path_factory, built_once) -> Warehouse:
    """IBM's telco churn as it is, described by an attributes.csv."""
    folder = tmp_path_factory.mktemp("telco")
    source = test_data("telco_ibm") / "Telco-Customer-Churn.csv"
    (folder / "customers_wide.csv").write_bytes(source.read_bytes())
    described = PROJECT / "tests/fixtures/telco_attributes.csv"
    (folder / "attributes.csv").write_bytes(described.read_bytes())
    settings = files(folder, loaded_on="2018-01-01", industry="telecom")
    return built_once("telco_warehouse", lambda w: build(w, settings=settings))


@pytest.fixture(scope="session")
def copy_project(tmp_path_factory) -> Callable[[], Path]:
    """Copy the project's text, so that a test may add to it."""

    def copy() -> Path:
        project = tmp_path_factory.mktemp("project")
        for name in ("models", "macros", "seeds", "tests", "profiles"):
            shutil.copytree(PROJECT / name, project / name)
        for path in PROJECT.glob("*.yml"):
            shutil.copy(path, project / path.name)
        return project

    return copy


@pytest.fixture(scope="session")
def installed_data() -> Path:
    return complete_journey_folder()


@pytest.fixture(scope="session")
def copy_source(installed_data, tmp_path_factory) -> Callable[..., Path]:
    """Copy Complete Journey, changing tables by a query over the installed file."""

    def copy(**changed: str) -> Path:
        folder = tmp_path_factory.mktemp("source")
        for file in installed_data.glob("*.parquet"):
            if file.stem in changed:
                query = changed[file.stem].format(table=f"read_parquet('{file}')")
                duckdb.sql(query).write_parquet(str(folder / file.name))
            elif file.stem != "promotions":
                (folder / file.name).symlink_to(file)
        return folder

    return copy


@pytest.fixture(scope="session")
def some_households(copy_source) -> Path:
    """Complete Journey with one household in six."""
    return copy_source(
        transactions="select * from {table} where household_id % 6 = 1",
        demographics="select * from {table} where household_id::int % 6 = 1",
        campaigns="select * from {table} where household_id % 6 = 1",
        coupon_redemptions="select * from {table} where household_id % 6 = 1",
    )


@pytest.fixture(scope="session")
def built_households(some_households, built_once) -> Warehouse:
    """One build of them, to compare with and to copy; whoever changes it, copies."""
    return built_once(
        "households", lambda warehouse: build_models(warehouse, source=some_households)
    )
