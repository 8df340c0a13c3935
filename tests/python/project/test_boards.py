"""The boards show what the marts hold, live and on paper, and ask nobody else."""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, urlsplit

import duckdb
import jinja2
import numpy as np
import pytest
import yaml
from pypdf import PdfReader

from segmentation_boards import __main__ as command
from segmentation_boards.paper import cuts_of
from segmentation_boards.project import BOARDS, NAMES, make_project, render, run
from tests.python.browser import chromium
from tests.python.served import served_file

CONNECTORS = ("complete_journey", "sample_company")
# Against marts that another model fills: board, query, column, and the same number.
ELSEWHERE = (
    (
        "overview",
        "totals",
        "net_revenue_amount",
        "select sum(segments_amount + guest_amount) from finance.ledger_reconciliation"
        " where ledger_kind = 'source_control'",
    ),
    (
        "overview",
        "totals",
        "customers",
        "select count(*) from core.customer_segments where segmentation = 'value'",
    ),
    (
        "at-risk",
        "totals",
        "expected_loss_amount",
        "select sum(expected_loss_amount) from retention.at_risk_customers",
    ),
    (
        "finance",
        "totals",
        "net_revenue_amount",
        "select sum(net_revenue_amount) from finance.segment_roi"
        " where segmentation = 'value' and year(month_on) = ("
        "select max(year(month_on)) from finance.segment_roi)",
    ),
    (
        "budget",
        "totals",
        "total_amount",
        "select sum(spend_amount) from finance.budget_plan"
        " where scenario = 'same_total' and total_change_share = 0",
    ),
    (
        "data-health",
        "totals",
        "rows_read",
        "select sum(rows_accepted) + sum(rows_rejected) from monitoring.input_profile",
    ),
)


@pytest.fixture(scope="module")
def served(complete_journey, sample_company) -> dict[str, Path]:
    return {
        "complete_journey": served_file(complete_journey.path),
        "sample_company": served_file(sample_company.path),
    }


@pytest.fixture(scope="module")
def data(served, tmp_path_factory) -> dict[str, dict[str, dict]]:
    """The rows of each query of each board, by connector and board."""
    read = {}
    for connector in CONNECTORS:
        folder = tmp_path_factory.mktemp(f"data_{connector}")
        project = make_project(served[connector], folder / "boards")
        assert render(project, "data", folder) == 0
        read[connector] = {
            name: {
                **json.loads(
                    (folder / f"{name}.data").read_text(), parse_float=Decimal
                ),
                "name": name,
                "variables": _first_choices(project, name),
            }
            for name in NAMES
        }
    return read


def _first_choices(project: Path, name: str) -> dict[str, object]:
    choices = {}
    for file in ("meta", name):
        board = yaml.safe_load((project / "charts" / f"{file}.yml").read_text())
        for variable, settings in board.get("variables", {}).items():
            if "default" in settings:
                choices[variable] = settings["default"]
    return choices


def test_boards_are_valid(served, tmp_path):
    """Also against stricter rules than those that a render enforces."""
    project = make_project(served["sample_company"], tmp_path / "boards")
    assert run(project, "validate", "--strict", "charts") == 0


@pytest.mark.parametrize("connector", CONNECTORS)
@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_the_marts(data, served, connector, name):
    """Every row of every query, decimals to the cent."""
    board = data[connector][name]
    assert board["queries"]
    with duckdb.connect(str(served[connector]), read_only=True) as connection:
        for query, shown in board["queries"].items():
            cursor = connection.execute(_sql(board, query))
            columns = [column[0] for column in cursor.description]
            rows = [
                {
                    column: _plain(value)
                    for column, value in zip(columns, row, strict=True)
                }
                for row in cursor.fetchall()
            ]
            drawn = [
                {column: _plain(value) for column, value in row.items()}
                for row in shown["rows"]
            ]
            assert drawn == rows, query


def _sql(board: dict, query: str) -> str:
    """Put choices and other queries into the text of a query."""
    quoted = {
        name: f"'{value}'" if isinstance(value, str) else str(value)
        for name, value in board["variables"].items()
    }

    class Queries:
        def __getattr__(self, name: str) -> str:
            return f"({text(name)}) as {name}"

    def text(name: str) -> str:
        template = jinja2.Template(_authored(board, name))
        return template.render(queries=Queries(), **quoted)

    return text(query)


def _authored(board: dict, query: str) -> str:
    if query in board["queries"]:
        return board["queries"][query]["sql"]
    queries = {}
    for file in ("meta", board["name"]):
        content = yaml.safe_load((BOARDS / "charts" / f"{file}.yml").read_text())
        queries |= content["queries"]
    return queries[query]


def _plain(value: object) -> object:
    """Numbers as exact decimals of their shortest text, dates as text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize()
    return str(value).replace(" 00:00:00", "").replace("T00:00:00", "")


@pytest.mark.parametrize("connector", CONNECTORS)
@pytest.mark.parametrize(("name", "query", "column", "elsewhere"), ELSEWHERE)
def test_boards_agree_with_each_other(
    data, served, connector, name, query, column, elsewhere
):
    with duckdb.connect(str(served[connector]), read_only=True) as connection:
        ((expected,),) = connection.execute(elsewhere).fetchall()
    (row,) = data[connector][name]["queries"][query]["rows"]
    assert Decimal(str(row[column])) == Decimal(str(expected))


@pytest.fixture(scope="module")
def report(served, tmp_path_factory) -> Path:
    """The written report of the connector that the browser does not look at."""
    folder = tmp_path_factory.mktemp("report")
    source = str(served["complete_journey"])
    assert command.main(["report", source, str(folder)]) == 0
    return folder


def test_the_report_holds_every_board(report, served):
    with duckdb.connect(str(served["complete_journey"]), read_only=True) as connection:
        ((publication,),) = connection.execute(
            "select publication_id || strftime(published_at, ' of %-d %B %Y, %H:%M')"
            " from monitoring.publications"
        ).fetchall()
    index = (report / "index.html").read_text()
    for name in NAMES:
        assert f'href="{name}.html"' in index
        assert f'href="{name}.pdf"' in index
        page = (report / f"{name}.html").read_text()
        assert "As of 1 January 2018" in page
        assert f"publication {publication} UTC" in page


def test_the_report_asks_nobody(report):
    """No address in it but the names of XML."""
    for name in NAMES:
        page = (report / f"{name}.html").read_text()
        assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)
        assert not re.findall(r"""url\(["']?(?:https?:)?//""", page)
        assert not re.findall(r"(?:fetch|import|EventSource)\(", page)


def test_paper_is_a4(report):
    for name in NAMES:
        sheets = PdfReader(report / f"{name}.pdf").pages
        assert len(sheets) > 1
        for sheet in sheets:
            assert [round(float(side)) for side in sheet.mediabox[2:]] == [842, 595]


def test_no_chart_is_cut():
    charts = [(0, 100), (110, 310), (110, 250), (320, 400), (410, 1000)]
    assert cuts_of(charts, 1010, 300) == [100, 400, 1000, 1010]


def test_nothing_published(tmp_path, capsys):
    missing = tmp_path / "served" / "customer_segmentation.duckdb"
    assert command.main(["report", str(missing), str(tmp_path)]) == 1
    assert "run `make publish` first" in capsys.readouterr().err


def test_empty_marts_are_said_in_a_sentence(served, tmp_path):
    """As for a source that knows neither campaigns nor products nor a past."""
    bare = tmp_path / "served" / "customer_segmentation.duckdb"
    bare.parent.mkdir()
    kept = {"segmentation_status", "publications", "segments", "customer_segments"}
    with duckdb.connect(str(bare)) as connection:
        connection.execute(f"attach '{served['sample_company']}' as whole (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'whole' and schema_name in ('core', 'retention',"
            " 'finance', 'marketing', 'product', 'monitoring')"
        ).fetchall()
        for schema, table in tables:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table {schema}.{table} as from whole.{schema}.{table}"
                f" limit {'all' if table in kept else 0}".replace(" limit all", "")
            )
    project = make_project(bare, tmp_path / "boards")
    assert render(project, "html", tmp_path) == 0
    sentences = {
        "overview": "Nobody moved between segments",
        "segment": "No purchases of products are known",
        "at-risk": "Nobody of this choice is about to leave",
        "finance": "No campaign could be measured",
        "budget": "There is nothing to divide",
        "data-health": "Every row that arrived was accepted",
    }
    for name, sentence in sentences.items():
        assert sentence in _words((tmp_path / f"{name}.html").read_text())


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_colours_are_told_apart(deficiency):
    """At least 15 apart in CIELAB, where 2 can just be seen."""
    shared = yaml.safe_load((BOARDS / "charts" / "meta.yml").read_text())
    palette = shared["style"]["charts"]["color"]["categorical"]["palette"]
    seen = [_lab(colour, DEFICIENCIES[deficiency]) for colour in palette]
    distances = [
        np.linalg.norm(left - right) for left, right in itertools.combinations(seen, 2)
    ]
    assert min(distances) >= 15


def _lab(colour: str, deficiency: list) -> np.ndarray:
    coded = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(deficiency) @ linear, 0, 1)
    xyz = np.array(XYZ) @ seen / np.array([0.95047, 1, 1.08883])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array(
        [116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])]
    )


@pytest.fixture(scope="module")
def address(served) -> str:
    """The boards of the sample company, served by a process of its own."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    source = str(served["sample_company"])
    process = subprocess.Popen(
        [sys.executable, "-m", "segmentation_boards", "serve", source]
        + ["--port", str(port)],
        env={**os.environ, "DO_NOT_TRACK": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _once_answering(f"http://127.0.0.1:{port}", process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _once_answering(address: str, process: subprocess.Popen) -> str:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60):
                return address
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server ended with {process.returncode}")


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


DRAWN = """
    [...document.querySelectorAll('.dbt-chart')].map(chart => [
        chart.dataset.chartId,
        chart.querySelectorAll('path, rect, circle, line').length,
        chart.textContent.trim().length,
        chart.getBoundingClientRect().width,
    ])
"""
CHARTS = {
    "overview": {"shares", "segments", "gains", "largest_moves"},
    "segment": {"rule", "profile", "means", "customers_by_month", "top_products"},
    "at-risk": {"by_segment", "list", "warnings", "backtest", "calibration", "alerts"},
    "finance": {"contribution", "monthly", "roi", "campaigns_chart", "ledger"},
    "budget": {"spend", "moves", "curves", "evidence", "plan"},
    "data-health": {"inputs", "rejected", "statuses", "publications"},
}


@pytest.mark.parametrize("name", NAMES)
def test_every_board_draws_its_charts(tab, address, name):
    tab.open(f"{address}/{name}")
    drawn = tab.value(DRAWN)
    assert {chart for chart, *_ in drawn} >= CHARTS[name]
    for chart, shapes, letters, width in drawn:
        assert letters > 0, chart
        assert width > 0, chart
        if chart in CHARTS[name]:
            assert shapes > 0, chart
    assert "ERR-" not in tab.value("document.body.textContent")
    assert tab.value("document.documentElement.scrollWidth") <= 1280


def _chart_text(tab, chart: str) -> str:
    return tab.value(
        f"document.querySelector('[data-chart-id=\"{chart}\"]').textContent"
    )


def _choose(tab, variable: str, value: str) -> None:
    """Choose as a person does: click the filter, then the option."""
    for selector in (
        f'[data-dbt-variable="{variable}"] [data-dbt-field]',
        f'.dbt-popover-open .dbt-select-option[data-value="{value}"]',
    ):
        x, y = tab.value(
            f"(() => {{ const box = document.querySelector('{selector}')"
            ".getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            tab.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=x,
                y=y,
                button="left",
                clickCount=1,
            )


def _wait_for(tab, condition: str) -> None:
    while not tab.value(condition):
        time.sleep(0.05)


def test_a_segmentation_can_be_chosen(tab, address, served):
    tab.open(f"{address}/segment")
    before = _chart_text(tab, "name")
    _choose(tab, "segmentation", "value")
    _wait_for(tab, "location.search.includes('segmentation=value')")
    _wait_for(
        tab,
        "document.querySelector('[data-chart-id=\"name\"]')?.textContent.trim()"
        f" !== {json.dumps(before.strip())}",
    )
    with duckdb.connect(str(served["sample_company"]), read_only=True) as connection:
        ((name, customers, amount),) = connection.execute(
            "select segment_name, customer_count, net_revenue_amount from core.segments"
            " where segmentation = 'value' and not is_special"
            " order by net_revenue_amount desc limit 1"
        ).fetchall()
    assert name in _chart_text(tab, "name")
    assert f"{customers:,}" in _chart_text(tab, "customers")
    assert f"{amount:,.0f}" in _chart_text(tab, "net_revenue")
    assert "€" in _chart_text(tab, "net_revenue")


def test_a_segment_can_be_chosen(tab, address, served):
    with duckdb.connect(str(served["sample_company"]), read_only=True) as connection:
        ((name, customers, loss),) = connection.execute(
            "select segment_name, count(*), sum(expected_loss_amount)"
            " from retention.at_risk_customers group by segment_name"
            " order by sum(expected_loss_amount) desc limit 1"
        ).fetchall()
    tab.open(f"{address}/at-risk")
    everybody = _chart_text(tab, "customers")
    _choose(tab, "segment", name)
    _wait_for(tab, f"location.search.includes({json.dumps(quote(name)[:6])})")
    _wait_for(
        tab,
        "document.querySelector('[data-chart-id=\"customers\"]')?.textContent.trim()"
        f" !== {json.dumps(everybody.strip())}",
    )
    assert f"{customers:,}" in _chart_text(tab, "customers")
    assert f"{loss:,.0f}" in _chart_text(tab, "expected_loss")


def test_numbers_on_screen(tab, address, served):
    with duckdb.connect(str(served["sample_company"]), read_only=True) as connection:
        ((total,),) = connection.execute(
            "select sum(net_revenue_amount) from core.segments"
            " where segmentation = 'value'"
        ).fetchall()
        ledger = connection.execute(
            "select sum(ledger_amount) from finance.ledger_reconciliation"
            " group by ledger_kind"
        ).fetchall()
        ((spent,),) = connection.execute(
            "select sum(current_spend_amount) from finance.budget_allocation"
            " where scenario = 'same_total'"
        ).fetchall()
    tab.open(f"{address}/overview")
    assert f"{total:,.0f}" in _chart_text(tab, "net_revenue")
    tab.open(f"{address}/finance")
    for (amount,) in ledger:
        assert f"{amount:,.2f}" in _chart_text(tab, "ledger")
    tab.open(f"{address}/budget")
    assert f"{spent:,.0f}" in _chart_text(tab, "today")


def test_the_browser_asked_nobody_else(tab, address):
    """After all that it opened above, or after one board if it runs alone."""
    tab.open(f"{address}/overview")
    hosts = {urlsplit(one).hostname for one in tab.requests if "://" in one}
    assert hosts == {"127.0.0.1"}
