"""Log files as the events that Splunk would make of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ..errors import InputError
from . import firewall, general, windows, zeek
from .source import CORE, LogFile, Reading, Report, files

Row = dict[str, Any]


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
    """Return all events, newest first as Splunk returns them; `keep` None keeps all fields."""
    reading = Reading(None if keep is None else keep | CORE, tz, report, now)
    events: list[Row] = [dict(event) for event in inputs.events]
    for read, argument in _jobs(inputs):
        events.extend(_from_all(read, argument, reading, progress))
    events.sort(key=_time, reverse=True)
    return events


def _from_all(read, argument: str, reading: Reading, progress) -> Iterator[Row]:
    """Return the events of an argument's files; of several, those that do not fit are left out."""
    paths = files(argument)
    refused: list[InputError] = []
    for path in paths:
        try:
            yield from _from_file(read, path, reading, progress)
        except InputError as error:
            refused.append(error)
    if len(refused) == len(paths):
        raise refused[0]
    for error in refused:
        reading.report.note(f"left out: {error}")


def _from_file(read, path: Path, reading: Reading, progress) -> Iterator[Row]:
    found = read(LogFile(path, reading.report), reading)
    event = None
    for event in progress(path, found) if progress else found:
        yield event
    if event is None and str(path) in reading.report.counts:
        raise InputError(f"{path}: no line of it can be read; {reading.report.first(path)}")


def _time(event: Row) -> float:
    return event["_time"]
