"""Publish, roll back, keep some, and change nothing that is read when it goes wrong."""

import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from segmentation_serving import copying, generations, publication
from segmentation_serving.builds import wal_of
from segmentation_serving.publication import publish, roll_back
from segmentation_serving.refusal import Refused

REVENUE = "select sum(net_revenue_amount) from core.segments"
NEWEST = """
    select generation, action, net_revenue_amount, build_id
    from monitoring.publications order by published_at desc limit 1
"""


def revenue(small) -> Decimal:
    ((found,),) = small.query(REVENUE)
    return found


def publish_small(small):
    return publish(small.folder, small.target, "abc")


def test_the_served_file_holds_the_marts_and_nothing_else(small):
    record, before = publish_small(small)
    assert before is None
    tables = small.query(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
    )
    assert dict(tables) == {
        name: f"One row per thing of {name.partition('.')[2]}."
        for name in (
            *("core.segments", "finance.ledger_reconciliation", "finance.segment_roi"),
            *("monitoring.publications", "retention.at_risk_customers"),
        )
    }
    comments = small.query(
        "select distinct comment from duckdb_columns()"
        " where column_name = 'segment_key'"
    )
    assert comments == [("Key of the segment",)]
    assert revenue(small) == Decimal("100.00")
    (row,) = small.query(
        "select * exclude (publication_id, control_totals, published_at)"
        " from monitoring.publications"
    )
    assert row == (
        *("shop", "published", "abc", "build-1", "EUR", 1, 4, 6),
        *(Decimal("100.00"), date(2026, 1, 1)),
    )
    # Two tables of two rows, two of one; the list itself is not counted.
    assert (record.tables, record.total_rows) == (4, 6)


def test_control_totals_are_those_of_the_tables(small):
    record, _ = publish_small(small)
    totals = json.loads(record.control_totals)
    assert totals["core.segments"] == {
        "rows": 2,
        "sums": {"net_revenue_amount": "100.00"},
    }
    assert totals["finance.segment_roi"]["sums"] == {
        "net_revenue_amount": "100.00",
        "marketing_cost_amount": "20.00",
        "attributed_margin_amount": "30.00",
    }


def test_the_catalog_has_one_name_through_link_and_generation(small):
    publish_small(small)
    for path in (small.served, small.served.resolve()):
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute(
                "select current_database(), count(*)"
                ' from "customer_segmentation"."core"."segments"'
            ).fetchall()
        assert found == [("customer_segmentation", 2)]


def test_the_served_file_is_for_reading(small):
    publish_small(small)
    assert small.served.stat().st_mode & 0o777 == 0o444


def test_older_clients_can_read_the_file(small):
    """The version in the header is that of DuckDB 1.0, whichever wrote it."""
    publish_small(small)
    with small.served.open("rb") as file:
        header = file.read(64)
    # Magic bytes at 8, the storage version after them: 64 up to DuckDB 1.1.
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64


def test_the_next_publication_says_what_was_there(small):
    first, _ = publish_small(small)
    second, before = publish_small(small.build("110.00"))
    assert before == first
    assert small.query(NEWEST) == [(2, "published", Decimal("110.00"), "build-2")]
    assert small.query("select count(*) from monitoring.publications") == [(2,)]


def test_a_reader_keeps_what_it_opened_and_the_next_sees_the_new(small):
    publish_small(small)
    with duckdb.connect(str(small.served), read_only=True) as reader:
        publish_small(small.build("110.00"))
        assert reader.execute(REVENUE).fetchall() == [(Decimal("100.00"),)]
        # In one process, too: the link leads to another file.
        assert revenue(small) == Decimal("110.00")


@pytest.mark.parametrize(
    "change",
    [
        "update finance.ledger_reconciliation set difference_amount = 0.01",
        "update finance.segment_roi set net_revenue_amount = net_revenue_amount + 1",
        "drop table core.segments; create schema unused",
    ],
)
def test_marts_that_do_not_reconcile_are_not_served(small, change):
    publish_small(small)
    before = small.left()
    small.build("110.00", change)
    with pytest.raises(Refused, match="unexplained|the ledger has|holds no"):
        publish_small(small)
    assert revenue(small) == Decimal("100.00")
    assert small.left() == before


def test_finance_may_differ_by_its_tolerance_and_no_more(small):
    kept = "update finance.ledger_reconciliation set {}difference_amount = 0.01"
    finance = kept.format("ledger_kind = 'finance', ")
    small.settings["finance_ledger_tolerance_amount"] = "0.01"
    publish_small(small.build("100.00", finance))
    with pytest.raises(Refused, match="unexplained"):
        publish_small(small.build("100.00", kept.format("")))
    small.settings["finance_ledger_tolerance_amount"] = "0.005"
    with pytest.raises(Refused, match="unexplained"):
        publish_small(small.build("100.00", finance))


def test_a_source_without_money_has_no_revenue(small):
    small.build("100.00", "delete from finance.ledger_reconciliation")
    record, _ = publish_small(small)
    assert record.net_revenue_amount is None
    assert small.query("select net_revenue_amount from monitoring.publications") == [
        (None,)
    ]


@pytest.mark.parametrize(
    "loss",
    [
        "delete from fresh.core.segments where segment_key = 'rare'",
        "insert into fresh.core.segments (segmentation) values ('value')",
        "update fresh.core.segments set net_revenue_amount = net_revenue_amount + 0.01",
    ],
)
def test_a_copy_that_differs_is_not_served(small, monkeypatch, loss):
    publish_small(small)

    def copy_wrongly(connection, marts, file):
        copying.copy_marts(connection, marts, file)
        connection.execute(loss)

    monkeypatch.setattr(publication, "copy_marts", copy_wrongly)
    before = small.left()
    with pytest.raises(Refused, match="copy of core.segments is not what the work"):
        publish_small(small)
    assert small.left() == before


def test_a_copy_with_a_log_is_not_served(small, monkeypatch):
    """Renamed without its write-ahead log, it would lose what stands there alone."""
    # DuckDB leaves none on closing: any file that is there stands for one.
    monkeypatch.setattr(copying, "wal_of", lambda file: file)
    with pytest.raises(Refused, match="is left, so the copy is not whole"):
        publish_small(small)
    assert small.left() == ["generations"]


@pytest.mark.parametrize("place", ["link", "generation"])
def test_a_stale_log_beside_the_served_file_is_refused(small, place):
    publish_small(small)
    first = small.served.resolve()
    publish_small(small.build("110.00"))
    roll_back(small.folder)
    path = small.served if place == "link" else first
    wal_of(path).write_bytes(b"stale")
    with pytest.raises(Refused, match="opened the served file for writing"):
        publish_small(small.build("120.00"))
    wal_of(path).unlink()
    roll_back(small.folder, 2)
    wal_of(path).write_bytes(b"stale")
    with pytest.raises(Refused, match="opened the served file for writing"):
        roll_back(small.folder)
    wal_of(path).unlink()
    roll_back(small.folder)
    assert revenue(small) == Decimal("100.00")


def test_a_failed_build_changes_nothing(small):
    publish_small(small)
    before = small.left()
    small.build("110.00")
    small.tell("build-2", results=[{"unique_id": "test.x", "status": "fail"}])
    with pytest.raises(Refused, match="failed in 1 nodes, first test.x"):
        publish_small(small)
    assert small.left() == before
    assert revenue(small) == Decimal("100.00")


def test_a_project_that_changed_since_the_build_is_refused(small):
    manifest = small.target / "manifest.json"
    nodes = json.loads(manifest.read_text())["nodes"]
    nodes["model.new"] = {**nodes["model.segments"], "name": "fresh_mart"}
    manifest.write_text(json.dumps({"nodes": nodes}))
    with pytest.raises(Refused, match="did not make fresh_mart: run `make build`"):
        publish_small(small)


def test_what_metrics_are_made_of_is_served_too(small):
    manifest = small.target / "manifest.json"
    found = json.loads(manifest.read_text())
    spine = {**found["nodes"]["model.segments"], "schema": "intermediate"}
    spine |= {"original_file_path": "models/intermediate/x.sql", "access": "protected"}
    names = {"spine": "m", "measured": "t", "other": "w"}
    results = [*({"unique_id": f"model.{n}", "status": "success"} for n in names)]
    small.tell("build-1", results=[*results, {"unique_id": "test.t", "status": "pass"}])
    for name in names:
        found["nodes"][f"model.{name}"] = {**spine, "name": name, "alias": name}
    found["nodes"]["model.spine"]["time_spine"] = {"standard_granularity_column": "d"}
    found["semantic_models"] = {"s": {"depends_on": {"nodes": ["model.measured"]}}}
    manifest.write_text(json.dumps(found))
    with duckdb.connect(str(small.work)) as connection:
        for name in names:
            connection.execute(f"create table intermediate.{name} as select 1 as one")
    record, _ = publish_small(small)
    served = json.loads(record.control_totals)
    assert {"intermediate.spine", "intermediate.measured"} <= served.keys()
    assert "intermediate.other" not in served


def test_rollback_serves_the_one_before_and_says_so(small):
    publish_small(small)
    publish_small(small.build("110.00"))
    record, before = roll_back(small.folder)
    assert (record.generation, record.action, before.generation) == (
        *(1, "rolled_back"),
        2,
    )
    # The file is as it was, so that its newest row speaks of itself.
    assert revenue(small) == Decimal("100.00")
    assert small.query(NEWEST)[0][:2] == (1, "published")
    publish_small(small.build("120.00"))
    assert small.query(
        "select generation, action from monitoring.publications order by published_at"
    ) == [(1, "published"), (2, "published"), (1, "rolled_back"), (3, "published")]


def test_rollback_can_name_a_generation(small):
    for amount in ("100.00", "110.00", "120.00"):
        publish_small(small.build(amount))
    roll_back(small.folder, 1)
    assert revenue(small) == Decimal("100.00")
    roll_back(small.folder, 3)
    assert revenue(small) == Decimal("120.00")
    with pytest.raises(Refused, match=r"cannot be served instead of 3.*\[1, 2\]"):
        roll_back(small.folder, 7)
    # Unnamed, it is the one just before.
    roll_back(small.folder)
    assert revenue(small) == Decimal("110.00")


def test_rollback_needs_something_to_go_back_to(small):
    with pytest.raises(Refused, match="is missing: run `make publish` first"):
        roll_back(small.folder)
    publish_small(small)
    with pytest.raises(Refused, match="no generation before 1.*publish again"):
        roll_back(small.folder)


def test_a_generation_that_was_changed_is_not_served_again(small):
    publish_small(small)
    file = small.served.resolve()
    publish_small(small.build("110.00"))
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("update core.segments set net_revenue_amount = 0")
    with pytest.raises(Refused, match="is not what was published"):
        roll_back(small.folder)
    file.unlink()
    with pytest.raises(Refused, match="is missing: choose another"):
        roll_back(small.folder)
    assert revenue(small) == Decimal("110.00")


def test_only_the_latest_generations_are_kept(small):
    served = generations.Served(small.folder / "served")
    for _ in range(5):
        publish_small(small.build())
    assert served.kept() == [3, 4, 5]
    roll_back(small.folder, 3)
    small.settings["published_generations"] = "1"
    publish_small(small.build())
    assert served.kept() == [6]
    # Each line of the journal stays.
    assert small.query("select count(*) from monitoring.publications") == [(7,)]


def test_what_is_served_is_kept_however_old_it_is(small):
    served = generations.Served(small.folder / "served")
    for _ in range(3):
        publish_small(small.build())
    roll_back(small.folder, 1)
    generations.prune(served, 1)
    assert served.kept() == [1, 3]


def test_another_connector_is_recorded(small):
    publish_small(small)
    small.settings["connector"] = "bank"
    record, before = publish_small(small.build())
    assert (before.connector, record.connector) == ("shop", "bank")
    assert small.query(
        "select connector from monitoring.publications order by published_at"
    ) == [("shop",), ("bank",)]


def test_two_publications_at_once_are_one(small):
    code = (
        "import sys; from pathlib import Path\n"
        "from segmentation_serving.generations import Served, locked\n"
        "with locked(Served(Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(small.folder / "served")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refused, match=f"is running .process {other.pid}.: wait"):
            publish_small(small)
        other.kill()
    # The lock went with the process.
    publish_small(small)


class Killed(BaseException):
    """As if the process were gone: nothing tidies up."""


@pytest.mark.parametrize(
    ("step", "survives"),
    [("copy_marts", 1), ("seal", 1), ("settle", 1), ("serve", 1), ("write_journal", 2)],
)
def test_a_publication_that_dies_leaves_a_whole_generation(
    small, monkeypatch, step, survives
):
    """Killed before a step: the old generation, or the new one, whose line is added."""
    publish_small(small)
    small.build("110.00")

    def die(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(publication, step, die)
        patched.setattr(publication.shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            publish_small(small)
    expected = Decimal("100.00") if survives == 1 else Decimal("110.00")
    assert revenue(small) == expected
    assert small.query(NEWEST)[0][0] == survives
    publish_small(small.build("120.00"))
    rows = small.query(
        "select generation from monitoring.publications order by published_at"
    )
    assert [number for (number,) in rows] == list(range(1, survives + 2))
    assert small.left() == sorted(
        [
            *("customer_segmentation.duckdb", "generations", "publications.jsonl"),
            *(
                f"generations/{number:06}{file}"
                for number in range(1, survives + 2)
                for file in ("", "/customer_segmentation.duckdb", "/publication.json")
            ),
        ]
    )


def test_a_rollback_that_dies_is_recorded_by_the_next_publication(small, monkeypatch):
    publish_small(small)
    publish_small(small.build("110.00"))

    def die(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(publication, "write_journal", die)
        with pytest.raises(Killed):
            roll_back(small.folder)
    publish_small(small.build("120.00"))
    assert small.query(
        "select generation, action from monitoring.publications order by published_at"
    ) == [(1, "published"), (2, "published"), (1, "rolled_back"), (3, "published")]


def test_a_lost_journal_is_made_again_from_the_generations(small):
    for amount in ("100.00", "110.00"):
        publish_small(small.build(amount))
    (small.served.parent / "publications.jsonl").unlink()
    (small.served.parent / "generations/notes").mkdir()
    publish_small(small.build("120.00"))
    assert small.query(
        "select generation, action from monitoring.publications order by published_at"
    ) == [(1, "published"), (2, "published"), (3, "published")]
    roll_back(small.folder, 1)
    assert revenue(small) == Decimal("100.00")
    # What somebody else put there is not ours to remove.
    assert "generations/notes" in small.left()


def test_a_file_in_the_place_of_the_link_stays(small):
    small.served.parent.mkdir()
    small.served.write_text("mine")
    with pytest.raises(Refused, match="is a file that `make publish` did not make"):
        publish_small(small)
    assert small.served.read_text() == "mine"


def test_a_link_to_somewhere_else_stays(small):
    small.served.parent.mkdir()
    small.served.symlink_to(small.work)
    with pytest.raises(Refused, match="leads to .*: remove the link"):
        publish_small(small)
    assert os.readlink(small.served) == str(small.work)


def test_a_build_in_progress_is_waited_for(small):
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1])\n"
        "print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(small.work)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Refused, match="is being written to.*wait"):
            publish_small(small)
        other.kill()
