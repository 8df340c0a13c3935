"""Rules for people: what a shallow tree says of the segments, in their units."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from segmentation.history import OUTLIER_KEY, StoredModel
from segmentation.inputs import read_populations, read_values
from segmentation.missing import flag_sources, with_flags
from segmentation.preparation import ColumnParameters
from segmentation.wording import Bounds, phrase_bounds, phrase_unknown

NO_RULE = "no short rule holds"
EVERYBODY = "every customer"

_DEEPEST = 4
_SMALLEST_LEAF = 0.01
_MOST_DIGITS = 3
# A rounder threshold may send this share of a node's customers to the other side.
_MOVED_SHARE = 0.01
_NUMERIC_PARAMETERS = [*ColumnParameters._fields[1:], "weight"]

_COLUMN_TYPES = {
    "segmentation": "str",
    "segment_key": "str",
    "condition_number": "int64",
    "feature": "str",
    "operator": "str",
    "threshold": "float64",
    "is_met_by_unknown": "bool",
    "rule_text": "str",
    "rule_sql": "str",
    "fidelity": "float64",
    "model_version": "str",
}


class _Candidate(NamedTuple):
    """A node of the tree: its bounds by feature, who meets them, what is predicted."""

    bounds: dict[str, Bounds]
    is_met: np.ndarray
    segment_key: str


class _Sample(NamedTuple):
    """Values as they are, values as the tree sees them, and the segment of each."""

    values: pd.DataFrame
    imputed: pd.DataFrame
    labels: np.ndarray


def learn_rules(
    exemplars: pd.DataFrame,
    features: pd.DataFrame,
    feature_values: pd.DataFrame,
    populations: pd.DataFrame,
    descriptions: pd.DataFrame,
    units: pd.DataFrame,
) -> pd.DataFrame:
    """Learn one short rule per segment, as conditions that SQL can check.

    Parameters
    ----------
    exemplars : DataFrame with segmentation, model_version, exemplar, segment_key
        ('outlier' for noise), radius and coordinates (an array in the order of the
        feature names)
    features : DataFrame with segmentation, feature, source_feature (another one where
        the feature is a missing flag), kind, is_selected, transform, missing_share,
        impute_value, clip_low, clip_high, centre, scale and weight
    feature_values : DataFrame with customer_id, feature and value, in the unit of the
        feature; a missing row or NaN is missing
    populations : DataFrame with segmentation and customer_id
    descriptions : DataFrame with feature, phrase_high and phrase_low
    units : DataFrame with feature and unit

    Returns
    -------
    DataFrame with segmentation, segment_key, condition_number, feature, operator
    ('>=', '<', '=', 'is null', 'is not null'), threshold, is_met_by_unknown, rule_text,
    rule_sql, fidelity and model_version, sorted by the first three. One row per
    condition; a customer has to meet all those of a segment. A rule without conditions
    ('every customer') is one row without a feature, a segment that no leaf predicts one
    without rule_sql, too.
    ``fidelity`` is the share of the sample whose segment the tree names, before its
    thresholds are rounded; NaN without a sample. The order of the rows of the inputs
    does not matter.

    Raises
    ------
    ValueError
        A customer has two values of one feature, or a value is infinite.

    Notes
    -----
    A surrogate tree (Craven, Shavlik 1996) of at most four levels is fitted to raw
    values. The rule of a segment is the path with the highest F1 on the sample, after
    its thresholds were rounded, among those to a leaf that predicts it or to a node
    above that has no other leaves; so nobody meets two rules. Missing numbers count as
    the model imputes them, missing categories as the more frequent of their values. A
    missing flag becomes a condition of its source: whether that is null.
    """
    units = units.set_index("feature")["unit"].dropna().to_dict()
    phrases = descriptions.set_index("feature")[["phrase_high", "phrase_low"]]
    values = read_values(feature_values, features["source_feature"])
    members = read_populations(populations)
    is_selected = features["is_selected"].fillna(False).astype(bool)
    rows = []
    for segmentation, found in exemplars.groupby("segmentation"):
        chosen = features[(features["segmentation"] == segmentation) & is_selected]
        model = _stored_model(found, chosen.set_index("feature").sort_index())
        sample = _sample(model, values.reindex(members.get(segmentation, [])))
        for row in _rules(model, sample, phrases, units):
            rows.append({"segmentation": segmentation, **row})
    return pd.DataFrame(rows, columns=list(_COLUMN_TYPES)).astype(_COLUMN_TYPES)


def _stored_model(exemplars: pd.DataFrame, features: pd.DataFrame) -> StoredModel:
    """Put the views of the learned tables together as the model they came from."""
    is_noise = exemplars["segment_key"] == OUTLIER_KEY
    # At equal distance SQL prefers a segment to noise, then the first key.
    ordered = exemplars.assign(is_noise=is_noise).sort_values(
        ["is_noise", "segment_key", "exemplar"]
    )
    numbers = features[_NUMERIC_PARAMETERS].astype(float)
    numbers["clip_low"] = numbers["clip_low"].fillna(-np.inf)
    numbers["clip_high"] = numbers["clip_high"].fillna(np.inf)
    return StoredModel(
        model_version=ordered["model_version"].iloc[0],
        settings_hash="",
        model=pd.DataFrame(),
        features=numbers.join(features[["source_feature", "transform", "kind"]]),
        exemplars=pd.DataFrame(
            np.array(ordered["coordinates"].tolist(), dtype=float),
            index=ordered["exemplar"],
            columns=features.index,
        ),
        segments=ordered.set_index("exemplar")[["segment_key", "radius"]].fillna(
            {"radius": np.inf}
        ),
        names=pd.Series(dtype=str),
    )


def _sample(model: StoredModel, values: pd.DataFrame) -> _Sample:
    known = with_flags(values, flag_sources(model.features))
    known = known.reindex(columns=model.features.index)
    imputed = known.fillna(model.features["impute_value"])
    categories = model.features.index[model.features["kind"] == "category"]
    imputed[categories] = (imputed[categories] >= 0.5).astype(float)
    labels = model.score(values)["segment_key"] if len(values) else pd.Series(dtype=str)
    return _Sample(known, imputed, labels.to_numpy(dtype=str))


def _rules(
    model: StoredModel,
    sample: _Sample,
    phrases: pd.DataFrame,
    units: Mapping[str, str],
) -> Iterator[dict[str, object]]:
    keys = sorted(set(model.segments["segment_key"]) - {OUTLIER_KEY})
    best, fidelity = {}, math.nan
    if len(sample.labels):
        tree = DecisionTreeClassifier(
            max_depth=_DEEPEST, min_samples_leaf=_SMALLEST_LEAF, random_state=0
        ).fit(sample.imputed.to_numpy(), sample.labels)
        fidelity = tree.score(sample.imputed.to_numpy(), sample.labels)
        best = _best_candidates(_candidates(tree, sample), sample.labels)
    for key in keys:
        common = {
            "segment_key": key,
            "fidelity": fidelity,
            "model_version": model.model_version,
        }
        if key not in best:
            yield {**common, **_no_condition(NO_RULE, None)}
        elif not best[key].bounds:
            yield {**common, **_no_condition(EVERYBODY, "true")}
        else:
            for row in _conditions(best[key].bounds, model, sample, phrases, units):
                yield {**common, **row}


def _candidates(tree: DecisionTreeClassifier, sample: _Sample) -> Iterator[_Candidate]:
    """Nodes below which one segment is predicted, from the top, thresholds rounded."""
    nodes, names = tree.tree_, sample.imputed.columns
    predicted = _predictions(tree)
    is_whole = (sample.values.isna() | (sample.values % 1 == 0)).all()
    waiting = [(0, {}, np.ones(len(sample.labels), dtype=bool))]
    while waiting:
        node, bounds, is_met = waiting.pop(0)
        if len(predicted[node]) == 1:
            yield _Candidate(bounds, is_met, *predicted[node])
        if nodes.children_left[node] < 0:
            continue
        name = names[nodes.feature[node]]
        column = sample.imputed[name].to_numpy()
        threshold = round_threshold(
            nodes.threshold[node], column[is_met], bool(is_whole[name])
        )
        low, high = bounds.get(name, Bounds(None, None))
        below = Bounds(low, threshold if high is None else min(high, threshold))
        above = Bounds(threshold if low is None else max(low, threshold), high)
        is_below = column < threshold
        waiting += [
            (nodes.children_left[node], {**bounds, name: below}, is_met & is_below),
            (nodes.children_right[node], {**bounds, name: above}, is_met & ~is_below),
        ]


def _predictions(tree: DecisionTreeClassifier) -> list[set[str]]:
    """Segments that the leaves below each node predict, or a leaf itself."""
    nodes = tree.tree_
    predicted = [{str(tree.classes_[counts.argmax()])} for counts in nodes.value]
    # Children have higher numbers than their parents.
    for node in reversed(range(nodes.node_count)):
        left, right = nodes.children_left[node], nodes.children_right[node]
        if left >= 0:
            predicted[node] = predicted[left] | predicted[right]
    return predicted


def _best_candidates(
    candidates: Iterator[_Candidate], labels: np.ndarray
) -> dict[str, _Candidate]:
    """Candidate with the highest F1 of each segment, of equals the shortest."""
    best: dict[str, tuple[float, _Candidate]] = {}
    for candidate in candidates:
        is_member = labels == candidate.segment_key
        hits = int(np.sum(candidate.is_met & is_member))
        score = 2 * hits / (int(candidate.is_met.sum()) + int(is_member.sum()))
        # Shorter paths come first and stay, unless a longer one is better.
        if score > best.get(candidate.segment_key, (0.0, None))[0]:
            best[candidate.segment_key] = (score, candidate)
    return {key: candidate for key, (_, candidate) in best.items()}


def round_threshold(threshold: float, values: np.ndarray, is_whole: bool) -> float:
    """Round so that ``value >= threshold`` still parts the values alike.

    Parameters
    ----------
    threshold : number that parts values at most as large from larger ones
    values : array (customers,), in the unit of the threshold
    is_whole : whether the feature knows whole numbers only

    Returns
    -------
    The number with the fewest significant digits that sends at most one in a hundred
    values to the other side; with three digits where none does. Whole where
    ``is_whole``.
    """
    exponent = math.floor(math.log10(abs(threshold))) if threshold else 0
    rounded = float(threshold)
    for digits in range(1, _MOST_DIGITS + 1):
        places = digits - 1 - exponent
        if is_whole:
            places = min(places, 0)
        scaled = threshold * 10.0**places
        options = [
            round(math.floor(scaled) / 10.0**places, max(places, 0)),
            round(math.ceil(scaled) / 10.0**places, max(places, 0)),
        ]
        moved = [
            float(np.mean((values > threshold) != (values >= option)))
            if len(values)
            else 0.0
            for option in options
        ]
        distances = [abs(option - threshold) for option in options]
        share, _, negative = min(
            zip(moved, distances, [-option for option in options], strict=True)
        )
        rounded = -negative + 0.0
        if share <= _MOVED_SHARE:
            break
    return rounded


def _no_condition(rule_text: str, rule_sql: str | None) -> dict[str, object]:
    return {
        "condition_number": 1,
        "feature": None,
        "operator": None,
        "threshold": None,
        "is_met_by_unknown": False,
        "rule_text": rule_text,
        "rule_sql": rule_sql,
    }


def _conditions(
    path: Mapping[str, Bounds],
    model: StoredModel,
    sample: _Sample,
    phrases: pd.DataFrame,
    units: Mapping[str, str],
) -> list[dict[str, object]]:
    rows, texts, statements = [], [], []
    sources = flag_sources(model.features)
    is_known = {
        sources[feature]: bounds.low is None
        for feature, bounds in path.items()
        if feature in sources
    }
    for feature, bounds in path.items():
        if feature in sources:
            source = sources[feature]
            # A bound says by itself that there is a value.
            if not (is_known[source] and source in path):
                operator = "is not null" if is_known[source] else "is null"
                texts.append(phrase_unknown(source)[is_known[source]])
                statements.append(f"{_quoted(source)} {operator}")
                rows.append((source, operator, None, not is_known[source]))
            continue
        if not is_known.get(feature, True):
            # Nothing but the imputed value could meet the bound.
            continue
        is_category = model.features.loc[feature, "kind"] == "category"
        tests = _tests(bounds, is_category)
        is_missing = sample.values[feature].isna()
        imputed = sample.imputed.loc[is_missing, feature]
        # A customer of whom nothing is known meets what the imputed value meets.
        unknown = (
            feature not in is_known
            and bool(len(imputed))
            and bounds.hold(float(imputed.iloc[0]))
        )
        text = phrase_bounds(
            feature,
            bounds,
            units.get(feature),
            tuple(phrases.loc[feature]) if feature in phrases.index else None,
            is_category,
        )
        texts.append(f"{text} or unknown" if unknown else text)
        statements.append(_statement(feature, tests, unknown))
        rows += [(feature, *test, unknown) for test in tests]
    columns = ("feature", "operator", "threshold", "is_met_by_unknown")
    rule = {"rule_text": _listed(texts), "rule_sql": " and ".join(statements)}
    return [
        {"condition_number": number, **dict(zip(columns, row, strict=True)), **rule}
        for number, row in enumerate(rows, start=1)
    ]


def _tests(bounds: Bounds, is_category: bool) -> list[tuple[str, float]]:
    if is_category:
        return [("=", 0.0 if bounds.low is None else 1.0)]
    low = [] if bounds.low is None else [(">=", bounds.low)]
    high = [] if bounds.high is None else [("<", bounds.high)]
    return low + high


def _statement(feature: str, tests: list[tuple[str, float]], unknown: bool) -> str:
    column = _quoted(feature)
    statement = " and ".join(
        f"{column} {operator} {threshold:.17g}"
        if threshold % 1 == 0
        else f"{column} {operator} {threshold!r}"
        for operator, threshold in tests
    )
    if not unknown:
        return statement
    inner = f"({statement})" if len(tests) > 1 else statement
    return f"({inner} or {column} is null)"


def _quoted(feature: str) -> str:
    return '"' + feature.replace('"', '""') + '"'


def _listed(texts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))
