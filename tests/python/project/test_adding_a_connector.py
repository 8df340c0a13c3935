"""docs/adding-a-connector.md, followed to the letter."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from .conftest import PROJECT, Warehouse, build

GUIDE = PROJECT / "docs/adding-a-connector.md"
STEP = re.compile(
    r"(?P<verb>Write|Add to\s+the\s+end\s+of|Add to)\s`(?P<path>[^`]+)`"
    r"(?P<place>, under `files`)?:\n\n```\w+\n(?P<text>.*?)```",
    re.DOTALL,
)
FILES_END = "+enabled: \"{{ var('connector', none) == 'files' }}\"\n"


def follow(project: Path) -> list[str]:
    """Do what each step of the guide says; return the paths it touched."""
    touched = []
    for step in STEP.finditer(GUIDE.read_text()):
        path = project / step["path"]
        if step["verb"] == "Write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"])
        elif step["place"]:
            before, after = path.read_text().split(FILES_END)
            path.write_text(before + FILES_END + step["text"] + after)
        else:
            path.write_text(path.read_text() + "\n" + step["text"])
        touched.append(step["path"])
    return touched


@pytest.fixture(scope="module")
def corner_shop(copy_project, tmp_path_factory) -> Warehouse:
    project = copy_project()
    assert len(follow(project)) == 7
    warehouse = Warehouse(tmp_path_factory.mktemp("corner_shop"))
    return build(warehouse, settings={"connector": "corner_shop"}, project=project)


def test_the_example_builds_and_ties(corner_shop):
    ledger = corner_shop.query(
        "select ledger_kind, month_on::varchar, ledger_amount, segments_amount,"
        " guest_amount, difference_amount from finance.ledger_reconciliation"
    )
    # 4.50 + 5.00 + 4.50 - 4.50 of two cards, 1.20 of a guest; R5 cannot be read.
    assert ledger == [
        ("source_control", "2024-06-01", Decimal("10.70"), Decimal("9.50"))
        + (Decimal("1.20"), 0)
    ]


def test_the_bad_line_is_refused_as_the_guide_says(corner_shop):
    assert corner_shop.query(
        "select reason, source_row like '%R5%' from input.input_rejected_rows"
    ) == [("unreadable_gross_amount", True)]


def test_local_times_become_utc(corner_shop):
    hours = corner_shop.query(
        "select occurred_at::varchar from input.input_transactions"
        " where transaction_id = 'R1-1'"
    )
    assert hours == [("2024-06-01 08:15:00",)]
