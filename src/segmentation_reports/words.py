"""Counts, shares, money, features and dates in people's words."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

MINUS = "\N{MINUS SIGN}"
# Keeps a number and its unit on one line.
TIE = "\N{NO-BREAK SPACE}"
_UNITS_UNSAID = frozenset({"share", "index", "ratio", "score"})
_DEPARTMENT = "department_share_"
_PARTS = (
    (0.49, 0.51, "Half"),
    (0.323, 0.343, "A third"),
    (0.24, 0.26, "A quarter"),
    (0.657, 0.677, "Two thirds"),
    (0.74, 0.76, "Three quarters"),
)
_ALGORITHMS = {
    "kmeans": "K-Means",
    "ward": "Ward",
    "hdbscan": "HDBSCAN",
    "gaussian_mixture": "Gaussian mixture",
    "rules": "rules",
}
_STATUSES = {
    "available": "Available",
    "no_clear_structure": "Available, without clear structure",
    "not_available": "Not available",
}


class FeatureWords(NamedTuple):
    """What people say of a high and of a low value, and the unit of the value."""

    high: str
    low: str
    unit: str | None = None


class Vocabulary:
    """Words for features: those of the warehouse, or else made from the name."""

    def __init__(self, phrases: pd.DataFrame) -> None:
        self._words: Mapping[str, FeatureWords] = {
            row.feature: FeatureWords(
                row.phrase_high,
                row.phrase_low,
                "share" if row.kind == "category" else _text(row.unit),
            )
            for row in phrases.itertuples()
            if _text(row.phrase_high) and _text(row.phrase_low)
        }

    def of(self, feature: str) -> FeatureWords:
        """Words of a feature, also of one that the warehouse does not describe."""
        if feature in self._words:
            words = self._words[feature]
        else:
            plain = feature.replace("_", " ")
            words = FeatureWords(f"high {plain}", f"low {plain}")
        if feature.startswith(_DEPARTMENT):
            words = words._replace(unit="share")
        return words

    def say(self, feature: str, direction: float) -> str:
        """Phrase for a value above the mean (direction at least 0) or below it."""
        words = self.of(feature)
        return words.high if direction >= 0 else words.low


def count_of(count: int, noun: str = "customer") -> str:
    """Say how many, such as '1,158 customers'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    """Say a share in percent: whole from 10 %, one decimal below."""
    number = 100 * share
    if 0 < number < 0.05:
        return f"<{TIE}0.1{TIE}%"
    if number in (0, 100) or 9.95 <= number < 99.5:
        return f"{number:.0f}{TIE}%"
    return f"{number:.1f}{TIE}%"


def share_of(share: float) -> str:
    """Begin a sentence with a share: 'Half', 'A third' or '47 %'."""
    for low, high, words in _PARTS:
        if low <= share <= high:
            return words
    return percent(share)


def algorithm_name(algorithm: str) -> str:
    """Name an algorithm as people write it."""
    return _ALGORITHMS.get(algorithm, algorithm.replace("_", " "))


def status_name(status: str) -> str:
    """Say a status of monitoring.segmentation_status."""
    return _STATUSES.get(status, status.replace("_", " "))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
