"""What the pictures show: arithmetic that can be redone by hand."""

import numpy as np
import pandas as pd
import pytest

from segmentation import candidates as library
from segmentation_reports import candidates, findings
from segmentation_reports.candidates import letter_reasons, list_candidates
from segmentation_reports.grids import Cell, fill_grid
from segmentation_reports.maps import AxisWords, principal_components, word_axis
from segmentation_reports.migrations import ARRIVED, NO_SEGMENT, count_flows
from segmentation_reports.profiles import find_differences
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


class TestProfiles:
    def test_differences_are_worded_and_measured(self, marts):
        rows = of_behavioural(marts.profiles)

        found = find_differences(
            rows[rows["segment_key"] == "behavioural_1"],
            ["monetary_amount"],
            Vocabulary(marts.phrases),
            "EUR",
            6,
        )

        assert [tuple(row) for row in found] == [
            ("high spend", "20.0", "15.0", "EUR", 1.5, True),
            ("low discount share", "0.05", "0.10", "", -0.5, False),
        ]

    def test_of_a_level_and_its_opposite_the_higher_is_told(self):
        profile = pd.DataFrame(
            {
                "feature": ["married", "unmarried", "spend"],
                "segment_mean": [0.1, 0.9, 3.0],
                "population_mean": [0.5, 0.5, 3.1],
                "standardised_difference": [-0.8, 0.8, -0.1],
            }
        )

        found = find_differences(profile, [], Vocabulary(PHRASES), "EUR", 2)

        assert [row.words for row in found] == ["unmarried", "low spend"]
        assert found[0].segment_mean == "90\N{NO-BREAK SPACE}%"


class TestMigrations:
    def test_only_the_last_month_is_counted(self, marts):
        keys = ["behavioural_1", "behavioural_2"]

        flows = count_flows(of_behavioural(marts.migrations), keys, SPECIAL)

        assert flows.month_on == "2025-12-01"
        assert flows.counts.loc["behavioural_1", "behavioural_1"] == 55
        assert flows.counts.loc[NO_SEGMENT, "behavioural_2"] == 2
        assert flows.counts.loc[ARRIVED, "behavioural_1"] == 1
        assert flows.staying_without_count == 1
        # 100 rows of December less the one that is in no segment throughout.
        assert flows.counts.to_numpy().sum() == 99
        assert (flows.stayed_count, flows.compared_count) == (91, 96)
        assert flows.moves() == [
            ("behavioural_2", "behavioural_1", 4),
            ("behavioural_1", "behavioural_2", 1),
        ]
        assert findings.title_flows(flows, "December 2025") == (
            "95\N{NO-BREAK SPACE}% of the customers stayed in their segment in "
            "December 2025"
        )

    def test_segment_called_new_is_no_arrival(self, marts):
        rows = marts.migrations[marts.migrations["segmentation"] == "value"]

        flows = count_flows(rows, ["champions", "new_customers"], {"no_purchase"})

        assert flows.counts.loc[ARRIVED].to_dict() == {
            "champions": 10,
            "new_customers": 0,
            NO_SEGMENT: 0,
        }
        assert flows.counts.loc["new_customers", "new_customers"] == 50

    def test_segment_that_is_gone_keeps_its_row(self):
        rows = pd.DataFrame(
            {
                "from_segment_key": ["a_1", "a_9"],
                "to_segment_key": ["a_1", "a_1"],
                "customer_count": [5, 3],
                "month_on": "2025-12-01",
            }
        )

        flows = count_flows(rows, ["a_1"], SPECIAL)

        assert flows.moves() == [("a_9", "a_1", 3)]

    def test_several_months_are_refused(self):
        rows = pd.DataFrame({"month_on": ["2025-12-01", "2025-11-01"]})

        with pytest.raises(ValueError, match="exactly one month"):
            count_flows(rows, [], SPECIAL)


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
