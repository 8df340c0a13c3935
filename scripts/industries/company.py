"""What every made-up company is made of."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Company(NamedTuple):
    """Raw tables as the systems of a company hold them, and what was planted in them.

    tables : name of a seed without its prefix -> table; every column is text.

    answer_key : name -> table, read by tests alone. ``people`` has one row per
        customer: customer_id, segment, and suitable, the product types that may be
        offered to them, joined by "|". ``preferences`` has one row per
        segment and product type of an offer: the probability that who takes another
        offer takes this one.
    """

    tables: dict[str, pd.DataFrame]
    answer_key: dict[str, pd.DataFrame]


def drawn_index(generator: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Draw a column for each row of weights (rows x columns), by its share."""
    edges = np.cumsum(weights, axis=1)
    draws = generator.random(len(weights)) * edges[:, -1]
    return (draws[:, None] >= edges).sum(axis=1)


def cents(amounts: np.ndarray | pd.Series) -> pd.Series:
    """Write amounts as text with two decimals, the way files bring them."""
    return pd.Series(amounts).map(lambda amount: f"{amount:.2f}")
