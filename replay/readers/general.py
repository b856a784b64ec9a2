"""Events of any sourcetype: records that name their own, and files that are given one."""

from collections.abc import Iterator
from typing import Any

from ..times import timestamp
from . import lines, proxies
from .records import flattened, json_lines, required, unwrapped
from .source import BadLine, LogFile, Reading, placed

Event = dict[str, Any]


def read_json(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return records that carry sourcetype, _time and, if they like, source and host."""
    return log.converted(json_lines(log), lambda record: _record(record, reading))


def _record(record: Event, reading: Reading) -> Event:
    record = unwrapped(record)
    event = flattened({name: value for name, value in record.items() if type(value) is not list})
    event.update(_multivalues(record))
    required(event, "sourcetype")
    event["_time"] = timestamp(required(event, "_time"), reading.tz)
    for name, value in (("source", "json"), ("host", "json"), ("index", "main")):
        event.setdefault(name, value)
    return event


def _multivalues(record: Event) -> Event:
    """Lists at the top are multivalue fields under their own names; others are named a{}."""
    listed = {name: value for name, value in record.items() if type(value) is list}
    return {
        name[:-2] if name[:-2] in listed else name: value
        for name, value in flattened(listed).items()
    }


def read_timed_json(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record that has a time, under the sourcetype that is given."""

    def event(record: Event) -> Event:
        found = flattened(unwrapped(record))
        found["_time"] = timestamp(required(found, *lines.TIMES, "UtcTime"), reading.tz)
        return _named(found, log, reading)

    return log.converted(json_lines(log), event)


def read_pairs(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line of key=value pairs, under the sourcetype that is given."""

    def event(line: str) -> Event:
        found = lines.pairs(line)
        if not found:
            raise BadLine("no key=value pairs")
        found["_time"] = lines.time_of(found, line, reading)
        return _named(found, log, reading)

    return log.converted(log.lines(), event)


def read_csv(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a row, under the sourcetype that is given."""
    columns = next(filter(None, map(lines.csv_header, log.first_lines())))
    return lines.csv_events(log, reading, columns, lambda row: _named(row, log, reading))


def _named(event: Event, log: LogFile, reading: Reading) -> Event:
    host = event.get("host", event.get("Computer", log.folder("log")))
    event = proxies.under_web_names(event, reading.sourcetype)
    return placed(event, reading.sourcetype, log.path, host)
