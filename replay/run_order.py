"""The order in which searches run, and what they share.

A search that stores or writes does so before the next one runs. What searches do to each event by
itself is done before all of them, once (see scan.py), and again for what is stored. Of neighbours
that begin with the same commands over the same window, these commands run once.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import Any, Callable, NamedTuple, Optional

from . import limits
from .commands.base import Command, Fields, needed_after
from .cores import in_turn
from .errors import ReplayError
from .pipeline import Pipeline, Result
from .scan import Part, Scan
from .search_context import EventStore

# Below so many events the processes cost more than they save; a share of work is of so many.
WORTH_CORES = 50_000
SHARE = 20_000
# Beyond so many rows and groups, one process at a time has enough memory.
MOST_HELD = 600_000
# Fewer commands than these cost less than the copies of their rows.
WORTH_SHARING = 2

Row = dict[str, Any]


class Group(list[Pipeline]):
    """Neighbours that begin alike, and the number of commands that they share."""

    def __init__(self, pipelines: Iterable[Pipeline], shared: int):
        super().__init__(pipelines)
        self.shared = shared


class Events:
    """The events of a run: those that are kept, and those of files, which are read each time."""

    def __init__(self, store: EventStore, files: Callable[[Callable], Iterator[Any]]):
        self.store, self.files = store, files
        self.count = len(store)

    def each(self, take: Callable[[Iterable[Row]], Any]) -> Iterator[Any]:
        """Return what a function makes of shares of them, on as many cores as there are."""
        kept = self.store.events
        size = SHARE if len(kept) >= WORTH_CORES else max(len(kept), 1)
        shares = [kept[start : start + size] for start in range(0, len(kept), size)]
        yield from in_turn([partial(take, share) for share in shares])
        yield from self.files(take)


class Early(NamedTuple):
    """What a group of searches found before its turn, and of which events."""

    group: Group
    results: list[Result]
    warnings: list[str]
    seen: tuple


class Scanned(NamedTuple):
    """What a scan has for a search."""

    scan: Scan
    part: Part
    key: tuple


class Runs:
    """Searches that run one after the other over the events of a store."""

    def __init__(self, pipelines: list[Pipeline], events: Events, warnings: list[str]):
        self.pipelines, self.events, self.warnings = pipelines, events, warnings
        self.scanned: dict[int, Scanned] = {}
        # The searches that store what decides which events others see.
        self.deciding: set[str] = set()

    def begin(self, now_known: bool) -> Scan:
        """Scan the events for what searches do to each, before the time of the run is known."""
        return self._scan(self._plan(0), by_hour=not now_known)

    def go_on(self, earlier: "Runs") -> None:
        """Take over what was scanned when the time was not known."""
        known = {one.key: one for one in earlier.scanned.values()}
        for place, pipeline in enumerate(self.pipelines):
            key = pipeline.part_key() if pipeline.extent else None
            if key in known:
                self.scanned[place] = known[key]

    def results(self, split: bool) -> list[Result]:
        """Return what they find; `split` says how multivalues are stored.

        Groups of them run side by side on the cores of the machine. What a group found so counts
        only if it sees the same events when its turn comes.
        """
        found: list[Result] = []
        early: dict[int, Early] = {}
        while len(found) < len(self.pipelines):
            place = len(found)
            if self._changed(place):
                self._scan(self._plan(place))
            if not early and self.events.count >= WORTH_CORES and self._held() <= MOST_HELD:
                early = self._side_by_side(place)
            group = _alike(self.pipelines[place:])
            seen = self._seen(place)
            ready = early.pop(place, None)
            ready = ready if ready and ready.seen == seen else None
            self.warnings += ready.warnings if ready else []
            for pipeline, result in zip(group, ready.results if ready else self._run(group, place)):
                found.append(result)
                self._store(pipeline, pipeline.stored(result, split), len(found))
                result.held.update(limits.held())
                if pipeline.writes or self._changed(place) or self._seen(place) != seen:
                    break
            for done in range(place, len(found)):
                self.scanned.pop(done, None)
        return found

    def _changed(self, place: int) -> bool:
        """Tell whether a search has to be scanned for."""
        pipeline, scanned = self.pipelines[place], self.scanned.get(place)
        if not pipeline.extent or scanned is None:
            return bool(pipeline.extent)
        scan, part, key = scanned
        return key != pipeline.part_key() or not scan.fits(part, pipeline.window)

    def _plan(self, place: int) -> dict[int, tuple[Part, tuple]]:
        """Return the parts, with their keys, to scan for a search and those after it.

        They end before a search that may decide anew.
        """
        parts: dict[tuple, Part] = {}
        plan = {}
        for number, pipeline in enumerate(self.pipelines[place:], place):
            if number > place and pipeline.search.name in self.deciding:
                break
            if pipeline.extent and self._changed(number):
                key = pipeline.part_key()
                part = parts[key] = parts.get(key) or pipeline.part()
                part.need(pipeline.window, pipeline.needs_after(pipeline.extent - 1))
                plan[number] = part, key
        return plan

    def _scan(self, plan: dict[int, tuple[Part, tuple]], by_hour: bool = False) -> Scan:
        scan = Scan(list({id(part): part for part, _ in plan.values()}.values()), by_hour)
        for found in self.events.each(scan.of):
            scan.add(found)
        self.scanned.update((at, Scanned(scan, *pair)) for at, pair in plan.items())
        return scan

    def _held(self) -> int:
        """Return the number of rows and groups that the scans hold."""
        parts = {id(one.part): one.part for one in self.scanned.values()}.values()
        return sum(len(sink.taken) for part in parts for sink in part.cells.values() if sink)

    def _seen(self, place: int) -> tuple:
        """Return what tells whether a search sees other events than before."""
        pipeline, scanned = self.pipelines[place], self.scanned.get(place)
        whole = len(self.events.store) if pipeline.reads_events_itself else 0
        if scanned is None:
            return whole, None, 0
        counts = scanned.scan.counts(scanned.part, pipeline.window)
        return whole, scanned.key, counts[0]

    def _store(self, pipeline: Pipeline, stored: list[Row], done: int) -> None:
        """Let the searches that are not done see what one has stored."""
        if not stored:
            return
        self.events.store.add(stored)
        for scan in {id(one.scan): one.scan for one in self.scanned.values()}.values():
            scan.add(scan.of(stored))
        name = pipeline.search.name
        if name not in self.deciding and any(
            one.decided_by(stored) for one in self.pipelines[done:]
        ):
            self.deciding.add(name)

    def _side_by_side(self, place: int) -> dict[int, Early]:
        """Run the groups before the next search that writes, by the place of each one's first."""
        waiting = takewhile(lambda pipeline: not pipeline.writes, self.pipelines[place:])
        waiting = list(waiting)
        groups: dict[int, Group] = {}
        while waiting and not self._changed(place):
            groups[place] = _alike(waiting)
            waiting, place = waiting[len(groups[place]) :], place + len(groups[place])
        if len(groups) < 2:
            return {}
        # Those that see most take longest, and so begin first.
        seen = {place: self._seen(place) for place in groups}
        order = sorted(groups, key=lambda place: seen[place][-1], reverse=True)
        work = [partial(self._found, groups[place], place) for place in order]
        return {
            place: Early(groups[place], *outcome, seen[place])
            for place, outcome in zip(order, in_turn(work))
            if outcome
        }

    def _found(self, group: Group, place: int) -> Optional[tuple[list[Result], list[str]]]:
        """Return what a group found and its warnings; None where it fails, as its turn will."""
        before = len(self.warnings)
        try:
            return list(self._run(group, place)), self.warnings[before:]
        except ReplayError:
            return None

    def _run(self, group: Group, place: int) -> Iterator[Result]:
        """Run the searches of a group, one by one, so that the caller may end it."""
        first, shared = group[0], group.shared
        limits.held()
        common, rows, searched = self._begin(place)
        _limit(first.commands[first.extent : shared], group, first.extent)
        rows = first.run(rows, first.extent, shared, common, _wanted(group, shared - 1))
        if len(group) > 1:
            rows = list(rows)
        before = limits.held()
        for pipeline in group:
            # Commands that have run know what they saw, such as the columns of a custom command.
            pipeline.commands[:shared] = first.commands[:shared]
            _limit(pipeline.commands[shared:], [pipeline], shared)
            length = len(pipeline.calls)
            counts = common if len(group) == 1 else common[:shared] + [0] * (length - shared)
            own = rows if len(group) == 1 else (dict(row) for row in rows)
            found = list(pipeline.run(own, shared, length, counts, None))
            held = limits.held()
            held.update((one, max(most, held.get(one, 0))) for one, most in before.items())
            yield pipeline.result(found, counts, searched, held)

    def _begin(self, place: int) -> tuple[list[int], Iterable[Row], int]:
        """Return the counts of a search's part, the rows that come out of it, the events seen."""
        pipeline, scanned = self.pipelines[place], self.scanned.get(place)
        counts = [0] * len(pipeline.calls)
        if scanned is None:
            return counts, (), len(pipeline.context.events())
        scan, part, _ = scanned
        counts[: pipeline.extent] = scan.counts(part, pipeline.window)
        rows = scan.rows(part, pipeline.window)
        if part.reduces:
            rows = _counted(rows, counts, pipeline.extent - 1)
        return counts, rows, scan.searched(pipeline.window)


def _counted(rows: Iterable[Row], counts: list[int], place: int) -> Iterator[Row]:
    for row in rows:
        counts[place] += 1
        yield row


def _alike(pipelines: list[Pipeline]) -> Group:
    """Return the first search and those after it that begin alike."""
    first = pipelines[0]
    if len(pipelines) < 2 or first.generates:
        return Group([first], first.extent)
    shared = len(first.calls)
    least = max(WORTH_SHARING, first.extent + 1)
    while shared >= least and first.key(shared) != pipelines[1].key(shared):
        shared -= 1
    if shared < least:
        return Group([first], first.extent)
    key = first.key(shared)
    return Group(takewhile(lambda pipeline: pipeline.key(shared) == key, pipelines), shared)


def _limit(commands: list[Command], searches: list[Pipeline], first: int) -> None:
    """Let commands know which of their fields matter to any of the searches."""
    after = (needed_after(search.commands)[first:] for search in searches)
    for command, wanted in zip(commands, zip(*after)):
        if None not in wanted:
            command.limit_to(set().union(*wanted))


def _wanted(searches: list[Pipeline], place: int) -> Fields:
    """Return the fields that any of the searches reads after a command."""
    wanted = [search.needs_after(place) for search in searches]
    return None if None in wanted else set().union(*wanted)
