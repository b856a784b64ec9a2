"""What is planted into recordings for each rule, and the rows that it must give."""

from collections.abc import Mapping, Sequence
from typing import Callable, NamedTuple, Optional

from detections.scheduled_job_followed_by_transfer.cases import audited_task, task
from tests.spl.events import DAY, HOUR, IMPLANT, MAC, MB, Event, sysmon, zeek
from tests.spl.lists import NOTHING, ListRow, Lists, devices, known_host, programs
from tests.spl.recordings import SYSMON, Recording, Transfer
from tests.spl.rules import (
    DAILY,
    DEVICE,
    HIGH_VOLUME,
    INTERVAL,
    JOB,
    PROCESS,
    RECURRING,
    ROTATION,
    SERVICE,
    TRAVERSAL,
    Rule,
)

# Rows that must come out, by their key, each with its floor if that is known.
Wanted = Mapping[tuple, Optional[int]]


class Planted(NamedTuple):
    """Transfers for the end of the log, events beside it, and the rows that each rule must give.

    `at_firewall` are those of the transfers that a firewall logs too; `alerts` says whether what is
    planted reaches the alert line among any real traffic.
    """

    wanted: Mapping[str, Wanted]
    transfers: Sequence[Transfer] = ()
    at_firewall: Sequence[Transfer] = ()
    beside: Sequence[Event] = ()
    lists: Lists = NOTHING
    alerts: bool = True


class Scene(NamedTuple):
    """Rules, and what is planted for them: by recording, senders and the time of its last event."""

    rules: tuple[Rule, ...]
    plant: Callable[[Recording, list[str], float], Planted]


class Volume(NamedTuple):
    """As many transfers in each of so many hours; the floors that must come out, if any."""

    hours: int
    connections: int
    sent: int
    high_volume: Optional[int] = None
    recurring: Optional[int] = None
    listed: bool = False


VOLUMES = {
    "heavy": Volume(3, 1, 100_000_001, high_volume=8),
    "hours at the threshold": Volume(5, 1, 100_000_000),
    "cut into pieces": Volume(3, 201, 2_500_000, high_volume=9),
    "two hours": Volume(2, 9, 600 * MB),
    "busy": Volume(3, 4, 5_000_001, recurring=7),
    "busy all day": Volume(5, 4, 5_000_001, recurring=9),
    "connections at the threshold": Volume(5, 9, 5_000_000),
    "three connections": Volume(5, 3, 6 * MB),
    "heavy and busy": Volume(5, 30, 20 * MB, high_volume=9, recurring=9),
    "small": Volume(5, 30, 10),
    "listed": Volume(4, 4, 10, recurring=7, listed=True),
    "listed, three connections": Volume(5, 3, 10, listed=True),
}
SYSMON_VOLUMES = {
    "unlisted": Volume(5, 30, 0),
    "listed": Volume(3, 4, 0, recurring=7, listed=True),
    "listed all day": Volume(5, 4, 0, recurring=9, listed=True),
    "listed, three connections": Volume(5, 3, 0, listed=True),
    "listed, two hours": Volume(2, 9, 0, listed=True),
}


def volumes(source: Recording, senders: list[str], newest: float) -> Planted:
    """Plant what the published analytics find, and what is just too little for them."""
    chosen = (SYSMON_VOLUMES if source.kind == SYSMON else VOLUMES).values()
    parts = []
    for place, volume in enumerate(chosen):
        dest_ip = f"{'198.51.100' if volume.listed else '203.0.113'}.{place + 1}"
        parts.append((volume, senders[place % len(senders)], dest_ip))
    transfers = [one for part in parts for one in _spread(*part, newest)]
    return Planted(
        {
            HIGH_VOLUME.slug: {
                part[1:]: part[0].high_volume for part in parts if part[0].high_volume
            },
            RECURRING.slug: {part[1:]: part[0].recurring for part in parts if part[0].recurring},
        },
        transfers,
        [] if source.kind == SYSMON else transfers,
        lists=Lists((ListRow("198.51.100.0/24", "planted"),)),
    )


def _spread(volume: Volume, src: str, dest_ip: str, newest: float) -> list[Transfer]:
    """Return transfers in hours a day or less apart, the last before the end of the recording."""
    last = int(newest // HOUR) - 1
    return [
        Transfer(
            (last - back * 24 // volume.hours) * HOUR + 60.25 + number, src, dest_ip, volume.sent
        )
        for back in range(volume.hours)
        for number in range(volume.connections)
    ]


def schedules(_: Recording, senders: list[str], newest: float) -> Planted:
    """Plant a beacon, nightly uploads, and nightly uploads to servers that change.

    Beside each of the first two stands one of a transfer too few.
    """
    sender = senders[0]
    midnight = (newest + HOUR) // DAY * DAY
    beacons = {"203.0.113.201": 12, "203.0.113.202": 11}
    nightly = {"198.51.100.203": 5, "198.51.100.204": 4}
    transfers = [
        Transfer(newest - 600 * number - 60, sender, dest_ip, 5000)
        for dest_ip, times in beacons.items()
        for number in range(times)
    ] + [
        Transfer(midnight - day * DAY + 850, sender, dest_ip, 50 * MB)
        for dest_ip, days in nightly.items()
        for day in range(1, days + 1)
    ]
    changing = [
        Transfer(midnight - day * DAY + 7850, sender, f"192.0.2.{day % 3}", 50 * MB)
        for day in range(1, 7)
    ]
    return Planted(
        {
            INTERVAL.slug: {(sender, "203.0.113.201"): None},
            DAILY.slug: {(sender, "198.51.100.203"): None},
            ROTATION.slug: {(sender, "network 192.0.2.0/24"): None},
        },
        transfers + changing,
        alerts=False,
    )


PROGRAM, SWEEPER, STRANGE, HARDWARE, SCHEDULED = (f"203.0.113.{n}" for n in range(211, 216))
VISITS = 5


def trail(_: Recording, senders: list[str], newest: float) -> Planted:
    """Plant an attacker's trail beside the log: every three hours, up to the recording's end.

    No recording at hand has system logs, hardware addresses and services together with an
    exfiltration.
    """
    sender = senders[0]
    starts = [newest // HOUR * HOUR - 3 * HOUR * back for back in range(1, VISITS + 1)]
    return Planted(
        {
            PROCESS.slug: {(sender, PROGRAM, IMPLANT): None, (sender, SWEEPER, IMPLANT): None},
            TRAVERSAL.slug: {(sender, SWEEPER): None},
            SERVICE.slug: {(sender, STRANGE, "80", "ssh"): None},
            DEVICE.slug: {(MAC, sender, HARDWARE): None},
            JOB.slug: {(sender, SCHEDULED): None},
        },
        beside=[
            audited_task(starts[-1] - 600, 4698),
            *(event for start in starts for event in _visit(sender, start)),
        ],
        lists=Lists(
            known_processes=programs(since=newest - 30 * DAY).known_processes,
            known_devices=devices(since=newest - 30 * DAY).known_devices,
            host_addresses=known_host(sender).host_addresses,
        ),
    )


def _visit(sender: str, start: float) -> list[Event]:
    by_program = {"SourceIp": sender, "Image": IMPLANT, "ProcessGuid": f"{{{start:.0f}}}"}
    file = {**by_program, "DestinationIp": None, "SourceIp": None, "EventCode": 11}
    of_sender = {"id.orig_h": sender}
    usual = {**of_sender, "service": "ssl"}
    strange = {**of_sender, "service": "ssh", "id.resp_h": STRANGE, "id.resp_p": 80}
    return [
        sysmon(start + 60, **by_program, DestinationIp=PROGRAM),
        *(
            sysmon(start + 100 + number, **file, TargetFilename=f"d:\\{number % 4}\\{number}.doc")
            for number in range(25)
        ),
        sysmon(start + 200, **by_program, DestinationIp=SWEEPER),
        zeek(start + 300, 300_000, **strange),
        zeek(start + 400, 300_000, **usual, orig_l2_addr=MAC, **{"id.resp_h": HARDWARE}),
        task(start + 1200),
        zeek(start + 1260, 300_000, **usual, **{"id.resp_h": SCHEDULED}),
    ]


SCENES = {
    "volumes": Scene((HIGH_VOLUME, RECURRING), volumes),
    "schedules": Scene((INTERVAL, DAILY, ROTATION), schedules),
    "trail": Scene((PROCESS, TRAVERSAL, SERVICE, DEVICE, JOB), trail),
}
