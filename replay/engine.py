"""Runs searches over events: windows, pipelines, what each stage let through."""

import gc
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, Union

from . import cim, prelude, summary, times
from .commands import Memory, Scope, Step, columns_of, compile_call, linked
from .conf import boolean, read_conf
from .errors import InputError, ReplayError, SplError
from .expressions import Clock
from .lookups import Lookups
from .macros import expand
from .parse import Call, commands
from .readers import Inputs, Report, read_events
from .search_filter import comparisons
from .turns import Turns

APP = Path(__file__).resolve().parent.parent
RULE = " - Rule"
LONGEST_LAG = 400 * 86400

MAIN = "main"

# Ways in which Splunk installations differ that a search must get along with.
SPLIT = "collect-splits-multivalues"
VARIANTS = (SPLIT, cim.SWAPPED_BYTES)

Row = dict[str, Any]
# A saved search by name, or by name and the epoch that it runs at.
Chosen = Union[str, tuple[str, float]]
# The text of a search over all events, or with its window as time modifiers.
Text = Union[str, tuple[str, str, str]]


class Stage(NamedTuple):
    """One command of a search that has run, and the rows that came out of it."""

    command: str
    rows_out: int


class Result(NamedTuple):
    """What one search found; where that is nothing, `searched` is the number of events it saw."""

    search: str
    columns: list[str]
    rows: list[Row]
    stages: list[Stage]
    earliest: Optional[float]
    latest: Optional[float]
    searched: Optional[int] = None


class Outcome(NamedTuple):
    """What a run found, and what it had to say about its input."""

    results: list[Result]
    report: Report
    warnings: list[str]
    now: float
    events: int


class Search(NamedTuple):
    """A search to run: its name, its text with macros, its window as time modifiers (None: all).

    `now` is the time it runs at, if one of its own; `action` stores what it finds.
    """

    name: str
    spl: str
    earliest: Optional[str] = None
    latest: Optional[str] = None
    now: Optional[float] = None
    action: Optional[summary.Action] = None


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

    def search(self, name: str, now: Optional[float] = None) -> Search:
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
        action = summary.action_of(name, stanza)
        return Search(name, stanza["search"], earliest, latest, now, action)


class Pipeline:
    """A compiled search."""

    def __init__(self, search: Search, app: App, scope: Callable[[str], Scope]):
        self.search = search
        with _located(f'search "{search.name}"'):
            spl = expand(search.spl, app.macros)
            self.calls = commands(spl)
        self.scope = scope(spl)
        self.any_index = not self.calls or _names_index(self.calls[0])
        self.steps: list[Step] = []
        for call in self.calls:
            with _located(self._where(call.place - 1)):
                self.steps.append(compile_call(call, self.scope))
        linked(self.steps)
        self._check_generators()
        self.opening = prelude.Opening(self.calls, self.steps)

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

    @property
    def writes(self) -> bool:
        """Tell whether the searches after it can see that it has run."""
        return any(step.writes for step in self.steps)

    @property
    def reads_events(self) -> bool:
        """Tell whether the events of the run matter to it."""
        return not self.generates or any(step.event_fields for step in self.steps)

    def fields(self) -> Optional[set[str]]:
        """Return the fields of events that can matter to it, None where all may."""
        needed = {name for step in self.steps for name in step.event_fields}
        own_rows = self.generates and not self.steps[0].streams
        read = set() if own_rows else self.reads(0)
        return None if read is None else needed | read

    def reads(self, first: int) -> Optional[set[str]]:
        """Return the fields of rows that can matter to its commands from one on, None for all."""
        needed: set[str] = set()
        for step in self.steps[first:]:
            if step.reads is None:
                return None
            needed |= step.reads
            if step.bounds:
                return needed
        return None

    def key(self, length: int) -> tuple:
        """Return what its first commands depend on: their text and the window."""
        scope = self.scope
        return (scope.bounds, scope.earliest, scope.clock.now, *self.calls[:length])

    def events(self, memory: Memory) -> Iterable[Row]:
        """Return those of some events that it searches, by time and by index, not to be changed.

        Without a word about the index it takes those of main, the default index.
        """
        found = memory.between(*self.scope.bounds)
        if self.any_index:
            return found
        return (event for event in found if event.get("index", MAIN) == MAIN)

    def opened(self, memory: Memory, counts: list[int]) -> Iterator[Row]:
        """Send the events that it searches through its opening."""
        if self.generates:
            return iter(())
        rows = self.run(self.events(memory), 0, self.opening.start, counts)
        return map(dict, rows) if self.opening.known is None else self._recalled(rows, counts)

    def _recalled(self, events: Iterable[Row], counts: list[int]) -> Iterator[Row]:
        start, end, known = self.opening.start, self.opening.end, self.opening.known
        for event in events:
            outcome = known.outcome(event, self._through_opening)
            passed = outcome if type(outcome) is int else end - start
            for place in range(start, start + passed):
                counts[place] += 1
            if type(outcome) is dict:
                yield dict(outcome)

    def _through_opening(self, row: Row) -> prelude.Outcome:
        start, end = self.opening.start, self.opening.end
        for place in range(start, end):
            try:
                found = self.steps[place].one(row)
            except SplError:
                with _located(self._where(place)):
                    raise
            if found is None:
                return place - start
            row = found
        return row

    def stored(self, result: Result, split: bool) -> list[Row]:
        """Return the events that the search's action makes of what it found."""
        if self.search.action is None:
            return []
        scope = self.scope
        window = summary.Window(scope.earliest, scope.latest, scope.clock.now)
        name, action = self.search.name, self.search.action
        return summary.events_of(name, action, result.rows, window, split, scope.warn)

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
        window = scope.earliest, scope.latest
        searched = None if rows else self._searched()
        return Result(self.search.name, self._columns(rows), rows, stages, *window, searched)

    def _searched(self) -> Optional[int]:
        return len(self.scope.events()) if self.reads_events else None

    def _columns(self, rows: list[Row]) -> list[str]:
        columns = columns_of(self.steps)
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


def _names_index(call: Call) -> bool:
    """Tell whether the first command of a search says which indexes it is about."""
    if call.name != "search":
        return False
    return any(field == "index" for field, _, _ in comparisons(call.arguments, call.name))


def run(
    searches: Optional[Sequence[Chosen]] = None,
    spl: Sequence[Text] = (),
    inputs: Optional[Inputs] = None,
    now: Optional[float] = None,
    tz: str = "UTC",
    lookups: Mapping[str, Path] = {},
    macros: Mapping[str, str] = {},
    app: Path = APP,
    progress=None,
    emulate: Sequence[str] = (),
) -> Outcome:
    """Run saved searches by name, and SPL texts, over log files; see the package's docstring."""
    started = App.at(Path(app), lookups, macros)
    names = searches if searches is not None else [] if spl else started.rules()
    chosen = [started.search(*((name,) if isinstance(name, str) else name)) for name in names]
    chosen += [_written(text) for text in spl]
    if not chosen:
        raise ReplayError(f"{app}: no rule to run")
    _check_variants(emulate)
    outcome = _run(started, chosen, inputs, now, times.zone(tz), progress, frozenset(emulate))
    for name in _unused(macros, started, chosen):
        outcome.report.note(f"macro '{name}': no search of this run uses a macro of that name")
    return outcome


def _unused(given: Iterable[str], app: App, searches: list[Search]) -> list[str]:
    """Return the names of given macros that the app does not know and no text calls."""
    texts = [one.spl for one in searches] + [
        one.get("definition", "") for one in app.macros.values()
    ]
    calls = {name for text in texts for name in re.findall(r"`\s*(\w+)", text)}
    shipped = read_conf(app.root, "macros")
    return [name for name in given if name not in shipped and name.partition("(")[0] not in calls]


def _written(text: Text) -> Search:
    spl, *window = (text,) if isinstance(text, str) else text
    return Search(spl, spl, *window)


def _check_variants(emulate: Sequence[str]) -> None:
    for name in emulate:
        if name not in VARIANTS:
            raise InputError(
                f"nothing called '{name}' to emulate; there are: {', '.join(VARIANTS)}"
            )


def _run(app: App, searches: list[Search], inputs, now, tz, progress, emulate) -> Outcome:
    warnings: list[str] = []
    report = Report()
    memory = Memory()

    def pipelines(moment: float, span) -> list[Pipeline]:
        clocks = [Clock(moment if one.now is None else one.now, tz) for one in searches]
        common = memory, emulate, warnings
        return [
            Pipeline(search, app, _scope(app, search, clock, span, *common))
            for search, clock in zip(searches, clocks)
        ]

    with _without_collection():
        # Compiled once before reading, to refuse a bad search early and to know its fields.
        drafts = pipelines(now or 0.0, (None, None))
        if inputs is None and any(draft.reads_events for draft in drafts):
            raise InputError("no log was given")
        known = max([one.now for one in searches if one.now is not None], default=now)
        given = now if now is not None else known
        events = read_events(inputs or Inputs(), _fields(drafts), tz, report, progress, given)
        span = (events[-1]["_time"], _after(events[0]["_time"])) if events else (None, None)
        moment = _now(searches, span[1], tz) if now is None else now
        del warnings[:]
        memory.add(events)
        results = Turns(memory, SPLIT in emulate, warnings).results(pipelines(moment, span))
    return Outcome(results, report, warnings, moment, len(events))


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
        fields = pipeline.fields()
        if fields is None:
            return None
        needed |= fields
    return needed


def _scope(
    app: App, search: Search, clock: Clock, span, memory: Memory, emulate, warnings: list[str]
) -> Callable[[str], Scope]:
    earliest, latest = span
    if search.earliest is not None:
        earliest = times.moment_of(search.earliest, clock.now, clock.tz)
        latest = times.moment_of(search.latest or "now", clock.now, clock.tz)
    sid = f"replay_{clock.now:.3f}"
    known = app.lookups, app.commands, app.root
    bounds = _bounds(search, earliest, latest)

    def scope(spl: str) -> Scope:
        window = earliest, latest, warnings.append, memory, bounds, emulate
        return Scope(clock, *known, spl, sid, *window)

    return scope


def _bounds(search: Search, earliest, latest) -> tuple[float, float]:
    """Return the times of the events that a search sees: of all, where it has no window.

    A search that runs as of a time of the past sees nothing of its future.
    """
    if search.earliest is None:
        earliest = latest = None
    if latest is None:
        latest = search.now
    start = float("-inf") if earliest is None else earliest
    return start, float("inf") if latest is None else latest


def _after(epoch: float) -> float:
    """Return the first whole second after a time."""
    return epoch // 1 + 1


def _now(searches: list[Search], newest: Optional[float], tz) -> float:
    """Return the first whole second at which no window's lag cuts off the newest event."""
    if newest is None:
        return time.time() // 1
    lags = {search.latest for search in searches if search.latest and search.now is None}
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
