"""Runs searches over events: reads the logs, sets the windows, runs the searches in their order."""

import gc
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Callable, NamedTuple, Optional, Union

from . import run_order, times
from .app import APP, RULE_SUFFIX, App, Search
from .commands import compile_all
from .conf import read_conf
from .errors import InputError, ReplayError, SplError, nearest
from .expressions import Clock
from .pipeline import Pipeline, Result, Stage
from .readers import Inputs, Report, each_file, note_stragglers, read_events, recognised
from .search_context import EVER, EventStore, SearchContext

__all__ = ["APP", "VARIANTS", "App", "Outcome", "Result", "Stage", "run"]

LONGEST_LAG = 400 * 86400
# Ways in which Splunk installations differ that a search must get along with.
SPLIT = "collect-splits-multivalues"
VARIANTS = (SPLIT,)

# A saved search by name, or by name and the epoch that it runs at.
Chosen = Union[str, tuple[str, float]]
# The text of a search over all events, or with its window as time modifiers.
Text = Union[str, tuple[str, str, str]]


class Outcome(NamedTuple):
    """What a run found, and what it had to say about its input."""

    results: list[Result]
    report: Report
    warnings: list[str]
    now: float
    events: int
    span: tuple[Optional[float], Optional[float]]


class Run(NamedTuple):
    """What all searches of a run share."""

    app: App
    searches: list[Search]
    tz: object
    split: bool
    store: EventStore
    warnings: list[str]
    user: Optional[str]

    def pipelines(self, now: Optional[float], span: tuple) -> list[Pipeline]:
        """Compile the searches, for a time of the run and the span of all events.

        Without a time they see all events, and what was indexed at any time.
        """
        return [self._pipeline(search, now, span) for search in self.searches]

    def _pipeline(self, search: Search, now: float, span: tuple) -> Pipeline:
        moment = now if search.now is None else search.now
        clock = Clock(moment or 0.0, self.tz)
        earliest, latest = _window(search, clock, span)
        unknown = moment is None
        return Pipeline(
            search,
            self.app,
            lambda spl: SearchContext(
                clock=clock,
                lookups=self.app.lookups,
                commands=self.app.commands,
                app=self.app.root,
                search=spl,
                sid=self.app.search_id(search, clock.now),
                user=self.user,
                earliest=earliest,
                latest=latest,
                warn=self.warnings.append,
                event_store=self.store,
                bounds=EVER if unknown else _bounds(search, earliest, latest),
                indexed=EVER if unknown else _indexed(search, clock),
                compiled=compile_all,
            ),
        )


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
    rule_suffix: str = RULE_SUFFIX,
    user: Optional[str] = None,
    days: Optional[int] = None,
    beside: Callable[[App], Sequence[Text]] = lambda app: (),
) -> Outcome:
    """Run saved searches by name, and SPL texts, over log files; see the package's docstring."""
    started = App.at(Path(app), lookups, macros)
    names = searches if searches is not None else [] if spl else started.rules(rule_suffix)
    chosen = [started.search(*((name,) if isinstance(name, str) else name)) for name in names]
    if days is not None:
        chosen = [search._replace(earliest=f"-{days}d") for search in chosen]
    chosen += [_written(text) for text in spl]
    if not chosen:
        raise ReplayError(f"{app}: no rule to run: no saved search ends in '{rule_suffix}'")
    for name in emulate:
        if name not in VARIANTS:
            known = ", ".join(VARIANTS)
            raise InputError(f"nothing called '{name}' to emulate; there are: {known}")
    chosen += [_written(text) for text in beside(started)]
    _refuse_unknown(macros, started, chosen)
    setting = Run(started, chosen, times.zone(tz), SPLIT in emulate, EventStore(), [], user)
    with _without_collection():
        return _run(setting, inputs, now, progress)


def _run(setting: Run, inputs: Optional[Inputs], now: Optional[float], progress) -> Outcome:
    report = Report()
    # Compiled once before reading, to refuse a bad search early and to know its fields.
    drafts = setting.pipelines(now, (None, None))
    if inputs is None and any(draft.reads_events for draft in drafts):
        raise InputError(
            "no log was given: name files, folders or patterns; --help lists the options"
        )
    moments = [search.now for search in setting.searches if search.now is not None]
    known = now if now is not None else max(moments, default=None)
    inputs = recognised(inputs or Inputs(), report)
    kept, streamed = _divided(inputs, any(draft.keeps_events for draft in drafts))
    fields, raw = _fields(drafts), any(draft.reads_text for draft in drafts)
    setting.store.add(read_events(kept, fields, setting.tz, report, progress, known, raw))

    def files(take, told=None, shown=None):
        return each_file(streamed, fields, setting.tz, told or Report(), take, shown, known, raw)

    events = run_order.Events(setting.store, partial(files, told=report, shown=progress))
    before = run_order.Runs(drafts, events, setting.warnings)
    times = before.begin(now is not None).times if any(streamed) else setting.store.times
    if known is None:
        note_stragglers(times, report)
    events.count, events.files = len(times), files
    # The first whole second after the newest event ends the span.
    span = (min(times), max(times) // 1 + 1) if times else (None, None)
    moment = _now(setting.searches, span[1], setting.tz) if now is None else now
    del setting.warnings[:]
    runs = run_order.Runs(setting.pipelines(moment, span), events, setting.warnings)
    runs.go_on(before)
    del before
    results = runs.results(setting.split)
    return Outcome(results, report, setting.warnings, moment, events.count, span)


def _divided(inputs: Inputs, keep: bool) -> tuple[Inputs, Inputs]:
    """Return what is kept in memory, and the files that are read again where that is needed.

    What names its index itself is kept, since all else of files is in main.
    """
    if keep:
        return inputs, Inputs()
    return Inputs(json=inputs.json, events=inputs.events), inputs._replace(json=(), events=())


def _refuse_unknown(given: Iterable[str], app: App, searches: list[Search]) -> None:
    """Refuse given macros that the app does not ship and no text calls, such as without "(1)"."""
    texts = [one.spl for one in searches] + [
        one.get("definition", "") for one in app.macros.values()
    ]
    calls = {name for text in texts for name in re.findall(r"`\s*(\w+)", text)}
    shipped = read_conf(app.root, "macros") if given else {}
    bare = {name.partition("(")[0] for name in shipped}
    for name in given:
        if name not in shipped and name.partition("(")[0] not in calls - bare:
            raise InputError(f"no macro '{name}'{nearest(name, shipped)}")


def _written(text: Text) -> Search:
    spl, *window = (text,) if isinstance(text, str) else text
    return Search(spl, spl, *window)


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
    found = [pipeline.fields() for pipeline in pipelines]
    return None if None in found else set().union(*found)


def _window(search: Search, clock: Clock, span: tuple) -> tuple:
    """Return the window of a search as addinfo shows it, None for no bound."""
    if search.earliest is None:
        return span
    return (
        times.moment_of(search.earliest, clock.now, clock.tz),
        times.moment_of(search.latest or "now", clock.now, clock.tz),
    )


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


def _indexed(search: Search, clock: Clock) -> tuple[float, float]:
    """Return the times between which the events that a search sees were indexed."""
    low, high = (times.moment_of(one, clock.now, clock.tz) for one in search.indexed)
    return float("-inf") if low is None else low, float("inf") if high is None else high


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
