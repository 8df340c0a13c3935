"""Frames of whichever engine dbt runs on, as pandas."""

from typing import Any

import pandas as pd


def to_pandas(relation: Any) -> pd.DataFrame:
    """Fetch what ``dbt.ref`` returns.

    Parameters
    ----------
    relation : pandas DataFrame, Spark DataFrame or DuckDB relation

    Returns
    -------
    DataFrame with the rows and columns of the relation; a pandas frame is returned
    as it is.

    Raises
    ------
    TypeError
        The object is none of the three.
    """
    if isinstance(relation, pd.DataFrame):
        return relation
    for method in ("toPandas", "df"):
        fetch = getattr(relation, method, None)
        if callable(fetch):
            return fetch()
    raise TypeError(f"cannot turn {type(relation).__name__} into a pandas frame")
