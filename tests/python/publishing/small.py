"""A warehouse folder of a few rows, with what dbt would say of its build."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

NAME = "customer_segmentation.duckdb"
BUILT = {"which": "build", "select": [], "exclude": [], "exclude_resource_types": []}
PASSED = [
    {"unique_id": "model.m", "status": "success"},
    {"unique_id": "test.t", "status": "pass"},
    {"unique_id": "test.w", "status": "warn"},
]
SETTINGS = {
    "connector": "shop",
    "as_of_date": "2026-01-01",
    "reporting_currency": "EUR",
    "finance_ledger_tolerance_amount": "0",
    "published_generations": "3",
}
# Two segments of 60 % and 40 % of the revenue, which a month's ledger confirms.
TABLES = """
    create schema core; create schema finance; create schema monitoring;
    create schema retention; create schema intermediate;
    create table core.segments as
        select segmentation, segment_key, segment_name, is_special,
            cast(customer_count as bigint) as customer_count,
            cast(customer_count / 10 as double) as customer_share,
            cast({revenue} * share as decimal(18, 2)) as net_revenue_amount,
            cast(share as double) as net_revenue_share,
            'EUR' as currency_code, date '2026-01-01' as as_of_date
        from (values
            ('value', 'loyal', 'Loyal', false, 4, 0.6),
            ('value', 'rare', 'Rare', false, 6, 0.4)
        ) as t (segmentation, segment_key, segment_name, is_special, customer_count,
            share);
    create table finance.segment_roi as
        select segmentation, segment_key, date '2025-12-01' as month_on,
            net_revenue_amount, cast(10 as decimal(18, 2)) as marketing_cost_amount,
            cast(15 as decimal(18, 2)) as attributed_margin_amount, currency_code,
            as_of_date
        from core.segments;
    create table finance.ledger_reconciliation as
        select 'source_control' as ledger_kind, date '2025-12-01' as month_on,
            cast({revenue} as decimal(18, 2)) as ledger_amount,
            cast({revenue} as decimal(18, 2)) as segments_amount,
            cast(0 as decimal(18, 2)) as guest_amount,
            cast(0 as decimal(18, 2)) as difference_amount, 'EUR' as currency_code,
            date '2026-01-01' as as_of_date;
    -- A view, as two marts are; it names its catalog, as dbt does.
    create view retention.at_risk_customers as
        select segment_key as customer_id, net_revenue_amount as value_at_risk_amount,
            net_revenue_amount as expected_loss_amount, currency_code, as_of_date
        from "customer_segmentation"."core"."segments" where segment_key = 'rare';
    create table monitoring.publications (
        publication_id varchar, connector varchar, action varchar,
        git_revision varchar, build_id varchar, currency_code varchar,
        control_totals varchar, generation integer, tables integer,
        total_rows bigint, net_revenue_amount decimal(18, 2), as_of_date date,
        published_at timestamp);
    create table intermediate.int_settings_resolved
        (setting varchar, setting_value varchar);
    create view main.last_invocation as select '{build_id}' as invocation_id;
"""
MARTS = (
    *("core.segments", "finance.segment_roi", "finance.ledger_reconciliation"),
    *("retention.at_risk_customers", "monitoring.publications"),
)


@dataclass
class Small:
    """A warehouse folder that is filled again for each build."""

    folder: Path
    builds: int = 0
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    marts: tuple[str, ...] = ()

    @property
    def work(self) -> Path:
        return self.folder / "work" / NAME

    @property
    def target(self) -> Path:
        return self.folder / "target"

    @property
    def served(self) -> Path:
        return self.folder / "served" / NAME

    def build(self, revenue: str = "100.00", *changes: str) -> "Small":
        """Make the work file anew, changed by SQL, and tell of a build that passed."""
        self.builds += 1
        self.work.parent.mkdir(parents=True, exist_ok=True)
        self.work.unlink(missing_ok=True)
        build_id = f"build-{self.builds}"
        with duckdb.connect(str(self.work)) as connection:
            connection.execute(TABLES.format(revenue=revenue, build_id=build_id))
            connection.executemany(
                "insert into intermediate.int_settings_resolved values (?, ?)",
                list(self.settings.items()),
            )
            for change in changes:
                connection.execute(change)
        self.tell(build_id)
        return self

    def tell(self, build_id: str, arguments: dict | None = None, results=PASSED):
        """Write what dbt would have written of a build."""
        names = (*MARTS, *self.marts)
        models = {f"model.{name.partition('.')[2]}": name for name in names}
        self.target.mkdir(parents=True, exist_ok=True)
        (self.target / "run_results.json").write_text(
            json.dumps(
                {
                    "metadata": {"invocation_id": build_id},
                    "args": {**BUILT, **(arguments or {})},
                    "results": [
                        *results,
                        *({"unique_id": m, "status": "success"} for m in models),
                    ],
                }
            )
        )
        nodes = {
            unique_id: node(name, "models/marts/x.sql")
            for unique_id, name in models.items()
        }
        nodes["model.s"] = node("intermediate.int_settings_resolved", "models/i/x.sql")
        (self.target / "manifest.json").write_text(json.dumps({"nodes": nodes}))

    def query(self, sql: str) -> list[tuple]:
        """Read the served file as any tool would."""
        with duckdb.connect(str(self.served), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def left(self) -> list[str]:
        """Everything in the folder of the served file, but for the lock."""
        folder = self.served.parent
        paths = (str(path.relative_to(folder)) for path in folder.rglob("*"))
        return sorted(path for path in paths if path != ".lock")


def node(name: str, path: str) -> dict:
    """As much of a node of dbt's manifest as is read."""
    schema, _, table = name.partition(".")
    return {
        "resource_type": "model",
        "access": "public",
        "original_file_path": path,
        "schema": schema,
        "name": table,
        "alias": table,
        "description": f"One row per thing of {table}.\n",
        "columns": {"segment_key": {"description": "Key of the segment"}},
    }
