import numpy as np
import pandas as pd
import pytest

from segmentation import fit_segmentations, fitting
from segmentation.exemplars import NOISE, fit_from_exemplars

POINTS = np.array([[0.0], [1.0], [9.0], [10.0]])


def test_segments_are_numbered_without_gaps_and_noise_stays():
    fit = fit_from_exemplars(
        POINTS, np.array([[1 / 3], [9.5], [1.0]]), np.array([7, NOISE, 4])
    )
    assert fit.coordinates[0, 0] == 0.333333333
    assert fit.segments.tolist() == [1, NOISE, 0]
    assert fit.labels.tolist() == [1, 0, NOISE, NOISE]
    assert fit.segment_count == 2
    assert fit.shares.tolist() == [0.25, 0.25]
    assert fit.noise_share == 0.5
    assert fit.assign(np.array([[0.9], [8.0]])).tolist() == [0, NOISE]


def test_relabelled_segments_may_coincide():
    fit = fit_from_exemplars(POINTS, POINTS[[0, 1, 3]], np.arange(3))
    merged = fit.relabel(np.array([0, 0, 1]))
    assert merged.labels.tolist() == [0, 0, 1, 1]
    assert merged.segments.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("algorithm", "least"),
    [("kmeans", 0.999), ("ward", 0.98), ("hdbscan", 0.98), ("gaussian_mixture", 0.98)],
)
def test_sql_repeats_every_algorithm(
    algorithm,
    least,
    planted,
    planted_inputs,
    settings,
    monkeypatch,
    score_like_sql,
    text,
):
    """The rows alone give each customer the segment that the library gave it."""
    fits = []

    def prefer(scores, *arguments):
        names = scores.index[scores["algorithm"] == algorithm].tolist()
        return rank(scores, *arguments)._replace(names=names[-1:])

    def spy(fit, *arguments):
        fits.append(fit)
        return segment_rows(fit, *arguments)

    rank, segment_rows = fitting.rank_candidates, fitting._segment_rows
    monkeypatch.setattr(fitting, "rank_candidates", prefer)
    monkeypatch.setattr(fitting, "_segment_rows", spy)
    table = fit_segmentations(*planted_inputs, settings)
    (fit,) = fits
    assert text(table, "model", "", "algorithm") == algorithm
    labels = score_like_sql(table, planted[0].sort_index())
    # One key for each label, whatever they are called.
    pairs = pd.crosstab(fit.labels, labels.to_numpy())
    assert pairs.to_numpy().max(axis=1).sum() / len(labels) >= least
    assert pairs.shape == (fit.segment_count + (NOISE in fit.labels),) * 2
    radii = table[table["name"] == "radius"].set_index("item")["value_number"]
    keys = table[table["name"] == "segment_key"].set_index("item")["value_text"]
    assert len(radii) == len(fit.segments)
    assert (radii.isna() == (keys == "outlier")).all()
