"""Log files as the events that Splunk would make of them."""

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..cores import each
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


class Job(NamedTuple):
    """One argument: its kind, the sourcetype it is given if any, and its files."""

    kind: str
    sourcetype: str
    paths: list[Path]


def _jobs(inputs: Inputs, report: Report) -> list[Job]:
    given = [
        (kind, "", argument)
        for kind in ("zeek", "sysmon", "firewall", "json")
        for argument in getattr(inputs, kind)
    ]
    given += [("log", sourcetype, argument) for sourcetype, argument in inputs.log]
    return [Job(kind, sourcetype, files(argument, report)) for kind, sourcetype, argument in given]


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
    jobs = _jobs(inputs, report)
    fields = None if wanted is None else wanted | CORE
    work = []
    for job in jobs:
        for path in job.paths:
            reading = Reading(job.kind, job.sourcetype, tz, Report(), now, fields)
            work.append(partial(_from_file, path, reading, progress))
    size = sum(path.stat().st_size for job in jobs for path in job.paths)
    found = iter(each(work) if size >= WORTH_IT else [piece() for piece in work])
    events: list[Event] = [dict(event) for event in inputs.events]
    for job in jobs:
        events.extend(_of_argument(list(islice(found, len(job.paths))), report))
    events.sort(key=_time, reverse=True)
    if now is None:
        _note_stragglers(events, report)
    return events


def _note_stragglers(events: list[Event], report: Report) -> None:
    """Say so where a few events lie far after all others, since the windows end at the newest."""
    for place in range(1, min(MOST_STRAGGLERS, len(events) // 2) + 1):
        newer, older = events[place - 1]["_time"], events[place]["_time"]
        if newer - older > LONG_GAP:
            report.note(
                f"the newest {place} of {len(events)} events lie {(newer - older) / DAY:.0f} days "
                f"after the others, which the windows then may not reach: see --now"
            )
            return


def _of_argument(found: list["FromFile"], report: Report) -> Iterator[Event]:
    """Return the events of an argument's files; of several, those that do not fit are left out."""
    refused = [one.refused for one in found if one.refused]
    for one in found:
        report.add(one.report)
    if len(refused) == len(found):
        raise refused[0]
    for error in refused:
        report.note(f"left out: {error}")
    return chain.from_iterable(one.events for one in found)


class FromFile(NamedTuple):
    """What one file gave: events, what was wrong with it, and why it was refused, if it was."""

    events: list[Event]
    report: Report
    refused: Optional[InputError]


def _from_file(path: Path, reading: Reading, progress) -> FromFile:
    report = reading.report
    try:
        log = LogFile(path, report)
        found = _with_fields(formats.read(log, reading), reading.wanted)
        events = list(progress(path, found) if progress else found)
        if not events and str(path) in report.counts:
            raise _unreadable(log, reading)
        if not events:
            report.note(f"{path}: holds no event")
    except InputError as error:
        return FromFile([], report, error)
    return FromFile(events, report, None)


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
