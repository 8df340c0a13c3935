"""What people read beside the marts: documentation, exposures, lines to copy."""

import json
import os
import re
import subprocess
import sys

import pytest

from segmentation_workbook import marts

from ..served import served_file
from .conftest import PROJECT, Warehouse, run_dbt

BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINES = BLOCK.findall((PROJECT / "docs/for-bi.md").read_text())
LINK = re.compile(r"#!/(model|exposure)/([a-z_.]+)\)")
MART = re.compile(r"\b(?:from|join) ([a-z]+\.[a-z_]+)")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory) -> dict:
    warehouse = Warehouse(tmp_path_factory.mktemp("manifest"))
    assert run_dbt(warehouse, "parse").success
    return json.loads((warehouse.folder / "target/manifest.json").read_text())


def told(manifest: dict, exposure: str) -> set[str]:
    """Marts that an exposure names, with their schemas."""
    node = manifest["exposures"][f"exposure.customer_segmentation.{exposure}"]
    return {
        "{schema}.{name}".format(**manifest["nodes"][read])
        for read in node["depends_on"]["nodes"]
    }


@pytest.mark.parametrize("number", range(len(LINES)))
def test_lines_for_python_can_be_copied(sample_company, number):
    served_file(sample_company.path)
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", LINES[number]],
        env=os.environ | {"SEGMENTATION_WAREHOUSE": str(sample_company.folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_there_are_lines_for_duckdb_and_for_sqlalchemy():
    assert ["sqlalchemy" in block for block in LINES] == [False, True]


def test_every_link_of_the_front_page_leads_somewhere(manifest):
    page = manifest["docs"]["doc.customer_segmentation.__overview__"]
    links = LINK.findall(page["block_contents"])
    assert len(links) > 30
    for kind, name in links:
        assert name in manifest["nodes" if kind == "model" else "exposures"], name


def test_what_people_read_has_an_owner_and_names_its_marts(manifest):
    exposures = {node["name"]: node for node in manifest["exposures"].values()}
    assert exposures.keys() == {
        *("overview", "segment_detail", "at_risk", "finance", "budget"),
        *("data_health", "finance_workbook", "audience_export"),
    }
    owners = {group["owner"]["name"] for group in manifest["groups"].values()}
    for name, node in exposures.items():
        assert node["owner"]["name"] in owners, name
        assert node["depends_on"]["nodes"], name
        for read in node["depends_on"]["nodes"]:
            assert manifest["nodes"][read]["config"]["access"] == "public", read


@pytest.mark.parametrize(
    ("board", "exposure"),
    [
        ("overview", "overview"),
        ("segment", "segment_detail"),
        ("at-risk", "at_risk"),
        ("finance", "finance"),
        ("budget", "budget"),
        ("data-health", "data_health"),
    ],
)
def test_a_board_reads_what_its_exposure_says(manifest, board, exposure):
    charts = PROJECT / "boards/charts"
    read = set()
    for name in (board, "meta"):
        read |= set(MART.findall((charts / f"{name}.yml").read_text()))
    assert read == told(manifest, exposure)


def test_the_workbook_reads_what_its_exposure_says(manifest):
    read = {
        table
        for query in (*marts._QUERIES.values(), marts._PRIMARY, marts._AS_OF)
        for table in MART.findall(query)
    }
    assert read == told(manifest, "finance_workbook")


def test_groups_and_colours_follow_the_rooms(manifest):
    colours = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        room, *folders = node["fqn"][1:-1]
        colour = node["docs"]["node_color"]
        if room == "marts":
            room = folders[0]
            assert node["group"] == room == node["schema"], node["name"]
        assert colours.setdefault(room, colour) == colour, node["name"]
    # Each room can be told from every other.
    assert len(set(colours.values())) == len(colours) == 14
