"""Log files as the events that Splunk would make of them."""

from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..cores import each
from ..errors import InputError
from . import firewall, general, windows, zeek
from .source import CORE, LogFile, Reading, Report, files

Row = dict[str, Any]
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
    events: tuple[Row, ...] = ()


def _jobs(inputs: Inputs) -> Iterator[tuple[Any, str]]:
    for read, arguments in (
        (zeek.read, inputs.zeek),
        (windows.read_sysmon, inputs.sysmon),
        (firewall.read, inputs.firewall),
        (general.read_json, inputs.json),
    ):
        for argument in arguments:
            yield read, argument
    for sourcetype, argument in inputs.log:
        yield _as(sourcetype), argument


def _as(sourcetype: str):
    return lambda log, reading: general.read_as(sourcetype, log, reading)


def read_events(
    inputs: Inputs,
    keep: Optional[set[str]],
    tz: Any,
    report: Report,
    progress=None,
    now: Optional[float] = None,
) -> list[Row]:
    """Return all events, newest first as Splunk returns them; `keep` None keeps all fields.

    Large files are read on all cores.
    """
    settings = None if keep is None else keep | CORE, tz, now
    arguments = [(read, files(argument, report)) for read, argument in _jobs(inputs)]
    work = [
        partial(_from_file, read, path, settings, progress)
        for read, paths in arguments
        for path in paths
    ]
    size = sum(path.stat().st_size for _, paths in arguments for path in paths)
    found = iter(each(work) if size >= WORTH_IT else [piece() for piece in work])
    events: list[Row] = [dict(event) for event in inputs.events]
    for _, paths in arguments:
        events.extend(_of_argument(list(islice(found, len(paths))), report))
    events.sort(key=_time, reverse=True)
    if now is None:
        _tell_stragglers(events, report)
    return events


def _tell_stragglers(events: list[Row], report: Report) -> None:
    """Say so where a few events lie far after all others, since the windows end at the newest."""
    for place in range(1, min(MOST_STRAGGLERS, len(events) // 2) + 1):
        newer, older = events[place - 1]["_time"], events[place]["_time"]
        if newer - older > LONG_GAP:
            report.note(
                f"the newest {place} of {len(events)} events lie {(newer - older) / DAY:.0f} days "
                f"after the others, which the windows then may not reach: see --now"
            )
            return


def _of_argument(found: list["FromFile"], report: Report) -> Iterator[Row]:
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

    events: list[Row]
    report: Report
    refused: Optional[InputError]


def _from_file(read, path: Path, settings: tuple, progress) -> FromFile:
    report = Report()
    keep, tz, now = settings
    try:
        found = read(LogFile(path, report), Reading(keep, tz, report, now))
        events = list(progress(path, found) if progress else found)
        if not events and str(path) in report.counts:
            raise InputError(f"{path}: no line of it can be read; {report.first(path)}")
        if not events:
            report.note(f"{path}: holds no event")
    except InputError as error:
        return FromFile([], report, error)
    return FromFile(events, report, None)


def _time(event: Row) -> float:
    return event["_time"]
