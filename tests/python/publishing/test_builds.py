"""Only the whole of a build that passed counts."""

import os

import duckdb
import pytest

from segmentation_serving.builds import check_build
from segmentation_serving.refusal import Refused

from .small import PASSED


@pytest.fixture
def check(small):
    return lambda: check_build(small.target / "run_results.json", small.work)


@pytest.mark.parametrize(
    ("arguments", "found", "reason"),
    [
        ({"which": "run"}, PASSED, "last dbt command was `run`"),
        ({"select": ["a"]}, PASSED, "part of the project"),
        ({"exclude": ["a"]}, PASSED, "part of the project"),
        ({"exclude_resource_types": ["test"]}, PASSED, "part of the project"),
        ({"resource_types": ["model"]}, PASSED, "part of the project"),
        ({"empty": True}, PASSED, "part of the project"),
        ({}, PASSED[:1], "ran no tests"),
        *(
            ({}, [*PASSED, {"unique_id": "test.x", "status": status}], "first test.x")
            for status in ("fail", "error", "skipped", "partial success")
        ),
    ],
)
def test_only_a_whole_build_that_passed_counts(small, check, arguments, found, reason):
    small.tell("build-1", arguments, found)
    with pytest.raises(Refused, match=reason):
        check()


def test_a_build_without_unit_tests_is_a_whole_one(small, check):
    small.tell("build-1", {"exclude_resource_types": ["unit_test"]})
    build = check()
    assert build.build_id == "build-1"
    assert "model.segments" in build.built


@pytest.mark.parametrize("suffix", ["", ".wal"])
def test_a_warehouse_of_a_later_build_is_refused(small, check, suffix):
    touched = small.work.with_name(small.work.name + suffix)
    touched.touch()
    later = (small.target / "run_results.json").stat().st_mtime + 3600
    os.utime(touched, (later, later))
    with pytest.raises(Refused, match="written to after the last build"):
        check()


def test_a_build_that_was_killed_at_once_is_refused(small, check):
    """It tells no results: those of the one before, seconds earlier, are there."""
    with duckdb.connect(str(small.work)) as connection:
        connection.execute(
            "create or replace view last_invocation as select 'b2' as invocation_id"
        )
    with pytest.raises(Refused, match="last written by another dbt command"):
        check()


def test_a_work_file_that_names_no_build_is_refused(small, check):
    with duckdb.connect(str(small.work)) as connection:
        connection.execute("drop view last_invocation")
    with pytest.raises(Refused, match="last written by another dbt command"):
        check()


def test_a_work_file_that_is_none_is_refused(small, check):
    small.work.write_text("no database")
    with pytest.raises(Refused, match="cannot be read"):
        check()


@pytest.mark.parametrize("name", ["work", "target"])
def test_nothing_there_is_one_sentence(small, check, name):
    path = {"work": small.work, "target": small.target / "run_results.json"}[name]
    path.unlink()
    with pytest.raises(Refused, match="is missing: run `make build` first"):
        check()
