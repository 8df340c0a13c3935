"""A reader in a process of its own: python reading.py SERVED_FILE STOP_FILE.

Opens the served file, reads two marts and the list of publications, closes it, until
the stop file is there. Prints a line after the first time, and at the end, as JSON, how
often it read, which generations it saw in which order, and everything that was wrong.
"""

import json
import os
import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

REVENUES = (
    "select sum(net_revenue_amount) from core.segments where segmentation = 'value'",
    "select sum(segments_amount + guest_amount) from finance.ledger_reconciliation"
    " where ledger_kind = 'source_control'",
)
NEWEST = """
    select generation, net_revenue_amount, as_of_date, control_totals
    from monitoring.publications order by published_at desc limit 1
"""


def read(path: str) -> tuple[int, list[str]]:
    """Return the generation of the file, and what in it is of another one."""
    with duckdb.connect(path, read_only=True) as connection:
        generation, revenue, as_of_date, _ = connection.execute(NEWEST).fetchone()
        sums = [connection.execute(query).fetchone()[0] for query in REVENUES]
        dates = connection.execute(
            "select distinct as_of_date from core.segments"
        ).fetchall()
    wrong = []
    if sums != [revenue] * 2:
        wrong.append(f"generation {generation}: {sums} instead of {revenue}")
    if dates != [(as_of_date,)]:
        wrong.append(f"generation {generation}: {dates} instead of {as_of_date}")
    return generation, wrong


def check_whole(path: Path) -> int:
    """Hold every table against its control totals; return the generation."""
    generation, wrong = read(str(path))
    assert wrong == []
    with duckdb.connect(str(path), read_only=True) as connection:
        *_, totals = connection.execute(NEWEST).fetchone()
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        expected = json.loads(totals)
        assert {name for (name,) in tables} == {
            *expected,
            "monitoring.publications",
        }
        for table, told in expected.items():
            sums = "".join(f", sum({name})" for name in told["sums"])
            rows, *amounts = connection.execute(
                f"select count(*){sums} from {table}"
            ).fetchone()
            assert rows == told["rows"], table
            assert amounts == [Decimal(text) for text in told["sums"].values()], table
    return generation


def main(arguments: Sequence[str]) -> None:
    served, stop = arguments
    # It never pauses; what it watches should not wait for it.
    os.nice(15)
    reads, seen, wrong = 0, [], []
    while not reads or not Path(stop).exists():
        reads += 1
        try:
            generation, found = read(served)
            wrong += found
            if seen[-1:] != [generation]:
                seen.append(generation)
        except Exception as error:  # Whatever it is, a reader must not meet it.
            wrong.append(repr(error))
        if reads == 1:
            print("reading", flush=True)
    print(json.dumps({"reads": reads, "seen": seen, "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1:])
