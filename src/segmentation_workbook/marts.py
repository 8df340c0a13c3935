"""What the workbook reads from the published file and from dbt's manifest."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

Row = dict[str, Any]

# What finance is shown is one segmentation, so that its rows add up to the company.
_PRIMARY = """
    select any_value(segmentation) from finance.segment_money
    where is_primary_segmentation
"""
_QUERIES = {
    "segments": """
        select segment_name, customer_count
        from core.segments
        where segmentation = $primary
        order by is_special, net_revenue_amount desc, segment_name
    """,
    "roi": """
        select * from finance.segment_roi
        where segmentation = $primary
        order by month_on, net_revenue_amount desc, segment_key
    """,
    "reconciliation": """
        select * from finance.ledger_reconciliation
        order by ledger_kind desc, month_on nulls last
    """,
    "differences": """
        select ledger_kind, month_on, item, row_count, amount
        from finance.ledger_differences
        order by ledger_kind desc, month_on nulls last, item
    """,
    "budget": """
        select * from finance.budget_allocation
        order by scenario, current_spend_amount desc, segment_key
    """,
    "economics": """
        select * from finance.segment_unit_economics
        where segmentation = $primary
        order by cohort_on, segment_name, segment_key
    """,
    "curves": """
        select
            segment_name, parameter_source, status, reason,
            max(spend_amount) filter (where is_observed_range) as observed_amount
        from finance.response_curves
        group by segment_name, parameter_source, status, reason
        order by segment_name
    """,
    "settings": "select setting, setting_value from monitoring.build_settings",
    "publication": """
        select * from monitoring.publications
        order by published_at desc, generation desc
        limit 1
    """,
}
_AS_OF = "select max(as_of_date) from core.segments"
_CURRENCY = """
    select coalesce(max(setting_value), '') from monitoring.build_settings
    where setting = 'reporting_currency'
"""


class UnreadableMarts(Exception):
    """The workbook cannot be made; the message says what to do."""


class Finance(NamedTuple):
    """Rows of the marts by tab, amounts as exact decimals.

    ``descriptions`` holds what a column means by 'schema.table.column'; ``primary`` is
    the segmentation that the workbook speaks of, None where there is no money.
    """

    primary: str | None
    currency: str
    as_of: date | None
    published_at: datetime
    segments: list[Row]
    roi: list[Row]
    reconciliation: list[Row]
    differences: list[Row]
    budget: list[Row]
    economics: list[Row]
    curves: list[Row]
    settings: list[Row]
    publication: Row
    descriptions: dict[str, str]


def read_finance(served: Path, manifest: Path) -> Finance:
    """Read all that the workbook shows.

    Parameters
    ----------
    served : published DuckDB file, opened read-only
    manifest : manifest.json of the build, which describes the columns

    Raises
    ------
    UnreadableMarts
        A file is missing, is no DuckDB file or no manifest, or lacks a mart.
    """
    if not served.exists():
        raise UnreadableMarts(f"{served} is missing: run `make publish` first.")
    try:
        with duckdb.connect(str(served), read_only=True) as connection:
            ((primary,),) = connection.execute(_PRIMARY).fetchall()
            ((as_of,),) = connection.execute(_AS_OF).fetchall()
            ((currency,),) = connection.execute(_CURRENCY).fetchall()
            found = {
                name: _rows(connection, query, primary)
                for name, query in _QUERIES.items()
            }
    except duckdb.Error as error:
        raise UnreadableMarts(
            f"{served} cannot be read: run `make build`, which publishes it. ({error})"
        ) from error
    publications = found.pop("publication")
    if not publications:
        raise UnreadableMarts(f"{served} names no publication: run `make publish`.")
    return Finance(
        primary=primary,
        currency=currency,
        as_of=as_of,
        published_at=publications[0]["published_at"].replace(tzinfo=None),
        publication=publications[0],
        descriptions=_descriptions(manifest),
        **found,
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, primary: str | None
) -> list[Row]:
    parameters = {"primary": primary} if "$primary" in query else {}
    result = connection.execute(query, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _descriptions(manifest: Path) -> dict[str, str]:
    try:
        nodes = json.loads(manifest.read_text())["nodes"]
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableMarts(
            f"{manifest} is no manifest of dbt: run `make build` first. ({error})"
        ) from error
    return {
        f"{node['schema']}.{node['name']}.{column['name']}": " ".join(
            column["description"].split()
        )
        for node in nodes.values()
        if node["resource_type"] == "model"
        for column in node["columns"].values()
    }
