"""Stages: the rows after each stage of each rule, and where each of Splunk's limits is reached.

    python -m bench.stages --data DIR [--set NAME]... [--search NAME]... [--out DIR]

Rows are shown where a command changes their number, also for each connection, pair and sender. The
limits are those that replay knows; how near each rule came to them is projected in proportion to
the connections of a day, to sites of a million to a billion a day. That is too much where a site's
hosts communicate more, rather than being more. What is held for each finding does not grow so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from replay import InputError, Result, Stage, limits, run
from replay.app import APP, RULE_SUFFIX, App, short_name
from replay.limits import LIMITS, Limit

from . import logs
from .cardinality import SITES, UNFILTERED
from .pairs import DAY
from .report import REPORT_HOME, Table, markdown, show

COUNTED = (
    "search `t1029_events` | `t1029_flow` | stats count, min(begin) AS first, max(begin) AS last "
    "BY orig_ip, resp_ip | stats sum(count) AS connections, count AS pairs, "
    "dc(orig_ip) AS senders, min(first) AS first, max(last) AS last"
)
# What one finding holds, or one value of a field: more connections make more of them, not larger.
OF_ONE = {limits.LIST, limits.EVENT_CHARACTERS, limits.EVENT_FIELDS}


class Log(NamedTuple):
    """What a log holds; days between its first and its last connection, one at least."""

    name: str
    connections: float
    pairs: float
    senders: float
    days: float


class Staged(NamedTuple):
    """The rules over one log."""

    log: Log
    results: list[Result]


def staged(folder: Path, searches: Sequence[str] | None) -> Staged:
    """Run the rules, one after the other, over one log."""
    rules = searches or App.at(APP, {}, {}).rules(RULE_SUFFIX)
    outcome = run(rules, [COUNTED], logs.inputs_of(folder), macros=UNFILTERED)
    *results, counted = outcome.results
    if not counted.rows:
        raise InputError(f"{folder}: holds no connection")
    (found,) = counted.rows
    days = max(1.0, (found["last"] - found["first"]) / DAY)
    counts = (found[name] for name in ("connections", "pairs", "senders"))
    return Staged(Log(folder.name, *counts, days), results)


def changing(stages: Sequence[Stage]) -> list[tuple[int, Stage]]:
    """Return the stages, with their places from 1, after which there are more or fewer rows.

    >>> changing([Stage("search", 9), Stage("eval", 9), Stage("stats", 4), Stage("where", 4)])
    [(1, Stage(command='search', rows_out=9)), (3, Stage(command='stats', rows_out=4))]
    """
    numbered = list(enumerate(stages, 1))
    pairs = zip(numbered, numbered[1:])
    return numbered[:1] + [two for one, two in pairs if one[1].rows_out != two[1].rows_out]


def stages_table(one: Staged) -> Table:
    """The rows of each rule after each stage that changes their number."""
    log = one.log
    lines = [
        [f"{short_name(result.search)}: {place} {stage.command}", f"{stage.rows_out:,}"]
        + [f"{stage.rows_out / of:.4g}" for of in (log.connections, log.pairs, log.senders)]
        for result in one.results
        for place, stage in changing(result.stages)
    ]
    note = (
        f"{log.connections:,.0f} connections, {log.pairs:,.0f} pairs, {log.senders:,.0f} senders, "
        f"{log.days:.1f} days. Stages that change no number are left out."
    )
    heads = ("Rule, stage", "rows", "a connection", "a pair", "a sender")
    return Table(f"Rows after each stage: {log.name}", note, heads, lines)


def reached(limit: Limit, held: int, log: Log) -> list[str]:
    """Return what a site of each size would hold of a limit, and the size at which it is reached.

    >>> reached(limits.APPEND, 500, Log("made up", 10_000, 10, 5, 2.0))
    ['100,000 *', '10,000,000 *', '100,000,000 *', '500,000']
    """
    if not held or limit in OF_ONE:
        return [f"{held:,}"] * len(SITES) + ["at no size"]
    for_each = held / (log.connections / log.days)
    sizes = [for_each * site for site in SITES]
    marked = [f"{size:,.0f}{' *' if size > limit.most else ''}" for size in sizes]
    return [*marked, f"{limit.most / for_each:,.0f}"]


def limits_table(one: Staged) -> Table:
    """How near each rule came to each limit, and where it would reach it."""
    lines = [
        [f"{short_name(result.search)}: {limit.setting}", f"{limit.most:,}", f"{held:,}"]
        + reached(limit, held, one.log)
        for result in one.results
        for limit in LIMITS
        for held in [(result.held or {}).get(limit.setting, 0)]
        if held
    ]
    sites = [f"{site:,} a day" for site in SITES]
    note = "* beyond the limit. Left out: limits that no command of a rule meets."
    heads = ("Rule, limit", "most", "held", *sites, "reached at, connections a day")
    return Table(f"Splunk's limits: {one.log.name}", note, heads, lines)


def staged_each(folders: Iterable[Path], searches: Sequence[str] | None) -> Iterator[Staged]:
    """Run the rules over logs; say on stderr which could not be read."""
    for folder in folders:
        try:
            yield staged(folder, searches)
        except InputError as error:
            print(f"left out: {error}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write stages.md."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.stages",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", metavar="DIR", type=Path, required=True)
    parser.add_argument("--set", metavar="NAME", action="append", help="default: all but huge ones")
    parser.add_argument("--search", metavar="NAME", action="append", help="default: all rules")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPORT_HOME)
    options = parser.parse_args(arguments)
    folders, huge = logs.sets(options.data, options.set or [])
    if huge:
        print(f"left out for their size (name them with --set): {', '.join(huge)}", file=sys.stderr)
    made = [
        table
        for one in staged_each(folders, options.search)
        for table in (stages_table(one), limits_table(one))
    ]
    if not made:
        parser.error(f"{options.data}: no readable recording")
    for one in made:
        show(one, Console(width=140))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "stages.md").write_text("\n".join(map(markdown, made)), encoding="utf-8")


if __name__ == "__main__":
    main()
