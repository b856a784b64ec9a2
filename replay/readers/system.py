"""Logs of operating systems: syslog lines (cron and others), auditd, the Windows DHCP server."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..times import timestamp
from . import syslog
from .firewall import pairs
from .source import BadLine, LogFile, Reading

SYSLOG_TYPES = re.compile(r"syslog|cron|linux:.*|linux_(messages_syslog|secure)|osx_.*")
DHCP_TYPE = "DhcpSrvLog"

Row = dict[str, Any]

_AUDIT = re.compile(r"msg=audit\((\d+(?:\.\d+)?):(\d+)\)")


# ---- syslog --------------------------------------------------------------------------------


def read_syslog(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return an event a line: _raw, the time and host of its header, process and pid."""

    def event(line: str) -> Row:
        fields = syslog.header(line)
        if fields is None:
            raise BadLine(f"no syslog header: {line[:60]!r}")
        row = {name: fields[name] for name in ("process", "pid") if fields.get(name, "-") != "-"}
        row["_time"] = syslog.header_time(fields, reading)
        return _named(row, line, fields["host"], sourcetype, log, reading)

    return log.converted(_filled(log), event)


def _filled(log: LogFile) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in log.lines() if line.strip())


def _named(row: Row, line: str, host: str, sourcetype: str, log: LogFile, reading: Reading) -> Row:
    row.update(_raw=line, host=host, sourcetype=sourcetype, source=str(log.path), index="main")
    return reading.kept(row)


# ---- auditd --------------------------------------------------------------------------------


def is_audit(line: str) -> bool:
    """Tell whether a line is a record of the Linux audit daemon."""
    return _AUDIT.search(line) is not None


def read_audit(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return an event a record: _raw, its fields by name, the time that msg=audit() tells."""

    def event(line: str) -> Row:
        found = _AUDIT.search(line)
        if not found:
            raise BadLine("no msg=audit(time:serial)")
        row = {name: value.strip("'") for name, value in pairs(line).items()}
        row["msg"] = f"audit({found[1]}:{found[2]}):"
        row["_time"] = timestamp(found[1])
        host = row.get("node", log.folder("linux"))
        return _named(row, line, host, sourcetype, log, reading)

    return log.converted(_filled(log), event)


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


def read_dhcp(sourcetype: str, log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return an event a line after the header; the text before it explains the codes."""
    lines = _filled(log)
    header = next((line for _, line in lines if line.startswith("ID,Date,Time")), None)
    if header is None:
        raise log.refused("a log of the Windows DHCP server with its header ID,Date,Time,...")
    columns = [DHCP_FIELDS.get(name.strip(), name.strip()) for name in header.split(",")]

    def event(line: str) -> Row:
        cells = next(csv.reader([line]))
        row = {name: cell for name, cell in zip(columns, cells) if cell}
        row["_time"] = _dhcp_time(row, reading.tz)
        if "raw_mac" in row:
            row["dest_mac"] = _with_colons(row["raw_mac"])
        return _named(row, line, log.folder("dhcp"), sourcetype, log, reading)

    return log.converted(lines, event)


def _dhcp_time(row: Row, tz: Any) -> float:
    moment = datetime.strptime(f"{row['date']} {row['time']}", "%m/%d/%y %H:%M:%S")
    return moment.replace(tzinfo=tz).timestamp()


def _with_colons(mac: str) -> str:
    """Write a hardware address as the data model has it.

    >>> _with_colons("00005E005301"), _with_colons("00-00-5E-00-53-01")
    ('00:00:5e:00:53:01', '00:00:5e:00:53:01')
    """
    digits = re.sub(r"[-:]", "", mac).lower()
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
