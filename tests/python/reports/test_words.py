"""Numbers as people read them, and labels that do not cover each other."""

import numpy as np
import pandas as pd
import pytest

from segmentation_reports import findings
from segmentation_reports.placement import Box, place_boxes
from segmentation_reports.style import PALETTE, Look, looks_of, wrapped
from segmentation_reports.words import (
    Vocabulary,
    count_of,
    percent,
    share_of,
)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (0.0004, "< 0.1 %"),
        (0.0016, "0.2 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.469, "47 %"),
        (0.996, "99.6 %"),
        (1, "100 %"),
    ],
)
def test_percent(share, said):
    assert percent(share) == said.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.5, "Half"), (1 / 3, "A third"), (0.25, "A quarter"), (0.75, "Three quarters")],
)
def test_shares_that_have_a_name(share, said):
    assert share_of(share) == said


def test_shares_without_a_name_are_percentages():
    assert share_of(0.47) == percent(0.47)


def test_one_customer_is_singular():
    assert (count_of(1), count_of(1158)) == ("1 customer", "1,158 customers")


def test_features_without_words_are_spelled_out():
    words = Vocabulary(pd.DataFrame())

    assert words.say("home_size_sqm", 1.0) == "high home size sqm"
    assert words.say("home_size_sqm", -1.0) == "low home size sqm"
    assert words.of("department_share_deli").unit == "share"


def test_summary_names_the_largest_and_the_one_that_earns_most():
    segments = pd.DataFrame(
        {
            "segment_key": ["a", "b", "outlier"],
            "segment_name": ["Many", "Rich", "Outliers"],
            "customer_count": [50, 30, 90],
            "customer_share": [0.5, 0.3, 0.9],
            "net_revenue_share": [0.2, 0.7, 0.1],
            "is_special": [False, False, True],
        }
    )

    said = findings.summarise(pd.Series({"status": "available"}), segments)

    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "Half of the customers are in “Many”; “Rich” brings 70 % of net revenue."
    )


def test_segments_keep_their_look_in_the_natural_order_of_keys():
    keys = [f"b_{number}" for number in (10, 2, 1, 3, 4, 5, 6, 7, 8)]

    looks = looks_of(keys)

    assert looks["b_2"] == Look(PALETTE[1], "o")
    assert looks["b_8"] == Look(PALETTE[0], "^")
    assert looks["b_10"] == Look(PALETTE[1], "^")
    assert len(set(looks.values())) == len(keys)


def test_lines_are_even_and_words_whole():
    assert wrapped("Low operating system age years", 26) == (
        "Low operating\nsystem age years"
    )
    assert wrapped("Thrifty, free-spending", 15) == "Thrifty,\nfree-spending"
    assert wrapped("one_word_only", 5) == "one_w\nord_o\nnly"


def test_boxes_cover_neither_each_other_nor_the_anchors():
    anchors = [(50.0, 50.0), (52.0, 50.0), (50.0, 53.0), (48.0, 49.0)]
    room = Box(50, 50, 400, 400)

    boxes = place_boxes(anchors, [(60.0, 20.0)] * 4, room, 4)

    for number, box in enumerate(boxes):
        assert box.outside(room) == 0
        assert box.count(np.array(anchors)) == 0
        assert all(box.overlap(other) == 0 for other in boxes[number + 1 :])


def test_boxes_keep_off_the_crowd_where_there_is_room():
    crowd = np.array([(x, y) for x in range(50, 120, 2) for y in range(20, 80, 2)])

    (box,) = place_boxes(
        [(50.0, 50.0)], [(40.0, 20.0)], Box(50, 50, 200, 200), 4, crowd
    )

    assert box.count(crowd) == 0
