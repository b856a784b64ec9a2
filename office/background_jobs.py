"""Activity that sends nothing by itself: system jobs, file work, programs that people start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from random import Random
from typing import NamedTuple

from office import schedules
from office.events import Event, ProcessStarted
from office.file_access import CONTRACTS, SHARES, FileAccess
from office.jobs import Job
from office.network import Machine
from office.schedules import DAY, HOUR, MINUTE, WEEKDAYS
from office.traffic_profiles import Times, local, steady

SYSTEM32 = r"C:\Windows\System32"
CHROME = r"C:\Program Files\Google\Chrome\Application\chrome.exe"
INDEXER = rf"{SYSTEM32}\SearchIndexer.exe"
COMPILER = r"C:\Program Files\Microsoft Visual Studio\2022\MSBuild\Current\Bin\MSBuild.exe"
EXPLORER = r"C:\Windows\explorer.exe"
PROGRAMS = (
    r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE",
    r"C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE",
    r"C:\Program Files\7-Zip\7zFM.exe",
    rf"{SYSTEM32}\notepad.exe",
)
SOURCES = tuple(
    rf"C:\Build\product\{part}\obj" for part in ("core", "web", "store", "report", "tests", "tools")
)


class BackgroundJob(NamedTuple):
    """A job or file work of some machines; `members` are systems, kinds or machine names."""

    name: str
    members: tuple[str, ...]
    times: Times
    via: Job | FileAccess
    image: str
    lasting: bool = False

    def is_for(self, machine: Machine) -> bool:
        """Return whether the machine has the job; on Windows only where Sysmon logs it."""
        if machine.system == "windows" and not machine.sysmon:
            return False
        return not {machine.system, machine.kind, machine.name}.isdisjoint(self.members)


def _at(hour: int, minute: int, spread: float = 0.0, days=schedules.ALL_DAYS) -> Times:
    return local(schedules.daily, hour, minute, spread=spread, days=days)


def _hourly(minute: int) -> Times:
    def times(_rng: Random, start: float, end: float, _zone: tzinfo) -> list[float]:
        first = start - start % HOUR + minute * MINUTE
        return [first + HOUR * hour for hour in range(int((end - first) // HOUR) + 1)]

    return times


def _windows(
    name: str, times: Times, image: str, arguments: str, *members: str, **job
) -> BackgroundJob:
    path = rf"\{name}"
    made = Job(path, f'"{image}" {arguments}', **job)
    return BackgroundJob(path, members or ("windows",), times, made, image)


def _cron(name: str, times: Times, command: str, *children: tuple[str, str]) -> BackgroundJob:
    return BackgroundJob(
        name, ("linux",), times, Job("root", command, "root", children=children), "/usr/bin/dash"
    )


def _launchd(label: str, times: Times, image: str, user: str = "root") -> BackgroundJob:
    return BackgroundJob(label, ("macos",), times, Job(label, image, user), image)


BACKGROUND_JOBS = (
    _windows(
        r"Microsoft\Windows\UpdateOrchestrator\Schedule Scan",
        _at(4, 30, 2 * HOUR),
        rf"{SYSTEM32}\UsoClient.exe",
        "StartScan",
    ),
    _windows(
        r"Microsoft\Windows\Windows Defender\Windows Defender Scheduled Scan",
        _at(12, 45, HOUR),
        r"C:\Program Files\Windows Defender\MpCmdRun.exe",
        "Scan -ScheduleJob -ScanTrigger 55",
    ),
    _windows(
        r"Microsoft\Windows\Application Experience\Microsoft Compatibility Appraiser",
        _at(3, 10, HOUR),
        rf"{SYSTEM32}\CompatTelRunner.exe",
        "-m:appraiser.dll -f:DoScheduledTelemetryRun",
    ),
    _windows(
        r"Microsoft\Windows\Defrag\ScheduledDefrag",
        _at(2, 0, HOUR, days={2}),
        rf"{SYSTEM32}\defrag.exe",
        "-c -h -o -$",
    ),
    _windows(
        r"Logs\Rotate",
        _at(0, 5),
        rf"{SYSTEM32}\WindowsPowerShell\v1.0\powershell.exe",
        r"-File C:\Scripts\rotate.ps1",
        "server-01",
        "server-05",
    ),
    # New in the second week like the planted task, but it sends nothing.
    _windows(
        r"Reader\Update",
        lambda rng, start, end, zone: _at(10, 0)(rng, start + 9 * DAY, end, zone),
        r"C:\Program Files\Reader\updater.exe",
        "--silent",
        "desk-07",
        created=8 * DAY + 9 * HOUR,
    ),
    _cron(
        "hourly",
        _hourly(17),
        "cd / && run-parts --report /etc/cron.hourly",
        ("/usr/bin/run-parts", "run-parts --report /etc/cron.hourly"),
    ),
    _cron(
        "daily",
        _at(6, 25),
        "test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }",
        ("/usr/bin/run-parts", "run-parts --report /etc/cron.daily"),
        ("/usr/sbin/logrotate", "/usr/sbin/logrotate /etc/logrotate.conf"),
    ),
    _cron(
        "statistics",
        steady(
            lambda _, start, end: [start + 600 * step for step in range(int((end - start) // 600))]
        ),
        "command -v debian-sa1 > /dev/null && debian-sa1 1 1",
    ),
    _launchd(
        "com.apple.mdworker.shared", _hourly(41), "/System/Library/Frameworks/mdworker_shared"
    ),
    _launchd("com.apple.periodic-daily", _at(3, 15), "/usr/sbin/periodic"),
    _launchd("com.apple.backupd-helper", _hourly(8), "/System/Library/CoreServices/backupd-helper"),
    _launchd(
        "com.google.keystone.agent",
        steady(schedules.every, 5 * HOUR, 0.05),
        "/Library/Google/GoogleSoftwareUpdate/ksinstall",
    ),
    BackgroundJob(
        "indexer",
        ("desk-03", "desk-11", "desk-13"),
        _at(21, 30, 2 * HOUR),
        FileAccess(CONTRACTS, "index-{:03}.idx", (80, 160)),
        INDEXER,
    ),
    BackgroundJob(
        "indexer", ("server-07",), _at(20, 0, HOUR), FileAccess(SHARES, "file-{:03}.xlsx"), INDEXER
    ),
    BackgroundJob(
        "build",
        ("desk-19",),
        lambda rng, start, end, zone: schedules.within(
            schedules.poisson(rng, start, end, 2 * HOUR), (9, 18), WEEKDAYS, zone
        ),
        FileAccess(SOURCES, "unit{:03}.obj", (90, 180)),
        COMPILER,
    ),
    BackgroundJob(
        "downloads",
        ("desk", "home"),
        lambda rng, start, end, zone: schedules.within(
            schedules.poisson(rng, start, end, 5 * HOUR), (8, 18), WEEKDAYS, zone
        ),
        FileAccess((r"\Downloads",), "download ({}).pdf", (1, 30), (10, 240)),
        CHROME,
        lasting=True,
    ),
)


def programs_of_the_day(
    rng: Random, machine: Machine, start: float, end: float, zone: tzinfo
) -> Iterator[Event]:
    """Yield the programs that a person starts by hand on working days."""
    for image in PROGRAMS:
        for time in schedules.daily(rng, start, end, 11, 0, 3 * HOUR, WEEKDAYS, 0.3, zone):
            yield ProcessStarted(
                time,
                machine,
                image,
                f"{time:.0f}",
                f'"{image}"',
                machine.name,
                EXPLORER,
                "",
                EXPLORER,
            )
