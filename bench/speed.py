"""Pairs per second of the scorer and of RITA's formulas on the same strings, as ratios.

    python -m bench.speed [--data DIR] [--python PATH]... [--out DIR]

Then the CPU time of the search command itself, as ratio to a stock SDK command that copies rows.
Absolute figures depend on the machine; the ratio matters. Rounds alternate in one process, and
medians are compared. Without --python it uses Python 3.9 and 3.13 if they are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from office import schedules

from . import SCORER_HOME, command, recordings, services
from .pairs import Connection, joined
from .report import REPORT_HOME, Table, publish
from .simulator import FIRST_MIDNIGHT

REAL = "big_dev"
WANTED_VERSIONS = ("3.9", "3.13")
# Number of pairs of each length: some hundredths of a second a round.
REGULAR = {20: 500, 50: 300, 1_000: 60}
WANTED_RATIO = {20: 1.5, 50: 1.5, 1_000: 3.0}
WANTED_REAL_RATIO = 5.0
WANTED_COMMAND_RATIO = 3.0
ANYWHERE = recordings.Scope(frozenset({"outbound", "internal", "inbound", "external"}))


def regular_pair(rng: Random, length: int) -> list:
    """A beacon with `length` observations: jitter up to 10 %, sizes that vary slightly."""
    period = rng.uniform(60, 3_600)
    end = FIRST_MIDNIGHT + period * (length + 2)
    times = schedules.every(rng, FIRST_MIDNIGHT, end, period, rng.uniform(0, 0.1))[:length]
    sizes = [(rng.randint(900, 1_100), rng.randint(200, 300)) for _ in times]
    context = {
        "window_start": str(FIRST_MIDNIGHT),
        "window_end": str(end),
        "senders": "1",
        "population": "240",
        **services.of_port("443"),
        "app": "ssl",
    }
    return [joined(Connection(time, *size) for time, size in zip(times, sizes)), context]


def regular_name(length: int) -> str:
    return f"regular, {length:,} observations"


def workloads(data: Path | None) -> dict[str, list]:
    """The strings and contexts to score, by name."""
    rng = Random(7)
    work = {
        regular_name(length): [regular_pair(rng, length) for _ in range(number)]
        for length, number in REGULAR.items()
    }
    if data:
        logged = recordings.flows(recordings.log_of(data / REAL))
        pairs = recordings.traffic(logged, ANYWHERE).pairs
        real = [[joined(one.connections), one.context] for one in pairs]
        work[f"real pairs of {REAL}"] = [
            one for one in real if len(one[0].split()) >= recordings.MIN_CONNECTIONS
        ]
    return work


def found_pythons() -> list[str]:
    """Python 3.9 and 3.13 on the path or under pyenv, else this one."""
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = []
    for wanted in WANTED_VERSIONS:
        candidates = [shutil.which(f"python{wanted}")]
        candidates += map(str, versions.glob(f"{wanted}.*/bin/python"))
        found += [path for path in candidates if path and _version(path)][:1]
    return found or [sys.executable]


def _version(python: str) -> str:
    """The full version, empty if the program does not run."""
    asked = [python, "-c", "import platform; print(platform.python_version())"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def measured(python: str, work: Path) -> dict[str, dict]:
    """Run the stopwatch in one Python."""
    root = Path(SCORER_HOME).parent
    answer = subprocess.run(
        [python, "-m", "bench.stopwatch", str(work)],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


def _wanted(workload: str) -> float:
    regular = {regular_name(length): ratio for length, ratio in WANTED_RATIO.items()}
    return regular.get(workload, WANTED_REAL_RATIO)


def rows_of(version: str, measurements: dict[str, dict]) -> list[list[str]]:
    """The lines of one Python."""
    rows = []
    for workload, figures in measurements.items():
        ours, reading, rita = (
            statistics.median(figures[name]) for name in ("ours", "reading", "rita")
        )
        rows.append(
            [
                version,
                workload,
                f"{figures['pairs']:,}",
                f"{figures['pairs'] / ours:,.0f}",
                f"{figures['pairs'] / rita:,.0f}",
                f"{rita / ours:.2f}",
                f"{rita / reading:.1f}",
                f"{_wanted(workload):g}",
            ]
        )
    return rows


def table(pythons: Sequence[str], work: dict[str, list]) -> Table:
    """All Pythons over all workloads."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "workloads.json"
        file.write_text(json.dumps(work))
        rows = [row for path in pythons for row in rows_of(_version(path), measured(path, file))]
    return Table(
        "Speed compared with an implementation of RITA's formulas",
        "CPU time, medians of interleaved rounds in one process; all parse the same strings. "
        "RITA: its formulas with the statistics module over all observations. This scorer also "
        "gets window, port, service, senders and population. Parsing alone: the ratio for parsing "
        "the rows without scoring.",
        [
            "Python",
            "workload",
            "pairs",
            "this scorer, pairs/s",
            "RITA, pairs/s",
            "ratio",
            "parsing alone",
            "wanted",
        ],
        rows,
    )


def command_table(pythons: Sequence[str]) -> Table:
    """The search command beside a stock one, in all Pythons."""
    rows = []
    for path in pythons:
        cost = command.measured(path)
        micros = [f"{seconds * 1e6:.0f}" for seconds in (cost.ours, cost.stock)]
        rows.append([_version(path), *micros, f"{cost.ratio:.2f}", f"{WANTED_COMMAND_RATIO:g}"])
    return Table(
        "The search command beside a stock SDK command that copies its rows",
        f"CPU time of processes in turn, without their start-up: {command.ROWS:,} rows of pairs "
        f"without a schedule, {command.OBSERVATIONS} observations in {command.DAYS} days each, "
        "with the fields that the rules send.",
        ["Python", "schedulescore, µs/row", "stock, µs/row", "ratio", "wanted, at most"],
        rows,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--data", type=Path, help=f"folder that holds {REAL}")
    parser.add_argument("--python", action="append", help="a Python to measure; repeatable")
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    chosen = parser.parse_args(arguments)
    pythons = chosen.python or found_pythons()
    tables = [table(pythons, workloads(chosen.data)), command_table(pythons)]
    publish(tables, chosen.out / "speed.md")


if __name__ == "__main__":
    main()
