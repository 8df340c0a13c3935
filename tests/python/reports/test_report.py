"""The report as a whole: which files, which numbers, the same bytes, plain errors."""

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import duckdb
import pytest

from segmentation_reports import UnreadableWarehouse, make_report, read_marts
from segmentation_reports.__main__ import main

PROJECT = Path(__file__).resolve().parents[3]
FILES = {
    "index.html",
    "value_grid.png",
    "behavioural_map.png",
    "behavioural_candidates.png",
}


@pytest.fixture(scope="module")
def report(warehouse):
    return make_report(read_marts(warehouse))


@pytest.fixture(scope="module")
def page(report) -> str:
    return report.files["index.html"].decode()


def text_of(html: str) -> str:
    plain = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", plain)


def section_of(page: str, segmentation: str) -> str:
    found = re.search(rf'<section id="{segmentation}">.*?</section>', page, re.DOTALL)
    return text_of(found.group())


def test_files_are_those_that_can_be_drawn(report):
    assert set(report.files) == FILES


def test_pictures_are_png_without_time_or_program(report):
    for name in FILES - {"index.html"}:
        assert report.files[name].startswith(b"\x89PNG")
        assert b"Software" not in report.files[name]
        assert b"tIME" not in report.files[name]


def test_same_warehouse_gives_same_bytes_in_another_process(warehouse, tmp_path):
    for seed in ("1", "2"):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "segmentation_reports",
                str(warehouse),
                str(tmp_path / seed),
            ],
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )

    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / seed).iterdir()}
        for seed in ("1", "2")
    )
    assert set(first) == FILES
    assert first == second


def test_page_says_who_is_where_and_as_of_when(page):
    behavioural = section_of(page, "behavioural")

    assert "Available 60 % of the customers are in “High spend" in behavioural
    assert "with 75 % of net revenue." in behavioural
    assert "As of 2026-01-01, by K-Means, model version bbb." in behavioural


def test_unavailable_segmentation_is_a_card_with_its_reason(page):
    technographic = section_of(page, "technographic")

    assert "Not available" in technographic
    assert "Its population holds 0 customers, at least 200 are required." in (
        technographic
    )
    assert "technographic_" not in page


def test_missing_pictures_say_why(page):
    value = section_of(page, "value")

    assert "No map: the segments come from written rules" in value
    assert "No candidates: the rules are given" in value


def test_page_asks_nobody_else(page):
    assert not re.search(r"https?:|//[a-z]|<script|@import|url\(", page)
    assert set(re.findall(r'src="([^"]+)"', page)) == FILES - {"index.html"}


def test_names_are_text_and_never_markup(page):
    assert "<many>" not in page
    assert "&lt;many&gt;" in page


def test_marts_alone_are_enough_for_all_but_the_map(warehouse, tmp_path):
    served = tmp_path / "served.duckdb"
    shutil.copy(warehouse, served)
    with duckdb.connect(str(served)) as connection:
        for schema in ("scoring", "reference", "intermediate"):
            connection.execute(f"drop schema {schema} cascade")

    report = make_report(read_marts(served))

    assert set(report.files) == FILES - {"behavioural_map.png"}
    assert "the file holds no prepared customers" in report.files["index.html"].decode()


def test_map_draws_at_most_so_many_customers_and_always_the_same(warehouse):
    few = read_marts(warehouse, most_mapped_customers=10).mapped_customers
    more = read_marts(warehouse, most_mapped_customers=20).mapped_customers

    assert len(few["behavioural"].segment_keys) == 10
    assert few["behavioural"].eligible_count == 100
    assert few["behavioural"].segment_keys == more["behavioural"].segment_keys[:10]
    assert (
        few["behavioural"].coordinates == more["behavioural"].coordinates[:10]
    ).all()


def test_missing_warehouse_is_one_sentence_that_says_what_to_do(tmp_path, capsys):
    assert main([str(tmp_path / "none.duckdb"), str(tmp_path / "out")]) == 1

    error = capsys.readouterr().err
    assert error == (
        f"There is no warehouse at {tmp_path / 'none.duckdb'}: run `make build` first, "
        "with the same WAREHOUSE.\n"
    )
    assert not (tmp_path / "out").exists()


def test_file_that_is_no_warehouse_is_one_sentence(tmp_path):
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database, but long enough to be read as one" * 100)

    with pytest.raises(UnreadableWarehouse, match="cannot be read .* `make build`"):
        read_marts(path)


def test_incomplete_warehouse_names_what_is_missing(tmp_path):
    path = tmp_path / "empty.duckdb"
    duckdb.connect(str(path)).close()

    with pytest.raises(UnreadableWarehouse, match="not a complete warehouse") as error:
        read_marts(path)
    assert "segmentation_status" in str(error.value)
    assert "\n" not in str(error.value)


def test_warehouse_being_written_is_one_sentence(warehouse, tmp_path):
    path = tmp_path / "busy.duckdb"
    shutil.copy(warehouse, path)
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True)"
    writer = subprocess.Popen(
        [sys.executable, "-c", f"{hold}; sys.stdin.read()", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        writer.stdout.readline()
        with pytest.raises(UnreadableWarehouse, match="^Another process is writing"):
            read_marts(path)
    finally:
        writer.communicate()


def test_pictures_of_an_earlier_report_go_and_other_files_stay(warehouse, tmp_path):
    (tmp_path / "technographic_map.png").write_bytes(b"old")
    (tmp_path / "mine_map.png").write_bytes(b"mine")

    assert main([str(warehouse), str(tmp_path)]) == 0

    assert {path.name for path in tmp_path.iterdir()} == FILES | {"mine_map.png"}


def test_make_pictures_names_the_warehouse_and_the_folder():
    printed = subprocess.run(
        ["make", "--dry-run", "pictures", "WAREHOUSE=w", "REPORTS=r"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    expected = "-m segmentation_reports w/work/customer_segmentation.duckdb r/pictures"
    assert expected in printed
