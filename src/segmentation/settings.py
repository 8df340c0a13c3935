"""Settings as they arrive from dbt: text in, checked values out."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar, Self

from segmentation.algorithms import ALGORITHMS

# Two digits at most, because candidates and merges are numbered '03'.
_MOST_SEGMENTS = 99

# Type, lowest and highest value of a number.
Limits = tuple[type[int] | type[float], float, float]

_NUMBERS: dict[str, Limits] = {
    "minimum_segments": (int, 2, _MOST_SEGMENTS),
    "maximum_segments": (int, 2, _MOST_SEGMENTS),
    "minimum_segment_share": (float, 0, 0.5),
    "minimum_learning_customers": (int, 1, 10**9),
    "maximum_missing_share": (float, 0, 1),
    "maximum_feature_correlation": (float, 0, 1),
    "skewness_limit": (float, 0, 10**6),
    "stability_samples": (int, 2, 100),
    "search_sample_size": (int, 10, 10**6),
    "random_seed": (int, 0, 2**32 - 1),
}
# What decides over refits, but not over what a fit looks like.
_POLICY_NUMBERS: dict[str, Limits] = {
    "minimum_agreement": (float, 0, 1),
    "maximum_stability_index": (float, 0, 10**6),
    "maximum_outlier_increase": (float, 0, 1),
    "maximum_distance_ratio": (float, 1, 10**6),
}
_REFIT_POLICIES = ("when_drifted", "always", "never")


class TextSettings:
    """What dataclasses of settings have in common: they are read from text.

    ``numbers`` names the fields that are numbers, with their limits, and ``choices``
    those that are one of a few words; the others are the few of ``_READERS``.
    """

    numbers: ClassVar[dict[str, Limits]] = {}
    choices: ClassVar[dict[str, tuple[str, ...]]] = {}

    @classmethod
    def from_text(cls, texts: Mapping[str, str | None]) -> Self:
        """Read the settings from text; keys that are not settings are ignored.

        Parameters
        ----------
        texts : mapping of setting to text, as dbt hands them over

        Raises
        ------
        ValueError
            A setting is missing, unreadable or out of range; the message names it.
        """
        return cls(
            **{field.name: cls._read(texts, field.name) for field in fields(cls)}
        )

    @classmethod
    def _read(cls, texts: Mapping[str, str | None], name: str) -> object:
        if name in cls.numbers:
            return _number(texts, name, *cls.numbers[name])
        if name in cls.choices:
            return _choice(texts, name, cls.choices[name])
        return _READERS[name](texts, name)

    def learning_items(self) -> list[tuple[str, object]]:
        """Name and value, by name, of the settings that change what is learned."""
        return [(name, getattr(self, name)) for name in sorted(self.numbers)]


@dataclass(frozen=True, kw_only=True)
class Settings(TextSettings):
    """What steers a fit; every field is a setting of the same name."""

    connector: str
    as_of_date: date
    refit_policy: str
    segmentation_algorithms: tuple[str, ...]
    minimum_segments: int
    maximum_segments: int
    minimum_segment_share: float
    minimum_learning_customers: int
    maximum_missing_share: float
    maximum_feature_correlation: float
    skewness_limit: float
    stability_samples: int
    search_sample_size: int
    random_seed: int
    minimum_agreement: float
    maximum_stability_index: float
    maximum_outlier_increase: float
    maximum_distance_ratio: float
    promoted_versions: tuple[str, ...]

    numbers: ClassVar[dict[str, Limits]] = _NUMBERS | _POLICY_NUMBERS
    choices: ClassVar[dict[str, tuple[str, ...]]] = {"refit_policy": _REFIT_POLICIES}

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if self.maximum_segments < self.minimum_segments:
            raise ValueError(
                f"setting 'maximum_segments' ({self.maximum_segments}) is below "
                f"'minimum_segments' ({self.minimum_segments})"
            )

    @property
    def segment_counts(self) -> range:
        """Numbers of segments that are tried."""
        return range(self.minimum_segments, self.maximum_segments + 1)

    def learning_items(self) -> list[tuple[str, object]]:
        """Name and value, by name, of the settings that change what is learned."""
        names = [*_NUMBERS, "segmentation_algorithms"]
        return [(name, getattr(self, name)) for name in sorted(names)]


def _text(texts: Mapping[str, str | None], name: str) -> str:
    text = texts.get(name)
    if text is None or not str(text).strip():
        raise ValueError(f"setting '{name}' is missing")
    return str(text).strip()


def _date(texts: Mapping[str, str | None], name: str) -> date:
    text = _text(texts, name)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"setting '{name}' must be an ISO date such as 2017-12-31, got '{text}'"
        ) from error


def _choice(
    texts: Mapping[str, str | None], name: str, choices: tuple[str, ...]
) -> str:
    text = _text(texts, name)
    if text not in choices:
        raise ValueError(f"setting '{name}' must be one of {choices}, got '{text}'")
    return text


def _algorithms(texts: Mapping[str, str | None], name: str) -> tuple[str, ...]:
    names = _list(texts, name)
    unknown = sorted(set(names) - set(ALGORITHMS))
    # K-Means is what a segmentation without clear structure falls back to.
    if unknown or "kmeans" not in names:
        raise ValueError(
            f"setting '{name}' must be a list of {ALGORITHMS} with "
            f"'kmeans' in it, got {list(names)}"
        )
    return tuple(algorithm for algorithm in ALGORITHMS if algorithm in names)


def _list(texts: Mapping[str, str | None], name: str) -> tuple[str, ...]:
    text = _text(texts, name)
    try:
        values = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        values = None
    if not isinstance(values, list):
        raise ValueError(f"setting '{name}' must be a list such as ['a'], got '{text}'")
    return tuple(str(value) for value in values)


def _number(
    texts: Mapping[str, str | None],
    name: str,
    kind: type[int] | type[float],
    low: float,
    high: float,
) -> int | float:
    text = _text(texts, name)
    message = (
        f"setting '{name}' must be a number of type {kind.__name__} "
        f"from {low} to {high}, got '{text}'"
    )
    try:
        number = kind(text)
    except ValueError as error:
        raise ValueError(message) from error
    if not low <= number <= high:
        raise ValueError(message)
    return number


_READERS: dict[str, Callable[[Mapping[str, str | None], str], object]] = {
    "connector": _text,
    "as_of_date": _date,
    "segmentation_algorithms": _algorithms,
    "promoted_versions": _list,
}
