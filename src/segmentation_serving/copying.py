"""Marts from the work file into a fresh one, and proof that they are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from segmentation_serving.builds import open_to_read, quoted, wal_of
from segmentation_serving.marts import Mart, identifier
from segmentation_serving.refusal import Refused

# Views of the work file name its catalog, which is the stem of the file.
WORK = "customer_segmentation"
FRESH = "fresh"
# Clients that are older than the DuckDB that builds can read it.
STORAGE_VERSION = "v1.0.0"

_AMOUNTS = """
    select column_name
    from duckdb_columns()
    where
        database_name = ? and schema_name = ? and table_name = ?
        and data_type like 'DECIMAL%'
    order by column_index
"""
# As assert_ledger_is_reconciled has it; a source without money has no row.
_UNEXPLAINED = """
    select ledger_kind, month_on, difference_amount
    from {fresh}.{ledger}
    where
        abs(difference_amount) > case when ledger_kind = 'finance' then ? else 0 end
    order by all
    limit 1
"""
_LEDGER = """
    select sum(segments_amount + guest_amount)
    from {fresh}.{ledger}
    where ledger_kind = 'source_control'
"""
_SEGMENTS = """
    select segmentation, sum(net_revenue_amount) as amount
    from {fresh}.{roi}
    group by segmentation
    having sum(net_revenue_amount) <> ?
    order by all
    limit 1
"""


@dataclass(frozen=True)
class Totals:
    """Rows of a table, and the sum of each of its amounts, as text."""

    rows: int
    sums: dict[str, str]


def open_work(work_file: Path) -> duckdb.DuckDBPyConnection:
    """Attach the work file for reading, under the name that its views know."""
    return open_to_read(work_file, WORK)


def copy_marts(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], file: Path
) -> None:
    """Copy tables with their comments from the work file into a new file.

    The file stays attached as `fresh`.

    Raises
    ------
    Refused
        A mart is not in the work file, or the disk is full.
    """
    connection.execute(
        f"attach {quoted(str(file))} as {FRESH} (storage_version '{STORAGE_VERSION}')"
    )
    for schema in sorted({mart.schema for mart in marts}):
        connection.execute(f"create schema if not exists {FRESH}.{identifier(schema)}")
    for mart in marts:
        try:
            connection.execute(
                f"create table {FRESH}.{mart.sql} as from {WORK}.{mart.sql}"
            )
        except duckdb.CatalogException as error:
            raise Refused(
                f"The work file holds no {mart.name}: run `make build`."
            ) from error
        _comment(connection, mart)


def _comment(connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
    target = f"{FRESH}.{mart.sql}"
    connection.execute(f"comment on table {target} is {quoted(mart.description)}")
    described = connection.table(f"{FRESH}.{mart.sql}").columns
    for column in described:
        text = mart.columns.get(column)
        if text:
            connection.execute(
                f"comment on column {target}.{identifier(column)} is {quoted(text)}"
            )


def totals(connection: duckdb.DuckDBPyConnection, catalog: str, mart: Mart) -> Totals:
    """Count the rows of a table and add up its amounts.

    The columns are those of the copy, so that a view is counted like a table.
    """
    amounts = [
        name
        for (name,) in connection.execute(
            _AMOUNTS, [FRESH, mart.schema, mart.table]
        ).fetchall()
    ]
    # As 38 digits, which hold any sum of amounts exactly.
    sums = "".join(f", cast(sum({identifier(name)}) as varchar)" for name in amounts)
    row = connection.execute(f"select count(*){sums} from {catalog}.{mart.sql}")
    found = row.fetchall()[0]
    return Totals(
        found[0],
        {
            name: amount
            for name, amount in zip(amounts, found[1:], strict=True)
            if amount is not None
        },
    )


def compare(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]
) -> dict[str, Totals]:
    """Return the totals of each mart, which are the same on both sides.

    Raises
    ------
    Refused
        Rows or an amount differ between the work file and the copy.
    """
    found = {}
    for mart in marts:
        if mart.is_publications:
            continue
        before = totals(connection, WORK, mart)
        after = totals(connection, FRESH, mart)
        if before != after:
            raise Refused(
                f"The copy of {mart.name} is not what the work file holds: {after} "
                f"instead of {before}. Publish again; if it stays so, tell who "
                "maintains this project."
            )
        found[mart.name] = after
    return found


def ledger_revenue(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], tolerance: Decimal
) -> Decimal | None:
    """Return the net revenue that ties to the ledger, None where there is no money.

    Parameters
    ----------
    connection : with the copy attached
    marts : what was copied
    tolerance : amount per month by which the ledger that finance keeps may differ

    Raises
    ------
    Refused
        A month does not reconcile, or the segments of a segmentation are not the whole.
    """
    named = {mart.table: mart for mart in marts if mart.schema.endswith("finance")}
    try:
        ledger, roi = named["ledger_reconciliation"], named["segment_roi"]
    except KeyError as missing:
        raise Refused(f"The project has no finance mart {missing}.") from None
    names = {"fresh": FRESH, "ledger": ledger.sql, "roi": roi.sql}
    wrong = connection.execute(_UNEXPLAINED.format(**names), [tolerance]).fetchone()
    if wrong:
        kind, month_on, amount = wrong
        raise Refused(
            f"The ledger ({kind}) of {month_on} leaves {amount} unexplained: see "
            "finance.ledger_differences in the work file, and build again."
        )
    (revenue,) = connection.execute(_LEDGER.format(**names)).fetchone()
    if revenue is None:
        return None
    wrong = connection.execute(_SEGMENTS.format(**names), [revenue]).fetchone()
    if wrong:
        segmentation, amount = wrong
        raise Refused(
            f"The segments of {segmentation} have a net revenue of {amount}, the "
            f"ledger has {revenue}: build again."
        )
    return revenue


def close(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write everything into the copy and let go of it.

    Raises
    ------
    Refused
        A write-ahead log is left: renamed without it, the file would lose rows.
    """
    connection.execute(f"checkpoint {FRESH}")
    connection.execute(f"detach {FRESH}")
    if wal_of(file).exists():
        raise Refused(f"{wal_of(file)} is left, so the copy is not whole: try again.")
