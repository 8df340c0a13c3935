"""What every test shares: where real test data lie, and how many tests missed them."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
WITHOUT_DATA = "no test data"
WITHOUT_SERVER = "no PostgreSQL server"


@pytest.fixture(scope="session")
def test_data():
    """Return a function that finds a folder of real data or skips the test, visibly."""
    root = Path(
        os.environ.get("SEGMENTATION_TEST_DATA", PROJECT.parent / "shared/data")
    )

    def find(name: str) -> Path:
        folder = root / name
        if not folder.is_dir():
            pytest.skip(f"{WITHOUT_DATA}: {name} (set SEGMENTATION_TEST_DATA)")
        return folder

    return find


def pytest_terminal_summary(terminalreporter):
    """Count the tests that were skipped for want of something, also where none was."""
    skipped = [
        str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])
    ]
    for what, mark in (
        ("test data", WITHOUT_DATA),
        ("a PostgreSQL server", WITHOUT_SERVER),
    ):
        missing = sum(mark in reason for reason in skipped)
        terminalreporter.write_line(f"Skipped for want of {what}: {missing}")
