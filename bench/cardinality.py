"""Cardinality: rows at each stage of the shipped rules, and a projection to larger sites.

    python -m bench.cardinality --data DIR [--set NAME]... [--search NAME]... [--widen] [--out DIR]

Runs each rule over each recording with its look-back, and `t1029_pairs` with several bin widths
over the whole recording. Counts the events read, those in scope, the rows after the first stats
(sent from indexers to the search head), the rows after the last stats (pairs), the rows scored
and the rows reported. The ratios give a projection to sites of a million to a billion
connections a day. It is linear: right for a site with more hosts, too high for a site whose hosts
communicate more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timezone
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from replay import InputError, Inputs, Result, run, times
from replay.app import short_name
from replay.engine import APP, App

from . import recordings
from .pairs import DAY
from .report import REPORT_HOME, Table, markdown, show
from .stopwatch import ours, seconds

SCORER = "schedulescore"
# A recording has no allow-list.
UNFILTERED = {"t1029_allow_list": "search *"}
EVERYWHERE = {"t1029_direction": 'direction IN ("outbound", "internal", "inbound")'}
HOURS = "search `t1029_events` | `t1029_flow` | `t1029_rollup_rows` | `t1029_rollup_scope`"
PAIRS = "search `t1029_events` | `t1029_pairs(1, 1)`"
# Widths (seconds) of the time bins, and the minimum number of active bins of a pair.
BINS, ACTIVE = (1, 10, 60, 300, 600, 3_600), 12
# About a second of scoring.
MOST_SCORED = 2_000
SITES = (10**6, 10**8, 10**9)
MEGABYTE = 1_000_000
NIGHT = 1_767_225_600.0
CONTEXT = ("utc_offset", "window_start", "window_end", "senders", "population", "bytes_in")


BINNED = {
    f"search `t1029_events` | `t1029_pairs({n}, {ACTIVE})` | {SCORER}": f"pairs in bins of {n} s"
    for n in BINS
}


# Run by hand: once on one day, and without reading an event.
BY_HAND = ("T1029 - Rollup Backfill", "T1029 - Test Alert")


class Reduction(NamedTuple):
    """How one rule reduced one recording, in rows."""

    rule: str
    events: int
    scoped: int
    rows: int
    pairs: int
    scored: int
    reported: int


class Widths(NamedTuple):
    """Bytes of text of an hourly row, a pair row and an observation; seconds to score a pair."""

    hour: float
    pair: float
    observation: float
    scoring: float


class Measured(NamedTuple):
    """One recording."""

    name: str
    reductions: list[Reduction]
    widths: Widths


def reduction(result: Result) -> Reduction:
    """Find the stages to count among those of a search, by their commands."""
    commands = [stage.command for stage in result.stages]
    rows = [stage.rows_out for stage in result.stages]
    scorer = commands.index(SCORER)
    reducing = [place for place in range(scorer) if commands[place] == "stats"]
    first, last = reducing[0], reducing[-1]
    return Reduction(
        BINNED.get(result.search, result.search),
        rows[0],
        rows[first - 1],
        rows[first],
        rows[last],
        rows[scorer],
        rows[-1],
    )


def width(row: Mapping[str, Any]) -> int:
    """Bytes of a row's values as comma-separated text.

    >>> width({'src': '10.0.0.1', 'observations': ['5', '65'], 'bytes_out': 7})
    16
    """
    values = [" ".join(map(str, v)) if isinstance(v, list) else str(v) for v in row.values()]
    return len(",".join(values).encode()) + 1


def _mean(figures: Iterable[float]) -> float:
    return statistics.fmean(list(figures) or [0.0])


def widths(hours: Sequence[Mapping], pairs: Sequence[Mapping]) -> Widths:
    """Measure the rows and time the scoring of the pairs with the most observations."""
    texts = [str(pair["observations"]) for pair in pairs]
    longest = sorted(pairs, key=lambda pair: -len(str(pair["observations"])))[:MOST_SCORED]
    work = [
        [str(pair["observations"]), {name: str(pair[name]) for name in CONTEXT if name in pair}]
        for pair in longest
    ]
    return Widths(
        _mean(map(width, hours)),
        _mean(map(width, pairs)),
        _mean(len(token) for text in texts for token in text.split()),
        seconds(ours, work) / max(1, len(work)),
    )


def measure(folder: Path, searches: Sequence[str] | None, widen: bool) -> Measured:
    """Run the rules over one recording."""
    log = recordings.log_of(folder)
    kind = "sysmon" if log.name.startswith("sysmon") else "zeek"
    inputs = Inputs(**{kind: (str(log),)})
    macros = {**UNFILTERED, **(EVERYWHERE if widen else {})}
    results = run(searches, inputs=inputs, macros=macros).results
    by_spl = run(spl=(HOURS, PAIRS, *BINNED), inputs=inputs, macros=macros).results
    hours, pairs, *binned = by_spl
    scoring = [one for one in results if SCORER in (stage.command for stage in one.stages)]
    scoring += binned
    reductions = [one for one in map(reduction, scoring) if one.events]
    return Measured(folder.name, reductions, widths(hours.rows, pairs.rows))


def measured_each(
    folders: Iterable[Path], searches: Sequence[str] | None, widen: bool
) -> Iterator[Measured]:
    """Measure recordings; report a recording that replay cannot read on stderr and skip it."""
    for folder in folders:
        try:
            yield measure(folder, searches, widen)
        except InputError as error:
            print(f"left out: {error}", file=sys.stderr)


def cardinality_table(measurements: Sequence[Measured]) -> Table:
    """Rows at each stage, one line for each rule and recording."""
    lines = [
        [f"{one.name}: {short_name(r.rule)}", *(f"{count:,}" for count in r[1:])]
        + [_share(r.rows, r.scoped), _share(r.pairs, r.scoped)]
        for one in measurements
        for r in one.reductions
    ]
    heads = ("Recording and rule", "events", "in scope", "rows", "pairs", "scored", "reported")
    note = "rows: after the first stats; pairs: after the last one before schedulescore."
    return Table("Rows at each stage", note, (*heads, "rows/scope", "pairs/scope"), lines)


def _share(count: int, scoped: int) -> str:
    return f"{count / scoped:.3f}" if scoped else ""


def widths_table(measurements: Sequence[Measured]) -> Table:
    """Width of the rows and the time to score a pair."""
    lines = [
        [
            one.name,
            *(f"{figure:.0f}" for figure in one.widths[:3]),
            f"{one.widths.scoring * 1e6:.0f}",
        ]
        for one in measurements
    ]
    heads = ("Recording", "bytes per hourly row", "bytes per pair", "bytes per observation")
    note = f"Text, not memory. Timed on the {MOST_SCORED:,} pairs with the most observations."
    return Table("Width of the rows", note, (*heads, "µs to score a pair"), lines)


def projection(measurements: Sequence[Measured]) -> Table:
    """The rows of each rule for each day of look-back, at sites of several sizes."""
    by_rule: dict[str, list[tuple[Reduction, Widths]]] = {}
    for one in measurements:
        for r in one.reductions:
            if r.scoped:
                by_rule.setdefault(r.rule, []).append((r, one.widths))
    lines = [
        [f"{short_name(rule)}, {site:,}", *_projected(site, found)]
        for rule, found in by_rule.items()
        for site in SITES
    ]
    heads = ("Rule, connections in scope a day", "rows", "MB of text", "pairs", "scored", "CPU s")
    note = "For each day of look-back, median and worst of the recordings."
    return Table("Projection", note, heads, lines)


def _projected(site: int, found: Sequence[tuple[Reduction, Widths]]) -> list[str]:
    """Rows, MB of text, pairs, scored pairs and CPU seconds: median and worst."""
    figures = [
        (
            site * r.rows / r.scoped,
            site * r.rows / r.scoped * w.hour / MEGABYTE,
            site * r.pairs / r.scoped,
            site * r.scored / r.scoped,
            site * r.scored / r.scoped * w.scoring,
        )
        for r, w in found
    ]
    return [f"{statistics.median(one):,.0f} to {max(one):,.0f}" for one in zip(*figures)]


def runs_a_day(cron: str) -> int:
    """Runs a day of a cron schedule with one minute and some hours.

    >>> runs_a_day('11 */4 * * *'), runs_a_day('37 5 * * *'), runs_a_day('2 * * * *')
    (6, 1, 24)
    """
    minute, hour, *days = cron.split()
    if not minute.isdigit() or "," in hour or days != ["*"] * 3:
        raise ValueError(f"not one minute of some hours of every day: {cron}")
    every = hour.partition("/")[2] if hour.startswith("*") else "24"
    return 24 // int(every or 1)


def look_back(stanza: Mapping[str, str]) -> float:
    """Days between a saved search's earliest and latest."""
    earliest, latest = (
        times.moment_of(stanza[f"dispatch.{side}_time"], NIGHT, timezone.utc)
        for side in ("earliest", "latest")
    )
    return (latest - earliest) / DAY


def schedule_table() -> Table:
    """The days of events that the shipped schedules read each day, if all are enabled."""
    lines = []
    for name, stanza in App.at(APP, {}, {}).searches.items():
        if name in BY_HAND:
            continue
        runs, days = runs_a_day(stanza["cron_schedule"]), look_back(stanza)
        lines.append([short_name(name), str(runs), f"{days:.1f}", f"{runs * days:.0f}"])
    heads = ("Search", "runs a day", "look-back, days", "days read a day")
    return Table("Schedules", "Days read a day: runs times look-back.", heads, lines)


def tables(measurements: Sequence[Measured]) -> list[Table]:
    """All tables of the report."""
    measured = (
        cardinality_table(measurements),
        widths_table(measurements),
        projection(measurements),
    )
    return [schedule_table(), *measured]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write cardinality.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.cardinality", description=__doc__)
    parser.add_argument("--data", metavar="DIR", type=Path, required=True)
    parser.add_argument("--set", metavar="NAME", action="append", help="default: every folder")
    parser.add_argument("--search", metavar="NAME", action="append", help="default: all rules")
    parser.add_argument("--widen", action="store_true", help="all directions, not outbound only")
    parser.add_argument("--out", metavar="DIR", type=Path, default=REPORT_HOME)
    options = parser.parse_args(arguments)
    names = options.set or sorted(one.name for one in options.data.iterdir() if one.is_dir())
    folders = [options.data / name for name in names]
    measured = list(measured_each(folders, options.search, options.widen))
    if not measured:
        parser.error(f"{options.data}: no readable recording")
    made = tables(measured)
    for table in made:
        show(table, Console())
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "cardinality.md").write_text("\n".join(map(markdown, made)), encoding="utf-8")


if __name__ == "__main__":
    main()
