"""What every test shares: where real test data lie, and how many tests missed them."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
WITHOUT_DATA = "no test data"


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
    """Count the tests that were skipped for want of data, also when there are none."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report for report in skipped if WITHOUT_DATA in str(report.longrepr)]
    terminalreporter.write_line(f"Skipped for want of test data: {len(missing)}")
