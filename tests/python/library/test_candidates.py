import warnings

import numpy as np
import pandas as pd
import pytest

from segmentation.candidates import (
    Candidates,
    Ranking,
    rank_candidates,
    score_candidates,
)

COUNTS = range(3, 6)


def scores(**columns: list[object]) -> pd.DataFrame:
    """K-Means with 3, 4 and 5, all of which pass unless a column says otherwise."""
    table = {
        "algorithm": ["kmeans"] * 3,
        "segment_count": [3, 4, 5],
        "stability": [0.95, 0.90, 0.85],
        "smallest_jaccard": [0.9, 0.9, 0.9],
        "valley_depth": [0.9, 0.8, 0.7],
        "valley_significance": [9.0, 8.0, 7.0],
        "smallest_share": [0.3, 0.2, 0.1],
        **columns,
    }
    names = [
        f"{algorithm}_{count:02d}"
        for algorithm, count in zip(
            table["algorithm"], table["segment_count"], strict=True
        )
    ]
    return pd.DataFrame(table, index=names)


def rank(table: pd.DataFrame, minimum_share: float = 0.02) -> Ranking:
    return rank_candidates(table, minimum_share, COUNTS)


def test_largest_that_passes():
    ranking = rank(scores())
    assert ranking.names == ["kmeans_05", "kmeans_04", "kmeans_03"]
    assert ranking.has_structure
    assert ranking.reasons["kmeans_05"].startswith("Chosen: the largest number of seg")
    assert ranking.reasons["kmeans_04"] == (
        "Not taken: kmeans_05 passes every check too and comes first."
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            {"stability": [0.9, 0.8, 0.799], "valley_depth": [0.9, 0.8, np.nan]},
            "half samples agree with 0.799, below 0.80",
        ),
        (
            {"smallest_jaccard": [0.9, 0.75, 0.749]},
            "the least stable segment recurs with 0.749, below 0.75",
        ),
        (
            {"valley_depth": [0.9, 0.1, 0.099]},
            "two neighbouring segments run into each other",
        ),
        (
            {"valley_significance": [9, 1.0, 0.99]},
            "two neighbouring segments run into each other",
        ),
    ],
)
def test_each_check_holds_a_candidate_back(columns, reason):
    ranking = rank(scores(**columns))
    assert ranking.names == ["kmeans_04", "kmeans_03"]
    assert ranking.reasons["kmeans_05"] == f"Not taken: {reason}."


def test_degenerate_is_refused_whatever_its_scores():
    table = scores(smallest_share=[0.3, 0.02, 0.0199], stability=[0.9, 0.9, 1.0])
    ranking = rank(table)
    assert ranking.names == ["kmeans_04", "kmeans_03"]
    assert ranking.reasons["kmeans_05"] == (
        "Refused: the smallest segment holds 1.99% of the sample, at least 2.00% "
        "are required."
    )


def test_empty_segment_is_refused_without_a_minimum():
    ranking = rank(scores(smallest_share=[0.3, 0.2, 0.0]), minimum_share=0.0)
    assert ranking.names == ["kmeans_04", "kmeans_03"]


def test_a_number_nobody_asked_for_is_refused():
    table = scores(algorithm=["kmeans", "kmeans", "hdbscan"], segment_count=[3, 4, 2])
    ranking = rank(table)
    assert ranking.names == ["kmeans_04", "kmeans_03"]
    assert ranking.reasons["hdbscan_02"] == (
        "Refused: it finds 2 segments, 3 to 5 are asked for."
    )


def test_of_equals_the_simpler_algorithm():
    equal = scores(
        algorithm=["hdbscan", "ward", "kmeans"],
        segment_count=[4, 4, 4],
        valley_depth=[0.80, 0.75, 0.71],
    )
    assert rank(equal).names == ["kmeans_04", "ward_04", "hdbscan_04"]
    better = equal.assign(valley_depth=[0.80, 0.75, 0.69])
    assert rank(better).names == ["ward_04", "hdbscan_04", "kmeans_04"]


def test_no_structure_falls_back_to_the_most_stable_kmeans():
    table = scores(valley_depth=[-0.5] * 3, stability=[0.8, 0.85, 0.8])
    ranking = rank(table)
    assert not ranking.has_structure
    assert ranking.names == ["kmeans_04", "kmeans_03", "kmeans_05"]
    assert ranking.reasons["kmeans_04"] == (
        "Chosen as the fallback, for there is no clear structure: two neighbouring "
        "segments run into each other."
    )
    assert ranking.reasons["kmeans_05"].startswith("Not taken: two neighbouring")
    ward = table.assign(algorithm=["kmeans", "ward", "kmeans"])
    ward.index = ["kmeans_03", "ward_04", "kmeans_05"]
    assert rank(ward).names == ["kmeans_03", "kmeans_05"]


def test_all_degenerate_leaves_nothing():
    ranking = rank(scores(smallest_share=[0.01] * 3))
    assert ranking.names == []
    assert ranking.reasons.str.startswith("Refused").all()


@pytest.fixture(scope="module")
def blobs() -> Candidates:
    generator = np.random.default_rng(3)
    corners = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    points = np.repeat(corners, 60, axis=0) + generator.normal(size=(240, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return score_candidates(
            generator.permutation(points),
            ("kmeans", "ward", "hdbscan", "gaussian_mixture"),
            range(2, 7),
            4,
            1,
        )


@pytest.mark.parametrize("algorithm", ["kmeans", "ward"])
def test_scores_point_at_the_planted_number(blobs, algorithm):
    table = blobs.scores[blobs.scores["algorithm"] == algorithm]
    table = table.set_index("segment_count")
    assert table["bic"].idxmin() == 4
    assert table["silhouette"].idxmax() == 4
    assert table["davies_bouldin"].idxmin() == 4
    assert table.loc[4, "stability"] == 1
    assert table.loc[4, "smallest_jaccard"] == table.loc[4, "mean_jaccard"] == 1
    assert table.loc[4, "valley_depth"] > 0.9
    assert table.loc[4, "smallest_share"] == 0.25
    assert table["noise_share"].eq(0).all()


def test_split_blobs_are_not_stable(blobs):
    table = blobs.scores.set_index("segment_count")
    kmeans = table[table["algorithm"] == "kmeans"]
    assert kmeans.loc[5:, "smallest_jaccard"].lt(0.75).all()
    assert kmeans.loc[6, "stability"] < 1
    assert kmeans.loc[5:, "valley_depth"].isna().all()


def test_who_finds_the_number_itself_finds_it(blobs):
    found = blobs.scores[~blobs.scores["algorithm"].isin(["kmeans", "ward"])]
    assert found.index.tolist() == [
        "hdbscan_04",
        "gaussian_mixture_02",
        "gaussian_mixture_03",
        "gaussian_mixture_04",
    ]
    assert rank_candidates(blobs.scores, 0.02, range(2, 7)).names[0] == "kmeans_04"


def test_too_few_or_too_equal_customers_score_as_degenerate():
    two_values = np.array([[0.0], [1.0]] * 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        candidates = score_candidates(
            two_values, ("kmeans", "ward", "hdbscan"), range(2, 7), 2, 1
        )
    table = candidates.scores[candidates.scores["algorithm"] == "kmeans"]
    assert table["smallest_share"].tolist() == [0.5, 0, 0, 0, 0]
    assert table["stability"].isna().tolist() == [False, True, True, True, True]
    assert rank_candidates(candidates.scores, 0.02, range(2, 7)).names[0] in (
        "kmeans_02",
        "ward_02",
    )
