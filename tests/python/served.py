"""A served file for tests that read one."""

import shutil
from pathlib import Path

import duckdb

PUBLICATION = """
    create table monitoring.publications as
    select
        'made-by-a-test' as publication_id,
        'test' as connector,
        1 as generation,
        'unknown' as git_revision,
        max(as_of_date) as as_of_date,
        timestamp '2026-01-02 03:04:05' as published_at,
        0 as tables,
        0::bigint as total_rows,
        sum(net_revenue_amount)::decimal(18, 2) as net_revenue_amount,
        any_value(currency_code) as currency_code
    from core.segments
    where segmentation = 'value'
"""


def served_file(work_file: Path) -> Path:
    """Serve what a work file holds, in the same warehouse folder, and say where."""
    served = work_file.parents[1] / "served" / work_file.name
    if not served.exists():
        served.parent.mkdir(exist_ok=True)
        fresh = served.with_suffix(".fresh")
        shutil.copyfile(work_file, fresh)
        with duckdb.connect(str(fresh)) as connection:
            tables = connection.execute("show all tables").fetchall()
            if ("monitoring", "publications") not in {row[1:3] for row in tables}:
                connection.execute(PUBLICATION)
        fresh.chmod(0o444)
        fresh.replace(served)
    return served
