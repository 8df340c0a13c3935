"""What a build is doing and how long it takes, in people's words.

Everything here is computed from what is passed in; the clock is read elsewhere.
"""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# The first prefix of a model's path that fits; seeds and tests are told apart first.
PHASES = (
    ("staging", "Reading the sources"),
    ("input", "Checking the sources"),
    ("intermediate/identity", "Finding who is one person"),
    ("intermediate/features", "Measuring features"),
    ("intermediate/risk", "Measuring risk"),
    ("intermediate", "Measuring customers"),
    ("learning/ml_risk", "Learning who leaves"),
    ("learning/ml_outcome", "Learning who leaves"),
    ("learning/ml_purchase", "Learning buying rhythms"),
    ("learning/ml_offer", "Learning offers"),
    ("learning/ml_response", "Learning what money does"),
    ("learning", "Learning segments"),
    ("scoring/scored_budget", "Dividing the budget"),
    ("scoring/scored_campaign", "Measuring campaigns"),
    ("scoring", "Scoring customers"),
    ("marts", "Writing the marts"),
)
# Of the steps; timings of fewer are of another build and tell nothing of this one.
_KNOWN_SHARE = 0.5


@dataclass(frozen=True)
class Timings:
    """How long steps took the last time.

    Attributes
    ----------
    steps : seconds by unique id
    seconds : of all of them together, on several threads; None without a last time
    """

    steps: Mapping[str, float] = field(default_factory=dict)
    seconds: float | None = None


def read_timings(results_path: Path) -> Timings:
    """Read the timings of the last dbt command; none where none can be read.

    Unit tests are left out: dbt does not count them as steps.
    """
    try:
        found = json.loads(results_path.read_text())
        steps = {
            result["unique_id"]: float(result["execution_time"])
            for result in found["results"]
            if not result["unique_id"].startswith("unit_test.")
        }
        return Timings(steps, float(found["elapsed_time"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Timings()


def phase_of(path: str, resource_type: str) -> str | None:
    """Say what a step is for; None for checks, which belong to what they check."""
    if resource_type == "seed":
        return "Reading the tables of the project"
    if resource_type != "model":
        return None
    return next((words for prefix, words in PHASES if path.startswith(prefix)), None)


def seconds_left(
    timings: Timings,
    total: int,
    done: Collection[str],
    running: Mapping[str, float],
    passed: float,
) -> float | None:
    """Estimate how long is left.

    Parameters
    ----------
    timings : of the last build
    total : number of steps of this one
    done : unique ids of those that have ended
    running : seconds for which each of the others that have begun has been running
    passed : seconds since the first of them began

    Returns
    -------
    Seconds, from the share of the work that is left and, more and more, from the pace
    of what was done; None where the last build was not timed or was another one.
    """
    known = timings.steps
    if timings.seconds is None or len(known) < max(1, _KNOWN_SHARE * total):
        return None
    mean = sum(known.values()) / len(known)
    work = mean * total
    if not work:
        return None
    ended = sum(known.get(step, mean) for step in done)
    begun = sum(min(known.get(step, mean), since) for step, since in running.items())
    share = min(1.0, (ended + begun) / work)
    # Steps overlap on threads, as they did then.
    usual = timings.seconds * total / len(known)
    paced = passed / share if share else usual
    return (1 - share) * ((1 - share) * usual + share * paced)


def time_words(seconds: float) -> str:
    """Duration in words, as coarse as it is known."""
    if seconds < 8:
        return "a few seconds"
    if seconds < 58:
        return f"about {5 * math.ceil(seconds / 5)} s"
    tens = 10 * round(seconds / 10)
    minutes, rest = divmod(tens, 60)
    return f"about {minutes} min {rest} s" if rest else f"about {minutes} min"


def progress_line(phase: str, done: int, total: int, left: float | None) -> str:
    """One line: what is going on, how many steps are done, how long it takes still."""
    line = f"{phase} ... {done:,} of {total:,} steps"
    return line if left is None else f"{line}, {time_words(left)} left"
