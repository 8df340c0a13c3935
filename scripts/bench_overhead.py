"""Measure what dbt itself costs: the default build against a project of trivial nodes.

Overhead is the wall time of `dbt build` on one thread, less the time in SQL statements,
less the time in Python models. Both projects are built in turn, in fresh processes and
warehouses, so that a noisy machine slows both; their ratio is what counts.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parent.parent
RUNS = 3
AGREED_RATIO = 1.5
TRIVIAL_PROFILE = """
trivial:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('SEGMENTATION_WAREHOUSE') }}/trivial.duckdb"
      threads: 1
"""


def count_nodes(manifest: dict) -> Counter:
    """Count the nodes that a build runs, by kind."""
    counts: Counter = Counter()
    for node in manifest["nodes"].values():
        kind = node["resource_type"]
        if kind == "model":
            is_python = node["language"] == "python"
            kind = "python" if is_python else node["config"]["materialized"]
        elif node.get("test_metadata"):
            kind = "generic_test"
        counts[kind] += 1
    counts["unit_test"] = len(manifest["unit_tests"])
    return counts


def write_trivial_project(folder: Path, counts: Counter) -> None:
    """Write a project with as many nodes of each kind, none of which does anything."""
    for name in ("models", "tests", "seeds"):
        (folder / name).mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: trivial\nprofile: trivial\nmodel-paths: [models]\n"
        "flags: {send_anonymous_usage_stats: false}\n"
    )
    (folder / "profiles.yml").write_text(TRIVIAL_PROFILE)
    for kind in ("view", "table", "incremental"):
        for number in range(counts[kind]):
            (folder / f"models/{kind}_{number}.sql").write_text(
                f"{{{{ config(materialized='{kind}') }}}} select 1 as id"
            )
    for number in range(counts["python"]):
        (folder / f"models/python_{number}.py").write_text(
            "import pandas as pd\n\n\ndef model(dbt, session):\n"
            "    dbt.config(materialized='table')\n"
            "    return pd.DataFrame({'id': [1]})\n"
        )
    for number in range(counts["seed"]):
        (folder / f"seeds/seed_{number}.csv").write_text("id\n1\n")
    for number in range(counts["test"]):
        (folder / f"tests/test_{number}.sql").write_text(
            "select * from {{ ref('table_0') }} where id <> 1"
        )
    tables = [f"table_{number}" for number in range(counts["table"])]
    slots = [(table, test) for test in ("not_null", "unique") for table in tables]
    tests: dict[str, list[str]] = {}
    for table, test in slots[: counts["generic_test"]]:
        tests.setdefault(table, []).append(test)
    models = "".join(
        f"  - {{name: {table}, columns: [{{name: id, data_tests: {names}}}]}}\n"
        for table, names in tests.items()
    )
    (folder / "models/models.yml").write_text(f"models:\n{models}")
    unit_tests = "".join(
        f"  - {{name: unit_{number}, model: table_1, given: [],"
        " expect: {rows: [{id: 1}]}}\n"
        for number in range(counts["unit_test"])
    )
    (folder / "models/unit_tests.yml").write_text(f"unit_tests:\n{unit_tests}")


def build_inside(folder: str, profiles: str, target: str) -> None:
    """Build in this process and print the seconds in SQL and in Python models."""
    seconds = {"sql": 0.0, "fits": 0.0}

    def listen(event) -> None:
        if event.info.name == "SQLQueryStatus":
            seconds["sql"] += event.data.elapsed

    runner = dbtRunner(callbacks=[listen])
    result = runner.invoke(
        [
            *("build", "--quiet", "--threads", "1", "--no-partial-parse"),
            *("--project-dir", folder, "--profiles-dir", profiles),
            *("--target-path", target, "--log-path", target),
        ]
    )
    if not result.success:
        raise SystemExit(f"The build of {folder} failed: {result.exception}")
    for node in result.result:
        if node.node.resource_type == "model" and node.node.language == "python":
            seconds["fits"] += node.execution_time
    print(json.dumps(seconds))


def measure(folder: Path, profiles: Path) -> dict[str, float]:
    """Build once in a fresh process and warehouse; seconds in all and by part."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "work").mkdir()
        environment = {
            **os.environ,
            "SEGMENTATION_WAREHOUSE": scratch,
            "SEGMENTATION_THREADS": "1",
        }
        started = time.perf_counter()
        finished = subprocess.run(
            [sys.executable, __file__, str(folder), str(profiles), scratch],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        total = time.perf_counter() - started
    parts = json.loads(finished.stdout.splitlines()[-1])
    return {"total": total, **parts, "dbt": total - parts["sql"] - parts["fits"]}


def main() -> None:
    """Print the split of both projects and the ratio of their overheads."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "target"
        dbtRunner().invoke(
            [
                *("parse", "--quiet", "--project-dir", str(PROJECT)),
                *("--profiles-dir", str(PROJECT / "profiles")),
                *("--target-path", str(target), "--log-path", str(target)),
            ]
        )
        counts = count_nodes(json.loads((target / "manifest.json").read_text()))
        trivial = Path(scratch) / "trivial"
        write_trivial_project(trivial, counts)
        runs: dict[str, list[dict[str, float]]] = {"default build": [], "trivial": []}
        for _ in range(RUNS):
            runs["default build"].append(measure(PROJECT, PROJECT / "profiles"))
            runs["trivial"].append(measure(trivial, trivial))

    print(f"{sum(counts.values())} nodes: {dict(counts)}; median of {RUNS} runs, s")
    print(f"{'':16}{'total':>8}{'sql':>8}{'fits':>8}{'dbt':>8}")
    medians = {}
    for name, measured in runs.items():
        row = {
            part: statistics.median(run[part] for run in measured)
            for part in ("total", "sql", "fits", "dbt")
        }
        medians[name] = row["dbt"]
        print(f"{name:16}" + "".join(f"{seconds:8.1f}" for seconds in row.values()))
    ratio = medians["default build"] / medians["trivial"]
    print(f"Overhead ratio {ratio:.2f} (agreed: at most {AGREED_RATIO})")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build_inside(*sys.argv[1:])
    else:
        main()
