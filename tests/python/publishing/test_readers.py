"""Real processes: readers loop while others publish, and are killed at it."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .reading import check_whole
from .small import Small
from .test_commands import ADDED, MORE

PROJECT = Path(__file__).resolve().parents[3]
SERVE = (sys.executable, "-m", "segmentation_serving")
READER = Path(__file__).with_name("reading.py")
PUBLICATIONS = 10


@contextmanager
def reader(served: Path, stop: Path) -> Iterator[Callable[[], dict]]:
    """Read in another process; the function ends it and says what it saw."""
    with subprocess.Popen(
        [sys.executable, str(READER), str(served), str(stop)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "reading\n"

        def finish() -> dict:
            stop.touch()
            return json.loads(process.stdout.readline())

        try:
            yield finish
        finally:
            stop.touch()


def run_and_kill(command: list[str], seconds: float, environment: dict) -> bool:
    """Kill a command with all its children after some seconds; was it still running?"""
    with subprocess.Popen(
        command,
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


def environment_of(warehouse: Path) -> dict:
    return {
        **os.environ,
        "SEGMENTATION_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(warehouse / "target"),
        "DBT_LOG_PATH": str(warehouse / "logs"),
        "DBT_PROFILES_DIR": str(PROJECT / "profiles"),
    }


def run(command: list[str], environment: dict) -> float:
    """Run a command, which must succeed; return how long it took."""
    begun = time.monotonic()
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return time.monotonic() - begun


@pytest.fixture
def shop(tmp_path) -> Small:
    return Small(tmp_path / "shop", marts=ADDED).build("100.00", MORE)


def test_a_reader_loops_through_publications_and_kills(shop, tmp_path):
    environment = environment_of(shop.folder)
    publish = [*SERVE, "publish"]
    run(publish, environment)
    draw = random.Random(8)
    with (
        reader(shop.served, tmp_path / "stop") as finish,
        reader(shop.served, tmp_path / "stop") as finish_too,
    ):
        duration = 0.0
        for number in range(PUBLICATIONS):
            shop.build(f"{100 + number}.07", MORE)
            duration = max(duration, run(publish, environment))
        assert check_whole(shop.served) == PUBLICATIONS + 1
        for _ in range(4):
            shop.build(f"{draw.randint(200, 900)}.50", MORE)
            run_and_kill(publish, draw.uniform(0.3, 1) * duration, environment)
            check_whole(shop.served)
        run(publish, environment)
        last = check_whole(shop.served)
        found = [finish(), finish_too()]
    for one in found:
        assert one["wrong"] == []
        assert one["reads"] > PUBLICATIONS
        # Never back to an earlier one.
        assert one["seen"] == sorted(set(one["seen"]))
    assert {1, last} & {*found[0]["seen"], *found[1]["seen"]}
    # Nothing of those that were killed is left: three generations and the rest.
    assert len(shop.left()) == 3 + 3 * 3


BUILDS, KILLS = 10, 20
# One month and a hundred customers: as short as a build of the whole project can be.
SHORT = {"history_months": 1, "warning_months": 1, "risk_cutoffs": 1}


def write_transactions(folder: Path, extra: int) -> None:
    """A hundred customers who buy each month, and one purchase that changes."""
    folder.mkdir(exist_ok=True)
    lines = ["customer_id,occurred_at,net_amount"]
    for customer in range(100):
        for month in range(1, 13):
            day = 1 + (customer * 7 + month) % 28
            lines.append(f"c{customer},2025-{month:02}-{day:02},{customer + month}.25")
    lines.append(f"c0,2025-12-31,{extra}.01")
    (folder / "transactions.csv").write_text("\n".join(lines) + "\n")


@pytest.mark.long
def test_builds_publications_and_kills_at_random_moments(tmp_path, capsys):
    """Ten builds with a reader, then twenty kills in publications and in builds."""
    drawn = random.SystemRandom().getrandbits(32)
    seed = int(os.environ.get("SEGMENTATION_TEST_SEED", drawn))
    draw = random.Random(seed)
    warehouse, source = tmp_path / "warehouse", tmp_path / "source"
    (warehouse / "work").mkdir(parents=True)
    served = warehouse / "served/customer_segmentation.duckdb"
    environment = environment_of(warehouse)
    settings = {"connector": "files", "files_path": str(source), **SHORT}
    build = [*SERVE, "build", "--vars", json.dumps(settings)]
    build += ["--exclude-resource-type", "unit_test"]
    publish = [*SERVE, "publish"]
    both = ["bash", "-c", f'"$@" && {shlex.join(publish)}', "bash", *build]

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}", end="", flush=True)

    say(f"seed {seed} (SEGMENTATION_TEST_SEED repeats it)")
    write_transactions(source, 0)
    run(build, environment)
    run(publish, environment)
    stop = tmp_path / "stop"
    with reader(served, stop) as finish:
        durations = []
        for number in range(1, BUILDS + 1):
            write_transactions(source, number)
            durations.append([run(build, environment), run(publish, environment)])
            assert check_whole(served) == number + 1
            say(f"build {number}: {durations[-1][0]:.1f} s, {durations[-1][1]:.1f} s")
        building, publishing = map(max, zip(*durations, strict=True))
        generation, killed = BUILDS + 1, 0
        while killed < KILLS:
            # First in the seconds of a publication, then anywhere from the start of a
            # build on: what was built when one is killed cannot be published.
            if killed < KILLS / 2:
                command, longest = publish, publishing
            else:
                write_transactions(source, draw.randint(100, 10_000))
                command, longest = both, building + publishing
            after = draw.uniform(0, longest)
            was_killed = run_and_kill(command, after, environment)
            found = check_whole(served)
            assert found - generation in (0, 1)
            killed += was_killed
            say(f"kill {killed} after {after:.1f} s: generation {found}")
            generation = found
        run(build, environment)
        run(publish, environment)
        last = check_whole(served)
        seen = finish()
    say(f"reader: {seen['reads']} reads of {len(seen['seen'])} generations")
    assert seen["wrong"] == []
    assert seen["seen"] == sorted(set(seen["seen"]))
    assert set(range(1, BUILDS + 2)) <= set(seen["seen"])
    assert last == generation + 1
    left = {path.name for path in (warehouse / "served").rglob(".*")}
    assert left == {".lock"}
