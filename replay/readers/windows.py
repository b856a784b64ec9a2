"""Windows events as XML, records or text, and what Splunk's Sysmon add-on makes of Sysmon's.

An event's source is XmlWinEventLog: and its channel, where it names one.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from ..times import timestamp
from . import syslog, tables, windows_records, windows_text
from .records import records, required
from .source import BadLine, LogFile, Reading, placed

SYSMON = "Microsoft-Windows-Sysmon/Operational"
SOURCETYPE = "XmlWinEventLog"
# Sysmon for Linux writes to syslog.
LINUX, LINUX_SOURCETYPE = "Linux-Sysmon/Operational", "sysmon:linux"

Event = dict[str, Any]

# Field of the add-on: field of the event.
ALIASES = {
    "src_ip": "SourceIp", "src_port": "SourcePort", "dest_ip": "DestinationIp",
    "dest_port": "DestinationPort", "transport": "Protocol", "user": "User",
    "process_id": "ProcessId", "process_guid": "ProcessGuid", "process_path": "Image",
    "app": "Image", "dvc": "Computer",
}  # fmt: skip
ADDRESSES = {"src_ip", "dest_ip"}
_XML = re.compile(r"\s*<[?!A-Za-z]|.*<(?:\w+:)?Event[\s>]")


def is_windows(sourcetype: str) -> bool:
    """Tell whether a sourcetype is one of Windows events."""
    return re.match(r"(Xml)?WinEventLog", sourcetype) is not None


def is_xml(line: str, _reading: Reading) -> bool:
    """Tell whether a line begins an XML file, or holds an event."""
    return _XML.match(line) is not None


def is_element(line: str, reading: Reading) -> bool:
    """Tell the same of a log of any sourcetype, where a number in brackets begins syslog."""
    return re.match(r"<\D", line) is not None or (
        is_windows(reading.sourcetype) and is_xml(line, reading)
    )


def is_text(line: str, _reading: Reading) -> bool:
    """Tell whether a line begins an event as text."""
    return windows_text.START.match(line) is not None


def is_table(line: str, _reading: Reading) -> bool:
    """Tell whether a line is the header of a CSV file of events."""
    columns = tables.header(line)
    return columns is not None and windows_records.is_event(dict.fromkeys(columns.names, ""))


def read_records(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of JSON records or rows of CSV, whichever common tool wrote them."""
    events = log.converted(
        records(log), lambda one: _completed(windows_records.fields(one), log, reading)
    )
    return windows_records.once(events)


def read_text(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of blocks of text."""

    def event(block: str) -> Event:
        return _completed(windows_text.fields(block), log, reading, "WinEventLog")

    return log.converted(windows_text.blocks(log), event)


def read_xml(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of XML elements."""
    return log.converted(_elements(log), lambda one: of_xml(one, log, reading))


def of_xml(written: str, log: LogFile, reading: Reading) -> Event:
    """Return the event that an XML element describes."""
    return _completed(_parsed(written), log, reading)


def _completed(event: Event, log: LogFile, reading: Reading, sourcetype: str = SOURCETYPE) -> Event:
    written = required(event, "EventCode", "EventID")
    code = re.fullmatch(r"(\d+)(?:\.0+)?", written)
    if not code:
        raise BadLine(f"event code {written[:20]!r} is no number")
    event.update(EventCode=code.group(1), EventID=code.group(1), _time=_time(event, reading))
    source = str(log.path) if reading.sourcetype else f"{sourcetype}:{SYSMON}"
    if "Channel" in event:
        source = f"{sourcetype}:{event['Channel']}"
    if event.get("Channel") == LINUX:
        sourcetype, source = LINUX_SOURCETYPE, f"Syslog:{LINUX}"
    placed(event, reading.sourcetype or sourcetype, source, event.get("Computer", "windows"))
    if event.get("Channel", SYSMON).lower() not in (SYSMON.lower(), LINUX.lower()):
        return event
    event = _of_sysmon(event)
    if event["EventCode"] == "3" and source.endswith(SYSMON) and not event.keys() & ADDRESSES:
        raise BadLine("a network connection (event 3) without SourceIp and DestinationIp")
    return event


def _of_sysmon(event: Event) -> Event:
    for name, source in ALIASES.items():
        if event.get(source, "-") != "-":
            event.setdefault(name, event[source])
    if "Image" in event:
        event.setdefault("process_name", re.split(r"[\\/]", event["Image"])[-1])
        event.setdefault("process_exec", event["process_name"])
    return event


def _time(event: Event, reading: Reading) -> float:
    """The event log's own time first; @timestamp may be the collector's.

    It is in UTC, but for what people read: PowerShell and the event viewer write local time.
    """
    for name in ("SystemTime", "UtcTime", "EventTime", "@timestamp", "_time", "timestamp"):
        if name in event:
            return timestamp(event[name])
    for name in ("TimeCreated", "Timestamp", "Date"):
        if name in event:
            zone = None if re.match(r"\d{4}-", event[name]) else reading.tz
            return timestamp(event[name], *filter(None, [zone]))
    raise BadLine("no field UtcTime, SystemTime, EventTime or @timestamp")


# ---- XML -----------------------------------------------------------------------------------

_START = re.compile(r"<(?:\w+:)?Event[\s>]")
_END = re.compile(r"</(?:\w+:)?Event>")
# Windows writes what a program gave it, even what XML has no place for.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PREFIX = re.compile(r"(</?)\w+:(?=[A-Z])")


def _elements(log: LogFile) -> Iterator[tuple[int, str]]:
    """Cut the text into <Event> elements; one that is not closed ends where the next begins."""
    started, pending = 0, ""
    for number, line in log.lines():
        for piece in _pieces(line):
            if _START.match(piece):
                if pending:
                    yield started, pending
                started, pending = number, ""
            elif not pending:
                _check_outside(log, number, piece)
                continue
            pending += piece + "\n"
            if _END.search(piece):
                yield started, pending.strip()
                pending = ""
    if pending:
        yield started, pending


def _pieces(line: str) -> list[str]:
    """Cut a line before every <Event> and after every </Event>."""
    cut = _END.sub(r"\g<0>\0", _START.sub(r"\0\g<0>", line))
    return [piece for piece in cut.split("\0") if piece.strip()]


def _check_outside(log: LogFile, number: int, piece: str) -> None:
    if not re.match(r"\s*(<\?xml|</?(\w+:)?Events|<!--)", piece) and not syslog.header(piece):
        log.report.bad(log.path, number, f"not an event: {piece.strip()[:60]!r}")


def _parsed(written: str) -> Event:
    try:
        event = ElementTree.fromstring(_PREFIX.sub(r"\1", _NO_XML.sub("", written)))
    except ElementTree.ParseError as error:
        raise BadLine(f"not an event: {error}") from None
    system = event.find("{*}System")
    if system is None:
        raise BadLine("no System element")
    fields = {}
    for part in event.iterfind("{*}EventData/{*}Data"):
        if part.get("Name") and part.text:
            fields[part.get("Name")] = part.text
    for part in event.iterfind("{*}UserData/*/*"):
        if part.text and part.text.strip():
            fields[part.tag.rpartition("}")[2]] = part.text
    created = system.find("{*}TimeCreated")
    for name in ("EventID", "Computer", "Channel", "EventRecordID"):
        if system.findtext("{*}" + name):
            fields[name] = system.findtext("{*}" + name).strip()
    if created is not None and created.get("SystemTime"):
        fields["SystemTime"] = created.get("SystemTime")
    return fields
