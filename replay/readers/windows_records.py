"""Windows events as records: what shippers and tools make of them, back under their own names.

Shippers: Winlogbeat (also before 7), NXLog, and Wazuh, whose decoder writes names with a small
first letter below data.win. Tools: evtx_dump, Chainsaw and Velociraptor (XML as JSON, attributes
beside or below their element), Hayabusa (Details under names of its own, one row for each rule that
fits), EvtxECmd (EventData as JSON in Payload), PowerShell's Get-WinEvent (all of it in Message).
"""

import re
from collections.abc import Iterator
from typing import Any, Optional

from . import windows_text
from .records import flattened, parsed, unwrapped
from .source import MALFORMED

Event = dict[str, Any]

# Names of ECS, which Winlogbeat's module for Sysmon renames its fields to: names of the event.
ECS = {
    "source.ip": "SourceIp", "source.port": "SourcePort", "destination.ip": "DestinationIp",
    "destination.port": "DestinationPort", "network.transport": "Protocol",
    "process.executable": "Image", "process.pid": "ProcessId", "process.entity_id": "ProcessGuid",
    "process.command_line": "CommandLine", "process.parent.executable": "ParentImage",
    "user.name": "User",
}  # fmt: skip
INITIATED = {"egress": "true", "outbound": "true", "ingress": "false", "inbound": "false"}
CODES = (
    "EventCode", "EventID", "EventId", "event.code", "winlog.event_id", "event_id",
    "System.EventID", "System.EventID.#text", "System.EventID.Value",
)  # fmt: skip
# Names of the event: what tools call what Windows keeps beside an event's own data.
SYSTEM = {
    "EventCode": ("EventCode", "EventID", "EventId", "Id", "event_id"),
    "Computer": ("Computer", "ComputerName", "MachineName", "Hostname", "computer_name"),
    "Channel": ("Channel", "LogName", "log_name"),
}
# Hayabusa's rules, config/default_details.txt and channel_abbreviations.txt.
HAYABUSA = {
    "Proto": "Protocol", "SrcIP": "SourceIp", "SrcPort": "SourcePort", "SrcHost": "SourceHostname",
    "TgtIP": "DestinationIp", "TgtPort": "DestinationPort", "TgtHost": "DestinationHostname",
    "Proc": "Image", "PID": "ProcessId", "PGUID": "ProcessGuid", "Cmd": "CommandLine",
    "Query": "QueryName", "Result": "QueryResults",
}  # fmt: skip
CHANNELS = {
    "Sysmon": "Microsoft-Windows-Sysmon/Operational", "Sec": "Security", "Sys": "System",
    "TaskSch": "Microsoft-Windows-TaskScheduler/Operational",
}  # fmt: skip
_DETAILS = ("Details", "AllFieldInfo", "ExtraFieldInfo")
_WAZUH = re.compile(r"(?:.*\.)?win\.(system|eventdata)\.(\w)(\w*)")


def is_event(record: Event) -> bool:
    """Tell whether a record is an event, whichever tool wrote it."""
    record = _opened(unwrapped(record))
    names = {*flattened(record), *record}
    return (
        not names.isdisjoint(CODES)
        or {"Id", "Message"} <= names
        or any(map(_WAZUH.fullmatch, names))
    )


def fields(record: Event) -> Event:
    """Return an event's fields, whichever of the common tools wrote the record."""
    record = _opened(unwrapped(record))
    if type(record.get("System")) is dict:
        return _xml_as_json(record)
    found = flattened(record)
    if "event.code" in found or any(name.startswith("winlog.") for name in found):
        return _elastic(found)
    if any(map(_WAZUH.fullmatch, found)):
        return _wazuh(found)
    if "RuleTitle" in found or not found.keys().isdisjoint(_DETAILS):
        found = _hayabusa(record, found)
    for name in ("EventData", "event_data"):
        if type(record.get(name)) is dict:
            found = {**_event_data(record[name]), **found}
    if "Payload" in found:
        found = {**found, **_payload(found["Payload"])}
    if "Id" in found and "Message" in found:
        found = {**found, **windows_text.message(found["Message"])}
    return _named(found)


# Where an event of XML stands in a record, Chainsaw's first.
EVENTS = (("document", "data", "Event"), ("data", "Event"), ("Event",))


def _opened(record: Event) -> Event:
    """Return the event in a record of what shows XML as JSON, else the record."""
    for path in EVENTS:
        found: Any = record
        for name in path:
            found = found.get(name) if type(found) is dict else None
        if type(found) is dict:
            return found
    if type(record.get("SystemData")) is dict:
        return {**record, "System": record["SystemData"]}
    return record


def _named(found: Event) -> Event:
    """Give what an event has beside its own data the names that Windows gives it."""
    for name, others in SYSTEM.items():
        value = next((found[other] for other in others if found.get(other)), None)
        if value is not None:
            found[name] = value
    # PowerShell 5 writes a time with what it shows of it.
    if "TimeCreated.value" in found:
        found["TimeCreated"] = found["TimeCreated.value"]
    return found


def once(events: Iterator[Event]) -> Iterator[Event]:
    """Leave out what Hayabusa repeats: an event comes once for each rule that it fits."""
    seen = set()
    for event in events:
        if "RuleTitle" in event and "RecordID" in event:
            key = event["host"], event.get("Channel"), event["RecordID"]
            if key in seen:
                continue
            seen.add(key)
        yield event


def _wazuh(found: Event) -> Event:
    """Wazuh writes each backslash twice."""
    event = {}
    for name, value in found.items():
        written = _WAZUH.fullmatch(name)
        if written:
            _, initial, rest = written.groups()
            value = value.replace("\\\\", "\\") if type(value) is str else value
            event[initial.upper() + rest] = value
    return _named(event)


def _hayabusa(record: Event, found: Event) -> Event:
    told: Event = {}
    for name in _DETAILS:
        part = record.get(name)
        if type(part) is str:
            pairs = (one.partition(": ")[::2] for one in part.split(" ¦ "))
            part = {key.strip(): value.strip() for key, value in pairs}
        if type(part) is dict:
            told.update(flattened(part))
    told = {HAYABUSA.get(name, name): value for name, value in told.items() if value}
    channel = CHANNELS.get(found.get("Channel", ""), found.get("Channel"))
    return {**told, **found, **({"Channel": channel} if channel else {})}


def _payload(written: str) -> Event:
    try:
        payload = parsed(written)
    except MALFORMED:
        return {}
    return _event_data(payload.get("EventData") or {})


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
    found = _event_data(event.get("EventData") or {})
    created = system.get("TimeCreated") or system.get("TimeCreated_attributes") or {}
    named = {
        "EventCode": _text_of(system.get("EventID")),
        "Computer": _text_of(system.get("Computer")),
        "Channel": _text_of(system.get("Channel")),
        "SystemTime": _attribute(created, "SystemTime"),
    }
    return {**found, **{name: value for name, value in named.items() if value}}


def _event_data(found: Event) -> Event:
    listed = found.get("Data")
    if type(listed) is not list:
        return flattened(found)
    pairs = ((_attribute(part, "Name"), _text_of(part)) for part in listed if type(part) is dict)
    return {name: value for name, value in pairs if name and value}


def _text_of(value: Any) -> Optional[str]:
    return value.get("#text", value.get("Value")) if type(value) is dict else value


def _attribute(element: Any, name: str) -> Optional[str]:
    if type(element) is not dict:
        return None
    attributes = element.get("#attributes") or element
    return attributes.get(name) or attributes.get("@" + name)
