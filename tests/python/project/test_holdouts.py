"""Who is held out of a future campaign: SQL and Python name the same customers."""

import duckdb
import pandas as pd

from segmentation.lift import holdout_bucket

from .conftest import Warehouse, run_dbt

BUCKETS = """
select
    campaign_id,
    customer_id,
    {{ holdout_bucket("campaign_id", "customer_id") }},
    {{ is_held_out("campaign_id", "customer_id", 0.2) }}
from customers
"""
AWKWARD = [
    "",
    " ",
    "|",
    "a|b",
    "O'Neil",
    "ä",
    "Ä",
    "日本",
    "🌲",
    "007",
    "-1",
    "\t",
    "x" * 999,
]


def test_sql_and_python_hold_out_the_same_customers(tmp_path):
    pairs = [(campaign, customer) for campaign in AWKWARD for customer in AWKWARD]
    pairs += [(f"C{number % 7}", f"customer {number}") for number in range(2000)]
    result = run_dbt(Warehouse(tmp_path), "compile", "--inline", BUCKETS)
    assert result.success, result.exception
    with duckdb.connect() as connection:
        customers = pd.DataFrame(pairs, columns=["campaign_id", "customer_id"])
        connection.register("customers", customers)
        sql = result.result.results[0].node.compiled_code
        rows = connection.execute(sql).fetchall()
    assert len(rows) == len(pairs)
    for campaign, customer, bucket, is_held in rows:
        assert bucket == holdout_bucket(campaign, customer)
        assert is_held == (bucket < 0.2)
    assert 0.17 < sum(row[3] for row in rows) / len(rows) < 0.23
