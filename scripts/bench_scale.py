"""Measure what ten times as many customers cost: learning, scoring and the rest.

The real project builds generated Parquet files, about five orders a customer, without
history and without tests. Seconds are those of the processor, by node and on one
thread, because other work on the machine does not slow them.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb
import yaml
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).resolve().parent.parent
CUSTOMERS = (100_000, 1_000_000)
AGREED_LEARNING_RATIO = 1.5
MEMORY_LIMIT = "8GiB"
# The sample is capped in SQL and fitted in Python: both are learning.
SAMPLING = ("int_learning_sample_drawn", "int_learning_sample_measured")
AGREED_RISK_RATIO = 2.0
RFM_STEP = ("int_customer_rfm_measured", "ml_rfm_cut_points", "scored_customer_rfm")
RISK_STEP = ("scored_risk_logits", "scored_risk_scores", "scored_customer_risk")
RISK_MEASURES = (
    "int_shopping_days_dated",
    "int_purchase_histories_measured",
    "int_risk_features_measured",
    "ml_risk_features",
)
# Who buys how often, how much, where and what: hashes, so that each run is the same.
TRANSACTIONS = """
    with customers as (
        select
            range as customer,
            hash(range, 'pace') / 2.0 ** 64 as pace,
            hash(range, 'purse') / 2.0 ** 64 as purse,
            hash(range, 'deals') / 2.0 ** 64 as deals,
            hash(range, 'start') / 2.0 ** 64 as start
        from range({customers})
    ),
    orders as (
        select *, unnest(range(1 + cast(floor(-4 * ln(1 - pace)) as bigint))) as number
        from customers
    ),
    draws as (
        select
            *,
            hash(customer, number, 'day') / 2.0 ** 64 as day,
            hash(customer, number, 'item') / 2.0 ** 64 as item,
            hash(customer, number, 'sum') / 2.0 ** 64 as amount,
            hash(customer, number, 'shop') / 2.0 ** 64 as shop
        from orders
    ),
    priced as (
        select
            *,
            cast(3 + 40 * purse - 15 * ln(1 - amount) as decimal(18, 2)) as gross_amount
        from draws
    )
    select
        'c' || customer as customer_id,
        'c' || customer || '-' || number as order_id,
        timestamp '2024-01-01' + interval 1 minute * cast(
            floor(525600 * (0.9 * start + (1 - 0.9 * start) * day)) as bigint
        ) as occurred_at,
        'p' || cast(floor(300 * item * item) as bigint) as product_id,
        'l' || cast(floor(5 * shop + customer % 40) as bigint) as location_id,
        gross_amount,
        cast(case when day < deals then gross_amount * 0.2 else 0 end as decimal(18, 2))
            as discount_amount,
        gross_amount - discount_amount as net_amount
    from priced
"""
PRODUCTS = """
    select
        'p' || range as product_id,
        'department ' || range % 10 as department,
        'type ' || range % 60 as product_type,
        'brand ' || range % 25 as brand
    from range(300)
"""


def write_files(folder: Path, customers: int) -> int:
    """Write the files of so many customers and return the number of orders."""
    for table, query in (("transactions", TRANSACTIONS), ("products", PRODUCTS)):
        path = folder / f"{table}.parquet"
        duckdb.sql(query.format(customers=customers)).write_parquet(str(path))
    ((orders,),) = duckdb.sql(
        f"select count(*) from '{folder / 'transactions.parquet'}'"
    ).fetchall()
    return orders


def write_profile(folder: Path) -> None:
    """Write the profile with a limit of memory, beyond which DuckDB spills."""
    profile = yaml.safe_load((PROJECT / "profiles/profiles.yml").read_text())
    settings = profile["customer_segmentation"]["outputs"]["dev"]["settings"]
    settings["memory_limit"] = MEMORY_LIMIT
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))


def build_inside(files: str, scratch: str) -> None:
    """Build in this process and print the processor's seconds of each node."""
    seconds: dict[str, float] = {}
    started: dict[str, float] = {}

    def listen(event) -> None:
        if event.info.name == "NodeStart":
            started[event.data.node_info.unique_id] = time.process_time()
        if event.info.name == "NodeFinished":
            node = event.data.node_info.unique_id
            seconds[node] = time.process_time() - started[node]

    settings = {"connector": "files", "files_path": files, "history_months": 0}
    result = dbtRunner(callbacks=[listen]).invoke(
        [
            *("build", "--quiet", "--threads", "1"),
            *("--resource-type", "model", "--resource-type", "seed"),
            *(
                "--project-dir",
                str(PROJECT),
                "--profiles-dir",
                scratch,
            ),
            *("--target-path", scratch, "--log-path", scratch),
            *("--vars", json.dumps(settings)),
        ]
    )
    if not result.success:
        failed = [node for node in result.result or [] if node.status == "error"]
        messages = [f"{node.node.name}: {node.message}" for node in failed]
        raise SystemExit(f"The build failed: {result.exception or messages}")
    parts: Counter = Counter()
    for node in result.result:
        if node.node.resource_type == "model":
            parts[part_of(node.node)] += seconds[node.node.unique_id]
    nodes = Counter({name.split(".")[-1]: spent for name, spent in seconds.items()})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"parts": parts, "nodes": nodes, "peak_gib": peak}))


def part_of(node) -> str:
    """Layer of a model; learning holds the sampling, too."""
    return "learning" if node.name in SAMPLING else Path(node.path).parts[0]


def measure(customers: int) -> dict:
    """Generate, build in a fresh process and warehouse, and return what it took."""
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch) / "files"
        files.mkdir()
        (Path(scratch) / "work").mkdir()
        orders = write_files(files, customers)
        write_profile(Path(scratch))
        environment = {
            **os.environ,
            "SEGMENTATION_WAREHOUSE": scratch,
            "SEGMENTATION_THREADS": "1",
        }
        finished = subprocess.run(
            [sys.executable, __file__, str(files), scratch],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return json.loads(finished.stdout.splitlines()[-1]) | {"orders": orders}


def main() -> None:
    """Print seconds by layer for both sizes, their ratio, and the slowest nodes."""
    measured = []
    for customers in CUSTOMERS:
        measured.append(measure(customers))
        print(f"{customers:,} customers: {measured[-1]['parts']}", flush=True)
    small, large = measured
    print(f"{'processor seconds':32}" + "".join(f"{size:>12,}" for size in CUSTOMERS))
    print(f"{'orders':32}{small['orders']:12,}{large['orders']:12,}")
    for part, spent in small["parts"].items():
        ratio = large["parts"][part] / spent
        print(f"{part:32}{spent:12.1f}{large['parts'][part]:12.1f}{ratio:8.2f} x")
    print(f"{'peak memory, GiB':32}{small['peak_gib']:12.1f}{large['peak_gib']:12.1f}")
    print("The ten slowest nodes at the larger size:")
    for name, spent in Counter(large["nodes"]).most_common(10):
        print(f"  {name:40}{small['nodes'][name]:10.1f}{spent:12.1f}")
    ratio = large["parts"]["learning"] / small["parts"]["learning"]
    print(f"Learning ratio {ratio:.2f} (agreed: at most {AGREED_LEARNING_RATIO})")
    rfm, risk, measures = (
        sum(large["nodes"][name] for name in names)
        for names in (RFM_STEP, RISK_STEP, RISK_MEASURES)
    )
    print(
        f"At the larger size: RFM {rfm:.1f}, risk scores {risk:.1f}, ratio"
        f" {risk / rfm:.2f} (agreed: at most {AGREED_RISK_RATIO}); the features of"
        f" risk before them {measures:.1f}"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        build_inside(*sys.argv[1:])
    else:
        main()
