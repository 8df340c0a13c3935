"""Settings as they arrive from dbt: text in, checked values out."""

import ast
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self

from segmentation.algorithms import ALGORITHMS

# Two digits at most, because candidates and merges are numbered '03'.
_MOST_SEGMENTS = 99

_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
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
_POLICY_NUMBERS: dict[str, tuple[type[int] | type[float], float, float]] = {
    "minimum_agreement": (float, 0, 1),
    "maximum_stability_index": (float, 0, 10**6),
    "maximum_outlier_increase": (float, 0, 1),
    "maximum_distance_ratio": (float, 1, 10**6),
}
_REFIT_POLICIES = ("when_drifted", "always", "never")


@dataclass(frozen=True, kw_only=True)
class Settings:
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
        settings = cls(
            connector=_text(texts, "connector"),
            as_of_date=_date(texts, "as_of_date"),
            refit_policy=_refit_policy(texts),
            segmentation_algorithms=_algorithms(texts),
            promoted_versions=tuple(_list(texts, "promoted_versions")),
            **{
                name: _number(texts, name, *limits)
                for name, limits in (_NUMBERS | _POLICY_NUMBERS).items()
            },
        )
        if settings.maximum_segments < settings.minimum_segments:
            raise ValueError(
                f"setting 'maximum_segments' ({settings.maximum_segments}) is below "
                f"'minimum_segments' ({settings.minimum_segments})"
            )
        return settings

    @property
    def segment_counts(self) -> range:
        """Numbers of segments that are tried."""
        return range(self.minimum_segments, self.maximum_segments + 1)

    def learning_items(self) -> list[tuple[str, object]]:
        """Name and value, by name, of the settings that change what is learned."""
        values = asdict(self)
        names = [*_NUMBERS, "segmentation_algorithms"]
        return [(name, values[name]) for name in sorted(names)]


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


def _refit_policy(texts: Mapping[str, str | None]) -> str:
    text = _text(texts, "refit_policy")
    if text not in _REFIT_POLICIES:
        raise ValueError(
            f"setting 'refit_policy' must be one of {_REFIT_POLICIES}, got '{text}'"
        )
    return text


def _algorithms(texts: Mapping[str, str | None]) -> tuple[str, ...]:
    names = _list(texts, "segmentation_algorithms")
    unknown = sorted(set(names) - set(ALGORITHMS))
    # K-Means is what a segmentation without clear structure falls back to.
    if unknown or "kmeans" not in names:
        raise ValueError(
            f"setting 'segmentation_algorithms' must be a list of {ALGORITHMS} with "
            f"'kmeans' in it, got {names}"
        )
    return tuple(name for name in ALGORITHMS if name in names)


def _list(texts: Mapping[str, str | None], name: str) -> list[str]:
    text = _text(texts, name)
    try:
        values = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        values = None
    if not isinstance(values, list):
        raise ValueError(f"setting '{name}' must be a list such as ['a'], got '{text}'")
    return [str(value) for value in values]


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
