"""Runs searches over events: windows, pipelines, what each stage let through."""

import gc
import time
from contextlib import contextmanager
from pathlib import Path
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
)

from . import times
from .commands import Scope, Step, compile_call
from .conf import boolean, read_conf
from .errors import ReplayError, SplError
from .expressions import Clock
from .lookups import Lookups
from .macros import expand
from .parse import commands
from .readers import Inputs, Report, read_events

APP = Path(__file__).resolve().parent.parent
RULE = " - Rule"
LONGEST_LAG = 400 * 86400

Row = Dict[str, Any]


class Stage(NamedTuple):
    """One command of a search that has run, and the rows that came out of it."""

    command: str
    rows_out: int


class Result(NamedTuple):
    """What one search found."""

    search: str
    columns: List[str]
    rows: List[Row]
    stages: List[Stage]
    earliest: Optional[float]
    latest: Optional[float]


class Outcome(NamedTuple):
    """What a run found, and what it had to say about its input."""

    results: List[Result]
    report: Report
    warnings: List[str]
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
    searches: Dict[str, Dict[str, str]]
    macros: Dict[str, Dict[str, str]]
    commands: Dict[str, Dict[str, str]]
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

    def rules(self) -> List[str]:
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
            calls = commands(spl)
        self.scope = scope(spl)
        self.steps: List[Step] = []
        self.names = [call.name for call in calls]
        for call in calls:
            with _located(self._where(call.place - 1)):
                self.steps.append(compile_call(call, self.scope))
        self._check_generators()

    def _where(self, place: int) -> str:
        return f'search "{self.search.name}", command {place + 1} ({self.names[place]})'

    def _check_generators(self) -> None:
        for place, step in enumerate(self.steps):
            if getattr(step, "generates", False) and place:
                name = self.names[place]
                raise Located(
                    f"{self._where(place)}: Error in '{name}' command: "
                    "This command must be the first command of a search."
                )

    @property
    def generates(self) -> bool:
        """Tell whether it makes its own rows instead of reading events."""
        return getattr(self.steps[0], "generates", False)

    def fields(self) -> Optional[Set[str]]:
        """Return the fields of events that can matter to it, None where all may."""
        needed: Set[str] = set()
        for step in self.steps:
            if step.reads is None:
                return None
            needed |= step.reads
            if step.bounds:
                return needed
        return None

    def run(self, events: Iterable[Row]) -> Result:
        """Run it over events, newest first."""
        counts = [0] * len(self.steps)
        rows: Iterable[Row] = () if self.generates else events
        for place, step in enumerate(self.steps):
            rows = self._counted(place, step, rows, counts)
        found = list(rows)
        stages = [Stage(name, count) for name, count in zip(self.names, counts)]
        scope = self.scope
        return Result(
            self.search.name, self._columns(found), found, stages, scope.earliest, scope.latest
        )

    def _counted(
        self, place: int, step: Step, rows: Iterable[Row], counts: List[int]
    ) -> Iterator[Row]:
        with _located(self._where(place)):
            for row in step.run(rows):
                counts[place] += 1
                yield row

    def _columns(self, rows: List[Row]) -> List[str]:
        columns = None
        for step in self.steps:
            columns = step.columns(columns)
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
    inputs: Inputs = Inputs(),
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


def _run(app: App, searches: List[Search], inputs: Inputs, now, tz, progress) -> Outcome:
    warnings: List[str] = []
    report = Report()

    def pipelines(moment: float, span) -> List[Pipeline]:
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
        results = [
            pipeline.run(_in_window(events, pipeline.scope)) for pipeline in pipelines(moment, span)
        ]
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


def _fields(pipelines: List[Pipeline]) -> Optional[Set[str]]:
    needed: Set[str] = set()
    for pipeline in pipelines:
        if pipeline.generates:
            continue
        fields = pipeline.fields()
        if fields is None:
            return None
        needed |= fields
    return needed


def _scope(
    app: App, search: Search, clock: Clock, span, warnings: List[str]
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


def _in_window(events: List[Row], scope: Scope) -> Iterator[Row]:
    """Return copies of the events from earliest (included) to latest (not included)."""
    earliest = float("-inf") if scope.earliest is None else scope.earliest
    latest = float("inf") if scope.latest is None else scope.latest
    return (dict(event) for event in events if earliest <= event["_time"] < latest)


def _after(epoch: float) -> float:
    """Return the first whole second after a time."""
    return epoch // 1 + 1


def _now(searches: List[Search], newest: Optional[float], tz) -> float:
    """Return the first whole second at which no window that ends with a lag cuts the newest event."""
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
