"""Run `dbt build`, say what it is doing, and what to do where it fails."""

import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult

from segmentation_serving.failures import (
    Failure,
    failure_lines,
    fitted,
    generic_meaning,
    meaning_of,
    words_for,
)
from segmentation_serving.progress import (
    Timings,
    phase_of,
    progress_line,
    read_timings,
    seconds_left,
)

_FAILED = ("error", "fail", "partial success", "runtime error")
_CHECKS = ("test", "unit_test")
_SHOWN_FAILURES = 5
_REFRESH_SECONDS = 0.5
# What it says stays long enough to be read.
_PHASE_SECONDS = 1.5


class Progress:
    """Follow dbt's events; a line that is rewritten, or plain lines in a file."""

    def __init__(self, timings: Timings, out: TextIO) -> None:
        self.timings = timings
        self.out = out
        self.is_terminal = out.isatty()
        self.phase = "Reading the project"
        self.phase_since = 0.0
        self.running: dict[str, tuple[str | None, float]] = {}
        self.total = 0
        self.begun: float | None = None
        self.done: set[str] = set()
        self.told = 0
        self.width = 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()

    def __call__(self, event: Any) -> None:
        """Take an event of dbt."""
        name = event.info.name
        if name == "ConcurrencyLine":
            self.total = event.data.node_count
            self.begun = time.monotonic()
        elif name in ("LogStartLine", "NodeFinished"):
            node = event.data.node_info
            # dbt does not count the examples either.
            if node.resource_type == "unit_test":
                return
            if name == "NodeFinished":
                self.running.pop(node.unique_id, None)
                self.done.add(node.unique_id)
                self.tell()
            else:
                phase = phase_of(node.node_path, node.resource_type)
                self.running[node.unique_id] = (phase, time.monotonic())
                self.choose_phase()

    def choose_phase(self) -> None:
        """Speak of the step that has been running for longest, and not too briefly."""
        phases = [phase for phase, _ in self.running.copy().values() if phase]
        longest = phases[0] if phases else None
        now = time.monotonic()
        if longest and now > self.phase_since + _PHASE_SECONDS:
            self.phase, self.phase_since = longest, now

    def line(self) -> str:
        """Return the line as of now."""
        if self.begun is None:
            return f"{self.phase} ..."
        self.choose_phase()
        now = time.monotonic()
        running = {
            step: now - since for step, (_, since) in self.running.copy().items()
        }
        left = seconds_left(
            self.timings, self.total, self.done.copy(), running, now - self.begun
        )
        return progress_line(self.phase, len(self.done), self.total, left)

    def tell(self) -> None:
        """Show the line: in a terminal always, else after each tenth of the steps."""
        with self.lock:
            if self.is_terminal:
                line = self.line()
                self.out.write("\r" + line.ljust(self.width))
                self.width = len(line)
            else:
                # A log of a build that is run at night has some ten lines.
                tenths = 10 * len(self.done) // self.total if self.total else 0
                if tenths <= self.told:
                    return
                self.told = tenths
                self.out.write(self.line() + "\n")
            self.out.flush()

    def begin(self) -> None:
        """Show that it has begun: dbt takes seconds to read the project."""
        self.out.write(f"{self.line()}{'' if self.is_terminal else chr(10)}")
        self.width = len(self.line())
        self.out.flush()

    def keep_telling(self) -> None:
        """Rewrite the line while a long step runs."""
        while self.is_terminal and not self.stopped.wait(_REFRESH_SECONDS):
            self.tell()

    def clear(self) -> None:
        """Leave an empty line to whoever writes next."""
        self.stopped.set()
        with self.lock:
            if self.is_terminal:
                self.out.write("\r" + " " * self.width + "\r")
                self.out.flush()


def build(
    arguments: Sequence[str], target: Path, work_file: Path, logs: Path, out: TextIO
) -> bool:
    """Run `dbt build` with more arguments; tell progress and failures in words.

    Returns
    -------
    Whether every step passed.
    """
    progress = Progress(read_timings(target / "run_results.json"), out)
    ticker = threading.Thread(target=progress.keep_telling, daemon=True)
    begun = time.monotonic()
    progress.begin()
    ticker.start()
    quiet = ("--log-level", "none", "--log-level-file", "debug")
    try:
        result = dbtRunner(callbacks=[progress]).invoke(["build", *quiet, *arguments])
    finally:
        progress.clear()
        ticker.join()
        # Otherwise dbt-duckdb keeps the lock, and no failed row could be shown.
        DuckDBConnectionManager.close_all_connections()
    lines = result_lines(result, time.monotonic() - begun, work_file, logs)
    out.write("".join(f"{part}\n" for line in lines for part in fitted(line)))
    out.flush()
    return bool(result.success)


def result_lines(
    result: dbtRunnerResult, seconds: float, work_file: Path, logs: Path
) -> list[str]:
    """Say how a build ended and, where it failed, what to do."""
    log = f"All that dbt says: {logs / 'dbt.log'}"
    if result.result is None:
        words = words_for(str(result.exception), work_file)
        return ["The build did not begin.", words, log]
    ends = list(result.result)
    warned = [end.node.name for end in ends if str(end.status) == "warn"]
    lines = [f"Warning, see dbt.log: {name}" for name in warned]
    if result.success:
        duration = f"{int(seconds) // 60} min {int(seconds) % 60} s"
        checks = sum(str(end.node.resource_type) in _CHECKS for end in ends)
        return [
            *lines,
            f"Built in {duration}: {len(ends) - checks:,} tables and views, "
            f"{checks:,} checks, all passed.",
        ]
    failed = [end for end in ends if str(end.status) in _FAILED]
    skipped = sum(str(end.status) == "skipped" for end in ends)
    lines.append(
        f"The build failed in {len(failed):,} of {len(ends):,} steps; {skipped:,} that "
        "hang on them were left out. What people read stays as it was."
    )
    # A model that could not be built explains the checks that could not be made.
    failed.sort(key=lambda end: str(end.node.resource_type) in _CHECKS)
    for number, end in enumerate(failed[:_SHOWN_FAILURES], start=1):
        first, *rest = failure_lines(_failure(end), work_file)
        lines += ["", f"{number}. {first}", *rest]
    if len(failed) > _SHOWN_FAILURES:
        lines += ["", f"And {len(failed) - _SHOWN_FAILURES:,} more, in dbt.log."]
    return [*lines, "", "Mend it, then run the same command again.", log]


def _failure(end: Any) -> Failure:
    """Take what is worth telling from a result of dbt."""
    node = end.node
    compiled = getattr(node, "compiled_path", None)
    return Failure(
        name=node.name,
        kind=str(node.resource_type),
        message=words_for(str(end.message or ""), Path()),
        meaning=_meaning(node),
        path=node.original_file_path,
        query=Path(compiled) if compiled else None,
        rows=end.failures,
    )


def _meaning(node: Any) -> str | None:
    if node.description:
        return " ".join(node.description.split())
    metadata = getattr(node, "test_metadata", None)
    if metadata is None:
        return meaning_of(getattr(node, "raw_code", "") or "")
    definition = Path("tests/generic") / f"{metadata.name}.sql"
    if not definition.is_file():
        return None
    model = (node.attached_node or "").rpartition(".")[2]
    return generic_meaning(definition.read_text(), model, metadata.kwargs)


def main(arguments: Sequence[str]) -> int:
    """Build with dbt's own arguments; the folders come from dbt's variables."""
    _, *arguments = arguments
    warehouse = Path(os.environ.get("SEGMENTATION_WAREHOUSE", "warehouse"))
    passed = build(
        arguments,
        Path(os.environ.get("DBT_TARGET_PATH", "target")),
        warehouse / "work" / "customer_segmentation.duckdb",
        Path(os.environ.get("DBT_LOG_PATH", "logs")),
        sys.stdout,
    )
    return 0 if passed else 1
