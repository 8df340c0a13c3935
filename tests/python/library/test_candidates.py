import warnings

import numpy as np
import pandas as pd
import pytest

from segmentation.candidates import rank_candidates, score_candidates


def scores(**columns: list[float]) -> pd.DataFrame:
    """Candidates 3, 4 and 5, all of which pass unless a column says otherwise."""
    table = {
        "stability": [0.95, 0.90, 0.85],
        "smallest_jaccard": [0.9, 0.9, 0.9],
        "smallest_share": [0.3, 0.2, 0.1],
        "bic": [3.0, 2.0, 1.0],
    }
    return pd.DataFrame({**table, **columns}, index=[3, 4, 5])


def test_largest_that_passes():
    ranking, reasons = rank_candidates(scores(), 0.02)
    assert ranking == [5, 4, 3]
    assert reasons[5].startswith("Chosen: the largest number of segments")
    assert reasons[4] == "Not taken: 5 segments pass every check too."


@pytest.mark.parametrize(
    ("column", "values", "reason"),
    [
        ("stability", [0.9, 0.8, 0.799], "half samples agree with 0.799, below 0.80"),
        (
            "smallest_jaccard",
            [0.9, 0.75, 0.749],
            "the least stable segment recurs with 0.749, below 0.75",
        ),
        ("bic", [2.0, 1.0, 3.0], "the mixture's BIC is best at 4 segments"),
    ],
)
def test_each_check_holds_a_candidate_back(column, values, reason):
    ranking, reasons = rank_candidates(scores(**{column: values}), 0.02)
    assert ranking[0] == 4
    assert reasons[5] == f"Not taken: {reason}."


def test_degenerate_is_refused_whatever_its_scores():
    table = scores(smallest_share=[0.3, 0.02, 0.0199], stability=[0.9, 0.9, 1.0])
    ranking, reasons = rank_candidates(table, 0.02)
    assert ranking == [4, 3]
    assert reasons[5] == (
        "Refused: the smallest segment holds 1.99% of the sample, at least 2.00% "
        "are required."
    )


def test_empty_segment_is_refused_without_a_minimum():
    assert rank_candidates(scores(smallest_share=[0.3, 0.2, 0.0]), 0.0)[0] == [4, 3]


def test_none_passes_takes_the_most_stable_and_the_smaller_of_a_tie():
    ranking, reasons = rank_candidates(scores(stability=[0.5, 0.7, 0.7]), 0.02)
    assert ranking == [4, 5, 3]
    assert reasons[4] == (
        "Chosen although no number of segments passes every check, as the most stable "
        "(0.700): half samples agree with 0.700, below 0.80."
    )
    assert reasons[5].startswith("Not taken: half samples agree")


def test_all_degenerate_leaves_nothing():
    ranking, reasons = rank_candidates(scores(smallest_share=[0.01] * 3), 0.02)
    assert ranking == []
    assert reasons.str.startswith("Refused").all()


@pytest.fixture(scope="module")
def blobs() -> pd.DataFrame:
    generator = np.random.default_rng(3)
    corners = np.array([[0, 0], [9, 0], [0, 9], [9, 9]])
    points = np.repeat(corners, 60, axis=0) + generator.normal(size=(240, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return score_candidates(generator.permutation(points), range(2, 7), 4, 1)


def test_scores_point_at_the_planted_number(blobs):
    assert blobs["bic"].idxmin() == 4
    assert blobs["silhouette"].idxmax() == 4
    assert blobs["davies_bouldin"].idxmin() == 4
    assert blobs.loc[4, "stability"] == 1
    assert blobs.loc[4, "smallest_jaccard"] == 1
    assert blobs.loc[4, "smallest_share"] == 0.25
    assert blobs["noise_share"].eq(0).all()


def test_split_blobs_are_not_stable(blobs):
    assert blobs.loc[5:, "smallest_jaccard"].lt(0.75).all()
    assert blobs.loc[6, "stability"] < 1


def test_too_few_or_too_equal_customers_score_as_degenerate():
    two_values = np.array([[0.0], [1.0]] * 4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = score_candidates(two_values, range(2, 7), 2, 1)
    assert table["smallest_share"].tolist() == [0.5, 0, 0, 0, 0]
    assert table["stability"].isna().tolist() == [False, True, True, True, True]
    assert table["bic"].isna().tolist() == [False, False, False, True, True]
