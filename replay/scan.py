"""What searches do to each event by itself, done once for all of them: filter, compute, count.

A part of a search is its first filter, the commands after it that look at each event by itself,
and, where it follows, the `stats` that makes groups of them. Searches that begin with the same part
share it with any windows: the groups are made for each cell of time in which no window begins
or ends, and those of a window are merged of its cells. In Splunk, indexers do this.
"""

import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, takewhile
from math import inf
from operator import itemgetter
from typing import Any, Callable, NamedTuple, Optional

from .arrival import arrival
from .commands.base import Command, Fields, Filter, Reducing, RowByRow, needed, passed_on
from .errors import LocatedError, SplError
from .generated import Body
from .search_context import EVER, MAIN

Row = dict[str, Any]
# The places of the bounds of windows that its times lie before, likewise of index times; the hour.
Cell = tuple[int, int, Optional[float]]
HOUR = 3600.0
# Events that are looked at together for the fields that none of them has.
BATCH = 2000
_ASKS_THE_TIME = re.compile(r"\b(now|time)\s*\(")


class Sink(NamedTuple):
    """What a part has of one cell: its groups, or (time, row) pairs, and the counts of its rows."""

    taken: Any
    counts: list[int]


class Window(NamedTuple):
    """The times of the events that a search sees, and those at which they were indexed."""

    bounds: tuple[float, float]
    indexed: tuple[float, float]


def extent(commands: Sequence[Command], texts: Sequence[str]) -> int:
    """Return the number of commands that make the part of a search, 0 for none."""
    if not isinstance(commands[0], Filter):
        return 0
    pairs = takewhile(lambda pair: _is_alone(*pair), zip(commands[1:], texts[1:]))
    end = 1 + sum(1 for _ in pairs)
    reduces = end < len(commands) and isinstance(commands[end], Reducing)
    fits = reduces and not (commands[end].by_order or _ASKS_THE_TIME.search(texts[end]))
    return end + fits


def _is_alone(command: Command, text: str) -> bool:
    """Tell whether what it makes of an event depends on nothing else, not even the search."""
    return isinstance(command, RowByRow) and command.constant and not _ASKS_THE_TIME.search(text)


class Part:
    """The part of some searches, which differ in their windows only."""

    def __init__(
        self,
        commands: Sequence[Command],
        texts: Sequence[str],
        any_index: bool,
        where: Callable[[int], str],
    ):
        self.commands, self.texts = list(commands), texts
        self.any_index, self.where = any_index, where
        self.reduces = isinstance(commands[-1], Reducing)
        if self.reduces:
            # Its own, since which aggregates are read depends on all its searches.
            self.commands[-1] = commands[-1].in_any_order()
        self.windows: set[Window] = set()
        self.wanted: Fields = set()
        self.cells: dict[Cell, Optional[Sink]] = {}

    def need(self, window: Window, wanted: Fields) -> None:
        """Serve another search, with the fields that are read after it."""
        self.windows.add(window)
        self.wanted = None if wanted is None or self.wanted is None else self.wanted | wanted

    def limit(self) -> None:
        """Compute only what is read by one of its searches."""
        if self.reduces and self.wanted is not None:
            self.commands[-1].limit_to(self.wanted)

    def sink(self) -> Sink:
        """Return what it has of a cell before the first event."""
        return Sink({} if self.reduces else [], [0] * len(self.commands))

    def live(self, place: int) -> Fields:
        """Return the fields that are read after one of its commands."""
        return needed(self.commands[place + 1 :], self.wanted)

    def add(self, cells: dict[Cell, Optional[Sink]]) -> None:
        """Add what it has of later events."""
        for cell, other in cells.items():
            own = self.cells.get(cell)
            if own is None:
                self.cells[cell] = other
            elif other is not None:
                if self.reduces:
                    self.commands[-1].merge(own.taken, other.taken)
                else:
                    own.taken.extend(other.taken)
                own.counts[:] = map(sum, zip(own.counts, other.counts))


class Cells(dict):
    """The sinks of a part by cell, made when the first event comes."""

    def __init__(self, made):
        self.made = made

    def __missing__(self, cell: Cell) -> Optional[Sink]:
        found = self[cell] = self.made(cell)
        return found


class Found(NamedTuple):
    """What some events came to: their times, the cells of each part, the events in each cell."""

    times: array
    cells: list[dict[Cell, Optional[Sink]]]
    seen: dict[Cell, int]


class Straddled(Exception):
    """A window begins or ends within a cell."""


class Scan:
    """The parts of some searches, and what they have found in the events so far.

    Where not all windows are known yet, cells end at each full hour too (`by_hour`).
    """

    def __init__(self, parts: list[Part], by_hour: bool = False):
        self.parts = parts
        windows = {window for part in parts for window in part.windows}
        self.bounds = sorted({time for window in windows for time in window.bounds} | {*EVER})
        indexed = {time for window in windows for time in window.indexed} | {*EVER}
        self.index_bounds = sorted(indexed)
        self.seen: dict[Cell, int] = defaultdict(int)
        self.times = array("d")
        self.newest = -inf
        for part in parts:
            part.limit()
        self.by_hour = by_hour
        reads = [needed(part.commands, part.wanted) for part in parts]
        self._reads = None if None in reads else set().union(*reads)
        self._present: set[str] = set()
        self._written: dict[frozenset, tuple[Body, Callable]] = {}

    def of(self, events: Iterable[Row]) -> Found:
        """Return what some events come to."""
        cells = [Cells(partial(self._made, part)) for part in self.parts]
        seen: dict[Cell, int] = defaultdict(int)
        times = array("d")
        events = iter(events)
        while batch := list(islice(events, BATCH)):
            self._present.update(*batch)
            body, run = self._code()
            try:
                run(batch, seen, cells, times.append)
            except SplError as error:
                part, place = body.marked(error)
                raise LocatedError(f"{part.where(place)}: {error}") from None
        return Found(times, [dict(one) for one in cells], dict(seen))

    def _code(self) -> tuple[Body, Callable]:
        """Return what runs over events that have no other fields than those seen so far."""
        absent = frozenset(() if self._reads is None else self._reads - self._present)
        if absent not in self._written:
            body = Body(absent)
            _write(body, self.parts, self.bounds, self.index_bounds, self.by_hour)
            self._written[absent] = body, body.function("events, seen, cells, note")
        return self._written[absent]

    def _made(self, part: Part, cell: Cell) -> Optional[Sink]:
        wanted = any(self._within(window, cell) for window in part.windows)
        return part.sink() if wanted else None

    def _within(self, window: Window, cell: Cell) -> bool:
        """Tell whether a cell is in a window; if only some of it is, it is straddled."""
        place, index_place, hour = cell
        low, high = self.bounds[place - 1], self.bounds[place]
        if hour is not None:
            low, high = max(low, hour * HOUR), min(high, (hour + 1) * HOUR)
        indexed = self.index_bounds[index_place - 1], self.index_bounds[index_place]
        sides = (low, high, *window.bounds), (*indexed, *window.indexed)
        if any(high <= start or end <= low for low, high, start, end in sides):
            return False
        newest = self.newest
        if any(low < start or (end < high and end <= newest) for low, high, start, end in sides):
            raise Straddled
        return True

    def fits(self, part: Part, window: Window) -> bool:
        """Tell whether what a part has of a window is known."""
        try:
            self.sinks(part, window)
        except Straddled:
            return False
        return True

    def add(self, found: Found) -> None:
        """Add what later events came to."""
        self.times.extend(found.times)
        self.newest = max(self.newest, max(found.times, default=-inf))
        for part, cells in zip(self.parts, found.cells):
            part.add(cells)
        for cell, count in found.seen.items():
            self.seen[cell] += count

    def searched(self, window: Window) -> int:
        """Return the number of events in a window."""
        start, end = window.bounds
        if window.indexed == EVER:
            return sum(start <= time < end for time in self.times)
        return sum(count for cell, count in self.seen.items() if self._within(window, cell))

    def sinks(self, part: Part, window: Window) -> list[Sink]:
        """Return what a part has of a window."""
        return [
            sink
            for cell, sink in part.cells.items()
            if sink is not None and self._within(window, cell)
        ]

    def counts(self, part: Part, window: Window) -> list[int]:
        """Return the number of rows that came out of each command of a part in a window."""
        sums = [0] * len(part.commands)
        for sink in self.sinks(part, window):
            sums = list(map(sum, zip(sums, sink.counts)))
        passed_on(part.commands, sums)
        return sums

    def rows(self, part: Part, window: Window) -> Iterator[Row]:
        """Return the rows of a window: of its groups, or newest first, which may be changed."""
        taken = [sink.taken for sink in self.sinks(part, window)]
        if part.reduces:
            largest, *others = sorted(taken, key=len, reverse=True) or [{}]
            groups = dict(largest) if others else largest
            for other in others:
                part.commands[-1].merge(groups, other)
            return part.commands[-1].rows(groups, keep=True)
        pairs = sorted(chain.from_iterable(taken), key=itemgetter(0), reverse=True)
        return (dict(row) for _, row in pairs)


def _write(
    body: Body, parts: list[Part], bounds: list[float], index_bounds: list[float], by_hour: bool
) -> None:
    bisect = body.constant(bisect_right)
    body.begin("for event in events:")
    body.line("get = event.get\ntime = event['_time']\nnote(time)")
    index = f"{bisect}({body.constant(index_bounds)}, {body.constant(arrival)}(event))"
    index = index if set(index_bounds) - {*EVER} else "1"
    hour = f"time // {HOUR}" if by_hour else None
    body.line(f"cell = {bisect}({body.constant(bounds)}, time), {index}, {hour}")
    body.line("seen[cell] += 1")
    branches = []
    for number, part in enumerate(parts):
        body.mark((part, 0))
        sink = f"sink{number}"
        body.line(f"{sink} = cells[{number}][cell]\nkept{number} = None")
        start = body.state()
        only = "" if part.any_index else f" and get('index', {MAIN!r}) == {MAIN!r}"
        body.begin(f"if {sink} is not None{only}:")
        part.commands[0].write(body, part.live(0))
        body.line(f"{sink}[1][0] += 1\nkept{number} = {sink}")
        body.back_to(start)
        branches.append((f"kept{number}", part))
    _write_branches(body, branches, 1)
    body.end()


def _write_branches(body: Body, branches: list[tuple[str, Part]], place: int) -> None:
    """Write the commands from one on, those that parts have in common once."""
    groups: dict[str, list[tuple[str, Part]]] = defaultdict(list)
    for name, part in branches:
        if place < len(part.commands):
            groups[part.texts[place]].append((name, part))
        else:
            _write_kept(body, name, part)
    for alike in groups.values():
        start = body.state()
        body.begin(f"if {' or '.join(name for name, _ in alike)}:")
        _write_one(body, alike, place)
        body.back_to(start)


def _write_one(body: Body, alike: list[tuple[str, Part]], place: int) -> None:
    part = alike[0][1]
    command = part.commands[place]
    body.mark((part, place))
    if isinstance(command, Reducing):
        for name, one in alike:
            body.begin(f"if {name}:")
            one.commands[place].write_groups(body, f"{name}[0]")
            body.end()
        return
    lives = [one.live(place) for _, one in alike]
    command.write(body, None if None in lives else set().union(*lives))
    if isinstance(command, Filter):
        for name, _ in alike:
            body.line(f"if {name}:\n    {name}[1][{place}] += 1")
    _write_branches(body, alike, place + 1)


def _write_kept(body: Body, name: str, part: Part) -> None:
    """Keep a row with the fields that matter."""
    start = body.state()
    body.begin(f"if {name}:")
    wanted = part.wanted
    row = "dict(event)"
    if wanted is not None:
        kept = body.constant(frozenset(wanted - body.known.keys()))
        row = f"{{n: v for n, v in event.items() if n in {kept} or n[0] == '_'}}"
    body.line(f"row = {row}")
    body.to_row("row", wanted)
    body.line(f"{name}[0].append((time, row))")
    body.back_to(start)
