"""The marts in a real PostgreSQL: exact, described, readable, and never torn."""

import subprocess
import threading
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy

from segmentation_serving import postgres
from segmentation_serving.generations import Served
from segmentation_serving.postgres import connection_uri, main, publish_to_postgres
from segmentation_serving.publication import publish
from segmentation_serving.refusal import Refused

from .server import postgres as server

# The same in both marts of one generation; a large sum that no double holds.
AMOUNTS = ("12345678901234.56", "12345678901234.67", "12345678901234.78")
BOTH = """
    select
        (select sum(net_revenue_amount) from core.segments),
        (select sum(ledger_amount) from finance.ledger_reconciliation)
"""


@pytest.fixture(scope="module")
def socket():
    with server() as folder:
        yield folder


@pytest.fixture
def uri(socket, request):
    """Make a database for one test."""
    admin = f"postgresql://owner@/postgres?host={socket}"
    name = f"t{abs(hash(request.node.nodeid))}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        connection.execute(
            "do $$ begin create role analyst login; exception"
            " when duplicate_object then null; end $$"
        )
    return f"postgresql://owner@/{name}?host={socket}"


@pytest.fixture
def served(small):
    publish(small.folder, small.target)
    return Served(small.folder / "served")


def next_generation(small, amount="110.00"):
    small.build(amount)
    return publish(small.folder, small.target)[0]


def query(uri: str, statement: str) -> list[tuple]:
    with psycopg.connect(uri) as connection:
        return connection.execute(statement).fetchall()


def run(uri: str, *statements: str) -> None:
    with psycopg.connect(uri) as connection:
        for statement in statements:
            connection.execute(statement)


def test_amounts_are_exact_and_everything_is_there(small, uri):
    next_generation(small, AMOUNTS[0])
    publish_to_postgres(Served(small.folder / "served"), uri, [])
    assert query(uri, BOTH) == [(Decimal(AMOUNTS[0]), Decimal(AMOUNTS[0]))]
    types = query(
        uri,
        "select column_name, data_type, numeric_precision, numeric_scale"
        " from information_schema.columns where table_name = 'segments'",
    )
    assert ("net_revenue_amount", "numeric", 18, 2) in types
    assert ("customer_share", "double precision", 53, None) in types
    for mart in (
        *("core.segments", "finance.segment_roi", "retention.at_risk_customers"),
        *("finance.ledger_reconciliation", "monitoring.publications"),
    ):
        rows = f"select * from {mart} order by 1, 2"
        assert query(uri, rows) == small.query(rows)


def test_it_says_which_generation_is_there(small, served, uri):
    publish_to_postgres(served, uri, [])
    next_generation(small)
    record = publish_to_postgres(served, uri, [])
    assert record.generation == 2
    assert query(
        uri, "select generation, action from monitoring.publications order by 1"
    ) == [(1, "published"), (2, "published")]
    comments = query(
        uri,
        "select obj_description(oid, 'pg_namespace') from pg_namespace"
        " where nspname = 'core'",
    )
    assert comments == [
        (
            "Published by customer_segmentation: generation 2 of shop, as of "
            "2026-01-01. Tables: segments",
        )
    ]
    assert query(
        uri,
        "select obj_description('core.segments'::regclass),"
        " col_description('core.segments'::regclass, 2)",
    ) == [("One row per thing of segments.", "Key of the segment")]
    # Nothing is left of the swap.
    assert not query(uri, "select 1 from pg_namespace where nspname like '%\\_next'")


def test_psql_and_sqlalchemy_read_it(served, uri):
    publish_to_postgres(served, uri, ["analyst"])
    reader = uri.replace("owner@", "analyst@")
    for _ in range(2):
        printed = subprocess.run(
            ["psql", reader, "-At", "-c", "\\d core.segments", "-c", BOTH],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "net_revenue_amount|numeric(18,2)" in printed
        assert printed.splitlines()[-1] == "100.00|100.00"
        # Grants come again with the new schemas.
        publish_to_postgres(served, uri, ["analyst"])
    engine = sqlalchemy.create_engine(
        reader.replace("postgresql://", "postgresql+psycopg://")
    )
    schemas = sqlalchemy.inspect(engine).get_schema_names()
    assert {"core", "finance", "monitoring", "retention"} <= set(schemas)
    segments = sqlalchemy.Table(
        "segments", sqlalchemy.MetaData(), schema="core", autoload_with=engine
    )
    assert segments.comment == "One row per thing of segments."
    with engine.connect() as connection:
        total = sqlalchemy.func.sum(segments.c.net_revenue_amount)
        assert connection.scalar(sqlalchemy.select(total)) == Decimal("100.00")
    engine.dispose()


def test_who_was_not_named_cannot_read(served, uri):
    publish_to_postgres(served, uri, [])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(uri.replace("owner@", "analyst@"), BOTH)


def test_a_reader_loops_through_two_publications(small, uri):
    """Neither an error nor a mart of one generation beside a mart of another."""
    served = Served(small.folder / "served")
    next_generation(small, AMOUNTS[0])
    publish_to_postgres(served, uri, [])
    seen, errors, stop = [], [], threading.Event()
    begun = threading.Barrier(4)

    def read(statements: list[str]) -> None:
        waits = True
        while waits or not stop.is_set():
            try:
                with psycopg.connect(uri) as connection:
                    found = [
                        connection.execute(statement).fetchone()
                        for statement in statements
                    ]
                seen.append([amount for row in found for amount in row])
            except psycopg.Error as error:
                errors.append(error)
            if waits:
                begun.wait(60)
                waits = False

    # In one statement, and in one transaction of two, in either order.
    both = [f"select {part}" for part in BOTH.replace("select\n", "").split(",\n")]
    threads = [
        threading.Thread(target=read, args=(statements,))
        for statements in ([BOTH], both, both[::-1])
    ]
    for thread in threads:
        thread.start()
    try:
        begun.wait(60)
        for amount in AMOUNTS[1:]:
            next_generation(small, amount)
            publish_to_postgres(served, uri, [])
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    assert all(len(set(amounts)) == 1 for amounts in seen)
    assert {amounts[0] for amounts in seen} >= {Decimal(AMOUNTS[0])}
    assert query(uri, BOTH)[0][0] == Decimal(AMOUNTS[2])


def test_a_reader_in_a_transaction_is_waited_for(small, served, uri, monkeypatch):
    publish_to_postgres(served, uri, [])
    next_generation(small)
    pauses = []
    with psycopg.connect(uri) as reader:
        reader.execute(BOTH)

        def pause(seconds):
            # It gave way: the reader goes on with what it began, unhindered.
            pauses.append(seconds)
            assert reader.execute(BOTH).fetchone() == (100, 100)
            if len(pauses) == 2:
                reader.commit()

        monkeypatch.setattr(postgres.time, "sleep", pause)
        publish_to_postgres(served, uri, [])
    assert len(pauses) == 2
    assert query(uri, BOTH) == [(110, 110)]


def test_a_reader_without_end_is_told_of(small, served, uri, monkeypatch):
    publish_to_postgres(served, uri, [])
    next_generation(small)
    monkeypatch.setattr(postgres, "PATIENCE_SECONDS", 0.0)
    with psycopg.connect(uri) as reader:
        reader.execute(BOTH)
        with pytest.raises(Refused, match="reading the marts in one transaction"):
            publish_to_postgres(served, uri, [])
    assert query(uri, BOTH) == [(100, 100)]


def test_a_schema_that_is_not_ours_stays(served, uri):
    run(uri, "create schema finance", "create table finance.mine as select 1 as one")
    with pytest.raises(Refused, match="schemas of its own that are called finance:"):
        publish_to_postgres(served, uri, [])
    assert query(uri, "select * from finance.mine") == [(1,)]
    assert not query(uri, "select 1 from pg_namespace where nspname = 'core'")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("create view public.mine as select * from core.segments", "view mine"),
        ("create table core.mine as select 1 as one", "table core.mine"),
    ],
)
def test_what_others_made_of_the_marts_stays(small, served, uri, statement, named):
    publish_to_postgres(served, uri, [])
    run(uri, statement)
    next_generation(small)
    with pytest.raises(Refused, match=f"cannot be replaced while {named} hangs"):
        publish_to_postgres(served, uri, [])
    assert query(uri, BOTH) == [(100, 100)]


def test_a_schema_that_is_no_more_goes(small, served, uri):
    publish_to_postgres(served, uri, [])
    run(uri, "create schema old", "create table old.gone as select 1 as one")
    run(
        uri,
        "comment on schema old is 'Published by customer_segmentation: x Tables: gone'",
    )
    publish_to_postgres(served, uri, [])
    assert not query(uri, "select 1 from pg_namespace where nspname = 'old'")


def test_a_role_that_is_missing_is_named(served, uri):
    with pytest.raises(Refused, match="There is no role nobody_here: create it"):
        publish_to_postgres(served, uri, ["analyst", "nobody_here"])
    assert not query(uri, "select 1 from pg_namespace where nspname = 'core'")


def test_a_load_that_differs_changes_nothing(small, served, uri, monkeypatch):
    publish_to_postgres(served, uri, [])
    next_generation(small)
    ingest = postgres.dbapi.Cursor.adbc_ingest

    def lose(cursor, name, rows, **options):
        if name == "segments":
            rows = rows.read_all().slice(1)
        return ingest(cursor, name, rows, **options)

    monkeypatch.setattr(postgres.dbapi.Cursor, "adbc_ingest", lose)
    with pytest.raises(Refused, match="of core.segments, the served file"):
        publish_to_postgres(served, uri, [])
    assert query(uri, BOTH) == [(100, 100)]


def test_two_publications_at_once_are_one(served, uri):
    with psycopg.connect(uri) as other:
        other.execute("select pg_advisory_xact_lock(hashtext('customer_segmentation'))")
        with pytest.raises(Refused, match="Another publication into this database"):
            publish_to_postgres(served, uri, [])


def test_the_environment_says_where(small, uri, monkeypatch, capsys):
    publish(small.folder, small.target)
    monkeypatch.setenv("SEGMENTATION_WAREHOUSE", str(small.folder))
    monkeypatch.setenv("SEGMENTATION_POSTGRES_READERS", "analyst, ")
    monkeypatch.setenv("SEGMENTATION_POSTGRES_DSN", "postgresql://owner@/?host=/none")
    assert main([]) == 1
    assert "stays as it was. PostgreSQL says: " in capsys.readouterr().err
    monkeypatch.delenv("SEGMENTATION_POSTGRES_DSN")
    database, _, host = uri.partition("@/")[2].partition("?host=")
    for name, value in (("HOST", host), ("DATABASE", database), ("USER", "owner")):
        monkeypatch.setenv(f"PG{name}", value)
    assert main([]) == 0
    assert "generation 1 (shop, as of" in capsys.readouterr().out
    assert query(uri, BOTH) == [(100, 100)]


def test_no_environment_is_one_sentence():
    with pytest.raises(Refused, match="set SEGMENTATION_POSTGRES_DSN, or PGHOST"):
        connection_uri({"PGUSER": "me"})


def test_nothing_published_is_one_sentence(small, uri):
    with pytest.raises(Refused, match="run `make publish` first"):
        publish_to_postgres(Served(small.folder / "served"), uri, [])
