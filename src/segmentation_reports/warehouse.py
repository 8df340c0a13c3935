"""What the report reads from a warehouse file; the only module that opens one."""

from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd

MOST_MAPPED_CUSTOMERS = 5_000
_BUILD_FIRST = "run `make build` first, with the same WAREHOUSE"

_QUERIES = {
    "statuses": """
        select
            segmentation, status, reason, algorithm, model_version, features_used,
            customers_scored, strftime(as_of_date, '%Y-%m-%d') as as_of_date
        from monitoring.segmentation_status
        order by segmentation
    """,
    "segments": """
        select
            segmentation, segment_key, segment_name, currency_code, customer_count,
            customer_share, cast(net_revenue_amount as double) as net_revenue_amount,
            net_revenue_share, is_special
        from core.segments
        order by segmentation, is_special, customer_count desc, segment_key
    """,
    "candidates": """
        select segmentation, algorithm, reason, k, silhouette, stability, is_chosen
        from monitoring.segment_model_candidates
        order by segmentation, algorithm, k
    """,
    "features": """
        select segmentation, feature
        from monitoring.feature_selection
        where is_selected
        order by segmentation, feature
    """,
    "grid": """
        select
            recency_score, frequency_score, rfm_segment, count(*) as customer_count
        from core.customer_rfm
        group by recency_score, frequency_score, rfm_segment
        order by recency_score, frequency_score, customer_count desc, rfm_segment
    """,
}
# Private tables: a served file may lack them, and the report does without.
_OPTIONAL_QUERIES = {
    "descriptions": "select segmentation, description from reference.segmentations",
    "special_names": "select segment_key, segment_name from reference.special_segments",
    "rule_names": """
        select rfm_segment as segment_key, segment_name
        from reference.rfm_segments
        order by rule_order
    """,
    "phrases": """
        select
            described.feature, described.kind, described.phrase_high,
            described.phrase_low, built_in.unit
        from intermediate.int_features_described as described
        left join reference.features as built_in
            on described.feature = built_in.feature
        order by described.feature
    """,
}
# The md5 draws the same customers on every engine and in every build.
_VECTORS = """
    with drawn as (
        select
            vectors.customer_id, customer_segments.segment_key, vectors.coordinates,
            md5(vectors.customer_id) as draw, count(*) over () as eligible_count
        from scoring.scored_customer_vectors as vectors
        inner join core.customer_segments as customer_segments
            on
                vectors.customer_id = customer_segments.customer_id
                and vectors.segmentation = customer_segments.segmentation
                and vectors.as_of_date = customer_segments.as_of_date
        where vectors.segmentation = ?
        order by draw, vectors.customer_id
        limit ?
    )

    select customer_id, segment_key, coordinates, eligible_count
    from drawn
    order by draw, customer_id
"""


class UnreadableWarehouse(Exception):
    """The warehouse cannot be read; the message says in a sentence what to do."""


class MappedCustomers(NamedTuple):
    """Customers drawn for the map of a segmentation, in the order of their md5.

    ``coordinates`` is an array (customers x selected features); ``segment_keys`` names
    the segment of each row; ``eligible_count`` counts whom they were drawn from.
    """

    coordinates: np.ndarray
    segment_keys: tuple[str, ...]
    eligible_count: int


class Marts(NamedTuple):
    """The columns of the marts that the report shows, a DataFrame each.

    ``mapped_customers`` holds the drawn customers by segmentation, for those that have
    prepared coordinates. Dates are texts such as '2018-01-01'.
    """

    statuses: pd.DataFrame
    segments: pd.DataFrame
    candidates: pd.DataFrame
    features: pd.DataFrame
    grid: pd.DataFrame
    descriptions: pd.DataFrame
    special_names: pd.DataFrame
    rule_names: pd.DataFrame
    phrases: pd.DataFrame
    mapped_customers: dict[str, MappedCustomers]


def read_marts(path: Path, most_mapped_customers: int = MOST_MAPPED_CUSTOMERS) -> Marts:
    """Read a warehouse file without writing to it.

    Parameters
    ----------
    path : of the DuckDB file that `make build` leaves
    most_mapped_customers : customers drawn per segmentation for its map

    Raises
    ------
    UnreadableWarehouse
        There is no such file, it is no warehouse, a mart is missing, or a build is
        writing to it.
    """
    if not path.is_file():
        raise UnreadableWarehouse(f"There is no warehouse at {path}: {_BUILD_FIRST}.")
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return _read(connection, most_mapped_customers)
    except duckdb.CatalogException as error:
        missing = str(error).splitlines()[0]
        raise UnreadableWarehouse(
            f"{path} is not a complete warehouse ({missing}): {_BUILD_FIRST}."
        ) from error
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            message = f"Another process is writing {path}: try again when it has ended."
        else:
            cause = str(error).splitlines()[0]
            message = f"{path} cannot be read ({cause}): {_BUILD_FIRST}."
        raise UnreadableWarehouse(message) from error


def _read(connection: duckdb.DuckDBPyConnection, most: int) -> Marts:
    frames = {name: connection.execute(sql).df() for name, sql in _QUERIES.items()}
    for name, sql in _OPTIONAL_QUERIES.items():
        frames[name] = _read_optional(connection, sql)
    mapped = {}
    for segmentation in frames["statuses"]["segmentation"]:
        vectors = _read_optional(connection, _VECTORS, [segmentation, most])
        if not vectors.empty:
            mapped[segmentation] = MappedCustomers(
                np.array(vectors["coordinates"].tolist(), dtype="float64"),
                tuple(vectors["segment_key"]),
                int(vectors["eligible_count"].iloc[0]),
            )
    return Marts(**frames, mapped_customers=mapped)


def _read_optional(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: list | None = None
) -> pd.DataFrame:
    try:
        return connection.execute(sql, parameters).df()
    except duckdb.CatalogException:
        return pd.DataFrame()
