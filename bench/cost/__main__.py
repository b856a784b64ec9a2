"""The command line: a table for each set, and one of all sets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench import logs
from bench.report import Table, show
from replay import InputError, Inputs
from replay.app import short_name
from replay.engine import APP, App

from .matched import CONNECTIONS, DAYS, HOURS, ROWS, Matched, matched
from .reads import Cost, by_group, costs, rows_per_event, total

# Reads a day: of a connection event, of rows for a connection event, of any other event.
MOST_CONNECTIONS, MOST_ROWS, MOST_OTHERS = 2.0, 20.0, 8.0
OFFICE_DAYS = 7


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    made.add_argument("--data", type=Path, help="folder of recordings, a folder each")
    made.add_argument("--set", action="append", default=[], metavar="NAME", help="only these")
    made.add_argument("--office", action="store_true", help="the simulated office too")
    made.add_argument("--days", type=int, default=7, help="days of schedules; default 7")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; exit code 1 where a set costs more than the targets."""
    options = parser().parse_args(arguments)
    console = Console(highlight=False, width=120)
    if not options.data and not options.office:
        print("bench.cost: give --data or --office", file=sys.stderr)
        return 2
    held = []
    folders, huge = logs.sets(options.data, options.set) if options.data else ([], [])
    for folder in folders:
        try:
            held.append(measured(folder.name, logs.inputs_of(folder), options.days, console))
        except InputError as error:
            print(f"{folder.name}: left out: {error}", file=sys.stderr)
    if options.office:
        with logs.office(OFFICE_DAYS) as folder:
            held.append(measured("office", logs.inputs_of(folder), options.days, console))
    if huge:
        console.print(f"Left out for their size (name them with --set): {', '.join(huge)}")
    return 0 if all(held) else 1


def measured(name: str, inputs: Inputs, days: int, console: Console) -> bool:
    """Print what one set costs; return whether it is within the targets."""
    found = matched(inputs)
    each = costs(App.at(APP, {}, {}).searches, found, days)
    sums = total(each)
    show(table(name, found, each), console)
    rows = by_group(sums, ROWS, found.events) * rows_per_event(found)
    others = {kind: reads for kind, reads in sums.items() if kind.group == "other"}
    for kind, reads in sorted(others.items(), key=lambda item: -item[1]):
        console.print(
            f"  {kind.log}: {found.events[kind]:,} events, each read {reads:.1f} times a day"
        )
    connections = by_group(sums, CONNECTIONS, found.events)
    return (
        connections <= MOST_CONNECTIONS
        and rows <= MOST_ROWS
        and all(reads <= MOST_OTHERS for reads in others.values())
    )


def table(name: str, found: Matched, each: Sequence[Cost]) -> Table:
    """Return reads a day by search, and of all."""
    share = rows_per_event(found)
    every = Cost("all", sum(cost.runs for cost in each), total(list(each)))
    lines = [line(cost, found, share) for cost in [*each, every] if any(cost.reads.values())]
    connections = max(1, found.number(CONNECTIONS))
    note = (
        f"{found.number(CONNECTIONS):,} connection events and {found.number('other'):,} others "
        f"in {found.days} days; "
        f"{found.events.get(HOURS, 0) / connections:.3f} rows of an hour and "
        f"{found.events.get(DAYS, 0) / connections:.3f} of a day per connection event. "
        "Reads of each a day."
    )
    heads = ["Search", "runs a day", "connections", "other events", "a row", "rows per event"]
    return Table(name, note, heads, lines)


def line(cost: Cost, found: Matched, share: float) -> list[str]:
    """Return a search's reads as text."""
    groups = [by_group(cost.reads, group, found.events) for group in (CONNECTIONS, "other", ROWS)]
    figures = [cost.runs, *groups, groups[-1] * share]
    short = short_name(cost.search)
    return [short, *(f"{figure:.2f}" if figure else "" for figure in figures)]


if __name__ == "__main__":
    sys.exit(main())
