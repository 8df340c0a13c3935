"""What the commands write, return and refuse."""

import json
import subprocess
import sys

import duckdb
import pytest

from segmentation_serving import __main__ as entry
from segmentation_serving.commands import git_revision, main
from segmentation_serving.generations import Served
from segmentation_serving.parquet import export_parquet

from .small import Small

# What the summary looks at beside the marts of a small warehouse.
MORE = """
    create table monitoring.input_profile (source_table varchar, rows_read bigint,
        rows_rejected bigint, rejected_by_reason varchar, first_on date, last_on date);
    create table monitoring.segmentation_status
        (segmentation varchar, status varchar, reason varchar);
    create table retention.early_warning_segments (segmentation varchar,
        segment_key varchar, segment_name varchar, is_alert boolean, month_on date);
    create table retention.reactivation_candidates
        (currency_code varchar, expected_value_amount decimal(18, 2));
"""
ADDED = (
    *("monitoring.input_profile", "monitoring.segmentation_status"),
    *("retention.early_warning_segments", "retention.reactivation_candidates"),
)


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Small:
    small = Small(tmp_path / "shop", marts=ADDED)
    monkeypatch.setenv("SEGMENTATION_WAREHOUSE", str(small.folder))
    monkeypatch.setenv("DBT_TARGET_PATH", str(small.target))
    return small.build("100.00", MORE)


def lines(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_the_last_lines_say_where_to_look(shop, capsys):
    assert main(["publish"]) == 0
    told = lines(capsys)
    assert told[-5:] == [
        "Published: generation 1, 8 tables, 6 rows, as of 2026-01-01",
        f"Read it:   {shop.served} (DuckDB, read-only)",
        "Start:     core.segments, finance.segment_roi",
        f"Boards:    make boards WAREHOUSE={shop.folder}",
        f"Go back:   make rollback WAREHOUSE={shop.folder}",
    ]
    assert not any(line.startswith("Since") for line in told)


def test_the_second_time_it_says_what_changed(shop, capsys):
    main(["publish"])
    shop.build(
        "110.00",
        MORE,
        "update core.segments set customer_count = 5 where segment_key = 'loyal'",
        "update core.segments set segment_key = 'seldom', segment_name = 'Seldom'"
        " where segment_key = 'rare'",
    )
    lines(capsys)
    assert main(["publish"]) == 0
    told = lines(capsys)
    (since,) = [n for n, line in enumerate(told) if line.startswith("Since generation")]
    assert told[since].startswith("Since generation 1 (shop, as of 2026-01-01, publ")
    assert told[since + 1 : since + 4] == [
        "  New segments: value: Seldom (6 customers)",
        "  Segments gone: value: Rare (6 customers)",
        "  Customers: 11 (+1)",
    ]
    (loyal,) = [line for line in told if line.startswith("  Loyal")]
    assert loyal.split() == ["Loyal", "5", "+1", "40.0%", "66.00", "60.0%"]
    (seldom,) = [line for line in told if line.startswith("  Seldom")]
    assert seldom.split()[2] == "new"
    assert all(len(line) <= 100 for line in told if str(shop.folder) not in line)


def test_another_connector_is_not_compared(shop, capsys):
    main(["publish"])
    shop.settings["connector"] = "bank"
    shop.build("110.00", MORE)
    lines(capsys)
    main(["publish"])
    assert "  It was of another connector: nothing to compare." in lines(capsys)


def test_a_refusal_is_one_sentence_and_an_exit_code(shop, capsys):
    shop.tell("other")
    assert main(["publish"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Nothing is published. ")
    assert captured.err.count("\n") == 1
    assert main(["rollback"]) == 1
    assert main(["export-parquet", str(shop.folder / "out")]) == 1
    err = capsys.readouterr().err
    assert "Nothing is rolled back. " in err
    assert "Nothing is exported. " in err


def test_rollback_says_what_is_served_and_kept(shop, capsys):
    main(["publish"])
    main(["publish"])
    lines(capsys)
    assert main(["rollback"]) == 0
    told = lines(capsys)
    assert told[0] == (
        "Served again: generation 1 (shop, as of 2026-01-01) instead of 2."
    )
    assert told[1].startswith("Kept: generations 1, 2;")
    assert main(["rollback", "--generation", "2"]) == 0
    assert "generation 2 (shop" in lines(capsys)[0]


def test_parquet_files_are_the_served_tables(shop, tmp_path):
    main(["publish"])
    folder = tmp_path / "out"
    assert main(["export-parquet", str(folder)]) == 0
    out = folder / "shop-000001"
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["publication"]["generation"] == 1
    assert manifest["publication"]["control_totals"]["core.segments"]["rows"] == 2
    files = {file["table"]: file for file in manifest["files"]}
    assert len(files) == 9
    assert files["core.segments"]["rows"] == 2
    for table, file in files.items():
        rows = duckdb.sql(f"from '{out / file['file']}'")
        assert rows.fetchall() == shop.query(f"from {table}")
    kind = duckdb.sql(f"describe from '{out}/core/segments.parquet'").fetchall()
    assert ("net_revenue_amount", "DECIMAL(18,2)") in [row[:2] for row in kind]


def test_an_export_again_leaves_nothing_of_before(shop, tmp_path):
    main(["publish"])
    served = Served(shop.folder / "served")
    folder, tables = export_parquet(served, tmp_path)
    (folder / "left.txt").touch()
    assert export_parquet(served, tmp_path) == (folder, tables)
    assert not (folder / "left.txt").exists()
    assert [path.name for path in tmp_path.iterdir() if "000001" in path.name] == [
        folder.name
    ]


def test_the_commit_is_told_and_none_outside_a_repository(tmp_path, monkeypatch):
    assert git_revision().removesuffix("-dirty").isalnum()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_revision() == "unknown"


def test_an_unknown_command_lists_those_there_are(capsys):
    assert entry.main(["sing"]) == 2
    assert entry.main([]) == 2
    assert "export-parquet" in capsys.readouterr().err


def test_publishing_needs_neither_dbt_nor_a_driver(shop):
    """Both are imported when asked for: one takes seconds, the other is an extra."""
    code = (
        "import sys; from segmentation_serving.__main__ import main\n"
        "main(['rollback'])\n"
        "print([m for m in ('dbt', 'adbc_driver_postgresql') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n"
