"""Windows events as XML or JSON lines, and what Splunk's Sysmon add-on makes of those of Sysmon.

An event's source is XmlWinEventLog: and its channel, where it names one.
"""

import re
from collections.abc import Iterator
from typing import Any, Optional
from xml.etree import ElementTree

from ..times import timestamp
from . import syslog
from .records import flattened, json_lines, required, unwrapped
from .source import BadLine, LogFile, Reading

SYSMON = "Microsoft-Windows-Sysmon/Operational"
SOURCETYPE = "XmlWinEventLog"

Event = dict[str, Any]

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

ADDRESSES = {"src_ip", "dest_ip"}
# Names of ECS, which Winlogbeat's module for Sysmon renames its fields to: names of the event.
ECS = {
    "source.ip": "SourceIp",
    "source.port": "SourcePort",
    "destination.ip": "DestinationIp",
    "destination.port": "DestinationPort",
    "network.transport": "Protocol",
    "process.executable": "Image",
    "process.pid": "ProcessId",
    "process.entity_id": "ProcessGuid",
    "process.command_line": "CommandLine",
    "process.parent.executable": "ParentImage",
    "user.name": "User",
}
INITIATED = {"egress": "true", "outbound": "true", "ingress": "false", "inbound": "false"}

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


def read_json(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of JSON records, whichever of the common shippers wrote them."""
    return log.converted(json_lines(log), lambda one: _completed(_flat(one), log, reading))


def read_xml(log: LogFile, reading: Reading) -> Iterator[Event]:
    """Return the events of XML elements."""
    return log.converted(_elements(log), lambda one: _completed(_parsed(one), log, reading))


def _completed(event: Event, log: LogFile, reading: Reading) -> Event:
    written = required(event, "EventCode", "EventID")
    code = re.fullmatch(r"(\d+)(?:\.0+)?", written)
    if not code:
        raise BadLine(f"event code {written[:20]!r} is no number")
    event.update(EventCode=code.group(1), EventID=code.group(1), _time=_time(event))
    source = str(log.path) if reading.sourcetype else f"{SOURCETYPE}:{SYSMON}"
    if "Channel" in event:
        source = f"{SOURCETYPE}:{event['Channel']}"
    sourcetype = reading.sourcetype or SOURCETYPE
    event.update(sourcetype=sourcetype, source=source, index="main")
    event["host"] = event.get("Computer", "windows")
    if event.get("Channel", SYSMON).lower() != SYSMON.lower():
        return event
    event = _of_sysmon(event)
    if event["EventCode"] == "3" and source.endswith(SYSMON) and not event.keys() & ADDRESSES:
        raise BadLine("a network connection (event 3) without SourceIp and DestinationIp")
    return event


def _of_sysmon(event: Event) -> Event:
    for name, sources in ALIASES.items():
        value = next((event[one] for one in sources if one in event), None)
        if value is not None and value != "-":
            event.setdefault(name, value)
    if "Image" in event:
        event.setdefault("process_name", re.split(r"[\\/]", event["Image"])[-1])
        event.setdefault("process_exec", event["process_name"])
    return event


def _time(event: Event) -> float:
    """The event log's own time first; @timestamp may be the collector's."""
    for name in ("SystemTime", "UtcTime", "EventTime", "@timestamp", "_time", "timestamp"):
        if name in event:
            return timestamp(event[name])
    raise BadLine("no field UtcTime, SystemTime, EventTime or @timestamp")


# ---- JSON ----------------------------------------------------------------------------------


def _flat(record: Event) -> Event:
    """Return an event's fields, whichever of the common shippers wrote the record."""
    record = unwrapped(record)
    fields = flattened(record)
    if "event.code" in fields or any(name.startswith("winlog.") for name in fields):
        return _elastic(fields)
    if type(record.get("Event")) is dict:
        return _xml_as_json(record["Event"])
    if type(record.get("EventData")) is dict:
        fields = {**_event_data(record["EventData"]), **fields}
    if "Hostname" in fields:
        fields.setdefault("Computer", fields["Hostname"])
    return fields


def _elastic(fields: Event) -> Event:
    """Return what Winlogbeat has sent, whether its module for Sysmon renamed the fields or not."""
    named = {
        "EventCode": fields.get("winlog.event_id") or fields.get("event.code"),
        "Computer": fields.get("winlog.computer_name") or fields.get("host.name"),
        "SystemTime": fields.get("@timestamp"),
        "Channel": fields.get("winlog.channel"),
        "Initiated": INITIATED.get(fields.get("network.direction", "")),
        **{name: fields.get(ecs) for ecs, name in ECS.items()},
    }
    found = {name: value for name, value in named.items() if value}
    for prefix in ("winlog.user_data.", "winlog.event_data."):
        inner = {name[len(prefix) :]: name for name in fields if name.startswith(prefix)}
        found.update((name, fields[full]) for name, full in inner.items())
    return found


def _xml_as_json(event: Event) -> Event:
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


def _event_data(found: Event) -> Event:
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
    cut = _END.sub(lambda found: found.group(0) + "\0", _START.sub(_before, line))
    return [piece for piece in cut.split("\0") if piece.strip()]


def _before(found) -> str:
    return "\0" + found.group(0)


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
