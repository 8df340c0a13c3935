"""Metrics of the semantic layer, asked of the served file by real processes."""

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from ..served import served_file
from .conftest import PROJECT, Warehouse

# One process for several queries: starting dbt takes longer than asking.
ASK = """
import json, sys
from scripts.query_metrics import main
for arguments in json.loads(sys.argv[1]):
    try:
        main(arguments)
    except SystemExit as end:
        if end.code:
            raise
"""
AMOUNTS = {
    "net_revenue": "net_revenue_amount",
    "gross_margin": "gross_margin_amount",
    "orders": "orders",
    "marketing_cost": "marketing_cost_amount",
    "attributed_revenue": "attributed_revenue_amount",
    "attributed_margin": "attributed_margin_amount",
}
COUNTS = {
    "customers": "customers",
    "active_customers": "active_customers",
    "starting_customers": "starting_customers",
    "retained_customers": "retained_customers",
    "at_risk_customers": "at_risk_customers",
    "value_at_risk": "value_at_risk_amount",
    "expected_loss": "expected_loss_amount",
}
SHARES = ("roi", "at_risk_share", "retention_rate")
SAVED = PROJECT / "models/marts/_saved_queries.yml"


def ask(warehouse: Warehouse, folder: Path, *queries: list[str]) -> list[list[dict]]:
    """Run queries in one process and return the rows of each, as text by column."""
    served_file(warehouse.path)
    target = str(warehouse.folder / "target")
    answers = [folder / f"{number}.csv" for number in range(len(queries))]
    asked = [
        [target, *query, "--csv", str(answer)]
        for query, answer in zip(queries, answers, strict=True)
    ]
    environment = os.environ | {
        "SEGMENTATION_WAREHOUSE": str(warehouse.folder),
        "DBT_LOG_PATH": str(warehouse.folder / "logs"),
        "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "src")]),
    }
    done = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(asked)],
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [list(csv.DictReader(answer.open())) for answer in answers]


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def metrics(*names: str, by: str = "", where: str = "") -> list[str]:
    query = ["--metrics", ",".join(names)]
    query += ["--group-by", by] if by else []
    return query + (["--where", where] if where else [])


@pytest.fixture(scope="module", params=["sample_company", "complete_journey"])
def built(request) -> Warehouse:
    return request.getfixturevalue(request.param)


def test_every_metric_equals_the_sums_of_its_mart(built, tmp_path):
    by = "segmentation,segment,metric_time__month"
    money, people = ask(
        built,
        tmp_path,
        metrics(*AMOUNTS, "roi", by=by),
        metrics(*COUNTS, "at_risk_share", "retention_rate", by=by),
    )
    # segment_roi is not what the metrics are made of.
    for rows, columns, mart in (
        (money, AMOUNTS, "finance.segment_roi"),
        (people, COUNTS, "retention.segment_activity"),
    ):
        sums = ", ".join(f"sum({column})" for column in columns.values())
        expected = {
            (segmentation, f"{segmentation}: {name}", str(month)): values
            for segmentation, name, month, *values in built.query(
                f"select segmentation, segment_name, month_on, {sums} from {mart}"
                " group by all"
            )
        }
        key = ("segmentation", "segment", "metric_time__month")
        found = {
            tuple(row[name][:10] if "time" in name else row[name] for name in key): row
            for row in rows
        }
        assert len(rows) == len(found)
        assert found.keys() == expected.keys()
        for place, values in expected.items():
            assert [number(found[place][name]) for name in columns] == values, place
    for row in money:
        cost = number(row["marketing_cost"])
        margin = number(row["attributed_margin"])
        said = float(row["roi"]) if row["roi"] else None
        assert said == (pytest.approx(float((margin - cost) / cost)) if cost else None)
    for row in people:
        starting = int(row["starting_customers"])
        said = float(row["retention_rate"]) if row["retention_rate"] else None
        kept = int(row["retained_customers"])
        assert said == (pytest.approx(kept / starting) if starting else None)


def test_without_a_segmentation_everything_counts_once(built, tmp_path):
    names = [*AMOUNTS, *COUNTS, *SHARES]
    (total,), regions, of_value, of_two, months = ask(
        built,
        tmp_path,
        metrics(*names),
        metrics(*AMOUNTS, "customers", by="region"),
        metrics(
            "net_revenue", "customers", where="{{ Entity('segmentation') }} = 'value'"
        ),
        metrics(
            "net_revenue",
            where="{{ Entity('segmentation') }} in ('value', 'behavioural')",
        ),
        metrics("net_revenue", "customers", by="metric_time__month"),
    )
    (ledger, customers, at_risk, value_at_risk), *_ = built.query("""
        select
            (select sum(segments_amount + guest_amount)
                from finance.ledger_reconciliation
                where ledger_kind = 'source_control'),
            (select count(distinct customer_id) from core.customer_segments),
            (select count(*) from retention.at_risk_customers),
            (select sum(value_at_risk_amount) from retention.at_risk_customers)
    """)
    assert number(total["net_revenue"]) == ledger
    assert int(total["customers"]) == customers
    assert int(total["at_risk_customers"]) == at_risk
    assert number(total["value_at_risk"]) == value_at_risk
    assert float(total["at_risk_share"]) == pytest.approx(at_risk / customers)
    for name in (*AMOUNTS, "customers"):
        parts = [number(row[name]) for row in regions]
        assert sum(part for part in parts if part) == number(total[name]), name
    assert number(of_value[0]["net_revenue"]) == ledger
    assert int(of_value[0]["customers"]) == customers
    # Several, and the primary one not among them: nothing rather than twice as much.
    assert [row["net_revenue"] for row in of_two] in ([""], [])
    assert sum(number(row["net_revenue"]) for row in months if row["net_revenue"]) == (
        ledger
    )
    # Customers are those at the end: a year has as many as its last month.
    last = max(row["metric_time__month"] for row in months)
    (of_last,) = [row for row in months if row["metric_time__month"] == last]
    assert int(of_last["customers"]) == customers


def test_channels_part_what_they_should(sample_company, tmp_path):
    sales, marketing = ask(
        sample_company,
        tmp_path,
        metrics("net_revenue", by="sales_channel"),
        metrics("marketing_cost", by="marketing_channel"),
    )
    sold = sample_company.query("""
        select channel, sum(net_amount) from intermediate.int_orders_aggregated
        group by channel
    """)
    found = {row["sales_channel"]: number(row["net_revenue"]) for row in sales}
    assert {name: found[name] for name, _ in sold} == dict(sold)
    spent = sample_company.query("""
        select channel, sum(cost_amount) from intermediate.int_marketing_costs_dated
        where cost_type = 'shared' group by channel
    """)
    found = {row["marketing_channel"]: row["marketing_cost"] for row in marketing}
    ((channel, shared),) = spent
    assert number(found[channel]) >= shared


def test_saved_queries_answer_ten_questions(sample_company, tmp_path):
    saved = yaml.safe_load(SAVED.read_text())["saved_queries"]
    assert len(saved) == 10
    answers = ask(
        sample_company, tmp_path, *(["--saved-query", query["name"]] for query in saved)
    )
    for query, rows in zip(saved, answers, strict=True):
        assert rows, query["name"]
        asked = set(query["query_params"]["metrics"])
        assert asked <= rows[0].keys(), query["name"]
        assert any(row[name] for row in rows for name in asked), query["name"]


def test_metrics_can_be_asked_while_another_process_builds(sample_company, tmp_path):
    hold = (
        "import duckdb, sys; held = duckdb.connect(sys.argv[1]);"
        " print('held', flush=True); sys.stdin.read()"
    )
    served_file(sample_company.path)
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(sample_company.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as builder:
        try:
            assert builder.stdout.readline() == "held\n"
            with pytest.raises(duckdb.IOException, match="lock"):
                duckdb.connect(str(sample_company.path), read_only=True)
            ((row,),) = ask(sample_company, tmp_path, metrics("net_revenue"))
        finally:
            builder.stdin.close()
    assert number(row["net_revenue"]) == sample_company.value(
        "select sum(net_revenue_amount) from core.segments"
        " where segmentation = 'combined'"
    )


@pytest.mark.parametrize(
    ("made", "remedy"), [((), "make build"), (("target",), "make publish")]
)
def test_what_is_missing_is_one_sentence(tmp_path, made, remedy):
    for name in made:
        (tmp_path / name).mkdir()
        (tmp_path / name / "semantic_manifest.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "scripts/query_metrics.py", str(tmp_path / "target")],
        env=os.environ | {"SEGMENTATION_WAREHOUSE": str(tmp_path)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith(f"is missing: run `{remedy}` first.")
