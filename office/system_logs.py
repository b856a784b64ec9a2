"""Writers for what operating systems and DHCP log: jobs, processes, files and leases."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5
from xml.sax.saxutils import escape

from office.events import AddressLeased, Event, FileAccessed, JobCreated, JobStarted, ProcessStarted
from office.jobs import AGENT_FOLDER, LAUNCHD, SHELL
from office.logs import Value, WindowsEvent, account, identity, windows_xml, write_each, zeek_lines
from office.network import Machine

DHCP_FIELDS = {
    "ts": "time",
    "uids": "set[string]",
    "client_addr": "addr",
    "server_addr": "addr",
    "mac": "string",
    "host_name": "string",
    "client_fqdn": "string",
    "domain": "string",
    "requested_addr": "addr",
    "assigned_addr": "addr",
    "lease_time": "interval",
    "client_message": "string",
    "server_message": "string",
    "msg_types": "vector[string]",
    "duration": "interval",
}
LEASE_SECONDS = 86400.0
SECURITY = "Microsoft-Windows-Security-Auditing"
SCHEDULER = "Microsoft-Windows-TaskScheduler"
USER_IDS = {"root": 0, "www-data": 33}
LAUNCH_ITEMS = (
    "/System/Library/PrivateFrameworks/BackgroundTaskManagement.framework"
    "/Resources/backgroundtaskmanagementd"
)
# Apple's numbers of Endpoint Security events.
EXEC, LAUNCH_ITEM_ADDED = 9, 124


def write_system_logs(events: Iterable[Event], folder: Path, zone: tzinfo) -> dict[Path, int]:
    """Write these logs below the folder and return the number of records in each file.

    `zone` is what the Linux machines' clocks show; `events` are in order of time.
    """
    events = list(events)
    by_system = {
        system: [event for event in events if event.machine.system == system]
        for system in ("windows", "linux", "macos")
    }
    written = {
        folder / "zeek" / "dhcp.log": dhcp(events),
        folder / "windows" / "security.xml": windows_xml(security(by_system["windows"])),
        folder / "windows" / "taskscheduler.xml": windows_xml(scheduler(by_system["windows"])),
        folder / "linux" / "cron.log": cron(by_system["linux"], zone),
        folder / "linux" / "audit.log": audit(by_system["linux"]),
        folder / "macos" / "launchd.json": endpoint_security(by_system["macos"]),
    }
    return write_each(written)


# ---- DHCP ----------------------------------------------------------------------------------


def dhcp(events: Iterable[Event]) -> Iterator[str]:
    """Yield Zeek's dhcp log in Zeek's own text format."""
    leases = [event for event in events if isinstance(event, AddressLeased)]
    span = (leases[0].time, leases[-1].time) if leases else (0.0, 0.0)
    yield from zeek_lines("dhcp", DHCP_FIELDS, span, map(_lease, leases))


def _lease(lease: AddressLeased) -> dict[str, Value]:
    machine = lease.machine
    network = machine.address.rpartition(".")[0]
    renewed = lease.renewed
    return {
        "ts": round(lease.time, 6),
        "uids": f"C{uuid5(NAMESPACE_OID, f'{machine.name}{lease.time}').hex[:17]}",
        "client_addr": machine.address if renewed else None,
        "server_addr": f"{network}.1",
        "mac": machine.mac,
        "host_name": machine.name,
        "client_fqdn": None,
        "domain": "office.example",
        "requested_addr": None if renewed else machine.address,
        "assigned_addr": machine.address,
        "lease_time": LEASE_SECONDS,
        "client_message": None,
        "server_message": None,
        "msg_types": "REQUEST,ACK" if renewed else "DISCOVER,OFFER,REQUEST,ACK",
        "duration": 0.004 if renewed else 1.012,
    }


# ---- Windows -------------------------------------------------------------------------------


def security(events: Iterable[Event]) -> Iterator[WindowsEvent]:
    """Yield the Security log: audited file access and new tasks."""
    for event in events:
        if isinstance(event, FileAccessed) and event.machine.audits:
            yield _of_security(event, 4663, _file_access(event))
        elif isinstance(event, JobCreated):
            yield _of_security(event, 4698, _new_task(event))


def _of_security(event: Event, code: int, values: dict[str, str]) -> WindowsEvent:
    return WindowsEvent(event.time, event.machine, SECURITY, "Security", code, 1, values)


def _subject(machine: Machine, user: str) -> dict[str, str]:
    return {
        "SubjectUserSid": f"S-1-5-21-1000000001-1000000002-1000000003-{len(user) + 1100}",
        "SubjectUserName": user,
        "SubjectDomainName": "OFFICE",
        "SubjectLogonId": f"0x{identity(machine.name, user, '')[1]:x}",
    }


def _file_access(event: FileAccessed) -> dict[str, str]:
    number = identity(event.machine.name, event.image, event.run)[1]
    return {
        **_subject(event.machine, f"{event.machine.name}$"),
        "ObjectServer": "Security",
        "ObjectType": "File",
        "ObjectName": event.path,
        "HandleId": "0x4a8",
        "AccessList": "%%4416",
        "AccessMask": "0x1",
        "ProcessId": f"0x{number:x}",
        "ProcessName": event.image,
        "ResourceAttributes": "S:AI",
    }


def _new_task(event: JobCreated) -> dict[str, str]:
    moment = datetime.fromtimestamp(event.time, timezone.utc)
    arguments = event.command.rpartition('" ')[2]
    content = (
        '<?xml version="1.0" encoding="UTF-16"?>'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        f"<RegistrationInfo><URI>{escape(event.job)}</URI></RegistrationInfo>"
        f"<Triggers><CalendarTrigger><StartBoundary>{moment:%Y-%m-%d}T{event.declared}</StartBoundary>"
        "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay></CalendarTrigger></Triggers>"
        '<Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>'
        f'<Actions Context="Author"><Exec><Command>{escape(event.image)}</Command>'
        f"<Arguments>{escape(arguments)}</Arguments></Exec></Actions></Task>"
    )
    user = event.machine.name
    return {**_subject(event.machine, user), "TaskName": event.job, "TaskContent": content}


def scheduler(events: Iterable[Event]) -> Iterator[WindowsEvent]:
    """Yield the Task Scheduler log: new tasks and started actions."""
    for event in events:
        if isinstance(event, JobCreated):
            context = account(event.machine.name)
            yield _of_scheduler(event, 106, {"TaskName": event.job, "UserContext": context})
        elif isinstance(event, JobStarted):
            yield _of_scheduler(event, 200, _action(event))


def _of_scheduler(event: Event, code: int, values: dict[str, str]) -> WindowsEvent:
    channel = f"{SCHEDULER}/Operational"
    return WindowsEvent(event.time, event.machine, SCHEDULER, channel, code, 0, values)


def _action(event: JobStarted) -> dict[str, str]:
    guid, number = identity(event.machine.name, event.job, event.run)
    return {
        "TaskName": event.job,
        "ActionName": event.image,
        "TaskInstanceId": guid.upper(),
        "EnginePID": str(number),
    }


# ---- Linux ---------------------------------------------------------------------------------


def cron(events: Iterable[Event], zone: tzinfo) -> Iterator[str]:
    """Yield syslog lines of cron and crontab, with the timestamps of current rsyslog."""
    for event in events:
        if isinstance(event, JobStarted):
            number = identity(event.machine.name, SHELL, event.run)[1]
            yield _syslog(event, zone, f"CRON[{number}]: ({event.user}) CMD ({event.command})")
        elif isinstance(event, JobCreated):
            number = identity(event.machine.name, "crontab", event.job)[1]
            for did in ("BEGIN EDIT", "REPLACE", "END EDIT"):
                yield _syslog(event, zone, f"crontab[{number}]: ({event.user}) {did} ({event.job})")


def _syslog(event: Event, zone: tzinfo, message: str) -> str:
    stamp = datetime.fromtimestamp(event.time, zone).isoformat(timespec="microseconds")
    return f"{stamp} {event.machine.name} {message}"


def audit(events: Iterable[Event]) -> Iterator[str]:
    """Yield auditd's records of executed programs, two for each, with the node's name."""
    serials: Counter[str] = Counter()
    for event in (event for event in events if isinstance(event, ProcessStarted)):
        serials[event.machine.name] += 1
        mark = f"msg=audit({event.time:.3f}:{serials[event.machine.name]}):"
        node = f"node={event.machine.name}"
        arguments = shlex.split(event.command)
        listed = " ".join(f"a{place}={_audited(text)}" for place, text in enumerate(arguments))
        yield f"{node} type=SYSCALL {mark} {_system_call(event, arguments)}"
        yield f"{node} type=EXECVE {mark} argc={len(arguments)} {listed}"


def _system_call(event: ProcessStarted, arguments: list[str]) -> str:
    number = identity(event.machine.name, event.image, event.run)[1]
    parent = identity(event.machine.name, event.parent, event.parent_run)[1]
    user = USER_IDS.get(event.user, 1000)
    script = len(arguments) > 1 and arguments[1].startswith("/")
    name = arguments[1 if script else 0].rpartition("/")[2][:15]
    return (
        f"arch=c000003e syscall=59 success=yes exit=0 a0=55d0c0{number:06x} a1=55d0c1{number:06x} "
        f"a2=55d0c2{number:06x} a3=8 items=2 ppid={parent} pid={number} "
        f"auid={user} uid={user} gid={user} euid={user} suid={user} fsuid={user} egid={user} "
        f'sgid={user} fsgid={user} tty=(none) ses=7 comm={_audited(name)} exe="{event.image}" '
        'subj=unconfined key="exec"'
    )


def _audited(text: str) -> str:
    """Return a value as auditd writes it: quoted, or hexadecimal if it has unsafe characters."""
    if any(sign <= " " or sign in '"\x7f' for sign in text):
        return text.encode().hex().upper()
    return f'"{text}"'


# ---- macOS ---------------------------------------------------------------------------------


def endpoint_security(events: Iterable[Event]) -> Iterator[str]:
    """Yield Endpoint Security's events as eslogger writes them, with a collector's fields."""
    for event in events:
        if isinstance(event, ProcessStarted):
            yield _es_event(event, EXEC, (LAUNCHD, 1, 0), {"exec": _execution(event)})
        elif isinstance(event, JobCreated):
            manager = (LAUNCH_ITEMS, identity(event.machine.name, LAUNCH_ITEMS, "")[1], 1)
            added = {"btm_launch_item_add": _launch_item(event)}
            yield _es_event(event, LAUNCH_ITEM_ADDED, manager, added)


def _es_event(event: Event, number: int, by: tuple[str, int, int], detail: dict) -> str:
    path, process, parent = by
    moment = datetime.fromtimestamp(event.time, timezone.utc)
    return json.dumps(
        {
            "sourcetype": "macos:endpointsecurity",
            "source": "eslogger",
            "host": event.machine.name,
            "_time": round(event.time, 6),
            "time": f"{moment:%Y-%m-%dT%H:%M:%S.%f}000Z",
            "schema_version": 1,
            "event_type": number,
            "process": {
                "executable": {"path": path},
                "audit_token": {"pid": process},
                "ppid": parent,
            },
            "event": detail,
        }
    )


def _execution(event: ProcessStarted) -> dict:
    number = identity(event.machine.name, event.image, event.run)[1]
    user = 0 if event.user == "root" else 501
    return {
        "target": {
            "executable": {"path": event.image},
            "ppid": 1,
            "audit_token": {"pid": number, "euid": user},
            "is_platform_binary": event.image.startswith(("/System/", "/usr/")),
        },
        "args": shlex.split(event.command),
        "env": [f"XPC_SERVICE_NAME={event.job}"],
        "cwd": {"path": "/"},
    }


def _launch_item(event: JobCreated) -> dict:
    agents = AGENT_FOLDER.format(event.user)
    return {
        "item": {
            "item_type": 3,
            "legacy": True,
            "managed": False,
            "uid": 501,
            "item_url": f"file://{agents}/{event.job}.plist",
            "app_url": "",
        },
        "executable_path": event.image,
    }
