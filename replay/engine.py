"""Runs searches over events: windows, pipelines, what each stage let through."""

import gc
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import (
    Any,
    Callable,
    NamedTuple,
    Optional,
)

from . import times
from .commands import Columns, Scope, Step, compile_call
from .conf import boolean, read_conf
from .errors import ReplayError, SplError
from .expressions import Clock
from .lookups import Lookups
from .macros import expand
from .parse import commands
from .readers import Inputs, Report, read_events

APP = Path(__file__).resolve().parent.parent
RULE = " - Rule"
NO_INPUTS = Inputs()
LONGEST_LAG = 400 * 86400
# Fewer commands than these cost less than the copies of their rows.
WORTH_SHARING = 2

Row = dict[str, Any]


class Stage(NamedTuple):
    """One command of a search that has run, and the rows that came out of it."""

    command: str
    rows_out: int


class Result(NamedTuple):
    """What one search found."""

    search: str
    columns: list[str]
    rows: list[Row]
    stages: list[Stage]
    earliest: Optional[float]
    latest: Optional[float]


class Outcome(NamedTuple):
    """What a run found, and what it had to say about its input."""

    results: list[Result]
    report: Report
    warnings: list[str]
    now: float
    events: int


class Search(NamedTuple):
    """A search to run: its name, its text with macros, its window as time modifiers (None: all)."""

    name: str
    spl: str
    earliest: Optional[str]
    latest: Optional[str]


class Located(SplError):
    """An error of a search that already says where it happened."""


class App(NamedTuple):
    """The conf files of an app that a search may refer to."""

    root: Path
    searches: dict[str, dict[str, str]]
    macros: dict[str, dict[str, str]]
    commands: dict[str, dict[str, str]]
    lookups: Lookups

    @classmethod
    def at(cls, root: Path, lookups: Mapping[str, Path], macros: Mapping[str, str]) -> "App":
        """Read an app; given lookups and macros stand in for its own."""
        stanzas = read_conf(root, "macros")
        for name, definition in macros.items():
            stanzas[name] = {**stanzas.get(name, {}), "definition": definition}
        tables = Lookups(
            root, read_conf(root, "transforms"), read_conf(root, "collections"), lookups
        )
        searches, customs = read_conf(root, "savedsearches"), read_conf(root, "commands")
        return cls(Path(root), searches, stanzas, customs, tables)

    def rules(self) -> list[str]:
        """Return the names of the shipped rules that are not disabled."""
        return [
            name
            for name, stanza in self.searches.items()
            if name.endswith(RULE)
            and not boolean(stanza.get("disabled", "0"), f"[{name}] disabled")
        ]

    def search(self, name: str) -> Search:
        """Return a saved search with the window that it is scheduled with."""
        if name not in self.searches:
            known = "; ".join(self.searches)
            raise SplError(f"no saved search '{name}'; there are: {known}")
        stanza = self.searches[name]
        if "search" not in stanza:
            raise SplError(f"saved search '{name}' has no search")
        earliest, latest = (
            stanza.get(f"dispatch.{side}_time", "") for side in ("earliest", "latest")
        )
        return Search(name, stanza["search"], earliest, latest)


class Pipeline:
    """A compiled search."""

    def __init__(self, search: Search, app: App, scope: Callable[[str], Scope]):
        self.search = search
        with _located(f'search "{search.name}"'):
            spl = expand(search.spl, app.macros)
            self.calls = commands(spl)
        self.scope = scope(spl)
        self.steps: list[Step] = []
        for call in self.calls:
            with _located(self._where(call.place - 1)):
                self.steps.append(compile_call(call, self.scope))
        for place, step in enumerate(self.steps):
            step.columns_before = partial(self._columns_before, place)
        self._check_generators()

    def _where(self, place: int) -> str:
        return f'search "{self.search.name}", command {place + 1} ({self.calls[place].name})'

    def _check_generators(self) -> None:
        for place, step in enumerate(self.steps):
            if step.generates and place:
                name = self.calls[place].name
                raise Located(
                    f"{self._where(place)}: Error in '{name}' command: "
                    "This command must be the first command of a search."
                )

    @property
    def generates(self) -> bool:
        """Tell whether it makes its own rows instead of reading events."""
        return self.steps[0].generates

    def fields(self) -> Optional[set[str]]:
        """Return the fields of events that can matter to it, None where all may."""
        needed: set[str] = set()
        for step in self.steps:
            if step.reads is None:
                return None
            needed |= step.reads
            if step.bounds:
                return needed
        return None

    def key(self, length: int) -> tuple:
        """Return what its first commands depend on: their text and the window."""
        return (self.scope.earliest, self.scope.latest, *self.calls[:length])

    def run(self, rows: Iterable[Row], first: int, length: int, counts: list[int]) -> Iterator[Row]:
        """Send rows through some of its commands, from the one at `first` to before `length`."""
        for place in range(first, length):
            rows = self._counted(place, rows, counts)
        return iter(rows)

    def _counted(self, place: int, rows: Iterable[Row], counts: list[int]) -> Iterator[Row]:
        with _located(self._where(place)):
            for row in self.steps[place].run(rows):
                counts[place] += 1
                yield row

    def result(self, rows: list[Row], counts: list[int]) -> Result:
        """Return what it found, once all its commands have run."""
        stages = [Stage(call.name, count) for call, count in zip(self.calls, counts)]
        scope = self.scope
        columns = self._columns(rows)
        return Result(self.search.name, columns, rows, stages, scope.earliest, scope.latest)

    def _columns_before(self, place: int) -> Columns:
        """Return the order of columns before a command, None while it is alphabetical."""
        columns = None
        for step in self.steps[:place]:
            columns = step.columns(columns)
        return columns

    def _columns(self, rows: list[Row]) -> list[str]:
        columns = self._columns_before(len(self.steps))
        if columns is not None:
            return columns
        return sorted({name for row in rows for name in row})


@contextmanager
def _located(where: str):
    """Say where in a search an error happened, once."""
    try:
        yield
    except Located:
        raise
    except SplError as error:
        raise Located(f"{where}: {error}") from None


def run(
    searches: Optional[Sequence[str]] = None,
    spl: Sequence[str] = (),
    inputs: Inputs = NO_INPUTS,
    now: Optional[float] = None,
    tz: str = "UTC",
    lookups: Mapping[str, Path] = {},
    macros: Mapping[str, str] = {},
    app: Path = APP,
    progress=None,
) -> Outcome:
    """Run saved searches by name, and SPL texts, over log files; see the package's docstring."""
    started = App.at(Path(app), lookups, macros)
    names = searches if searches is not None else [] if spl else started.rules()
    chosen = [started.search(name) for name in names]
    chosen += [Search(text, text, None, None) for text in spl]
    if not chosen:
        raise ReplayError(f"{app}: no rule to run")
    return _run(started, chosen, inputs, now, times.zone(tz), progress)


def _run(app: App, searches: list[Search], inputs: Inputs, now, tz, progress) -> Outcome:
    warnings: list[str] = []
    report = Report()

    def pipelines(moment: float, span) -> list[Pipeline]:
        return [
            Pipeline(search, app, _scope(app, search, Clock(moment, tz), span, warnings))
            for search in searches
        ]

    with _without_collection():
        # Compiled once before reading, to refuse a bad search early and to know its fields.
        drafts = pipelines(now or 0.0, (None, None))
        events = read_events(inputs, _fields(drafts), tz, report, progress)
        span = (events[-1]["_time"], _after(events[0]["_time"])) if events else (None, None)
        moment = _now(searches, span[1], tz) if now is None else now
        del warnings[:]
        results = _results(pipelines(moment, span), events)
    return Outcome(results, report, warnings, moment, len(events))


def _results(pipelines: list[Pipeline], events: list[Row]) -> list[Result]:
    """Run searches in turn; neighbours that begin alike share the work of these commands."""
    results: list[Result] = []
    while pipelines:
        group, length = _alike(pipelines)
        ran = _run_group(group, length, events)
        results += ran
        pipelines = pipelines[len(ran) :]
    return results


def _alike(pipelines: list[Pipeline]) -> tuple[list[Pipeline], int]:
    """Return the first search, those after it that begin alike, and how long they do."""
    first = pipelines[0]
    if len(pipelines) < 2 or first.generates:
        return [first], 0
    shared = len(first.calls)
    while shared >= WORTH_SHARING and first.key(shared) != pipelines[1].key(shared):
        shared -= 1
    if shared < WORTH_SHARING:
        return [first], 0
    same = takewhile(lambda pipeline: pipeline.key(shared) == first.key(shared), pipelines)
    return list(same), shared


def _run_group(group: list[Pipeline], shared: int, events: list[Row]) -> list[Result]:
    """Run searches that begin alike, up to the first that writes what the next may read."""
    first = group[0]
    source: Iterable[Row] = () if first.generates else _in_window(events, first.scope)
    common: list[int] = [0] * shared
    rows: Any = first.run(source, 0, shared, common)
    if len(group) > 1:
        rows = list(rows)
    results = []
    for pipeline in group:
        # Steps that have run know what they saw, such as the columns of a custom command.
        pipeline.steps[:shared] = first.steps[:shared]
        length = len(pipeline.calls)
        counts = common + [0] * (length - shared)
        own = rows if len(group) == 1 else (dict(row) for row in rows)
        found = list(pipeline.run(own, shared, length, counts))
        results.append(pipeline.result(found, counts))
        if any(step.writes for step in pipeline.steps):
            break
    return results


@contextmanager
def _without_collection():
    """Millions of small rows make no cycles; looking for some costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _fields(pipelines: list[Pipeline]) -> Optional[set[str]]:
    needed: set[str] = set()
    for pipeline in pipelines:
        if pipeline.generates:
            continue
        fields = pipeline.fields()
        if fields is None:
            return None
        needed |= fields
    return needed


def _scope(
    app: App, search: Search, clock: Clock, span, warnings: list[str]
) -> Callable[[str], Scope]:
    earliest, latest = span
    if search.earliest is not None:
        earliest = times.moment_of(search.earliest, clock.now, clock.tz)
        latest = times.moment_of(search.latest or "now", clock.now, clock.tz)
    sid = f"replay_{clock.now:.3f}"

    def scope(spl: str) -> Scope:
        return Scope(
            clock, app.lookups, app.commands, app.root, spl, sid, earliest, latest, warnings.append
        )

    return scope


def _in_window(events: list[Row], scope: Scope) -> Iterator[Row]:
    """Return copies of the events from earliest (included) to latest (not included)."""
    earliest = float("-inf") if scope.earliest is None else scope.earliest
    latest = float("inf") if scope.latest is None else scope.latest
    return (dict(event) for event in events if earliest <= event["_time"] < latest)


def _after(epoch: float) -> float:
    """Return the first whole second after a time."""
    return epoch // 1 + 1


def _now(searches: list[Search], newest: Optional[float], tz) -> float:
    """Return the first whole second at which no window's lag cuts off the newest event."""
    if newest is None:
        return time.time() // 1
    lags = {search.latest for search in searches if search.latest}
    return max([newest] + [_first_now(lag, newest, tz) for lag in lags])


def _first_now(modifier: str, newest: float, tz) -> float:
    def reached(moment: float) -> bool:
        end = times.moment_of(modifier, moment, tz)
        return end is None or end >= newest

    low, high = newest - 1, newest
    while not reached(high):
        low, high = high, high + max(60, 2 * (high - newest))
        if high - newest > LONGEST_LAG:
            raise SplError(f"a window that ends at {modifier} never reaches the newest event")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
