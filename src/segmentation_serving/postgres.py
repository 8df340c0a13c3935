"""The served generation in PostgreSQL, for tools that speak to nothing else.

Everything happens in one transaction: the marts are loaded into schemas beside those
that are read, which then take their names. Whoever reads sees the old or the new.
"""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from adbc_driver_manager import Error as DatabaseError
from adbc_driver_postgresql import dbapi

from segmentation_serving.builds import open_to_read
from segmentation_serving.generations import (
    Record,
    Served,
    check_intact,
    read_record,
)
from segmentation_serving.marts import identifier
from segmentation_serving.refusal import Refused

_ROWS_AT_ONCE = 50_000
# Shorter than PostgreSQL's own second, so that no reader is ever the one who gives way.
_LOCK_MILLISECONDS = 500
_PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 60.0
_DEPENDENTS = "2BP01"
_NEXT = "_next"
# Says which schemas, and what in them, may be replaced.
_MARK = "Published by customer_segmentation"

# The inner block is undone, with its locks, when it would have to wait; the driver
# itself gives a transaction up after any error.
_OUTCOME = "customer_segmentation.swap"
_TRY = f"""
    do $swap$
    begin
        begin
            {{statements}}
            perform set_config('{_OUTCOME}', 'done', true);
        exception when lock_not_available or deadlock_detected then
            perform set_config('{_OUTCOME}', 'busy', true);
        end;
    end
    $swap$
"""

_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
_COLUMNS = """
    select
        columns.schema_name, columns.table_name, columns.column_name,
        columns.data_type, columns.comment, tables.comment
    from duckdb_columns() as columns
    inner join duckdb_tables() as tables using (table_oid, database_name)
    where columns.database_name = 'served'
    order by columns.schema_name, columns.table_name, columns.column_index
"""


@dataclass(frozen=True)
class Column:
    """A column of a served table: name, type of DuckDB, description."""

    name: str
    data_type: str
    description: str | None

    @property
    def postgres_type(self) -> str:
        """Type that holds every value of it exactly."""
        if self.data_type.startswith("DECIMAL"):
            return self.data_type.replace("DECIMAL", "numeric")
        if self.data_type not in _TYPES:
            raise Refused(
                f"The column {self.name} is of the type {self.data_type}, which has no "
                "counterpart in PostgreSQL here: add it to segmentation_serving."
            )
        return _TYPES[self.data_type]


@dataclass(frozen=True)
class Table:
    """A served table."""

    schema: str
    name: str
    description: str | None
    columns: tuple[Column, ...]

    def called(self, suffix: str = "") -> str:
        """Name in a statement, in its schema or the one beside it."""
        return f"{identifier(self.schema + suffix)}.{identifier(self.name)}"


def publish_to_postgres(served: Served, uri: str, readers: Sequence[str]) -> Record:
    """Replace the marts in a database by those of the served generation.

    Parameters
    ----------
    served : what is published
    uri : of the database, as libpq takes it
    readers : roles that may read

    Returns
    -------
    The record of the generation that was loaded.

    Raises
    ------
    Refused
        Nothing is published, the database cannot be reached, holds something of its
        own under one of the names, or is being read without end. It stays as it was.
    """
    number = served.current()
    if number is None:
        raise Refused(f"{served.link} is missing: run `make publish` first.")
    check_intact(served, number)
    record = read_record(served, number)
    with open_to_read(served.file(number), "served") as source:
        tables = _read_tables(source)
        try:
            with dbapi.connect(uri) as connection, connection.cursor() as cursor:
                _load(cursor, source, tables, record, readers)
                connection.commit()
        except DatabaseError as error:
            raise Refused(f"PostgreSQL says: {_first_line(error)}") from error
    return record


def _read_tables(source: duckdb.DuckDBPyConnection) -> list[Table]:
    found: dict[tuple[str, str, str | None], list[Column]] = {}
    for schema, table, name, data_type, comment, description in source.execute(
        _COLUMNS
    ).fetchall():
        columns = found.setdefault((schema, table, description), [])
        columns.append(Column(name, data_type, comment))
    return [
        Table(schema, table, description, tuple(columns))
        for (schema, table, description), columns in found.items()
    ]


def _load(
    cursor: dbapi.Cursor,
    source: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    record: Record,
    readers: Sequence[str],
) -> None:
    if not _values(
        cursor, "select pg_try_advisory_xact_lock(hashtext('customer_segmentation'))"
    )[0][0]:
        raise Refused("Another publication into this database is running: wait for it.")
    schemas = sorted({table.schema for table in tables})
    ours = _our_schemas(cursor)
    _check_schemas(cursor, schemas, ours)
    _check_readers(cursor, readers)
    for schema in schemas:
        cursor.execute(f"create schema {identifier(schema + _NEXT)}")
    for table in tables:
        _load_table(cursor, source, table)
    _grant(cursor, schemas, readers)
    _swap_patiently(cursor, schemas, ours)
    for schema in schemas:
        names = ", ".join(table.name for table in tables if table.schema == schema)
        comment = (
            f"{_MARK}: generation {record.generation} of {record.connector}, as of "
            f"{record.as_of_date}. Tables: {names}"
        )
        cursor.execute(f"comment on schema {identifier(schema)} is {_text(comment)}")


def _our_schemas(cursor: dbapi.Cursor) -> dict[str, list[str]]:
    """Return the tables of each schema that an earlier publication made."""
    rows = _values(
        cursor,
        "select nspname::text, obj_description(oid, 'pg_namespace') from pg_namespace"
        f" where obj_description(oid, 'pg_namespace') like {_text(_MARK + '%')}",
    )
    return {
        name: comment.partition(" Tables: ")[2].split(", ") for name, comment in rows
    }


def _check_schemas(
    cursor: dbapi.Cursor, schemas: Sequence[str], ours: Mapping[str, list[str]]
) -> None:
    there = {
        row[0] for row in _values(cursor, "select nspname::text from pg_namespace")
    }
    wanted = {*schemas, *(schema + _NEXT for schema in schemas)}
    foreign = sorted((there & wanted) - ours.keys())
    if foreign:
        raise Refused(
            f"The database has schemas of its own that are called {', '.join(foreign)}:"
            " name another database in SEGMENTATION_POSTGRES_DSN or PGDATABASE."
        )


def _check_readers(cursor: dbapi.Cursor, readers: Sequence[str]) -> None:
    roles = {row[0] for row in _values(cursor, "select rolname::text from pg_roles")}
    missing = sorted(set(readers) - roles)
    if missing:
        raise Refused(
            f"There is no role {', '.join(missing)}: create it, or take it out of "
            "SEGMENTATION_POSTGRES_READERS."
        )


def _load_table(
    cursor: dbapi.Cursor, source: duckdb.DuckDBPyConnection, table: Table
) -> None:
    target = table.called(_NEXT)
    columns = ", ".join(
        f"{identifier(column.name)} {column.postgres_type}" for column in table.columns
    )
    cursor.execute(f"create table {target} ({columns})")
    served = f"served.{table.called()}"
    rows = source.execute(f"from {served}").to_arrow_reader(_ROWS_AT_ONCE)
    cursor.adbc_ingest(
        table.name, rows, mode="append", db_schema_name=table.schema + _NEXT
    )
    totals = ", ".join(
        [
            "count(*)",
            *(
                f"cast(sum({identifier(column.name)}) as varchar)"
                for column in table.columns
                if column.postgres_type.startswith("numeric")
            ),
        ]
    )
    expected = source.execute(f"select {totals} from {served}").fetchall()
    found = _values(cursor, f"select {totals} from {target}")
    if found != expected:
        raise Refused(
            f"PostgreSQL has {found} of {table.schema}.{table.name}, the served file "
            f"{expected} (rows, sums of amounts): try again."
        )
    if table.description:
        cursor.execute(f"comment on table {target} is {_text(table.description)}")
    for column in table.columns:
        if column.description:
            cursor.execute(
                f"comment on column {target}.{identifier(column.name)}"
                f" is {_text(column.description)}"
            )
    cursor.execute(f"analyze {target}")


def _grant(
    cursor: dbapi.Cursor, schemas: Sequence[str], readers: Sequence[str]
) -> None:
    for schema in (identifier(schema + _NEXT) for schema in schemas):
        for role in map(identifier, readers):
            cursor.execute(f"grant usage on schema {schema} to {role}")
            cursor.execute(f"grant select on all tables in schema {schema} to {role}")


def _swap_patiently(
    cursor: dbapi.Cursor, schemas: Sequence[str], ours: Mapping[str, list[str]]
) -> None:
    """Swap the schemas; give way to readers who are in the middle of something."""
    cursor.execute(f"set local lock_timeout = {_LOCK_MILLISECONDS}")
    statements = "".join(f"{line};\n" for line in _swap_statements(schemas, ours))
    patient_until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            cursor.execute(_TRY.format(statements=statements))
        except DatabaseError as error:
            if error.sqlstate == _DEPENDENTS:
                raise Refused(_dependents(error)) from error
            raise
        if _values(cursor, f"select current_setting('{_OUTCOME}')") == [("done",)]:
            return
        if time.monotonic() > patient_until:
            raise Refused(
                "Somebody has been reading the marts in one transaction for "
                f"{PATIENCE_SECONDS:.0f} s: end it (pg_stat_activity tells whose it "
                "is), then publish again."
            )
        time.sleep(_PAUSE_SECONDS)


def _swap_statements(
    schemas: Sequence[str], ours: Mapping[str, list[str]]
) -> Iterator[str]:
    # What is not ours, a view of an analyst say, must not go with it: no cascade.
    for schema in sorted(ours):
        names = [f"{identifier(schema)}.{identifier(name)}" for name in ours[schema]]
        yield f"drop table if exists {', '.join(names)}"
        yield f"drop schema {identifier(schema)}"
    for schema in schemas:
        yield (
            f"alter schema {identifier(schema + _NEXT)} rename to {identifier(schema)}"
        )


def _dependents(error: DatabaseError) -> str:
    found = re.findall(r"^(?:DETAIL: *)?(.*) depends on .*$", str(error), re.MULTILINE)
    what = ", ".join(sorted(set(found))) or "something in a schema of the marts"
    return (
        f"The marts cannot be replaced while {what} hangs on them: drop it, publish, "
        "and create it again, or put a table in its place."
    )


def _values(cursor: dbapi.Cursor, statement: str) -> list[tuple]:
    cursor.execute(statement)
    return cursor.fetchall()


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())


def connection_uri(environment: Mapping[str, str]) -> str:
    """Return where to publish to, as the environment has it.

    Raises
    ------
    Refused
        It says nothing.
    """
    uri = environment.get("SEGMENTATION_POSTGRES_DSN")
    if uri:
        return uri
    if any(name in environment for name in ("PGHOST", "PGSERVICE", "PGDATABASE")):
        # libpq reads the rest from the same variables.
        return "postgresql://"
    raise Refused(
        "No database is named: set SEGMENTATION_POSTGRES_DSN, or PGHOST, PGDATABASE, "
        "PGUSER and PGPASSWORD."
    )


def main(arguments: Sequence[str]) -> int:
    """Return 0, or 1 after a sentence about why nothing was changed."""
    warehouse = Path(os.environ.get("SEGMENTATION_WAREHOUSE", "warehouse"))
    readers = os.environ.get("SEGMENTATION_POSTGRES_READERS", "")
    roles = [role.strip() for role in readers.split(",") if role.strip()]
    try:
        uri = connection_uri(os.environ)
        record = publish_to_postgres(Served(warehouse / "served"), uri, roles)
    except Refused as refusal:
        sys.stderr.write(f"PostgreSQL stays as it was. {refusal}\n")
        return 1
    granted = f", readable by {', '.join(roles)}" if roles else ""
    sys.stdout.write(f"In PostgreSQL: {record.title}{granted}.\n")
    return 0
