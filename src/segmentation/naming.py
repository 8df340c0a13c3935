"""Names and descriptions of segments, from what sets each one apart."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

_SMALLEST_DIFFERENCE = 0.3
_USUAL_PHRASES = 2
_MOST_PHRASES = 5
# Features this close say nearly the same of a customer: basket value and basket size.
_LARGEST_CORRELATION = 0.6
_NOTHING_STANDS_OUT = "Average"


def standardised_differences(
    centres: pd.DataFrame, weights: pd.Series, deviations: pd.Series
) -> pd.DataFrame:
    """Distance of each segment from the average customer, in standard deviations.

    Parameters
    ----------
    centres : DataFrame (segments x features), in prepared and weighted units
    weights : Series by feature, the factor that the preparation ended with
    deviations : Series by feature, the standard deviation before weighting: 1 for
        numbers, sqrt(p(1-p)) for categories

    Returns
    -------
    DataFrame of the shape of ``centres``.
    """
    return centres / weights / deviations


def name_segments(
    differences: pd.DataFrame,
    phrase_high: pd.Series,
    phrase_low: pd.Series,
    correlations: pd.DataFrame,
) -> list[str]:
    """Name each segment by its largest differences, uniquely.

    Parameters
    ----------
    differences : DataFrame (segments, largest first, x features), in standard
        deviations
    phrase_high, phrase_low : Series by feature, what to say of a segment above or
        below the average; 'high' or 'low' and the feature where a phrase is missing
    correlations : DataFrame (features x features); of two whose absolute correlation
        exceeds 0.6 the smaller difference is said after all others

    Returns
    -------
    One name per row: its first two phrases of features that differ by at least 0.3, as
    many as five where fewer do not tell it from the others, then '(2)', '(3)' in order
    of size after the first. 'Average' where nothing differs by as much.
    """
    phrases = [
        _phrases(row, phrase_high, phrase_low, correlations.abs())
        for _, row in differences.iterrows()
    ]
    depths = [_USUAL_PHRASES] * len(phrases)
    while True:
        names = [
            _join(said, depth) for said, depth in zip(phrases, depths, strict=True)
        ]
        shared = Counter(names)
        growing = [
            index
            for index, name in enumerate(names)
            if shared[name] > 1 and depths[index] < len(phrases[index])
        ]
        if not growing:
            return _number_repeats(names)
        for index in growing:
            depths[index] += 1


def describe_segments(differences: pd.DataFrame) -> list[str]:
    """One sentence per segment: up to five features, with direction and size.

    Parameters
    ----------
    differences : DataFrame (segments x features), in standard deviations
    """
    return [_describe(row) for _, row in differences.iterrows()]


def _standing_out(differences: pd.Series) -> pd.Series:
    large = differences[differences.abs() >= _SMALLEST_DIFFERENCE]
    order = np.argsort(-large.abs().to_numpy(), kind="stable")
    return large.iloc[order]


def _least_alike_first(features: Sequence[str], closeness: pd.DataFrame) -> list[str]:
    telling: list[str] = []
    repeating = []
    for feature in features:
        is_close = closeness.loc[feature, telling] > _LARGEST_CORRELATION
        (repeating if is_close.any() else telling).append(feature)
    return telling + repeating


def _phrases(
    differences: pd.Series,
    phrase_high: pd.Series,
    phrase_low: pd.Series,
    closeness: pd.DataFrame,
) -> list[str]:
    said = []
    for feature in _least_alike_first(_standing_out(differences).index, closeness):
        difference = differences[feature]
        word, phrases = ("high", phrase_high) if difference > 0 else ("low", phrase_low)
        phrase = phrases[feature]
        if not isinstance(phrase, str) or not phrase.strip():
            phrase = f"{word} {feature}"
        said.append(phrase.strip())
    return list(dict.fromkeys(said))[:_MOST_PHRASES]


def _join(phrases: Sequence[str], depth: int) -> str:
    name = ", ".join(phrases[:depth]) or _NOTHING_STANDS_OUT
    return name[0].upper() + name[1:]


def _number_repeats(names: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    numbered = []
    for name in names:
        seen[name] += 1
        numbered.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return numbered


def _describe(differences: pd.Series) -> str:
    largest = _standing_out(differences).head(_MOST_PHRASES)
    sides = [
        (f"{word} average", largest[chosen])
        for word, chosen in (("above", largest > 0), ("below", largest < 0))
        if chosen.any()
    ]
    if not sides:
        return "Close to the average customer in every feature."
    parts = [
        f"{side} in "
        + ", ".join(f"{feature} ({value:+.1f} sd)" for feature, value in found.items())
        for side, found in sides
    ]
    return _sentence("; ".join(parts))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
