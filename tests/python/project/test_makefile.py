"""Targets that say something of their own to dbt, by the command line they print."""

import subprocess

import pytest

from .conftest import PROJECT


def make(*arguments: str) -> subprocess.CompletedProcess:
    """Ask make what it would run; nothing is installed or built."""
    return subprocess.run(
        ["make", "--no-print-directory", "-n", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["VERSIONS=abc123"], 'promoted_versions: ["abc123"]'),
        # Unquoted, YAML would read the first as a number.
        (["VERSIONS=12345e678901,abc"], 'promoted_versions: ["12345e678901", "abc"]'),
        (["VERSIONS=abc, def "], 'promoted_versions: ["abc", "def"]'),
        (
            ["VERSIONS=abc", "VARS=history_months: 0", "CONNECTOR=sample_company"],
            'connector: sample_company, promoted_versions: ["abc"], history_months: 0',
        ),
    ],
)
def test_promote_builds_with_the_versions(arguments, expected):
    printed = make("promote", *arguments)
    assert printed.returncode == 0
    (command,) = [
        line for line in printed.stdout.splitlines() if "serving build" in line
    ]
    (variables,) = command.split("--vars ")[1:]
    assert " ".join(variables.split()).replace("{ ", "{") == f"'{{{expected}}}'"


@pytest.mark.parametrize("versions", [[], ["VERSIONS="], ["VERSIONS= "]])
def test_promote_without_versions_is_one_sentence(versions):
    printed = make("promote", *versions)
    assert printed.returncode != 0
    assert "dbt" not in printed.stdout
    (line,) = printed.stderr.splitlines()
    assert "VERSIONS is empty" in line


def test_activate_writes_what_the_warehouse_holds():
    printed = make("activate", "WAREHOUSE=mine", "AUDIENCES=out")
    assert printed.returncode == 0
    (command,) = [line for line in printed.stdout.splitlines() if "audiences" in line]
    assert command.split()[1:] == [
        "scripts/write_audiences.py",
        "mine/work/customer_segmentation.duckdb",
        *("mine/target", "out"),
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["publish"], "publish"),
        (["rollback"], "rollback"),
        (["rollback", "GENERATION=3"], "rollback --generation 3"),
        (["export-parquet", "EXPORTS=out"], "export-parquet out"),
        (["publish-postgres"], "postgres"),
    ],
)
def test_what_is_served_has_its_targets(arguments, expected):
    printed = make(*arguments)
    assert printed.returncode == 0
    last = printed.stdout.splitlines()[-1]
    assert last.partition("-m segmentation_serving ")[2].strip() == expected


def test_a_build_is_published_after_it_passed():
    lines = make("build").stdout.splitlines()
    commands = [line.partition("segmentation_serving ")[2].strip() for line in lines]
    assert [command for command in commands if command] == ["build", "publish"]
