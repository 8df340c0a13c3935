"""What a build is doing and how long it takes, from the timings of the last one."""

import json

import pytest

from segmentation_serving.progress import (
    Timings,
    phase_of,
    progress_line,
    read_timings,
    seconds_left,
    time_words,
)

# Four steps, 40 s of work, done in 20 s on two threads.
LAST = Timings({"a": 10.0, "b": 10.0, "c": 10.0, "d": 10.0}, 20.0)


@pytest.mark.parametrize(
    ("done", "running", "passed", "expected"),
    [
        # As long as the last time, before anything is done.
        (set(), {}, 0.0, 20.0),
        # Half of the work in half of the time: half is left.
        ({"a", "b"}, {}, 10.0, 10.0),
        # Half of it at half the pace: between 10 s as planned and 20 s as paced.
        ({"a", "b"}, {}, 20.0, 15.0),
        # A step that runs counts for as long as it usually takes.
        ({"a"}, {"b": 10.0}, 10.0, 10.0),
        ({"a"}, {"b": 500.0}, 10.0, 10.0),
        ({"a", "b", "c", "d"}, {}, 30.0, 0.0),
        # A step that is new takes as long as the others.
        ({"a", "new"}, {}, 10.0, 10.0),
    ],
)
def test_what_is_left_follows_the_last_build_and_the_pace(
    done, running, passed, expected
):
    assert seconds_left(LAST, 4, done, running, passed) == pytest.approx(expected)


def test_twice_the_steps_take_twice_the_time():
    assert seconds_left(LAST, 8, set(), {}, 0.0) == pytest.approx(40.0)


def test_another_build_tells_nothing_of_this_one():
    assert seconds_left(Timings(), 4, set(), {}, 0.0) is None
    assert seconds_left(LAST, 9, set(), {}, 0.0) is None


def test_timings_come_from_the_last_results(tmp_path):
    path = tmp_path / "run_results.json"
    assert read_timings(path) == Timings()
    path.write_text("{")
    assert read_timings(path) == Timings()
    results = [
        {"unique_id": "model.a", "execution_time": 2.5},
        {"unique_id": "unit_test.a", "execution_time": 9},
    ]
    path.write_text(json.dumps({"elapsed_time": 2, "results": results}))
    assert read_timings(path) == Timings({"model.a": 2.5}, 2.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (7.9, "a few seconds"),
        (8, "about 10 s"),
        (41, "about 45 s"),
        (57.9, "about 60 s"),
        (58, "about 1 min"),
        (86, "about 1 min 30 s"),
        (600, "about 10 min"),
    ],
)
def test_times_are_as_coarse_as_they_are_known(seconds, words):
    assert time_words(seconds) == words


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("reference/features.csv", "seed", "Reading the tables of the project"),
        ("staging/files/stg_files__x.sql", "model", "Reading the sources"),
        ("intermediate/features/int_x.sql", "model", "Measuring features"),
        ("intermediate/service/int_x.sql", "model", "Measuring customers"),
        ("learning/ml_segment_parameters.py", "model", "Learning segments"),
        ("learning/ml_risk_parameters.py", "model", "Learning who leaves"),
        ("marts/core/segments.sql", "model", "Writing the marts"),
        ("unique_key_x.sql", "test", None),
    ],
)
def test_a_step_is_told_by_what_it_is_for(path, kind, words):
    assert phase_of(path, kind) == words


def test_a_line_says_what_and_how_much_and_how_long():
    assert progress_line("Learning segments", 412, 1114, 39) == (
        "Learning segments ... 412 of 1,114 steps, about 40 s left"
    )
    assert progress_line("Learning segments", 4, 10, None).endswith("4 of 10 steps")
