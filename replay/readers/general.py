"""Events of any sourcetype: --json records that name their own, --log files that are given one."""

import re
from collections.abc import Iterator
from typing import Any

from ..times import timestamp
from . import firewall, syslog, system, windows
from .records import flattened, json_lines, required, unwrapped
from .source import BadLine, LogFile, Reading

EXPECTED = "JSON lines, Windows event XML, key=value lines, syslog lines, or CSV with a header"

Row = dict[str, Any]


def read_json(log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return records that carry sourcetype, _time and, if they like, source and host."""
    if not log.has_json():
        raise log.refused("JSON lines or a JSON array")
    return log.converted(json_lines(log), lambda record: reading.kept(_record(record, reading)))


def _record(record: Row, reading: Reading) -> Row:
    record = unwrapped(record)
    row = flattened({name: value for name, value in record.items() if type(value) is not list})
    row.update(_multivalues(record))
    required(row, "sourcetype")
    row["_time"] = timestamp(required(row, "_time"), reading.tz)
    for name, value in (("source", "json"), ("host", "json"), ("index", "main")):
        row.setdefault(name, value)
    return row


def _multivalues(record: Row) -> Row:
    """Lists at the top are multivalue fields under their own names; others are named a{}."""
    listed = {name: value for name, value in record.items() if type(value) is list}
    return {
        name[:-2] if name[:-2] in listed else name: value
        for name, value in flattened(listed).items()
    }


def read_as(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return the events of a file whose format its first line tells."""
    first = log.first_line().lstrip()
    if "%ASA-" in first or "%FTD-" in first:
        raise log.refused(EXPECTED)
    if sourcetype == system.DHCP_TYPE:
        return system.read_dhcp(sourcetype, log, reading)
    if system.is_audit(first):
        return system.read_audit(sourcetype, log, reading)
    if system.SYSLOG_TYPES.fullmatch(sourcetype):
        return system.read_syslog(sourcetype, log, reading)
    return _by_format(first, sourcetype, log, reading)


def _by_format(first: str, sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    if re.match(r"<\D", first) or re.match(r"(Xml)?WinEventLog", sourcetype):
        return windows.read(log, reading, sourcetype, str(log.path))
    if first.startswith(("{", "[")):
        return _timed_json(sourcetype, log, reading)
    if len(firewall.pairs(first)) > 1:
        return _timed_pairs(sourcetype, log, reading)
    columns = firewall.csv_header(first)
    if columns:
        return firewall.csv_rows(log, reading, columns, lambda row: _named(row, sourcetype, log))
    if syslog.header(first):
        return system.read_syslog(sourcetype, log, reading)
    raise log.refused(EXPECTED)


def _timed_json(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    def event(record: Row) -> Row:
        row = flattened(unwrapped(record))
        row["_time"] = timestamp(required(row, *firewall.TIMES, "UtcTime"), reading.tz)
        return reading.kept(_named(row, sourcetype, log))

    return log.converted(json_lines(log), event)


def _timed_pairs(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    def event(line: str) -> Row:
        row = firewall.pairs(line)
        if not row:
            raise BadLine("no key=value pairs")
        row["_time"] = firewall.time_of(row, line, reading)
        return reading.kept(_named(row, sourcetype, log))

    return log.converted(log.lines(), event)


def _named(row: Row, sourcetype: str, log: LogFile) -> Row:
    row.update(sourcetype=sourcetype, source=str(log.path), index="main")
    row.setdefault("host", row.get("Computer", log.folder("log")))
    return row
