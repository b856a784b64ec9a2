"""The command line of the comparison; exit code 1 where the SPL and the ledger differ."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from time import perf_counter

from . import generate, ledger
from .compare import Settings, Verdict, check
from .shrink import shrunk
from .writings import WRITINGS, cases

SHOWN_EVENTS = 60
SHOWN_HOURS = 24
SHOWN_DIFFERENCES = 12


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.flows", description=__doc__)
    add = made.add_argument
    add("--sets", type=int, default=1000, help="how many sets of flows; default 1000")
    add("--seed", type=int, default=1)
    add("--workers", type=int, default=1, help="processes; default 1")
    add("--kind", default="", help='only kinds that hold this text, such as "nightly / zeek"')
    add("--hourly", default="t1029_hourly", metavar="MACRO", help="the macro that gives the hours")
    add("--macro", metavar="NAME=TEXT", action="append", default=[], type=_named)
    add("--lookup", metavar="NAME=F", action="append", default=[], type=_named)
    add("--quiet", action="store_true", help="the table only, no failing sets in full")
    return made


def _named(written: str) -> tuple[str, str]:
    name, sign, value = written.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"'{written}' is not of the form NAME=VALUE")
    return name, value


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison and print failures by kind of writing, and a summary."""
    options = parser().parse_args(arguments)
    settings = Settings(options.hourly, tuple(options.macro), tuple(options.lookup))
    started = perf_counter()
    verdicts = check(cases(options.sets, options.seed, options.kind), settings, options.workers)
    failed = [verdict for verdict in verdicts if verdict.differences]
    if not options.quiet:
        for smallest in shrunk(smallest_by_writing(failed), settings):
            print(in_full(smallest), end="\n\n")
    print(table(verdicts))
    events = sum(len(verdict.case.events) for verdict in verdicts)
    seconds = perf_counter() - started
    print(
        f"\n{len(verdicts)} sets, {events:,} rows, {seconds:.0f} s: "
        f"{len(failed)} sets differ from the ledger"
    )
    return 1 if failed else 0


def smallest_by_writing(failed: list[Verdict]) -> list[Verdict]:
    """Return the failing set that is the shortest to print, of each kind of writing."""
    by_writing = defaultdict(list)
    for verdict in failed:
        by_writing[verdict.case.writing].append(verdict)
    return [min(group, key=_length) for group in by_writing.values()]


def _length(verdict: Verdict) -> int:
    return len(verdict.case.events) + len(verdict.differences)


def in_full(verdict: Verdict) -> str:
    """Return a set as text: flows, sensors, rows, ledger, differences."""
    case = verdict.case
    lines = [f"=== {case.kind}, set {case.number}"]
    lines += [f"flow    {flow}" for flow in case.flows]
    lines += [f"sensor  {sensor}" for sensor in case.sensors]
    events = sorted(case.events, key=lambda event: (event["_indextime"], event["_time"]))
    lines += [f"row     {event}" for event in events[:SHOWN_EVENTS]]
    lines += _left_out(events, SHOWN_EVENTS, "rows")
    for ties in ledger.ledgers(case.known).values():
        first = ties[0]
        lines.append(f"ledger  {first.src} {first.dest_ip}, by {', '.join(first.speakers)}")
        lines += [f"        {start}: {hour}" for start, hour in first.hours.items()][:SHOWN_HOURS]
        lines += _left_out(list(first.hours), SHOWN_HOURS, "hours")
    lines += [f"wrong   {line}" for line in verdict.differences[:SHOWN_DIFFERENCES]]
    return "\n".join(lines + _left_out(verdict.differences, SHOWN_DIFFERENCES, "differences"))


def _left_out(items: list, shown: int, name: str) -> list[str]:
    return [f"        ... and {len(items) - shown} more {name}"] if len(items) > shown else []


def table(verdicts: list[Verdict]) -> str:
    """Return failing of all sets, by kind of writing (down) and of traffic (across)."""
    every, failing = Counter(), Counter()
    for verdict in verdicts:
        key = verdict.case.writing, verdict.case.traffic
        every[key] += 1
        failing[key] += bool(verdict.differences)
    columns = [name for name in generate.TRAFFIC if any(key[1] == name for key in every)]
    lines = [f"{'failing of all':<26}" + "".join(f"{name:>16}" for name in columns)]
    for writing in WRITINGS:
        cells = [(failing[writing, name], every[writing, name]) for name in columns]
        if any(total for _, total in cells):
            written = [f"{wrong} of {total}" if total else "-" for wrong, total in cells]
            lines.append(f"{writing:<26}" + "".join(f"{cell:>16}" for cell in written))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
