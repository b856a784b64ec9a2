"""Volume: wall time, CPU time and peak memory of replay, beside DuckDB that groups the same log.

    python -m bench.volume --data DIR [--generated] [--pair-hours] [--out DIR]

replay runs both published rules, then all rules, as a user would run them, on DIR/big_dev;
`--generated` adds 5,000,000 made-up Zeek connections of 100,000 pairs and 1,000,000 of as many
pairs. DuckDB reads each log with as many threads and groups it by sender, destination and hour.
`--pair-hours` runs a published rule over 2,000,000 pair-hours of 60,000 pairs, compares its rows
with those of its SQL, and says how near it came to each of Splunk's limits.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console

from replay.cores import processes

from . import SCORER_HOME, connections, pair_hours, recordings
from .connections import Shape
from .report import REPORT_HOME, Table, markdown, show
from .resources import Used, machine, used

ROOT = Path(SCORER_HOME).parent
RECORDED = "big_dev"
GENERATED = (Shape(5_000_000, 100_000, 24), Shape(1_000_000, 1_000_000, 24))
PAIR_HOURS = Shape(2_000_000, 60_000, 168)
PUBLISHED = (
    "T1029 - High Volume Transfer at Specific Intervals - Rule",
    "T1029 - Recurring Connections to One Destination - Rule",
)
BOTH, ALL, GROUPED = "both published rules", "all rules", "DuckDB, by hour and pair"
MEGABYTE = 10**6


class Run(NamedTuple):
    """What one program used on a log, and how many rows it gave."""

    log: str
    program: str
    used: Used
    rows: int


def replayed(log: Path, searches: Sequence[str], output: Path) -> tuple[Used, int]:
    """Run searches (none: all rules) over a log; return what that used, and the findings."""
    named = [word for name in searches for word in ("--search", name)]
    command = [sys.executable, "-m", "replay", "--zeek", str(log), "--output", "json", *named]
    spent = used(command, output, ROOT)
    return spent, sum(len(one["results"]) for one in json.loads(output.read_text()))


def grouped(log: Path, output: Path) -> tuple[Used, int]:
    """Group a log in DuckDB; return what that used, and the pair-hours."""
    spent = used([sys.executable, "-m", "bench.grouped", str(log), str(processes())], output, ROOT)
    return spent, int(output.read_text().split()[0])


def runs(name: str, log: Path, output: Path) -> Iterator[Run]:
    """Run all programs over a log, one after the other."""
    yield Run(name, GROUPED, *grouped(log, output))
    yield Run(name, BOTH, *replayed(log, PUBLISHED, output))
    yield Run(name, ALL, *replayed(log, (), output))


def name_of(shape: Shape) -> str:
    """Say how large a made-up log is.

    >>> name_of(Shape(2_000, 100, 24))
    '2,000 connections of 100 pairs in 24 h'
    """
    return f"{shape.connections:,} connections of {shape.pairs:,} pairs in {shape.hours} h"


def all_runs(data: Path | None, shapes: Sequence[Shape]) -> Iterator[Run]:
    """Measure the recorded log, then made-up ones, each written for as long as it is needed."""
    with TemporaryDirectory(prefix="volume-") as folder:
        output = Path(folder) / "output.txt"
        if data:
            yield from runs(RECORDED, recordings.log_of(data / RECORDED), output)
        for shape in shapes:
            log = Path(folder) / "conn.json.gz"
            connections.write(log, shape)
            yield from runs(name_of(shape), log, output)


def table(measured: Sequence[Run], where: str) -> Table:
    """One line for each run, with its ratio to DuckDB's CPU time on the same log."""
    least = {run.log: run.used.cpu for run in measured if run.program == GROUPED}
    lines = [
        [
            f"{run.log}: {run.program}",
            f"{run.used.wall:.1f}",
            f"{run.used.cpu:.1f}",
            f"{run.used.cpu / least[run.log]:.1f}",
            f"{run.used.peak / MEGABYTE:,.0f}",
            f"{run.rows:,}",
        ]
        for run in measured
    ]
    heads = ("Log and program", "wall s", "CPU s", "CPU / DuckDB", "peak MB", "rows")
    note = f"CPU: user and system, memory: PSS, both of all processes. {where}."
    return Table("Volume", note, heads, lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write volume.md; exit code 1 where rows differ from the SQL."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.volume",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help=f"folder that holds {RECORDED}")
    parser.add_argument("--generated", action="store_true", help="made-up logs as well")
    parser.add_argument("--pair-hours", action="store_true", help="one rule beside its SQL")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPORT_HOME)
    options = parser.parse_args(arguments)
    where, made, equal = machine(), [], True
    measured = list(all_runs(options.data, GENERATED if options.generated else ()))
    if measured:
        made.append(table(measured, where))
    if options.pair_hours:
        found = pair_hours.compared(PAIR_HOURS)
        equal = found.equal
        made.append(pair_hours.table(found, name_of(PAIR_HOURS), where))
    if not made:
        parser.error("give --data, --generated or --pair-hours")
    for one in made:
        show(one, Console(width=120))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "volume.md").write_text("\n".join(map(markdown, made)), encoding="utf-8")
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
