"""What the pictures show: arithmetic that can be redone by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation import candidates as library
from segmentation_reports import candidates, findings
from segmentation_reports.candidates import letter_reasons, list_candidates
from segmentation_reports.grids import Cell, fill_grid
from segmentation_reports.maps import AxisWords, principal_components, word_axis
from segmentation_reports.warehouse import read_marts
from segmentation_reports.words import Vocabulary

PHRASES = pd.DataFrame(
    {
        "feature": ["spend", "married", "unmarried"],
        "kind": ["number", "category", "category"],
        "phrase_high": ["high spend", "married", "unmarried"],
        "phrase_low": ["low spend", "not married", "not unmarried"],
        "unit": ["amount", None, None],
    }
)
SPECIAL = {"outlier", "too_new", "no_data"}


@pytest.fixture(scope="module")
def marts(warehouse):
    return read_marts(warehouse)


def of_behavioural(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["segmentation"] == "behavioural"]


class TestMap:
    # Two pairs of points, on the first axis at 3, on the second at 1:
    # variances 18 and 2, so that the first carries 0.9.
    POINTS = np.array([[5.0, 5.0], [-1.0, 5.0], [2.0, 6.0], [2.0, 4.0]])

    def test_components_are_those_of_a_cross(self):
        found = principal_components(self.POINTS)

        assert found.variance_shares == pytest.approx((0.9, 0.1))
        assert found.loadings == pytest.approx(np.eye(2))
        assert found.scores == pytest.approx(self.POINTS - [2, 5])

    @pytest.mark.parametrize("flip", [[1, 1], [-1, 1], [1, -1], [-1, -1]])
    def test_largest_loading_is_positive_however_the_points_lie(self, flip):
        turned = self.POINTS @ np.array([[0.8, 0.6], [-0.6, 0.8]]) * flip

        loadings = principal_components(turned).loadings

        largest = np.abs(loadings).argmax(axis=1)
        assert (loadings[[0, 1], largest] > 0).all()
        assert np.abs(loadings) == pytest.approx(np.array([[0.8, 0.6], [0.6, 0.8]]))

    def test_one_feature_or_no_variance_leaves_components_empty(self):
        one = principal_components(np.array([[1.0], [3.0]]))
        none = principal_components(np.ones((3, 2)))

        assert one.variance_shares == (1.0, 0.0)
        assert one.scores == pytest.approx(np.array([[-1.0, 0.0], [1.0, 0.0]]))
        assert none.variance_shares == (0.0, 0.0)
        assert (none.scores == 0).all()

    def test_one_customer_is_no_map(self):
        with pytest.raises(ValueError, match="at least two"):
            principal_components(np.ones((1, 2)))

    def test_axis_names_each_thing_once(self):
        married = np.array([1.0, 0.0, 1.0, 0.0])
        points = np.column_stack([[3.0, 1.0, 2.0, 5.0], married, 1 - married])

        words = word_axis(
            np.array([-0.4, 0.7, -0.7]),
            points,
            ["spend", "married", "unmarried"],
            Vocabulary(PHRASES),
        )

        assert words == AxisWords(
            low=("not married", "high spend"), high=("married", "low spend")
        )


class TestCandidates:
    def test_line_is_that_of_the_library(self):
        assert candidates.SMALLEST_STABILITY == library._SMALLEST_STABILITY

    def test_reasons_are_short_and_lettered_where_the_line_does_not_tell(self, marts):
        found = list_candidates(of_behavioural(marts.candidates))

        assert [(one.algorithm, one.segment_count, one.reason) for one in found] == [
            ("hdbscan", 0, "it finds 0 segments, 2 to 4 are asked for"),
            ("kmeans", 2, ""),
            ("kmeans", 3, "a segment recurs too rarely in half samples"),
            ("ward", 2, "half samples agree with less than 0.80"),
        ]
        assert letter_reasons(found) == {
            "a segment recurs too rarely in half samples": "a"
        }
        assert [one.is_chosen for one in found] == [False, True, False, False]

    def test_title_says_what_was_chosen(self, marts):
        found = list_candidates(of_behavioural(marts.candidates))

        assert findings.title_candidates(found, "available") == (
            "2 segments by K-Means: half samples agree with 0.95"
        )
        assert findings.title_candidates(found, "no_clear_structure") == (
            "2 segments by K-Means stand in, for no candidate shows clear structure"
        )

    def test_reasons_of_the_library_are_all_known(self):
        """Every refusal that the library writes comes out shorter than it went in."""
        scores = pd.DataFrame(
            [
                library.CandidateScore("kmeans", 3, smallest_share=0.001),
                library.CandidateScore("kmeans", 4, smallest_share=0.2, stability=0.5),
                library.CandidateScore(
                    "ward",
                    3,
                    smallest_share=0.2,
                    stability=0.9,
                    smallest_jaccard=0.5,
                    valley_depth=1,
                    valley_significance=9,
                ),
                library.CandidateScore(
                    "ward",
                    4,
                    smallest_share=0.2,
                    stability=0.9,
                    smallest_jaccard=0.9,
                    valley_depth=0,
                    valley_significance=0,
                ),
            ],
            index=["kmeans_03", "kmeans_04", "ward_03", "ward_04"],
        )

        reasons = library.rank_candidates(scores, 0.05, [3, 4]).reasons

        assert candidates.shorten(reasons["kmeans_03"]) == (
            "its smallest segment is too small"
        )
        assert candidates.shorten(reasons["ward_03"]) == (
            "a segment recurs too rarely in half samples"
        )
        assert candidates.shorten(reasons["ward_04"]) == (
            "two neighbouring segments run into each other"
        )


class TestGrid:
    def test_cells_add_up_to_the_scored_customers(self, marts):
        cells = fill_grid(marts.grid)

        assert cells == {
            (5, 1): Cell(25, "new_customers", 1),
            (5, 2): Cell(25, "new_customers", 1),
            (5, 5): Cell(40, "champions", 1),
        }

    def test_cell_of_two_segments_is_named_by_the_larger(self):
        rows = pd.DataFrame(
            {
                "recency_score": [1, 1, 2],
                "frequency_score": [1, 1, None],
                "rfm_segment": ["b", "a", "a"],
                "customer_count": [7, 3, 5],
            }
        )

        assert fill_grid(rows) == {(1, 1): Cell(10, "b", 2)}
