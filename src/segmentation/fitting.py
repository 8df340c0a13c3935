"""The entry point: learn every segmentation, return one tidy frame of parameters."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from threadpoolctl import threadpool_limits

from segmentation.candidates import (
    Ranking,
    is_degenerate,
    rank_candidates,
    score_candidates,
)
from segmentation.drift import Drift, bin_shares, measure_drift
from segmentation.exemplars import NOISE, ExemplarFit
from segmentation.hierarchy import merge_segments
from segmentation.history import OUTLIER_KEY, History, StoredModel, read_history
from segmentation.identity import match_keys, trace_lineage
from segmentation.inputs import read_candidates, read_populations, read_values
from segmentation.kmeans import fit_kmeans, nearest_centre, refit_kmeans
from segmentation.missing import IS_MISSING, judge_flags, with_flags
from segmentation.naming import (
    describe_segments,
    name_segments,
    standardised_differences,
)
from segmentation.preparation import FeaturePreparation, family_weights
from segmentation.rounding import rounded, rounded_array
from segmentation.selection import SELECTED, select_features
from segmentation.settings import Settings

# Raised when the same sample and settings would be learned differently.
_METHOD_VERSION = "5"
_FAR_FENCE = 3
_HASH_LENGTH = 12

_COLUMN_TYPES = {
    "connector": "str",
    "as_of_date": "datetime64[us]",
    "segmentation": "str",
    "settings_hash": "str",
    "model_version": "str",
    "part": "str",
    "item": "str",
    "name": "str",
    "value_number": "float64",
    "value_text": "str",
}
_SORT_KEYS = ["segmentation", "part", "item", "name", "model_version"]


class _Row(NamedTuple):
    part: str
    item: str
    name: str
    value_number: float | None
    value_text: str | None


class _Sample(NamedTuple):
    """Customers as they are, prepared and weighted, and what was learned of both.

    ``features`` are the candidates and the missing flags proposed beside them.
    """

    values: pd.DataFrame
    prepared: pd.DataFrame
    features: pd.DataFrame
    parameters: pd.DataFrame
    reasons: pd.Series
    weights: pd.Series


class _Previous(NamedTuple):
    """What a refit continues: keys of today's customers, names and keys ever used."""

    keys: pd.Series
    names: pd.Series
    used_keys: frozenset[str]


class _Version(NamedTuple):
    """A new fit: its rows but for the status, and how it agrees with the previous."""

    rows: list[_Row]
    facts: dict[str, str | float | None]
    is_fitted: bool
    agreement: float | None


class _Choice(NamedTuple):
    """The fit that was taken, if any, and every candidate looked at."""

    fit: ExemplarFit | None
    scores: pd.DataFrame
    ranking: Ranking

    @property
    def name(self) -> str:
        """Name of the candidate that was taken; empty if there is none."""
        return self.ranking.names[0] if self.ranking.names else ""


def fit_segmentations(
    feature_values: pd.DataFrame,
    candidates: pd.DataFrame,
    populations: pd.DataFrame,
    settings: Mapping[str, str | None],
    kept: pd.DataFrame | None = None,
    segmentations: Iterable[str] = (),
) -> pd.DataFrame:
    """Learn each segmentation from its population; SQL scores customers from the rows.

    Parameters
    ----------
    feature_values : DataFrame with customer_id, feature and value, in the unit of the
        feature; a missing row or NaN is missing
    candidates : DataFrame with segmentation, feature, family, kind ('number' or
        'category', the latter 0/1), family_weight (above 0), priority (1 = easiest to
        explain), phrase_high and phrase_low
    populations : DataFrame with segmentation and customer_id, who may be learned from
    settings : mapping of setting to text; unknown keys are ignored
    kept : what earlier builds returned; with the rows of part 'model' alone a version
        can be kept, but neither measured nor matched
    segmentations : names that get rows also where no feature or customer is listed

    Returns
    -------
    DataFrame with connector, as_of_date (datetime64[us], a TIMESTAMP in DuckDB),
    segmentation, settings_hash, model_version, part, item, name, value_number and
    value_text, sorted by segmentation, part, item and name. Parts are model, feature,
    candidate, segment, segment_mean, exemplar (coordinates), exemplar_segment (its
    segment_key, 'outlier' for noise, its radius and sample_share), merge, drift and
    lineage. Numbers are rounded to 9 decimals. For each customer SQL computes

    ``(t(clip(coalesce(value, impute_value), clip_low, clip_high)) - centre) / scale *
    weight`` with ``t`` the identity or ``sign(x) * ln(1 + |x|)``. The value of a
    feature with the transform 'is_missing' is 1 where its ``source_feature`` has none,
    else 0. SQL takes the segment of the nearest exemplar by Euclid, or 'outlier' beyond
    its radius. The fact ``structure`` of part model is 'clear' or, where the segments
    are the fallback, 'none'. A segmentation that cannot be learned has the status
    'not_fitted' and a reason. Order and dtype of the inputs do not matter.

    A model that an earlier build left stays in force ('kept': part model only, with its
    version and ``fitted_as_of``) until the settings change, ``refit_policy`` is
    'always', or it is 'when_drifted' and a drift limit is passed; part drift says how
    far. A refit starts from the segments in force and keeps their keys and names where
    they match; part lineage says what became of each. It is promoted ('fitted') where
    at least ``minimum_agreement`` of today's customers keep their key, or
    ``promoted_versions`` names it; else it is 'pending' beside the model in force.

    Raises
    ------
    ValueError
        A setting is missing, unreadable or out of range; a customer has two values of
        one feature; a segmentation lists a feature twice; a value is infinite; a
        category is neither 0 nor 1; a kind is unknown; a family weight is not positive.

    Notes
    -----
    A bounded sample is enough: on two million customers K-Means on 50,000 agreed with
    K-Means on all of them (adjusted Rand 0.996) wherever there was structure to find.
    """
    if candidates.empty and populations.empty and not settings.get("as_of_date"):
        # `dbt build --empty`: without a row there is no date either.
        return _tidy([])
    learning = Settings.from_text(settings)
    features = read_candidates(candidates)
    members = read_populations(populations)
    values = read_values(feature_values, features["feature"])
    histories = read_history(kept, learning)
    tables = []
    # Sums in another order differ in the last bit, so threads must not share them.
    with threadpool_limits(limits=1):
        for segmentation in sorted(
            {*features["segmentation"], *members, *segmentations}
        ):
            listed = features[features["segmentation"] == segmentation]
            tables += _build(
                segmentation,
                values.reindex(index=members.get(segmentation, [])),
                listed.drop(columns="segmentation").set_index("feature"),
                histories.get(segmentation, History.none()),
                learning,
            )
    return _tidy(tables)


def _build(
    segmentation: str,
    values: pd.DataFrame,
    features: pd.DataFrame,
    history: History,
    settings: Settings,
) -> list[pd.DataFrame]:
    """Keep the model in force, or learn one and hold it against the one in force."""
    settings_hash = _settings_hash(segmentation, features, settings)
    pending = history.pending
    is_called = pending and pending.model_version in settings.promoted_versions
    current = pending if is_called else history.promoted
    waiting = None if is_called else pending
    drift = measure_drift(current, values, settings) if current else None
    is_same = current is not None and current.settings_hash == settings_hash
    why = _why_refit(current, is_same, drift, settings)
    kept = []
    if current is not None:
        told = {"reason": f"Promoted by hand. {current.fact('reason')}"}
        kept = [_keep(current, "kept", settings, told if is_called else {})]
        kept += [_drift_table(current, drift, settings)] if drift else []
    if not why:
        if waiting is not None:
            builds = {"pending_builds": 1 + float(waiting.fact("pending_builds"))}
            kept.append(_keep(waiting, "pending", settings, builds))
        return kept
    sample = _prepare(values.reindex(columns=features.index), features, settings)
    previous = None
    if current is not None and not current.exemplars.empty and len(values):
        keys = current.score(values)["segment_key"]
        previous = _Previous(keys, current.names, history.used_keys)
    version = _learn(segmentation, sample, settings, previous)
    new_version = _hash(_METHOD_VERSION, settings_hash, _fingerprint(sample.prepared))
    if not version.is_fitted and is_same:
        return kept

    def table(status: str, reason: str, rows: list[_Row]) -> pd.DataFrame:
        facts = version.facts | {"status": status, "reason": reason}
        return pd.DataFrame(
            [*rows, *_rows("model", "", facts)], columns=list(_Row._fields)
        ).assign(
            connector=settings.connector,
            as_of_date=settings.as_of_date,
            segmentation=segmentation,
            settings_hash=settings_hash,
            model_version=new_version,
        )

    reason = f"{version.facts['reason']}{why}"
    if not version.is_fitted:
        return [table("not_fitted", version.facts["reason"], version.rows)]
    is_agreed = version.agreement is None or (
        version.agreement >= settings.minimum_agreement
    )
    if is_agreed or not is_same or new_version in settings.promoted_versions:
        rows = version.rows
        if drift is None:
            rows = rows + _undrifted_rows(version)
        return [table("fitted", reason, rows), *kept[1:]]
    version.facts["pending_builds"] = 1 + (
        float(waiting.fact("pending_builds")) if waiting is not None else 0
    )
    reason = (
        f"Pending: {version.agreement:.1%} of the customers would keep their segment, "
        f"at least {settings.minimum_agreement:.1%} are required. {reason}"
    )
    return [*kept, table("pending", reason, version.rows)]


def _why_refit(
    current: StoredModel | None,
    is_same: bool,
    drift: Drift | None,
    settings: Settings,
) -> str:
    """Why a model has to be learned, as a sentence to add; empty where it has not."""
    if current is None:
        return " First fit."
    if not is_same:
        return " Learned again, because its settings changed."
    if settings.refit_policy == "always":
        return " Learned again, because refit_policy is always."
    if settings.refit_policy == "when_drifted" and drift and drift.reasons:
        return f" Learned again, because {'; '.join(drift.reasons)}."
    return ""


def _keep(
    model: StoredModel,
    status: str,
    settings: Settings,
    changes: Mapping[str, str | float],
) -> pd.DataFrame:
    kept = model.model.assign(as_of_date=settings.as_of_date)
    for name, value in {**changes, "status": status}.items():
        column = "value_text" if isinstance(value, str) else "value_number"
        kept[column] = kept[column].mask(kept["name"] == name, value)
    if status != "pending":
        kept = kept[kept["name"] != "pending_builds"]
    return kept


def _drift_table(model: StoredModel, drift: Drift, settings: Settings) -> pd.DataFrame:
    rows = _drift_rows(
        drift.indices,
        drift.outlier_share,
        drift.mean_distance,
        settings.maximum_stability_index,
    )
    identity = model.model.iloc[0]
    return pd.DataFrame(rows, columns=list(_Row._fields)).assign(
        connector=settings.connector,
        as_of_date=settings.as_of_date,
        segmentation=identity["segmentation"],
        settings_hash=identity["settings_hash"],
        model_version=model.model_version,
    )


def _drift_rows(
    indices: pd.Series, outlier_share: float, mean_distance: float, limit: float
) -> list[_Row]:
    facts = {"outlier_share": outlier_share, "mean_distance": mean_distance}
    rows = _rows("drift", "", facts)
    for feature, index in indices.items():
        facts = {
            "population_stability_index": index,
            "is_drifted": int(index > limit),
        }
        rows += _rows("drift", feature, facts)
    return rows


def _undrifted_rows(version: _Version) -> list[_Row]:
    """Drift of a model against the sample that it was learned from."""
    selected = [
        row.item
        for row in version.rows
        if row.part == "feature" and row.name == "is_selected" and row.value_number == 1
    ]
    return _drift_rows(
        pd.Series(0.0, index=selected),
        float(version.facts["outlier_share"]),
        float(version.facts["mean_distance"]),
        0.0,
    )


def _settings_hash(
    segmentation: str, features: pd.DataFrame, settings: Settings
) -> str:
    # Family weights are settings that happen to arrive as a column. The features are
    # not: which ones a source offers may change from build to build.
    weights = sorted(
        set(zip(features["family"], features["family_weight"], strict=True))
    )
    return _hash(segmentation, repr(settings.learning_items()), repr(weights))


def _prepare(
    values: pd.DataFrame, features: pd.DataFrame, settings: Settings
) -> _Sample:
    preparation = FeaturePreparation(
        features["kind"].to_dict(), settings.skewness_limit
    ).fit(values)
    prepared = preparation.transform(values)
    parameters = preparation.parameters_
    if len(values) < settings.minimum_learning_customers:
        reasons = pd.Series("not judged: too few customers", index=features.index)
    else:
        reasons = select_features(
            prepared,
            parameters,
            features,
            settings.maximum_missing_share,
            settings.maximum_feature_correlation,
        )
    weights = family_weights(features[reasons == SELECTED])
    flags = judge_flags(
        values, prepared, features, reasons, settings.maximum_feature_correlation
    )
    sample = _Sample(
        values,
        prepared[weights.index] * weights,
        features,
        parameters,
        reasons,
        weights,
    )
    return sample if flags.empty else _flagged(sample, flags)


def _flagged(sample: _Sample, flags: pd.DataFrame) -> _Sample:
    """Put missing flags beside the features; those that tell something take part."""
    sources = flags["source_feature"]
    values = with_flags(sample.values, sources.to_dict())
    learned = FeaturePreparation(dict.fromkeys(flags.index, "category"))
    columns = learned.fit_transform(values[flags.index])
    is_telling = flags["reason"].str.startswith(SELECTED)
    # Not a further column of its family: the others keep their weight.
    weights = sample.weights[sources[is_telling]].set_axis(flags.index[is_telling])
    prepared = pd.concat([sample.prepared, columns[weights.index] * weights], axis=1)
    return _Sample(
        values,
        prepared.sort_index(axis=1),
        pd.concat([sample.features, flags.drop(columns="reason")]).sort_index(),
        pd.concat(
            [sample.parameters, learned.parameters_.assign(transform=IS_MISSING)]
        ),
        pd.concat([sample.reasons, flags["reason"]]),
        pd.concat([sample.weights, weights]).sort_index(),
    )


def _learn(
    segmentation: str,
    sample: _Sample,
    settings: Settings,
    previous: _Previous | None,
) -> _Version:
    rows = _feature_rows(sample)
    obstacle = _obstacle(sample, settings)
    if obstacle:
        return _Version(rows, _model_facts(obstacle, 0, sample, settings), False, None)
    choice = _choose(sample.prepared, settings, previous)
    rows += _candidate_rows(choice)
    if choice.fit is None:
        reason = (
            f"Every number of segments from {settings.minimum_segments} to "
            f"{settings.maximum_segments} leaves one below the minimum share."
        )
        return _Version(rows, _model_facts(reason, 0, sample, settings), False, None)
    placed = _place(choice.fit, sample.prepared)
    keys = _segment_keys(segmentation, choice.fit, sample, placed, previous)
    count = choice.fit.segment_count
    reason = (
        f"{count} segments of {len(sample.prepared)} customers by "
        f"{len(sample.weights)} features. {choice.ranking.reasons[choice.name]}"
    )
    facts = _model_facts(reason, count, sample, settings) | {
        "algorithm": choice.scores.loc[choice.name, "algorithm"],
        "structure": "clear" if choice.ranking.has_structure else "none",
        "outlier_share": float(np.mean(placed.segments == NOISE)),
        "mean_distance": float(placed.distances.mean()),
    }
    rows += _segment_rows(choice.fit, sample, placed, keys, previous)
    if previous is None:
        return _Version(rows, facts, True, None)
    current = pd.Series(placed.segments, index=sample.prepared.index)
    current = current.map(keys | {NOISE: OUTLIER_KEY})
    agreement = rounded((current == previous.keys).mean())
    facts["agreement_with_previous"] = agreement
    links = trace_lineage(previous.keys, current, [*previous.names.index])
    for number, link in enumerate(links, start=1):
        rows += _rows("lineage", f"{number:03d}", link._asdict())
    return _Version(rows, facts, True, agreement)


class _Placed(NamedTuple):
    """Per customer: nearest exemplar, distance, and segment, -1 beyond the radius.

    ``radii`` are those of the exemplars, infinite for noise.
    """

    nearest: np.ndarray
    distances: np.ndarray
    segments: np.ndarray
    radii: np.ndarray


def _place(fit: ExemplarFit, prepared: pd.DataFrame) -> _Placed:
    points = prepared.to_numpy()
    nearest = nearest_centre(points, fit.coordinates)
    distances = np.sqrt(((points - fit.coordinates[nearest]) ** 2).sum(axis=1))
    gaps = cdist(fit.coordinates, fit.coordinates)
    radii = np.array(
        [
            _radius(distances[nearest == index], gaps[index], fit.segments, index)
            for index in range(len(fit.segments))
        ]
    )
    is_beyond = distances > radii[nearest]
    return _Placed(nearest, distances, np.where(is_beyond, NOISE, fit.labels), radii)


def _segment_keys(
    segmentation: str,
    fit: ExemplarFit,
    sample: _Sample,
    placed: _Placed,
    previous: _Previous | None,
) -> dict[int, str]:
    """Key of each segment, in the order of their sizes."""
    means = _segment_means(fit, sample.prepared.to_numpy())
    order = sorted(
        range(fit.segment_count), key=lambda i: (-fit.shares[i], tuple(means[i]))
    )
    if previous is None:
        return {
            index: f"{segmentation}_{rank}" for rank, index in enumerate(order, start=1)
        }
    keys = match_keys(
        previous.keys, placed.segments, order, segmentation, previous.used_keys
    )
    return {index: keys[index] for index in order}


def _obstacle(sample: _Sample, settings: Settings) -> str:
    customer_count, feature_count = len(sample.prepared), len(sample.reasons)
    if not feature_count:
        return "No candidate feature is listed for it."
    if customer_count < settings.minimum_learning_customers:
        return (
            f"Its population holds {customer_count} customers, at least "
            f"{settings.minimum_learning_customers} are required."
        )
    if sample.weights.empty:
        return f"None of its {feature_count} candidate features can be used."
    return ""


def _choose(
    prepared: pd.DataFrame, settings: Settings, previous: _Previous | None
) -> _Choice:
    points = prepared.to_numpy()
    scores, fits = score_candidates(
        points[_search_order(prepared.index)[: settings.search_sample_size]],
        settings.segmentation_algorithms,
        settings.segment_counts,
        settings.stability_samples,
        settings.random_seed,
    )
    while True:
        ranking = rank_candidates(
            scores,
            settings.minimum_segment_share,
            settings.segment_counts,
        )
        if not ranking.names:
            return _Choice(None, scores, ranking)
        name = ranking.names[0]
        starts = _starts(prepared, previous)
        fit = _fit_all(points, fits[name], scores.loc[name], settings, starts)
        smallest_share = fit.shares.min()
        if not is_degenerate(smallest_share, settings.minimum_segment_share):
            return _Choice(fit, scores, ranking)
        # Degenerate only on the whole sample: judge again with what is known now.
        scores.loc[name, "smallest_share"] = smallest_share


def _starts(prepared: pd.DataFrame, previous: _Previous | None) -> np.ndarray | None:
    """Means of the segments in force, on today's customers and features."""
    if previous is None:
        return None
    members = prepared[previous.keys != OUTLIER_KEY]
    return members.groupby(previous.keys[members.index]).mean().to_numpy()


def _fit_all(
    points: np.ndarray,
    fit: ExemplarFit,
    score: pd.Series,
    settings: Settings,
    starts: np.ndarray | None,
) -> ExemplarFit:
    """Fit K-Means again on all points; the others keep their micro-clusters."""
    if score["algorithm"] != "kmeans":
        return fit._replace(labels=fit.assign(points))
    if starts is not None and len(starts) == fit.segment_count:
        final = refit_kmeans(points, starts, settings.random_seed)
    else:
        final = fit_kmeans(points, fit.segment_count, settings.random_seed)
    return ExemplarFit(final.centres, np.arange(len(final.centres)), final.labels)


def _search_order(customers: pd.Index) -> np.ndarray:
    return np.argsort([_md5(customer) for customer in customers])


def _model_facts(
    reason: str, segment_count: int, sample: _Sample, settings: Settings
) -> dict[str, str | float | None]:
    return {
        "reason": reason,
        "segment_count": segment_count,
        "sample_size": len(sample.prepared),
        "random_seed": settings.random_seed,
        "fitted_as_of": settings.as_of_date.isoformat(),
    }


def _feature_rows(sample: _Sample) -> list[_Row]:
    learned_numbers = ["impute_value", "clip_low", "clip_high", "centre", "scale"]
    rows = []
    for feature, listed in sample.features.iterrows():
        learned = sample.parameters.loc[feature]
        is_selected = feature in sample.weights.index
        facts = {
            "family": listed["family"],
            "kind": listed["kind"],
            "transform": learned["transform"],
            "reason": sample.reasons[feature],
            "is_selected": int(is_selected),
            "missing_share": learned["missing_share"],
            "weight": sample.weights.get(feature),
            **{
                name: learned[name] if is_selected else None for name in learned_numbers
            },
        }
        if learned["transform"] == IS_MISSING:
            facts |= {
                name: listed[name]
                for name in ("source_feature", "phrase_high", "phrase_low")
            }
        if is_selected:
            edges, shares = bin_shares(sample.values[feature].to_numpy(dtype=float))
            facts |= {"bin_edges": edges, "bin_shares": shares}
        rows += _rows("feature", feature, facts)
    return rows


def _candidate_rows(choice: _Choice) -> list[_Row]:
    rows = []
    for name, score in choice.scores.iterrows():
        facts = {
            **score.dropna().to_dict(),
            "is_chosen": int(name == choice.name),
            "reason": choice.ranking.reasons[name],
        }
        rows += _rows("candidate", name, facts)
    return rows


def _segment_rows(
    fit: ExemplarFit,
    sample: _Sample,
    placed: _Placed,
    key_of: Mapping[int, str],
    previous: _Previous | None,
) -> list[_Row]:
    means = _segment_means(fit, sample.prepared.to_numpy())
    order, keys = [*key_of], [*key_of.values()]
    centres = pd.DataFrame(means[order], index=keys, columns=sample.prepared.columns)
    differences = standardised_differences(centres, sample.weights, _deviations(sample))
    features = sample.features
    # What a segment has names it; of a category that it lacks there are many.
    is_lacking = (differences < 0) & (
        features["kind"][differences.columns] == "category"
    )
    names = name_segments(
        differences.mask(is_lacking, 0.0),
        features["phrase_high"],
        features["phrase_low"],
        sample.prepared.corr(method="spearman"),
    )
    if previous is not None:
        names = _lasting_names(keys, names, previous.names)
    descriptions = describe_segments(differences)
    rows = _exemplar_rows(fit, sample.prepared, placed, key_of)
    for position, index in enumerate(order):
        facts = {
            "segment_name": names[position],
            "sample_share": fit.shares[index],
            "description": descriptions[position],
        }
        rows += _rows("segment", keys[position], facts)
        rows += _rows("segment_mean", keys[position], centres.iloc[position].to_dict())
    for step, merge in enumerate(merge_segments(centres.to_numpy(), keys), start=1):
        rows += _rows("merge", f"{step:02d}", merge._asdict())
    return rows


def _lasting_names(
    keys: list[str], names: Iterable[str], previous: pd.Series
) -> list[str]:
    """Names of the segments that stay, and new ones that nobody has for the others."""
    taken = {previous[key] for key in keys if key in previous.index}
    lasting = []
    for key, name in zip(keys, names, strict=True):
        if key in previous.index:
            lasting.append(previous[key])
            continue
        # The number of its key tells it from the one that is called so already.
        lasting.append(f"{name} ({key.rpartition('_')[2]})" if name in taken else name)
        taken.add(name)
    return lasting


def _segment_means(fit: ExemplarFit, points: np.ndarray) -> np.ndarray:
    if len(fit.segments) == fit.segment_count:
        return fit.coordinates[np.argsort(fit.segments)]
    return np.array(
        [points[fit.labels == index].mean(axis=0) for index in range(fit.segment_count)]
    )


def _exemplar_rows(
    fit: ExemplarFit,
    prepared: pd.DataFrame,
    placed: _Placed,
    key_of: Mapping[int, str],
) -> list[_Row]:
    keys = [key_of.get(segment, OUTLIER_KEY) for segment in fit.segments]
    order = sorted(range(len(keys)), key=lambda i: (keys[i], tuple(fit.coordinates[i])))
    rows = []
    for position, index in enumerate(order, start=1):
        item = f"{position:03d}"
        radius = placed.radii[index]
        facts = {
            "segment_key": keys[index],
            "sample_share": float(np.mean(placed.nearest == index)),
            "radius": None if np.isinf(radius) else radius,
        }
        rows += _rows("exemplar_segment", item, facts)
        coordinates = dict(zip(prepared, fit.coordinates[index], strict=True))
        rows += _rows("exemplar", item, coordinates)
    return rows


def _deviations(sample: _Sample) -> pd.Series:
    share = sample.parameters["centre"][sample.weights.index]
    is_category = sample.features["kind"][sample.weights.index] == "category"
    return np.sqrt((share * (1 - share)).where(is_category, 1.0))


def _radius(
    distances: np.ndarray, gaps: np.ndarray, segments: np.ndarray, index: int
) -> float:
    if segments[index] == NOISE:
        return np.inf
    fence = 0.0
    if len(distances):
        lower, upper = np.quantile(distances, [0.25, 0.75])
        fence = upper + _FAR_FENCE * (upper - lower)
    # Where most members coincide, as categories make them, the fence has no width: who
    # is no farther than the next segment is no outlier.
    is_other = (segments != segments[index]) & (segments != NOISE)
    return max(fence, gaps[is_other].min())


def _rows(part: str, item: str, facts: Mapping[str, str | float | None]) -> list[_Row]:
    return [
        _Row(part, item, name, None, value)
        if isinstance(value, str)
        else _Row(part, item, name, None if value is None else rounded(value), None)
        for name, value in facts.items()
    ]


def _tidy(tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.concat(tables) if tables else pd.DataFrame(columns=list(_COLUMN_TYPES))
    # Typed throughout: DuckDB would read an empty object column as INTEGER.
    table = table[list(_COLUMN_TYPES)].astype(_COLUMN_TYPES)
    return table.sort_values(_SORT_KEYS, ignore_index=True)


def _fingerprint(prepared: pd.DataFrame) -> str:
    labels = [*prepared.columns, "", *prepared.index]
    # Rounded, or another machine's last bit would be another version.
    numbers = rounded_array(prepared.to_numpy(dtype=float))
    return _hash(repr(labels), numbers.tobytes().hex())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _hash(*texts: str) -> str:
    return _md5("\n".join(texts))[:_HASH_LENGTH]
