"""Who the customers are: latent vectors, segments, and what happens to them."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from scripts.sample_company.company import COUNTRY_SHARES, FIRST_DAY
from scripts.sample_company.design import (
    EVENT_NOISE_SHARES,
    ORACLE_TARGETS,
    ORACLE_TOLERANCE,
    SEGMENT_COUNT,
    TYPE_COUNT,
    Design,
    adjusted_rand,
    guess_segments,
    guess_types,
    make_designs,
)
from scripts.sample_company.measures import MEASURES

PEOPLE = 1_150
NEVER_BOUGHT = 60
TOO_NEW = 20
LEAVER_SHARE = 0.08
DRIFT_SHARE = 0.03
STRAIGHT_LINER_SHARE = 0.02
SURVEY_MISSING_SHARE = 0.03
# Days since the first day of the company.
DRIFT_DAYS = (213, 334)  # August to November of the first year
LEAVE_DAYS = (400, 704)  # of the second year, more of them late
TOO_NEW_DAYS = (706, 726)  # within four weeks of the end


class Population(NamedTuple):
    """People with their latent vectors; habits leave out the noise of the events."""

    people: pd.DataFrame
    latents: dict[str, np.ndarray]
    habits: dict[str, np.ndarray]
    earlier_behaviour: np.ndarray  # habits before a drift
    designs: dict[str, Design]


def make_designs_of_company() -> dict[str, Design]:
    """Designs with as many coordinates as each family has measures."""
    return make_designs({family: len(listed) for family, listed in MEASURES.items()})


def _balanced(generator: np.random.Generator, groups: int) -> np.ndarray:
    return generator.permutation(np.arange(PEOPLE) % groups)


def _is_as_wanted(name: str, truth: np.ndarray, guesses: np.ndarray) -> bool:
    reached = adjusted_rand(truth, guesses)
    return abs(reached - ORACLE_TARGETS[name]) <= ORACLE_TOLERANCE


def _draw_latents(
    generator: np.random.Generator,
    designs: dict[str, Design],
    segments: dict[str, np.ndarray],
    types: np.ndarray,
) -> dict[str, np.ndarray]:
    def draw(family: str) -> np.ndarray:
        design = designs[family]
        middles = design.centres[segments[family]] + design.shifts[types]
        while True:
            latents = middles + generator.standard_normal(middles.shape)
            guesses = guess_segments(latents, design)
            if _is_as_wanted(family, segments[family], guesses):
                return latents

    while True:
        latents = {family: draw(family) for family in designs}
        if _is_as_wanted("combined", types, guess_types(latents, designs)):
            return latents


def make_population(generator: np.random.Generator) -> Population:
    """Draw everybody: segments, types, latents, and the dates of their lives."""
    designs = make_designs_of_company()
    types = _balanced(generator, TYPE_COUNT)
    segments = {family: _balanced(generator, SEGMENT_COUNT) for family in designs}
    latents = _draw_latents(generator, designs, segments, types)

    habits = {}
    for family, design in designs.items():
        middles = design.centres[segments[family]] + design.shifts[types]
        own = np.sqrt(1 - EVENT_NOISE_SHARES[family])
        habits[family] = middles + own * (latents[family] - middles)

    order = generator.permutation(PEOPLE)
    never_bought, rest = np.split(order, [NEVER_BOUGHT])
    too_new, rest = np.split(rest, [TOO_NEW])
    leavers, rest = np.split(rest, [round(LEAVER_SHARE * PEOPLE)])
    drifters = rest[: round(DRIFT_SHARE * PEOPLE)]

    # A young company: most came in its first year, some in the second.
    joined = np.where(
        generator.random(PEOPLE) < 0.97,
        generator.integers(5, 330, PEOPLE),
        generator.integers(330, 450, PEOPLE),
    )
    joined[too_new] = generator.integers(*TOO_NEW_DAYS, TOO_NEW)
    joined[drifters] = generator.integers(5, 150, len(drifters))
    joined[leavers] = generator.integers(5, 300, len(leavers))
    left = np.full(PEOPLE, -1)
    first, last = LEAVE_DAYS
    waits = generator.random(len(leavers)) ** 0.5
    left[leavers] = first + ((last - first) * waits).astype(int)
    drifted = np.full(PEOPLE, -1)
    drifted[drifters] = generator.integers(*DRIFT_DAYS, len(drifters))
    drift_from = segments["behavioural"].copy()
    drift_from[drifters] += generator.integers(1, SEGMENT_COUNT, len(drifters))
    drift_from %= SEGMENT_COUNT
    moved = designs["behavioural"].centres
    earlier = habits["behavioural"] - moved[segments["behavioural"]] + moved[drift_from]

    is_missing = generator.random(PEOPLE) < SURVEY_MISSING_SHARE
    is_straight = (generator.random(PEOPLE) < STRAIGHT_LINER_SHARE) & ~is_missing
    people = pd.DataFrame(
        {
            "person_id": [f"P{number:04d}" for number in range(1, PEOPLE + 1)],
            **{family: segments[family] for family in designs},
            "type": types,
            "country_code": generator.choice(
                list(COUNTRY_SHARES), PEOPLE, p=list(COUNTRY_SHARES.values())
            ),
            "joined": joined,
            "left": left,
            "drifted": drifted,
            "drift_from": drift_from,
            "is_buyer": ~np.isin(np.arange(PEOPLE), never_bought),
            "is_too_new": np.isin(np.arange(PEOPLE), too_new),
            "answers_survey": ~is_missing,
            "is_straight_liner": is_straight,
        }
    )
    return Population(people, latents, habits, earlier, designs)


def draw_sliding_segment(generator: np.random.Generator) -> int:
    """Geographic segment whose region a competitor opens in."""
    return int(generator.integers(SEGMENT_COUNT))


def day(number: int) -> pd.Timestamp:
    """Date of a day counted from the company's first."""
    return FIRST_DAY + pd.Timedelta(days=int(number))
