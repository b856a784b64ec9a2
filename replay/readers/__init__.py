"""Log files as the events that Splunk would make of them."""

import glob
import heapq
from collections.abc import Collection, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional

from ..cores import in_turn, processes
from ..errors import InputError
from . import census, formats, zeek
from .source import CORE, LogFile, Reading, Report, files

Event = dict[str, Any]
# Bytes of files below which processes cost more than they save.
WORTH_IT = 8 << 20
# Bytes that a share of a file has at least.
WORTH_SHARES = 4 << 20
WHOLE = (0, 1)
KINDS = ("zeek", "sysmon", "firewall", "json", "log")
# What of a folder is not worth reading, by kind.
PASSED_OVER = {"zeek": (zeek.is_passed_over,)}
DAY = 86400
LONG_GAP = 30 * DAY
MOST_STRAGGLERS = 1000


class Inputs(NamedTuple):
    """What to read: files, folders or globs by kind, and events that are rows already.

    The formats of those in `any` are recognised.
    """

    zeek: tuple[str, ...] = ()
    sysmon: tuple[str, ...] = ()
    firewall: tuple[str, ...] = ()
    log: tuple[tuple[str, str], ...] = ()
    json: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    any: tuple[str, ...] = ()


def recognised(inputs: Inputs, report: Report) -> Inputs:
    """Return the inputs with each file of `any` among those of its kind.

    Of several files of an argument those that are not recognised are left out.
    """
    given: dict[str, list] = {kind: list(getattr(inputs, kind)) for kind in KINDS}
    for argument in inputs.any:
        refused, paths = [], files(argument, report)
        for path in paths:
            try:
                kind, sourcetype = formats.recognised(LogFile(path, Report()))
            except InputError as error:
                refused.append(error)
                continue
            if kind == "zeek" and zeek.is_passed_over(path) and Path(argument).is_dir():
                report.note(f"left out: {path}: a log that no search reads")
            else:
                name = glob.escape(str(path))
                given[kind].append((sourcetype, name) if kind == "log" else name)
        _leave_out(refused, len(paths), report)
    return inputs._replace(any=(), **{kind: tuple(found) for kind, found in given.items()})


def _leave_out(refused: list[InputError], count: int, report: Report) -> None:
    """Note the files of an argument that were refused; if all were, refuse the argument."""
    if len(refused) == count:
        raise refused[0]
    for error in refused:
        report.note(f"left out: {error}")


def _given(inputs: Inputs) -> Iterator[tuple[str, str, str]]:
    """Return the kind, the sourcetype that is given if any, and the argument of each input."""
    for kind in KINDS[:-1]:
        yield from ((kind, "", argument) for argument in getattr(inputs, kind))
    yield from (("log", sourcetype, argument) for sourcetype, argument in inputs.log)


def read_events(
    inputs: Inputs,
    wanted: Optional[set[str]],
    tz: Any,
    report: Report,
    progress=None,
    now: Optional[float] = None,
    raw: bool = False,
) -> list[Event]:
    """Return all events, newest first as Splunk returns them, with the wanted fields (None: all).

    With `raw` those that are lines of text keep it. Large files are read on all cores.
    """
    taken = each_file(inputs, wanted, tz, report, list, progress, now, raw)
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
    raw: bool = False,
) -> Iterator[Any]:
    """Return what a function makes of the events of each file; large ones are read on all cores."""
    inputs = recognised(inputs, report)
    fields = None if wanted is None else wanted | CORE
    arguments = [
        (*given, files(given[2], report, *PASSED_OVER.get(given[0], ())))
        for given in _given(inputs)
    ]
    large = sum(path.stat().st_size for *_, paths in arguments for path in paths) >= WORTH_IT
    work = []
    for kind, sourcetype, _, paths in arguments:
        work.append([])
        for path in paths:
            read = None if fields is None else fields | census.names()
            reading = Reading(kind, sourcetype, tz, Report(), now, read, raw)
            whole = partial(_from_file, path, reading, fields, take, progress)
            shares = _shares(path, reading) if large else [WHOLE]
            work[-1].append([partial(whole, share) for share in shares])
    pieces = [piece for argument in work for file in argument for piece in file]
    found = in_turn(pieces) if large else (piece() for piece in pieces)
    for argument in work:
        yield from _of_argument(argument, found, report)


def _shares(path: Path, reading: Reading) -> list[tuple[int, int]]:
    """Return the shares in which a file is read: as many as processes, if it is worth it."""
    count = min(processes(), path.stat().st_size // WORTH_SHARES)
    try:
        shared = count > 1 and formats.is_by_line(LogFile(path, Report()), reading)
    except InputError:
        shared = False
    return [(share, count) for share in range(count)] if shared else [WHOLE]


def _of_argument(
    argument: list[list[Callable]], found: Iterator["FromFile"], report: Report
) -> Iterator[Any]:
    """Return what was made of an argument's files; of several, those that do not fit are left out.

    A file that gave nothing in shares is read as a whole, which tells why.
    """
    refused = []
    for shares in argument:
        told = []
        for one in islice(found, len(shares)):
            told.append(one)
            if one.taken is not None:
                yield one.taken
        if len(shares) > 1 and all(one.taken is None for one in told):
            told = [partial(shares[0].func, *shares[0].args[:-1], WHOLE)()]
        for one in told:
            report.add(one.report)
            refused += [one.refused] if one.refused else []
    _leave_out(refused, len(argument), report)


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


class FromFile(NamedTuple):
    """What was made of one file, what was wrong with it, and why it was refused, if it was."""

    taken: Any
    report: Report
    refused: Optional[InputError]


def _from_file(
    path: Path,
    reading: Reading,
    wanted: Optional[set[str]],
    take: Callable,
    progress,
    share: tuple[int, int],
) -> FromFile:
    report = reading.report
    try:
        log = LogFile(path, report, share, reading.raw)
        found = census.counted(formats.read(log, reading), log, reading)
        found = _with_fields(found, wanted)
        found = iter(progress(path, found) if progress else found)
        first = list(islice(found, 1))
        if not first and share != WHOLE:
            return FromFile(None, report, None)
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
