"""What the boards have to know of a publication before they are drawn."""

from pathlib import Path
from typing import NamedTuple

import duckdb

_CURRENCY = """
    select currency_code
    from monitoring.publications
    order by published_at desc, generation desc
    limit 1
"""
# First of all the segmentation that the budget and the lists go by.
_SEGMENTATION = """
    select segmentation
    from monitoring.segmentation_status
    where status <> 'not_available'
    order by
        segmentation in (select segmentation from finance.budget_allocation) desc,
        segmentation in (select segmentation from retention.at_risk_customers) desc,
        customers_scored desc,
        segmentation
    limit 1
"""
_SEGMENT = """
    select segment_name
    from core.segments
    where segmentation = ?
    order by is_special, net_revenue_amount desc, segment_key
    limit 1
"""
_SCENARIO = """
    select scenario_description
    from finance.budget_allocation
    order by scenario <> 'same_total', total_amount desc, scenario_description
    limit 1
"""


class Unpublished(Exception):
    """Nothing can be shown; the message says in a sentence what to do."""


class Published(NamedTuple):
    """The currency, and what filters are set to first; None where there is none."""

    currency: str | None
    segmentation: str | None
    segment: str | None
    scenario: str | None


def read_published(served: Path) -> Published:
    """Read a served file without writing to it.

    Raises
    ------
    Unpublished
        There is no such file, or it lacks what a publication holds.
    """
    if not served.is_file():
        raise Unpublished(
            f"Nothing is published at {served}: run `make publish` first, with the "
            "same WAREHOUSE."
        )
    try:
        with duckdb.connect(str(served), read_only=True) as connection:

            def first(sql: str, *parameters: str | None) -> str | None:
                row = connection.execute(sql, list(parameters)).fetchone()
                return row[0] if row else None

            segmentation = first(_SEGMENTATION)
            return Published(
                first(_CURRENCY),
                segmentation,
                first(_SEGMENT, segmentation),
                first(_SCENARIO),
            )
    except duckdb.Error as error:
        cause = str(error).splitlines()[0]
        raise Unpublished(
            f"{served} is no complete publication ({cause}): run `make publish`."
        ) from error
