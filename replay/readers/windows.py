"""Windows events as XML or JSON lines, and what Splunk's Sysmon add-on makes of those of Sysmon.

An event's source is XmlWinEventLog: and its channel, where it tells one.
"""

import re
from collections.abc import Iterator
from typing import Any, Optional
from xml.etree import ElementTree

from ..times import timestamp
from .records import flattened, json_lines, required, unwrapped
from .source import BadLine, LogFile, Reading

EXPECTED = "Windows events (XML, or JSON lines)"
SYSMON = "Microsoft-Windows-Sysmon/Operational"
SOURCETYPE = "XmlWinEventLog"

Row = dict[str, Any]

# Field of the add-on: fields of the event, the first that is there.
ALIASES = {
    "src_ip": ("SourceIp",),
    "src_port": ("SourcePort",),
    "dest_ip": ("DestinationIp",),
    "dest_port": ("DestinationPort",),
    "transport": ("Protocol",),
    "user": ("User",),
    "process_id": ("ProcessId",),
    "process_guid": ("ProcessGuid",),
    "process_path": ("Image",),
    "app": ("Image",),
    "dvc": ("Computer",),
}


def read_sysmon(log: LogFile, reading: Reading) -> Iterator[Row]:
    """Return the events of a Sysmon log, and whatever other Windows events stand beside them."""
    return read(log, reading, SOURCETYPE, f"{SOURCETYPE}:{SYSMON}")


def read(log: LogFile, reading: Reading, sourcetype: str, source: str) -> Iterator[Row]:
    """Return Windows events under a sourcetype and source."""
    first = log.first_line().lstrip()
    if not first.startswith(("<", "{", "[")):
        raise log.refused(EXPECTED)
    if first.startswith("<"):
        numbered, fields = _elements(log), _parsed
    else:
        numbered, fields = json_lines(log), _flat
    return log.converted(
        numbered, lambda one: reading.kept(_completed(fields(one), sourcetype, source))
    )


def _completed(event: Row, sourcetype: str, source: str) -> Row:
    code = required(event, "EventCode", "EventID")
    if not re.fullmatch(r"\d+", code):
        raise BadLine(f"event code {code[:20]!r} is no number")
    event.update(EventCode=code, EventID=code, _time=_time(event))
    if "Channel" in event:
        source = f"{SOURCETYPE}:{event['Channel']}"
    event.update(sourcetype=sourcetype, source=source, index="main")
    event["host"] = event.get("Computer", "windows")
    return _of_sysmon(event) if event.get("Channel", SYSMON) == SYSMON else event


def _of_sysmon(event: Row) -> Row:
    for name, sources in ALIASES.items():
        value = next((event[one] for one in sources if one in event), None)
        if value is not None and value != "-":
            event.setdefault(name, value)
    if "Image" in event:
        event.setdefault("process_name", re.split(r"[\\/]", event["Image"])[-1])
        event.setdefault("process_exec", event["process_name"])
    return event


def _time(event: Row) -> float:
    """The event log's own time first; @timestamp may be the collector's."""
    for name in ("SystemTime", "UtcTime", "EventTime", "@timestamp", "_time", "timestamp"):
        if name in event:
            return timestamp(event[name])
    raise BadLine("no field UtcTime, SystemTime, EventTime or @timestamp")


# ---- JSON ----------------------------------------------------------------------------------


def _flat(record: Row) -> Row:
    """Return an event's fields, whichever of the common shippers wrote the record."""
    record = unwrapped(record)
    if type(record.get("winlog")) is dict:
        return _winlogbeat(record)
    if type(record.get("Event")) is dict:
        return _xml_as_json(record["Event"])
    data = record.get("EventData")
    fields = flattened({name: value for name, value in record.items() if value is not data})
    if type(data) is dict:
        fields = {**_event_data(data), **fields}
    if "Hostname" in fields:
        fields.setdefault("Computer", fields["Hostname"])
    return fields


def _winlogbeat(record: Row) -> Row:
    winlog = record["winlog"]
    fields = flattened(winlog.get("event_data") or winlog.get("user_data") or {})
    code = winlog.get("event_id") or (record.get("event") or {}).get("code")
    named = {
        "EventCode": code,
        "Computer": winlog.get("computer_name"),
        "SystemTime": record.get("@timestamp"),
        "Channel": winlog.get("channel"),
    }
    return {**fields, **{name: value for name, value in named.items() if value}}


def _xml_as_json(event: Row) -> Row:
    system = event.get("System") or {}
    fields = _event_data(event.get("EventData") or {})
    created = system.get("TimeCreated") or {}
    named = {
        "EventCode": _text_of(system.get("EventID")),
        "Computer": _text_of(system.get("Computer")),
        "Channel": _text_of(system.get("Channel")),
        "SystemTime": _attribute(created, "SystemTime"),
    }
    return {**fields, **{name: value for name, value in named.items() if value}}


def _event_data(found: Row) -> Row:
    listed = found.get("Data")
    if type(listed) is not list:
        return flattened(found)
    pairs = ((_attribute(part, "Name"), _text_of(part)) for part in listed if type(part) is dict)
    return {name: value for name, value in pairs if name and value}


def _text_of(value: Any) -> Optional[str]:
    return value.get("#text") if type(value) is dict else value


def _attribute(element: Any, name: str) -> Optional[str]:
    if type(element) is not dict:
        return None
    attributes = element.get("#attributes") or element
    return attributes.get(name) or attributes.get("@" + name)


# ---- XML -----------------------------------------------------------------------------------

_START = re.compile(r"<Event[\s>]")
_END = "</Event>"


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
            if _END in piece:
                yield started, pending.strip()
                pending = ""
    if pending:
        yield started, pending


def _pieces(line: str) -> list[str]:
    """Cut a line before every <Event> and after every </Event>."""
    return [piece for piece in re.split(r"(?=<Event[\s>])|(?<=</Event>)", line) if piece.strip()]


def _check_outside(log: LogFile, number: int, piece: str) -> None:
    if not re.match(r"\s*(<\?xml|</?Events|<!--)", piece):
        log.report.bad(log.path, number, f"not an event: {piece.strip()[:60]!r}")


def _parsed(written: str) -> Row:
    try:
        event = ElementTree.fromstring(written)
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
