"""Log files as the events that Splunk would make of them."""

import heapq
from collections.abc import Collection, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from ..cores import in_turn
from ..errors import InputError
from . import formats
from .source import CORE, LogFile, Reading, Report, files

Event = dict[str, Any]
# Bytes of files below which processes cost more than they save.
WORTH_IT = 8 << 20
DAY = 86400
LONG_GAP = 30 * DAY
MOST_STRAGGLERS = 1000


class Inputs(NamedTuple):
    """What to read: files, folders or globs by kind, and events that are rows already."""

    zeek: tuple[str, ...] = ()
    sysmon: tuple[str, ...] = ()
    firewall: tuple[str, ...] = ()
    log: tuple[tuple[str, str], ...] = ()
    json: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()


def _given(inputs: Inputs) -> Iterator[tuple[str, str, str]]:
    """Return the kind, the sourcetype that is given if any, and the argument of each input."""
    for kind in ("zeek", "sysmon", "firewall", "json"):
        yield from ((kind, "", argument) for argument in getattr(inputs, kind))
    yield from (("log", sourcetype, argument) for sourcetype, argument in inputs.log)


def read_events(
    inputs: Inputs,
    wanted: Optional[set[str]],
    tz: Any,
    report: Report,
    progress=None,
    now: Optional[float] = None,
) -> list[Event]:
    """Return all events, newest first as Splunk returns them, with the wanted fields (None: all).

    Large files are read on all cores.
    """
    taken = each_file(inputs, wanted, tz, report, list, progress, now)
    events = [dict(event) for event in inputs.events]
    events.extend(chain.from_iterable(taken))
    events.sort(key=_time, reverse=True)
    return events


def each_file(
    inputs: Inputs,
    wanted: Optional[set[str]],
    tz: Any,
    report: Report,
    take: Callable[[Iterator[Event]], Any],
    progress=None,
    now: Optional[float] = None,
) -> Iterator[Any]:
    """Return what a function makes of the events of each file; large ones are read on all cores."""
    fields = None if wanted is None else wanted | CORE
    work, counts, size = [], [], 0
    for kind, sourcetype, argument in _given(inputs):
        paths = files(argument, report)
        counts.append(len(paths))
        for path in paths:
            reading = Reading(kind, sourcetype, tz, Report(), now, fields)
            work.append(partial(_from_file, path, reading, take, progress))
            size += path.stat().st_size
    found = in_turn(work) if size >= WORTH_IT else (piece() for piece in work)
    for count in counts:
        yield from _of_argument(list(islice(found, count)), report)


def note_stragglers(times: Collection[float], report: Report) -> None:
    """Say so where a few events lie far after all others, since the windows end at the newest."""
    most = min(MOST_STRAGGLERS, len(times) // 2)
    newest = heapq.nlargest(most + 1, times)
    for place in range(1, most + 1):
        newer, older = newest[place - 1], newest[place]
        if newer - older > LONG_GAP:
            report.note(
                f"the newest {place} of {len(times)} events lie {(newer - older) / DAY:.0f} days "
                f"after the others, which the windows then may not reach: see --now"
            )
            return


def _of_argument(found: list["FromFile"], report: Report) -> list[Any]:
    """Return what was made of an argument's files; some that do not fit are left out."""
    refused = [one.refused for one in found if one.refused]
    for one in found:
        report.add(one.report)
    if len(refused) == len(found):
        raise refused[0]
    for error in refused:
        report.note(f"left out: {error}")
    return [one.taken for one in found if one.taken is not None]


class FromFile(NamedTuple):
    """What was made of one file, what was wrong with it, and why it was refused, if it was."""

    taken: Any
    report: Report
    refused: Optional[InputError]


def _from_file(path: Path, reading: Reading, take: Callable, progress) -> FromFile:
    report = reading.report
    try:
        log = LogFile(path, report)
        found = _with_fields(formats.read(log, reading), reading.wanted)
        found = iter(progress(path, found) if progress else found)
        first = list(islice(found, 1))
        if not first and str(path) in report.counts:
            raise _unreadable(log, reading)
        if not first:
            report.note(f"{path}: holds no event")
    except InputError as error:
        return FromFile(None, report, error)
    return FromFile(take(chain(first, found)), report, None)


def _with_fields(events: Iterator[Event], wanted: Optional[set[str]]) -> Iterator[Event]:
    """Leave out the fields that are not looked at."""
    if wanted is None:
        return events
    return (
        event
        if event.keys() <= wanted
        else {name: value for name, value in event.items() if name in wanted}
        for event in events
    )


def _unreadable(log: LogFile, reading: Reading) -> InputError:
    if formats.foreign(log):
        return formats.refused(log, reading.kind)
    return InputError(f"{log.path}: no line of it can be read; {reading.report.first(log.path)}")


def _time(event: Event) -> float:
    return event["_time"]
