"""Events of any sourcetype: records that name their own, and files that are given one."""

from collections.abc import Iterator
from typing import Any

from ..times import timestamp
from ..values import multivalue
from . import firewall, lines, proxies, tables, windows
from .envelopes import names_an_address
from .records import flattened, is_json, parsed, records, required, unwrapped
from .source import MALFORMED, BadLine, LogFile, Reading, placed

Event = dict[str, Any]


def is_table(line: str, _reading: Reading) -> bool:
    """Tell whether a line is the header of a table that Splunk exported."""
    columns = tables.header(line)
    return columns is not None and {"_time", "sourcetype"} <= set(columns.names)


def read_records(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return records that carry sourcetype, _time and, if they like, source and host."""
    is_row = not is_json(log.first_line())
    return log.converted(records(log), lambda record: _record(record, log, reading, is_row))


def _record(record: Event, log: LogFile, reading: Reading, is_row: bool) -> Event:
    record = _named_by_itself(_cells(record) if is_row else record)
    event = flattened({name: value for name, value in record.items() if type(value) is not list})
    event.update(_multivalues(record))
    sourcetype = required(event, "sourcetype")
    if type(sourcetype) is not str:
        raise BadLine("more than one sourcetype")
    if "_raw" in event and not names_an_address(event):
        event = {**_of_text(event["_raw"], sourcetype, log, reading), **event}
    event["_time"] = timestamp(required(event, "_time"), reading.tz, lines.zone(event))
    for name, value in (("source", "json"), ("host", "json"), ("index", "main")):
        event.setdefault(name, value)
    return event


def _named_by_itself(record: Event) -> Event:
    """Return a record of the event collector's form, or of an export, as the event it holds."""
    inner = unwrapped(record)
    if "event" not in record or "sourcetype" not in record or "_time" in record:
        return inner
    outer = {name: record[name] for name in ("sourcetype", "source", "host") if name in record}
    if type(record["event"]) is str:
        inner = {"_raw": record["event"]}
    times = {"_time": record["time"]} if "time" in record else {}
    return {**times, **inner, **outer}


def _of_text(text: str, sourcetype: str, log: LogFile, reading: Reading) -> Event:
    """Return the fields that Splunk finds in the text of an event."""
    reading = reading._replace(sourcetype=sourcetype)
    try:
        if is_json(text):
            return flattened(parsed(text))
        if windows.is_element(text, reading):
            return windows.of_xml(text, log, reading)
        if firewall.is_palo_alto(text, reading):
            return firewall.of_palo_alto(text, reading)
    except MALFORMED:
        return {}
    return lines.pairs(text)


def _cells(row: Event) -> Event:
    """Return a row of a table, in whose cells each value has a line, as a record."""
    return {
        name: value if name == "_raw" else multivalue(value.split("\n"))
        for name, value in row.items()
    }


def _multivalues(record: Event) -> Event:
    """Lists at the top are multivalue fields under their own names; others are named a{}."""
    listed = {name: value for name, value in record.items() if type(value) is list}
    return {
        name[:-2] if name[:-2] in listed else name: value
        for name, value in flattened(listed).items()
    }


def read_timed(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record that has a time, under the sourcetype that is given."""

    def event(record: Event) -> Event:
        found = flattened(unwrapped(record))
        found["_time"] = lines.time_of(found, "", reading)
        return _named(found, log, reading)

    return log.converted(records(log), event)


def read_pairs(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line of key=value pairs, under the sourcetype that is given."""

    def event(line: str) -> Event:
        found = lines.pairs(line)
        if not found:
            raise BadLine("no key=value pairs")
        found["_time"] = lines.time_of(found, line, reading)
        return _named(found, log, reading)

    return log.converted(log.lines(), event)


def _named(event: Event, log: LogFile, reading: Reading) -> Event:
    host = event.get("host", event.get("Computer", log.folder("log")))
    event = proxies.under_web_names(event, reading.sourcetype)
    return placed(event, reading.sourcetype, log.path, host)
