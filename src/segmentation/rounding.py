"""One precision for everything that is learned."""

import numpy as np

DECIMALS = 9


def rounded(number: float) -> float:
    """Round to 9 decimals, so that another machine's last bit does not show.

    Python rounds the decimal text, which neither overflows nor drifts for large
    numbers; adding zero turns -0.0 into 0.0.
    """
    return round(float(number), DECIMALS) + 0.0


def rounded_array(numbers: np.ndarray) -> np.ndarray:
    """Round every element of a numeric array to 9 decimals, without negative zeros."""
    return np.round(numbers, DECIMALS) + 0.0
