"""Logs of operating systems: syslog lines (cron and others), auditd, the Windows DHCP server."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..errors import InputError
from ..times import timestamp
from . import syslog
from .lines import pairs
from .source import BadLine, LogFile, Reading

SYSLOG_TYPES = re.compile(r"syslog|cron|linux:.*|linux_(messages_syslog|secure)|osx_.*")
DHCP_TYPE = "DhcpSrvLog"

Event = dict[str, Any]

_AUDIT = re.compile(r"msg=audit\((\d+(?:\.\d+)?):(\d+)\)")


# ---- syslog --------------------------------------------------------------------------------


def is_syslog(line: str, _reading: Reading) -> bool:
    """Tell whether a line begins with a syslog header."""
    return syslog.header(line) is not None


def is_syslog_type(_line: str, reading: Reading) -> bool:
    """Tell whether the sourcetype that is given is one of syslog lines."""
    return SYSLOG_TYPES.fullmatch(reading.sourcetype) is not None


def read_syslog(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line: _raw, the time and host of its header, process and pid."""

    def event(line: str) -> Event:
        fields = syslog.header(line)
        if fields is None:
            raise BadLine(f"no syslog header: {line[:60]!r}")
        event = {name: fields[name] for name in ("process", "pid") if fields.get(name, "-") != "-"}
        event["_time"] = syslog.header_time(fields, reading)
        return _named(event, line, fields["host"], log, reading)

    return log.converted(log.filled_lines(), event)


def _named(event: Event, line: str, host: str, log: LogFile, reading: Reading) -> Event:
    about = {"sourcetype": reading.sourcetype, "source": str(log.path), "index": "main"}
    event.update(_raw=line, host=host, **about)
    return event


# ---- auditd --------------------------------------------------------------------------------


def is_audit(line: str, _reading: Reading) -> bool:
    """Tell whether a line is a record of the Linux audit daemon."""
    return _AUDIT.search(line) is not None


def read_audit(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a record: _raw, its fields by name, the time in msg=audit()."""

    def event(line: str) -> Event:
        found = _AUDIT.search(line)
        if not found:
            raise BadLine("no msg=audit(time:serial)")
        event = {name: value.strip("'") for name, value in pairs(line).items()}
        event["msg"] = f"audit({found[1]}:{found[2]}):"
        event["_time"] = timestamp(found[1])
        host = event.get("node", log.folder("linux"))
        return _named(event, line, host, log, reading)

    return log.converted(log.filled_lines(), event)


# ---- DHCP server of Windows ----------------------------------------------------------------

# Column of the log: the name that the add-on for Windows gives it.
DHCP_FIELDS = {
    "ID": "msdhcp_id",
    "Date": "date",
    "Time": "time",
    "Description": "description",
    "IP Address": "dest_ip",
    "Host Name": "dest_nt_host",
    "MAC Address": "raw_mac",
    "User Name": "user",
}


def is_dhcp(_line: str, reading: Reading) -> bool:
    """Tell whether the sourcetype that is given is that of the DHCP server."""
    return reading.sourcetype == DHCP_TYPE


def read_dhcp(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return an event a line after the header; the text before it explains the codes."""
    lines = log.filled_lines()
    header = next((line for _, line in lines if line.startswith("ID,Date,Time")), None)
    if header is None:
        raise InputError(
            f"{log.path}: expected a log of the Windows DHCP server, with its header "
            "ID,Date,Time,..."
        )
    columns = [DHCP_FIELDS.get(name.strip(), name.strip()) for name in header.split(",")]

    def event(line: str) -> Event:
        cells = next(csv.reader([line]))
        event = {name: cell for name, cell in zip(columns, cells) if cell}
        event["_time"] = _dhcp_time(event, reading.tz)
        if "raw_mac" in event:
            event["dest_mac"] = _with_colons(event["raw_mac"])
        return _named(event, line, log.folder("dhcp"), log, reading)

    return log.converted(lines, event)


def _dhcp_time(event: Event, tz: Any) -> float:
    moment = datetime.strptime(f"{event['date']} {event['time']}", "%m/%d/%y %H:%M:%S")
    return moment.replace(tzinfo=tz).timestamp()


def _with_colons(mac: str) -> str:
    """Write a hardware address as the data model has it.

    >>> _with_colons("00005E005301"), _with_colons("00-00-5E-00-53-01")
    ('00:00:5e:00:53:01', '00:00:5e:00:53:01')
    """
    digits = re.sub(r"[-:]", "", mac).lower()
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
