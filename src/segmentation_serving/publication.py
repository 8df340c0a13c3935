"""Publish a build that passed, or serve an earlier generation again."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from segmentation_serving.builds import Build, check_build
from segmentation_serving.copying import (
    FRESH,
    WORK,
    Totals,
    close,
    compare,
    copy_marts,
    ledger_revenue,
    open_work,
)
from segmentation_serving.generations import (
    NAME,
    PUBLISHED,
    Record,
    Served,
    check_intact,
    check_no_wal,
    locked,
    prune,
    publication_id,
    recover,
    rolled_back,
    seal,
    serve,
    settle,
    timestamp,
    write_journal,
)
from segmentation_serving.marts import Mart, read_marts
from segmentation_serving.refusal import Refused


def publish(
    warehouse: Path, target: Path, git_revision: str = "unknown"
) -> tuple[Record, Record | None]:
    """Publish the last build of a warehouse folder.

    Parameters
    ----------
    warehouse : folder with `work/` and `served/`
    target : folder of dbt's run_results.json and manifest.json
    git_revision : commit of the project

    Returns
    -------
    The record of the publication, and of what was served before, if anything was.

    Raises
    ------
    Refused
        The build did not pass, the copy differs, or somebody else publishes. What is
        served stays as it is.
    """
    served = Served(warehouse / "served")
    work_file = warehouse / "work" / NAME
    build = check_build(target / "run_results.json", work_file)
    marts, settings_table = read_marts(target / "manifest.json", build)
    with locked(served):
        journal = recover(served)
        check_no_wal(served, served.current())
        number = 1 + max([0, *served.kept(), *(line.generation for line in journal)])
        temporary = served.generations / f".new.{number:06}"
        temporary.mkdir(parents=True)
        try:
            with open_work(work_file) as connection:
                settings = _read_settings(connection, settings_table)
                found, revenue = _copy(connection, marts, settings, temporary / NAME)
                record = _record(number, build, settings, found, revenue, git_revision)
                _insert(connection, marts, [*journal, record])
                close(connection, temporary / NAME)
            seal(temporary, record)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        settle(temporary, served.generation(number))
        serve(served, number)
        write_journal(served, [*journal, record])
        prune(served, int(settings["published_generations"]))
    return record, journal[-1] if journal else None


def _copy(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    settings: Mapping[str, str],
    file: Path,
) -> tuple[dict[str, Totals], Decimal | None]:
    """Copy the marts; return the totals that both sides have, and the net revenue."""
    copy_marts(connection, marts, file)
    found = compare(connection, marts)
    tolerance = Decimal(settings["finance_ledger_tolerance_amount"])
    return found, ledger_revenue(connection, marts, tolerance)


def _record(
    number: int,
    build: Build,
    settings: Mapping[str, str],
    found: Mapping[str, Totals],
    revenue: Decimal | None,
    git_revision: str,
) -> Record:
    now = datetime.now(UTC)
    totals = {name: asdict(table) for name, table in sorted(found.items())}
    return Record(
        publication_id=publication_id(number, now),
        connector=settings["connector"],
        action=PUBLISHED,
        git_revision=git_revision,
        build_id=build.build_id,
        currency_code=settings["reporting_currency"],
        control_totals=json.dumps(totals),
        generation=number,
        tables=len(found),
        total_rows=sum(table.rows for table in found.values()),
        net_revenue_amount=None if revenue is None else str(revenue),
        as_of_date=settings["as_of_date"],
        published_at=timestamp(now),
    )


def _read_settings(
    connection: duckdb.DuckDBPyConnection, table: Mart
) -> Mapping[str, str]:
    """Return what the build was made with, whatever vars.yml says by now."""
    return dict(
        connection.execute(
            f"select setting, setting_value from {WORK}.{table.sql}"
        ).fetchall()
    )


def _insert(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    records: Sequence[Record],
) -> None:
    """Write the journal into the list of publications, whose types the texts take."""
    (mart,) = [mart for mart in marts if mart.is_publications]
    rows = [asdict(record) for record in records]
    names = list(rows[0])
    places = ", ".join("?" for _ in names)
    connection.executemany(
        f"insert into {FRESH}.{mart.sql} ({', '.join(names)}) values ({places})",
        [list(row.values()) for row in rows],
    )


def roll_back(warehouse: Path, number: int | None = None) -> tuple[Record, Record]:
    """Serve an earlier generation again.

    Parameters
    ----------
    warehouse : folder with `served/`
    number : the generation; by default the latest kept before the one that is served

    Returns
    -------
    The record of the rollback, and of what was served before.

    Raises
    ------
    Refused
        Nothing is served, there is no such generation, it is not as it was published,
        or somebody else publishes. What is served stays as it is.
    """
    served = Served(warehouse / "served")
    if not served.folder.is_dir():
        raise Refused(f"{served.link} is missing: run `make publish` first.")
    with locked(served):
        journal = recover(served)
        current = served.current()
        if current is None:
            raise Refused(f"{served.link} is missing: run `make publish` first.")
        others = [other for other in served.kept() if other != current]
        earlier = [other for other in others if other < current]
        if number is None:
            if not earlier:
                raise Refused(
                    f"There is no generation before {current}, which is served."
                    f"{_choice(others)}"
                )
            number = earlier[-1]
        if number not in others:
            raise Refused(
                f"Generation {number} cannot be served instead of {current}."
                f"{_choice(others)}"
            )
        check_no_wal(served, number)
        check_intact(served, number)
        latest = [line for line in journal if line.generation == number][-1]
        serve(served, number)
        record = rolled_back(latest, datetime.now(UTC))
        write_journal(served, [*journal, record])
    return record, journal[-1]


def _choice(numbers: Sequence[int]) -> str:
    if not numbers:
        return " No other is kept: publish again."
    return f" Choose one with `make rollback GENERATION=`: {numbers}."
