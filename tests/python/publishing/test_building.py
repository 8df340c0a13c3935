"""How a build speaks: while it runs, and when it fails."""

import io
from pathlib import Path
from types import SimpleNamespace as Thing

import duckdb
import pytest

from segmentation_serving.building import Progress, result_lines
from segmentation_serving.failures import (
    Failure,
    failure_lines,
    fitted,
    generic_meaning,
    meaning_of,
    words_for,
)
from segmentation_serving.progress import Timings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def event(name: str, step: str = "", kind: str = "model", **data: object) -> Thing:
    node = Thing(unique_id=step, node_path="marts/core/x.sql", resource_type=kind)
    return Thing(info=Thing(name=name), data=Thing(node_info=node, **data))


def follow(progress: Progress, steps: int) -> None:
    progress.begin()
    progress(event("ConcurrencyLine", node_count=steps))
    for number in range(steps):
        progress(event("LogStartLine", f"model.{number}"))
        progress(event("NodeFinished", f"model.{number}"))
        # dbt does not count examples, and tells of them nevertheless.
        progress(event("NodeFinished", f"unit_test.{number}", "unit_test"))


def test_a_file_gets_a_line_for_each_tenth():
    out = io.StringIO()
    follow(Progress(Timings(), out), 40)
    assert out.getvalue().splitlines() == [
        "Reading the project ...",
        *(f"Writing the marts ... {number} of 40 steps" for number in range(4, 41, 4)),
    ]


def test_a_terminal_gets_one_line_that_is_rewritten():
    out = Terminal()
    progress = Progress(Timings({"model.0": 1.0, "model.1": 1.0}, 60.0), out)
    follow(progress, 2)
    progress.clear()
    assert "\n" not in out.getvalue()
    lines = [line.rstrip() for line in out.getvalue().split("\r")]
    assert lines[0] == "Reading the project ..."
    assert lines[1].startswith("Writing the marts ... 1 of 2 steps, ")
    assert lines[1].endswith(" left")
    # Nothing of a longer line stays behind a shorter one.
    assert lines[-2:] == ["", ""]
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("-- Shares sum\n-- to one.\nselect 1", "Shares sum to one."),
        ("{#- None is\n    null. -#}\n{% test x() %}", "None is null."),
        # What stands within a statement speaks of a detail.
        ("select 1\n    -- a detail\n-- The whole.\nselect 2", "The whole."),
        ("select 1", None),
    ],
)
def test_the_meaning_of_a_test_is_its_first_comment(text, meaning):
    assert meaning_of(text) == meaning


def test_a_generic_test_names_table_and_columns():
    found = generic_meaning(
        "{#- It lies between the bounds. -#}",
        "segments",
        {"column_name": "share", "minimum": 0, "maximum": 1},
    )
    assert found == (
        "It lies between the bounds. Table segments, columns: share "
        "(minimum 0, maximum 1)."
    )


@pytest.fixture
def work_file(tmp_path) -> Path:
    path = tmp_path / "work.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table t as select range as a, 'x' as b from range(5)"
        )
    return path


def test_a_failed_check_shows_what_it_found(work_file, tmp_path):
    query = tmp_path / "query.sql"
    query.write_text("select * from t order by a")
    failure = Failure(
        *("assert_none", "test", "Got 5 results", "No row is there."),
        *("tests/assert_none.sql", query, 5),
    )
    assert failure_lines(failure, work_file) == [
        "The check assert_none found 5 rows that must not be there.",
        "  It demands: No row is there.",
        *(f"  Row: a = {number}, b = x" for number in range(3)),
        f"  Rows: run {query}",
        f"        on {work_file}",
        "  File: tests/assert_none.sql",
    ]


def test_rows_that_cannot_be_read_leave_the_query(work_file, tmp_path):
    query = tmp_path / "query.sql"
    failure = Failure("assert_none", "test", "", None, "tests/a.sql", query, 1)
    assert failure_lines(failure, work_file)[:2] == [
        "The check assert_none found 1 row that must not be there.",
        f"  Rows: run {query}",
    ]


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("model", "thing could not be built."),
        ("seed", "The table thing of the project could not be read."),
        ("test", "The check thing could not be made."),
        ("unit_test", "The example thing no longer gives the rows it should."),
    ],
)
def test_what_else_fails_is_told_with_dbts_words(kind, first):
    failure = Failure("thing", kind, "One\n\n  two", path="models/thing.sql")
    assert failure_lines(failure, Path("w")) == [
        *(first, "  One", "  two", "  File: models/thing.sql")
    ]


def test_a_long_message_is_cut_and_says_so():
    failure = Failure("thing", "model", "\n".join(map(str, range(20))))
    lines = failure_lines(failure, Path("w"))
    assert lines[12:] == ["  11", "  ... (the rest stands in dbt.log)"]


def test_a_work_file_in_use_says_by_whom_and_what_to_do():
    error = (
        'IO Error: Could not set lock on file "/x/w": Conflicting lock is held in '
        "/usr/bin/python (PID 4711). See also https://duckdb.org"
    )
    assert words_for(error, Path("w")).startswith("w is in use by process 4711: ")
    assert "close it, then build again" in words_for(error, Path("w"))


def test_of_other_errors_the_words_stay():
    error = "Compilation Error\n  No setting 'x'.\n  \n  > in macro y (z.sql)"
    assert words_for(error, Path("w")) == "No setting 'x'."
    assert words_for("Runtime Error", Path("w")) == "Runtime Error"


def test_a_wide_line_is_broken_where_it_can_be():
    assert fitted("  " + "word " * 30) == [
        "  " + " ".join(["word"] * 19),
        "    " + " ".join(["word"] * 11),
    ]
    path = "/a" * 100
    assert fitted(f"Rows: {path}") == ["Rows:", f"  {path}"]
    assert fitted("") == [""]


def end(name: str, status: str, kind: str = "model") -> Thing:
    node = Thing(
        name=name,
        resource_type=kind,
        description=f"About {name}.",
        original_file_path=f"models/{name}.sql",
        compiled_path=None,
    )
    return Thing(node=node, status=status, message="Because.", failures=None)


def test_a_build_that_failed_says_what_and_that_nobody_saw_it(tmp_path):
    ends = [
        *(end("t", "error", "test"), end("m", "error"), end("s", "skipped")),
        end("ok", "success"),
    ]
    result = Thing(success=False, exception=None, result=ends)
    lines = result_lines(result, 5, tmp_path / "w", tmp_path)
    assert lines[0] == (
        "The build failed in 2 of 4 steps; 1 that hang on them were left out. "
        "What people read stays as it was."
    )
    # The cause comes before what follows from it.
    assert [line for line in lines if line[:2] in ("1.", "2.")] == [
        "1. m could not be built.",
        "2. The check t could not be made.",
    ]
    assert lines[-2:] == [
        "Mend it, then run the same command again.",
        f"All that dbt says: {tmp_path / 'dbt.log'}",
    ]


def test_more_failures_than_fit_are_counted(tmp_path):
    ends = [end(f"m{number}", "error") for number in range(7)]
    result = Thing(success=False, exception=None, result=ends)
    lines = result_lines(result, 5, tmp_path / "w", tmp_path)
    assert "And 2 more, in dbt.log." in lines


def test_a_build_that_passed_counts_and_warns(tmp_path):
    ends = [end("m", "success"), end("t", "warn", "test"), end("u", "pass", "test")]
    result = Thing(success=True, exception=None, result=ends)
    assert result_lines(result, 64.2, tmp_path / "w", tmp_path) == [
        "Warning, see dbt.log: t",
        "Built in 1 min 4 s: 1 tables and views, 2 checks, all passed.",
    ]


def test_a_build_that_did_not_begin_says_why(tmp_path):
    result = Thing(success=False, exception=ValueError("No project."), result=None)
    lines = result_lines(result, 1, tmp_path / "w", tmp_path)
    assert lines[:2] == ["The build did not begin.", "No project."]
