"""Bounds of a feature in words, with its unit."""

from typing import NamedTuple

# Endings of names that say the unit, and what people call it.
_UNIT_ENDINGS = {
    "days": "days",
    "years": "years",
    "km": "kilometres",
    "thousands": "thousand",
}
# Units that say by themselves what is counted.
_COUNTED_UNITS = frozenset({"orders"})
_UNITS_UNSAID = frozenset({"amount", "index", "ratio", "score"})
_SINGULARS = {"children": "child"}
_DEPARTMENT = "department_share_"


class Bounds(NamedTuple):
    """At least ``low`` and below ``high``, in the unit of the feature; None is open."""

    low: float | None
    high: float | None

    def hold(self, value: float) -> bool:
        """Whether a value lies between them."""
        return (self.low is None or value >= self.low) and (
            self.high is None or value < self.high
        )


def phrase_bounds(
    feature: str,
    bounds: Bounds,
    unit: str | None,
    phrases: tuple[str | None, str | None] | None,
    is_category: bool,
) -> str:
    """Say what the bounds ask for, such as 'discount share below 21 %'.

    Parameters
    ----------
    feature : name, from which the words are taken
    bounds : at least one of them closed
    unit : unit of the seed `features`; None where it is not known
    phrases : what people say of a category that holds, and of one that does not
    is_category : whether the feature is 1 or 0
    """
    words = feature.replace("_", " ")
    if is_category:
        phrase = (phrases or ("", ""))[0 if bounds.low is not None else 1]
        fallback = words if bounds.low is not None else f"not {words}"
        return phrase if isinstance(phrase, str) and phrase.strip() else fallback
    if feature.startswith(_DEPARTMENT):
        words = f"share of {feature.removeprefix(_DEPARTMENT).replace('_', ' ')}"
        return f"{words} {_between(bounds, 'share')}"
    if unit in _COUNTED_UNITS or feature.endswith("_count"):
        counted = _plural(words.removesuffix(" count"))
        return _counted(bounds, unit if unit in _COUNTED_UNITS else counted)
    ending = feature.rpartition("_")[2]
    if ending in _UNIT_ENDINGS:
        words, unit = words.removesuffix(f" {ending}"), _UNIT_ENDINGS[ending]
    if unit != "share" and words.endswith(f" {unit}"):
        unit = None
    return f"{words} {_between(bounds, unit)}"


def phrase_unknown(feature: str) -> tuple[str, str]:
    """Say of a feature that it is not known, and that it is: 'age unknown'."""
    words = feature.replace("_", " ")
    if feature.startswith(_DEPARTMENT):
        words = f"share of {feature.removeprefix(_DEPARTMENT).replace('_', ' ')}"
    ending = feature.rpartition("_")[2]
    if ending in _UNIT_ENDINGS:
        words = words.removesuffix(f" {ending}")
    return f"{words} unknown", f"{words} known"


def _between(bounds: Bounds, unit: str | None) -> str:
    said = [
        f"{word} {_number(bound, unit)}"
        for word, bound in (("at least", bounds.low), ("below", bounds.high))
        if bound is not None
    ]
    noun = "" if unit is None or unit in _UNITS_UNSAID else unit
    last = bounds.low if bounds.high is None else bounds.high
    if noun == "share":
        return f"{' and '.join(said)} %"
    return " ".join(filter(None, [" and ".join(said), _agreeing(noun, last)]))


def _counted(bounds: Bounds, things: str) -> str:
    if bounds.low is None and bounds.high <= 1:
        return f"no {things}"
    said = [
        f"{word} {_number(bound, None)}"
        for word, bound in (("at least", bounds.low), ("fewer than", bounds.high))
        if bound is not None
    ]
    last = bounds.low if bounds.high is None else bounds.high
    return f"{' and '.join(said)} {_agreeing(things, last)}"


def _plural(noun: str) -> str:
    return noun if noun.endswith(tuple(_SINGULARS)) else f"{noun}s"


def _agreeing(noun: str, number: float) -> str:
    if number != 1:
        return noun
    return _SINGULARS.get(noun, noun.removesuffix("s"))


def _number(number: float, unit: str | None) -> str:
    shown = round(number * 100, 10) if unit == "share" else number
    return f"{shown:,.10f}".rstrip("0").rstrip(".")
