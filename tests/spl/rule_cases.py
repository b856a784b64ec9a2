"""Cases made by hand around every boundary of the further rules.

What must reach the scorer is written out beside each, so that neither the searches nor the SQL is
taken at its word.
"""

from collections.abc import Mapping
from typing import NamedTuple, Optional

from tests.spl.events import (
    DAY,
    HOUR,
    INSIDE,
    NEW_YEAR,
    OUTSIDE,
    Event,
    Make,
    at,
    fortigate,
    night,
    palo_alto,
    sysmon,
    zeek,
)
from tests.spl.oracle import ListRow
from tests.spl.rules import (
    DAILY,
    DEVICE,
    INTERVAL,
    JOB,
    NOTHING,
    PROCESS,
    ROTATION,
    SERVICE,
    TRAVERSAL,
    Lists,
    Row,
    Rule,
    Situation,
)

SHIPPED_PORT = "443"
MAC = "00:00:5e:00:53:01"
IMPLANT = "c:\\users\\ann\\update.exe"
SYNC = "c:\\program files\\sync\\sync.exe"
NOTEPAD = "c:\\windows\\system32\\notepad.exe"
POWERSHELL = "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe"
# Long enough before any event here for a list to have learned.
LONG_AGO = NEW_YEAR - 30 * DAY


class Case(NamedTuple):
    """Events, the site, and what tells the rows apart that must reach the scorer.

    fields are what the only row must hold besides.
    """

    name: str
    rule: Rule
    events: list[Event]
    keys: tuple[tuple, ...] = ()
    fields: Mapping[str, object] = {}
    lists: Lists = NOTHING
    now: Optional[float] = None
    macros: Mapping[str, str] = {}

    @property
    def site(self) -> Situation:
        newest = max(event["_time"] for event in self.events)
        now = newest // 1 + HOUR if self.now is None else self.now
        return Situation(now, self.lists, macros=self.macros)


PAIR = ((INSIDE, OUTSIDE),)


def to(address: str, port: object = 443) -> Event:
    return {"id.resp_h": address, "id.resp_p": port}


def beats(number: int, make: Make = zeek, sent: object = 1000, /, **fields: object) -> list[Event]:
    """Return so many connections, a minute apart."""
    amounts = () if make is sysmon else (sent,)
    return [make(at(5, 60.0 * beat), *amounts, **fields) for beat in range(number)]


def nights(number: int, make: Make = zeek, sent: object = 1000, /, **fields: object) -> list[Event]:
    """Return one connection a night."""
    amounts = () if make is sysmon else (sent,)
    return [make(night(day), *amounts, **fields) for day in range(number)]


def busy(days: int, hours: int, **fields: object) -> list[Event]:
    """Return one connection in each of the first hours of each day."""
    return [
        zeek(at(24 * day + hour), 1000, **fields) for day in range(days) for hour in range(hours)
    ]


INTERVALS = [
    Case("eleven-seconds", INTERVAL, beats(11)),
    Case("twelve-seconds", INTERVAL, beats(12), PAIR, {"bins": 12, "total_bytes": 12000}),
    Case("thirteen-seconds", INTERVAL, beats(13), PAIR, {"bins": 13}),
    Case(
        "two-connections-in-one-of-eleven-seconds",
        INTERVAL,
        beats(11) + [zeek(at(5, 0.9), 1)],
    ),
    Case(
        "twelfth-second-is-the-next",
        INTERVAL,
        beats(11) + [zeek(at(5, 1.0), 1)],
        PAIR,
        {"bins": 12, "connections": 12},
    ),
    Case(
        "one-flow-in-two-logs",
        INTERVAL,
        beats(12) + beats(12, palo_alto, 1001),
        PAIR,
        {"bins": 12, "connections": 12, "total_bytes": 12012},
    ),
    Case("six-seconds-in-each-of-two-logs", INTERVAL, beats(6) + beats(5, palo_alto)),
    Case(
        "no-byte-counts",
        INTERVAL,
        beats(12, sysmon),
        PAIR,
        {"total_bytes": None, "observations": sorted(str(int(at(5, 60.0 * n))) for n in range(12))},
    ),
    Case("inbound", INTERVAL, beats(12, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE})),
    Case("blocked", INTERVAL, beats(12, palo_alto, action="blocked")),
    Case(
        "two-senders-of-three",
        INTERVAL,
        beats(12)
        + beats(1, **{"id.orig_h": "10.1.2.4"})
        + beats(1, **{"id.orig_h": "10.1.2.5", "id.resp_h": "203.0.113.10"}),
        PAIR,
        {"senders": 2, "population": 3},
    ),
    Case(
        "two-ports",
        INTERVAL,
        beats(11) + [zeek(at(6), 1, **{"id.resp_p": 80})],
        PAIR,
        {"dest_port": ["443", "80"]},
    ),
    Case(
        "listed",
        INTERVAL,
        beats(12),
        PAIR,
        {"listed": True},
        Lists(suspicious=(ListRow("203.0.113.0/24"),)),
    ),
    Case(
        "first-second-of-the-window",
        INTERVAL,
        [zeek(NEW_YEAR + second, 1) for second in range(12)],
        PAIR,
        now=NEW_YEAR + DAY + 1800,
    ),
    Case(
        "one-second-before-the-window",
        INTERVAL,
        [zeek(NEW_YEAR + second - 1, 1) for second in range(12)],
        now=NEW_YEAR + DAY + 1800,
    ),
    Case(
        "last-second-before-the-lag",
        INTERVAL,
        [zeek(NEW_YEAR - second, 1) for second in range(1, 13)],
        PAIR,
        now=NEW_YEAR + 900,
    ),
    Case(
        "first-second-of-the-lag",
        INTERVAL,
        [zeek(NEW_YEAR - second, 1) for second in range(12)],
        now=NEW_YEAR + 900,
    ),
]

DAYS = [
    Case("four-days", DAILY, nights(4)),
    Case("five-days", DAILY, nights(5), PAIR, {"hours": 5, "total_bytes": 5000}),
    Case("six-days", DAILY, nights(6), PAIR, {"hours": 6}),
    Case("eight-hours-of-each-day", DAILY, busy(5, 8), PAIR, {"hours": 40}),
    Case(
        "one-hour-more-than-eight-of-each-day",
        DAILY,
        busy(5, 8) + [zeek(at(24 * 4 + 8), 1000)],
    ),
    Case("one-hour-less-than-eight-of-each-day", DAILY, busy(5, 8)[:-1], PAIR, {"hours": 39}),
    Case(
        "hour-begins-with-the-sending",
        DAILY,
        nights(5) + [zeek(night(day, 5), 0) for day in range(5)],
        PAIR,
        {"observations": sorted(f"{int(night(day))}:1000" for day in range(5))},
    ),
    Case(
        "nothing-was-sent",
        DAILY,
        nights(5, zeek, 0),
        PAIR,
        {"observations": sorted(f"{int(night(day))}:0" for day in range(5))},
    ),
    Case(
        "no-byte-counts-on-five-days",
        DAILY,
        nights(5, sysmon),
        PAIR,
        {"process": ["C:\\Program Files\\Sync\\Sync.exe"]},
    ),
    Case(
        "two-logs-of-each-night",
        DAILY,
        nights(5) + nights(5, fortigate, 999),
        PAIR,
        {"hours": 5, "total_bytes": 5000, "host": ["fortigate-1", "zeek-1"]},
    ),
    Case("thirty-days-back", DAILY, nights(5), PAIR, now=NEW_YEAR + 30 * DAY + 1800),
    Case("thirty-one-days-back", DAILY, nights(5), now=NEW_YEAR + 31 * DAY + 1800),
    Case(
        "four-days-in-universal-time",
        DAILY,
        [zeek(NEW_YEAR + day * DAY + second, 1) for day in range(4) for second in (0, DAY - 1)],
    ),
]


def rotating(days: int, destinations: int, **fields: object) -> list[Event]:
    """Return one connection a night, to one after another of so many destinations and networks."""
    return [
        zeek(night(day), 1000, **{**to(f"203.0.{day % destinations}.9", 4444), **fields})
        for day in range(days)
    ]


def in_networks(*addresses: str) -> list[Event]:
    """Return one connection a night to each of these in turn, on a port of its own."""
    return [
        zeek(night(day), 1000, **to(addresses[day % len(addresses)], 4000 + day))
        for day in range(6)
    ]


PORT = ((INSIDE, "port 4444"),)
NET = ((INSIDE, "network 203.0.113.0/24"),)

ROTATIONS = [
    Case("two-destinations", ROTATION, rotating(6, 2)),
    Case("three-destinations", ROTATION, rotating(6, 3), PORT, {"destinations": 3, "hours": 6}),
    Case("four-destinations", ROTATION, rotating(6, 4), PORT, {"destinations": 4}),
    Case("rotation-on-four-days", ROTATION, rotating(4, 3)),
    Case("rotation-on-five-days", ROTATION, rotating(5, 3), PORT),
    Case(
        "rotation-in-four-hours-of-each-day",
        ROTATION,
        [
            event
            for number in range(4)
            for event in busy(5, 1, **to(f"203.0.{number}.9", 4444))
            for event in [{**event, "_time": event["_time"] + number * HOUR}]
        ],
        PORT,
        {"hours": 20},
    ),
    Case(
        "rotation-in-one-hour-more-than-four-of-each-day",
        ROTATION,
        [
            event
            for number in range(4)
            for event in busy(5, 1, **to(f"203.0.{number}.9", 4444))
            for event in [{**event, "_time": event["_time"] + number * HOUR}]
        ]
        + [zeek(at(4 * 24 + 9), 1, **to("203.0.113.9", 4444))],
    ),
    Case(
        "destinations-of-one-network",
        ROTATION,
        in_networks("203.0.113.1", "203.0.113.2", "203.0.113.255"),
        NET,
        {"dest_ip": ["203.0.113.1", "203.0.113.2", "203.0.113.255"]},
    ),
    Case(
        "destinations-of-neighbouring-networks",
        ROTATION,
        in_networks("203.0.113.1", "203.0.113.2", "198.51.100.3"),
    ),
    Case(
        "destinations-of-one-long-network",
        ROTATION,
        in_networks("2001:db8:1:2::9", "2001:db8:1:3::9", "2001:db8:1:2:3:4:5:6"),
        ((INSIDE, "network 2001:db8:1::/48"),),
    ),
    Case(
        "destinations-of-one-long-network-shortened",
        ROTATION,
        in_networks("2001:db8::9", "2001:db8:0:1::9", "2001:db8:0:1:2:3:4:5"),
        ((INSIDE, "network 2001:db8::/48"),),
    ),
    Case(
        "one-program-to-three-networks",
        ROTATION,
        [
            sysmon(
                night(day),
                Image="C:\\a.exe",
                DestinationIp=f"203.0.{day % 3}.9",
                DestinationPort=4000 + day,
            )
            for day in range(6)
        ],
        ((INSIDE, "process C:\\a.exe"),),
        {"process": ["C:\\a.exe"], "total_bytes": None},
    ),
    Case(
        "two-destinations-in-one-hour-are-one-observation",
        ROTATION,
        rotating(5, 1) + [zeek(night(0, 900), 5, **to(f"203.0.{n}.9", 4444)) for n in (1, 2)],
        PORT,
        {"hours": 5, "connections": 7, "total_bytes": 5010, "destinations": 3},
    ),
    Case("fourteen-days-back", ROTATION, rotating(6, 3), PORT, now=NEW_YEAR + 14 * DAY + 1800),
    Case(
        "senders-do-not-share-a-schedule",
        ROTATION,
        rotating(6, 2) + rotating(6, 3, **{"id.orig_h": "10.1.2.4"})[2::3],
    ),
]


def programs(*rows: tuple[str, int, float], since: float = LONG_AGO) -> Lists:
    """Return a learned list: what talks, on how many hosts, since when."""
    return Lists(
        known_processes=tuple(
            {"process": process, "hosts": hosts, "first_seen": first_seen}
            for process, hosts, first_seen in (("*", 9, since), *rows)
        )
    )


def calls(number: int, image: Optional[str] = IMPLANT, **fields: object) -> list[Event]:
    return beats(number, sysmon, **{"Image": image, **fields})


NOW = at(6)
FIVE_DAYS_AGO = NOW - 5 * DAY
NEW_PROGRAM = ((INSIDE, OUTSIDE, IMPLANT),)

PROCESSES = [
    Case("three-minutes", PROCESS, calls(3), lists=programs()),
    Case("four-minutes", PROCESS, calls(4), NEW_PROGRAM, {"minutes": 4, "floor": 7}, programs()),
    Case("five-minutes", PROCESS, calls(5), NEW_PROGRAM, {"minutes": 5}, programs()),
    Case(
        "new-program-where-it-belongs",
        PROCESS,
        calls(4, SYNC),
        ((INSIDE, OUTSIDE, SYNC),),
        {"new": 1, "user_folder": 0, "floor": 6},
        programs(),
    ),
    Case(
        "seldom-program-in-a-folder-of-users",
        PROCESS,
        calls(4),
        NEW_PROGRAM,
        {"new": 0, "process_hosts": 2, "floor": 5},
        programs((IMPLANT, 2, LONG_AGO)),
    ),
    Case(
        "program-of-three-hosts-in-a-folder-of-users",
        PROCESS,
        calls(4),
        lists=programs((IMPLANT, 3, LONG_AGO)),
    ),
    Case(
        "seldom-program-where-it-belongs",
        PROCESS,
        calls(4, SYNC),
        lists=programs((SYNC, 1, LONG_AGO)),
    ),
    Case(
        "known-for-exactly-five-days",
        PROCESS,
        calls(4, SYNC),
        lists=programs((SYNC, 9, FIVE_DAYS_AGO)),
        now=NOW,
    ),
    Case(
        "known-for-a-second-less-than-five-days",
        PROCESS,
        calls(4, SYNC),
        ((INSIDE, OUTSIDE, SYNC),),
        {"new": 1, "process_hosts": 9},
        programs((SYNC, 9, FIVE_DAYS_AGO + 1)),
        NOW,
    ),
    Case(
        "learning-for-exactly-five-days",
        PROCESS,
        calls(4),
        NEW_PROGRAM,
        lists=programs(since=FIVE_DAYS_AGO),
        now=NOW,
    ),
    Case(
        "learning-for-a-second-less-than-five-days",
        PROCESS,
        calls(4),
        lists=programs(since=FIVE_DAYS_AGO + 1),
        now=NOW,
    ),
    Case("nothing-learned", PROCESS, calls(4)),
    Case(
        "paths-in-mixed-case-are-one-program",
        PROCESS,
        calls(2, "C:\\Users\\Ann\\Update.exe")
        + [sysmon(at(5, 60.0 * n), Image=IMPLANT) for n in (2, 3)],
        NEW_PROGRAM,
        {"minutes": 4},
        programs(),
    ),
    Case("connections-without-a-program", PROCESS, calls(4, None), lists=programs()),
    Case(
        "accepted-connections",
        PROCESS,
        calls(4, SourceIp=OUTSIDE, DestinationIp=INSIDE, Initiated="false"),
        lists=programs(),
    ),
    Case(
        "folder-of-a-name-that-begins-alike",
        PROCESS,
        calls(4, "c:\\usersettings\\a.exe"),
        ((INSIDE, OUTSIDE, "c:\\usersettings\\a.exe"),),
        {"user_folder": 0},
        programs(),
    ),
    Case(
        "folder-for-temporary-files-of-linux",
        PROCESS,
        calls(4, "/tmp/.x/a"),
        ((INSIDE, OUTSIDE, "/tmp/.x/a"),),
        {"user_folder": 1, "floor": 7},
        programs(),
    ),
    Case(
        "recycle-bin",
        PROCESS,
        calls(4, "C:\\$Recycle.Bin\\a.exe"),
        ((INSIDE, OUTSIDE, "c:\\$recycle.bin\\a.exe"),),
        {"user_folder": 1, "floor": 7},
        programs(),
    ),
    Case(
        "silent-program-with-nothing-learned",
        PROCESS,
        calls(4, "C:\\Windows\\System32\\notepad.exe"),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"new": 0, "program_reason": ["silent program"], "floor": 7},
    ),
    Case("silent-program-in-three-minutes", PROCESS, calls(3, NOTEPAD)),
    *(
        Case(
            f"silent-program-{name}",
            PROCESS,
            calls(4, path),
            ((INSIDE, OUTSIDE, path),),
            {"program_reason": ["silent program"], "floor": 7},
        )
        for name, path in (
            ("beside-the-system-folders", "c:\\windows\\notepad.exe"),
            ("of-32-bits", "c:\\windows\\syswow64\\regsvr32.exe"),
            ("of-wmi", "c:\\windows\\system32\\wbem\\scrcons.exe"),
            ("of-net", "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\installutil.exe"),
            ("of-linux", "/usr/bin/tail"),
        )
    ),
    *(
        Case(f"no-silent-program-{name}", PROCESS, calls(4, path))
        for name, path in (
            ("by-its-name-in-a-folder-of-users", "c:\\users\\ann\\notepad.exe"),
            ("by-its-name-below-the-system-folder", "c:\\windows\\system32\\spool\\notepad.exe"),
            ("by-a-name-that-begins-alike", "c:\\windows\\system32\\notepad++.exe"),
            ("by-a-name-that-ends-alike", "c:\\windows\\system32\\mynotepad.exe"),
            ("from-the-store", "c:\\program files\\windowsapps\\notepad_1\\notepad.exe"),
            ("without-a-folder", "notepad.exe"),
            ("in-the-copy-of-a-system", "d:\\old\\windows\\system32\\notepad.exe"),
        )
    ),
    Case(
        "silent-program-long-known-on-two-hosts",
        PROCESS,
        calls(4, NOTEPAD),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"process_hosts": 2, "floor": 7},
        programs((NOTEPAD, 2, LONG_AGO)),
    ),
    Case(
        "silent-program-long-known-on-three-hosts",
        PROCESS,
        calls(4, NOTEPAD),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"process_hosts": 3, "floor": 0},
        programs((NOTEPAD, 3, LONG_AGO)),
    ),
    Case(
        "silent-program-new-on-many-hosts",
        PROCESS,
        calls(4, NOTEPAD),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"new": 1, "program_reason": ["silent program"], "floor": 7},
        programs((NOTEPAD, 9, FIVE_DAYS_AGO + 1)),
        NOW,
    ),
    Case(
        "silent-program-while-the-list-learns",
        PROCESS,
        calls(4, NOTEPAD),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"new": 0, "process_hosts": 9, "floor": 7},
        programs((NOTEPAD, 9, NOW - DAY), since=NOW - DAY),
        NOW,
    ),
    Case(
        "script-host-with-nothing-learned",
        PROCESS,
        calls(4, POWERSHELL),
        ((INSIDE, OUTSIDE, POWERSHELL),),
        {"new": 0, "program_reason": ["script host"], "floor": 0},
    ),
    Case(
        "script-host-of-linux",
        PROCESS,
        calls(4, "/usr/bin/bash"),
        ((INSIDE, OUTSIDE, "/usr/bin/bash"),),
        {"program_reason": ["script host"], "floor": 0},
    ),
    Case("program-named-like-a-script-host", PROCESS, calls(4, "c:\\tools\\mycmd.exe")),
    Case(
        "script-host-that-is-new",
        PROCESS,
        calls(4, POWERSHELL),
        ((INSIDE, OUTSIDE, POWERSHELL),),
        {"new": 1, "program_reason": ["new"], "floor": 6},
        programs(),
    ),
    Case(
        "script-host-of-two-senders-of-three",
        PROCESS,
        calls(4, POWERSHELL)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5", DestinationIp="203.0.113.10"),
        ((INSIDE, OUTSIDE, POWERSHELL),),
        {"senders": 2, "population": 3},
    ),
    Case(
        "script-host-of-three-senders",
        PROCESS,
        calls(4, POWERSHELL)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5"),
    ),
    Case(
        "silent-program-of-three-senders",
        PROCESS,
        calls(4, NOTEPAD)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5"),
        ((INSIDE, OUTSIDE, NOTEPAD),),
        {"senders": 3, "floor": 7},
    ),
    Case(
        "two-programs-to-one-destination",
        PROCESS,
        calls(4) + calls(4, SYNC),
        ((INSIDE, OUTSIDE, SYNC), (INSIDE, OUTSIDE, IMPLANT)),
        lists=programs(),
    ),
]


def touches(day: int, files: int, folders: int = 3, **fields: object) -> list[Event]:
    """Return files that one process creates, a second apart, in that night's hour."""
    no_connection = dict.fromkeys(
        ("SourceIp", "DestinationIp", "DestinationPort", "Initiated", "Protocol")
    )
    return [
        sysmon(
            night(day, 100.0 + number),
            **{
                **no_connection,
                "EventCode": 11,
                "ProcessGuid": f"{{{day}}}",
                "TargetFilename": f"D:\\{number % folders}\\{number}.doc",
                **fields,
            },
        )
        for number in range(files)
    ]


def sends(day: int, second: float = 900, **fields: object) -> list[Event]:
    return [sysmon(night(day, second), **{"ProcessGuid": f"{{{day}}}", **fields})]


def thefts(days: int, files: int = 20, folders: int = 3, **fields: object) -> list[Event]:
    return [
        event
        for day in range(days)
        for event in touches(day, files, folders, **fields) + sends(day, **fields)
    ]


def audited(day: int, files: int, **fields: object) -> list[Event]:
    """Return the same touches as Windows audits them, which knows no ProcessGuid."""
    return touches(
        day,
        files,
        **{
            "EventCode": 4663,
            "source": "XmlWinEventLog:Security",
            "ProcessGuid": None,
            "Image": None,
            "TargetFilename": None,
            "ProcessName": "C:\\Program Files\\Sync\\Sync.exe",
            "ObjectName": "placeholder",
            **fields,
        },
    )


def named(events: list[Event], names: str, field: str = "ObjectName") -> list[Event]:
    return [{**event, field: names.format(n % 3, n)} for n, event in enumerate(events)]


def audited_thefts(names: str, **fields: object) -> list[Event]:
    return [
        event for day in range(2) for event in named(audited(day, 20, **fields), names) + sends(day)
    ]


TRAVERSALS = [
    Case("nineteen-files", TRAVERSAL, thefts(2, 19)),
    Case("twenty-files", TRAVERSAL, thefts(2), PAIR, {"files": 20, "times": 2, "floor": 7}),
    Case("twenty-one-files", TRAVERSAL, thefts(2, 21), PAIR, {"files": 21}),
    Case("two-folders", TRAVERSAL, thefts(2, 20, 2)),
    Case("four-folders", TRAVERSAL, thefts(2, 20, 4), PAIR, {"folders": 4}),
    Case("happened-once", TRAVERSAL, thefts(1)),
    Case("happened-three-times", TRAVERSAL, thefts(3), PAIR, {"times": 3, "floor": 7}),
    Case("happened-four-times", TRAVERSAL, thefts(4), PAIR, {"times": 4, "floor": 8}),
    Case(
        "one-file-touched-often",
        TRAVERSAL,
        [{**event, "TargetFilename": "D:\\0\\0.doc"} for event in thefts(2)],
    ),
    Case(
        "file-names-in-mixed-case-are-one-file",
        TRAVERSAL,
        thefts(2, 19) + touches(0, 1, TargetFilename="d:\\0\\0.DOC"),
    ),
    Case(
        "sent-before-the-files-were-touched",
        TRAVERSAL,
        [event for day in range(2) for event in touches(day, 20) + sends(day, 50)],
    ),
    Case(
        "sent-in-the-next-hour",
        TRAVERSAL,
        [event for day in range(2) for event in touches(day, 20) + sends(day, HOUR)],
    ),
    Case(
        "another-program-sent",
        TRAVERSAL,
        [
            event
            for day in range(2)
            for event in touches(day, 20) + sends(day, ProcessGuid="{other}", Image="C:\\b.exe")
        ],
    ),
    Case(
        "another-process-of-the-program-sent",
        TRAVERSAL,
        [
            event
            for day in range(2)
            for event in touches(day, 20) + sends(day, ProcessGuid="{other}")
        ],
    ),
    Case(
        "two-processes-of-the-program-touched-half-each",
        TRAVERSAL,
        [
            event
            for day in range(2)
            for event in touches(day, 10)
            + named(touches(day, 10, ProcessGuid="{o}"), "E:\\{}\\{}", "TargetFilename")
            + sends(day)
        ],
    ),
    Case(
        "another-destination-before-the-files",
        TRAVERSAL,
        thefts(2) + [e for day in range(2) for e in sends(day, 50, DestinationIp="203.0.113.10")],
        PAIR,
    ),
    Case(
        "another-destination-after-the-files",
        TRAVERSAL,
        thefts(2) + [e for day in range(2) for e in sends(day, 901, DestinationIp="203.0.113.10")],
        (*PAIR, (INSIDE, "203.0.113.10")),
    ),
    Case(
        "two-hosts-once-each",
        TRAVERSAL,
        thefts(1) + touches(1, 20, host="ws-8") + sends(1, host="ws-8", SourceIp="10.1.2.4"),
    ),
    Case(
        "one-host-of-two-addresses",
        TRAVERSAL,
        thefts(2)
        + [
            e
            for day in range(2)
            for e in sends(day, 901, SourceIp="10.1.2.4", DestinationIp="203.0.113.10")
        ],
        (*PAIR, ("10.1.2.4", "203.0.113.10")),
    ),
    Case("audited-by-windows", TRAVERSAL, audited_thefts("D:\\{}\\{}.doc"), PAIR, {"files": 20}),
    Case(
        "audited-keys-of-the-registry",
        TRAVERSAL,
        audited_thefts("\\REGISTRY\\{}\\{}", ObjectType="Key"),
    ),
    Case("sent-inside", TRAVERSAL, thefts(2, DestinationIp="10.9.9.9")),
    Case(
        "sent-where-it-is-welcome",
        TRAVERSAL,
        thefts(2),
        macros={"t1029_allowed": 'cidrmatch("203.0.113.0/24", dest_ip)'},
    ),
]


def spoken(hours: int, service: Optional[str], port: object, sent: int = 100_000) -> list[Event]:
    """Return one connection an hour, all on one day."""
    return [zeek(at(hour), sent, service=service, **{"id.resp_p": port}) for hour in range(hours)]


SERVICES = [
    Case("two-hours", SERVICE, spoken(2, "ssh", 4444)),
    Case(
        "three-hours",
        SERVICE,
        spoken(3, "ssh", 4444),
        ((*PAIR[0], "4444", "ssh"),),
        {"hours": 3, "days": 1, "total_bytes": 300_000},
    ),
    Case("four-hours", SERVICE, spoken(4, "ssh", 4444), ((*PAIR[0], "4444", "ssh"),)),
    Case(
        "bytes-at-the-threshold",
        SERVICE,
        spoken(2, "ssh", 4444, 40_000)
        + [zeek(at(2), 20_000, service="ssh", **{"id.resp_p": 4444})],
        ((*PAIR[0], "4444", "ssh"),),
        {"total_bytes": 100_000},
    ),
    Case(
        "one-byte-below-the-threshold",
        SERVICE,
        spoken(2, "ssh", 4444, 40_000)
        + [zeek(at(2), 19_999, service="ssh", **{"id.resp_p": 4444})],
    ),
    Case(
        "bytes-at-the-threshold-of-three-days",
        SERVICE,
        nights(3, zeek, 100_000, service="ssh", **{"id.resp_p": 4444}),
        ((*PAIR[0], "4444", "ssh"),),
        {"days": 3},
    ),
    Case(
        "one-byte-below-the-threshold-of-three-days",
        SERVICE,
        nights(2, zeek, 100_000, service="ssh", **{"id.resp_p": 4444})
        + [zeek(night(2), 99_999, service="ssh", **{"id.resp_p": 4444})],
    ),
    Case("expected-service", SERVICE, spoken(3, "ssl", 443)),
    Case("expected-service-in-capitals", SERVICE, spoken(3, "SSL", 443)),
    Case(
        "encryption-on-a-plain-port",
        SERVICE,
        spoken(3, "ssl", 80),
        ((*PAIR[0], "80", "ssl"),),
        {"mismatch": "another service is expected on this port: http"},
    ),
    Case(
        "no-encryption-on-a-port-of-encryption",
        SERVICE,
        spoken(3, "http", 8443),
        ((*PAIR[0], "8443", "http"),),
        {"mismatch": "another service is expected on this port: ssl"},
    ),
    Case(
        "unknown-service",
        SERVICE,
        spoken(3, None, 80),
        ((*PAIR[0], "80", "unknown"),),
    ),
    Case(
        "port-of-no-service",
        SERVICE,
        spoken(3, "ssl", 4444),
        ((*PAIR[0], "4444", "ssl"),),
        {"mismatch": "no service is expected on this port"},
    ),
    Case(
        "service-that-the-site-expects",
        SERVICE,
        spoken(3, "ssl", 4444),
        lists=Lists(site_services=({"dest_port": "4444", "app": "ssl"},)),
    ),
    Case(
        "another-service-than-the-site-expects",
        SERVICE,
        spoken(3, "ssh", 4444),
        ((*PAIR[0], "4444", "ssh"),),
        {"mismatch": "another service is expected on this port: ssl"},
        Lists(site_services=({"dest_port": "4444", "app": "ssl"},)),
    ),
    Case(
        "several-services-one-expected",
        SERVICE,
        spoken(3, "ssl,http", 443),
    ),
    Case(
        "several-services-none-expected",
        SERVICE,
        spoken(3, "gssapi,smb", 443),
        ((*PAIR[0], "443", "gssapi,smb"),),
    ),
    Case("nothing-sent", SERVICE, spoken(3, "ssh", 4444, 0)),
    Case("no-port", SERVICE, spoken(3, "ssh", None)),
]


def sent_from(mac: str, number: int = 5, sent: int = 250_000, **fields: object) -> list[Event]:
    return nights(number, zeek, sent, **{"orig_l2_addr": mac, **fields})


def devices(*rows: tuple[str, float], since: float = LONG_AGO, owners: tuple = ()) -> Lists:
    """Return what DHCP has served, since when, and the site's own devices with their owners."""
    return Lists(
        known_devices=tuple(
            {"mac": mac, "first_seen": first_seen} for mac, first_seen in (("*", since), *rows)
        ),
        site_devices=tuple({"mac": mac, "owner": owner} for mac, owner in owners),
    )


UNKNOWN = ((MAC, INSIDE, OUTSIDE),)
DEVICE_NOW = night(6)

DEVICES = [
    Case("device-sent-a-byte-less", DEVICE, sent_from(MAC, 4, 249_999), lists=devices()),
    Case(
        "device-sent-enough",
        DEVICE,
        sent_from(MAC, 4),
        UNKNOWN,
        {"hours": 4, "total_bytes": 1_000_000, "floor": 7},
        devices(),
    ),
    Case("device-sent-more", DEVICE, sent_from(MAC), UNKNOWN, {"hours": 5}, devices()),
    Case(
        "device-of-three-addresses",
        DEVICE,
        sent_from(MAC)
        + sent_from(MAC, 1, **{"id.orig_h": "10.1.2.4"})
        + sent_from(MAC, 1, **{"id.orig_h": "10.1.2.5"}),
        UNKNOWN,
        {},
        devices(),
    ),
    Case(
        "router-of-four-addresses",
        DEVICE,
        [e for n in range(4) for e in sent_from(MAC, **{"id.orig_h": f"10.1.2.{n}"})],
        lists=devices(),
    ),
    Case(
        "served-for-exactly-five-days",
        DEVICE,
        sent_from(MAC),
        lists=devices((MAC, DEVICE_NOW - 5 * DAY)),
        now=DEVICE_NOW,
    ),
    Case(
        "served-for-a-second-less-than-five-days",
        DEVICE,
        sent_from(MAC),
        UNKNOWN,
        {},
        devices((MAC, DEVICE_NOW - 5 * DAY + 1)),
        DEVICE_NOW,
    ),
    Case(
        "devices-learned-for-exactly-five-days",
        DEVICE,
        sent_from(MAC),
        UNKNOWN,
        {},
        devices(since=DEVICE_NOW - 5 * DAY),
        DEVICE_NOW,
    ),
    Case(
        "devices-learned-for-a-second-less-than-five-days",
        DEVICE,
        sent_from(MAC),
        lists=devices(since=DEVICE_NOW - 5 * DAY + 1),
        now=DEVICE_NOW,
    ),
    Case("no-device-learned", DEVICE, sent_from(MAC)),
    Case("device-of-the-site", DEVICE, sent_from(MAC), lists=devices(owners=((MAC, "Ann"),))),
    Case(
        "device-of-the-site-without-owner",
        DEVICE,
        sent_from(MAC),
        lists=devices(owners=((MAC, ""),)),
    ),
    Case(
        "device-with-dashes-in-capitals",
        DEVICE,
        sent_from("00-00-5E-00-53-01"),
        lists=devices((MAC, LONG_AGO)),
    ),
    Case(
        "device-without-colons",
        DEVICE,
        sent_from("00005E005301"),
        lists=devices((MAC, LONG_AGO)),
    ),
    Case(
        "device-with-dots",
        DEVICE,
        sent_from("0000.5e00.5301"),
        lists=devices((MAC, LONG_AGO)),
    ),
    Case(
        "device-at-the-firewall",
        DEVICE,
        nights(5, palo_alto, 250_000, src_mac=MAC),
        UNKNOWN,
        {"host": ["fw-1"]},
        devices(),
    ),
    Case(
        "device-in-two-logs",
        DEVICE,
        sent_from(MAC, 4) + nights(4, palo_alto, 249_999, src_mac=MAC),
        UNKNOWN,
        {"total_bytes": 1_000_000, "hours": 4, "connections": 4},
        devices(),
    ),
    Case("connections-without-a-device", DEVICE, nights(5, zeek, 250_000), lists=devices()),
]

AGENT = "/Library/.fonts/fontsyncd"
BACKUP = "\\Site\\Backup"
TASKS = "XmlWinEventLog:Microsoft-Windows-TaskScheduler/Operational"
SCHEDULER = "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule"


def task(epoch: float, code: int = 200, /, **fields: object) -> Event:
    """Return what Task Scheduler logs of a task: 200 that it ran, 106 that it is new."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": TASKS,
        "sourcetype": "XmlWinEventLog",
        "EventCode": code,
        "TaskName": BACKUP,
        **fields,
    }
    return {name: value for name, value in event.items() if value is not None}


def audited_task(epoch: float, code: int, **fields: object) -> Event:
    """Return what Windows audits of a task: 4698 that it is new, 4702 that it was changed."""
    return task(epoch, code, source="XmlWinEventLog:Security", SubjectUserName="ann", **fields)


def child(epoch: float, parent: str, **fields: object) -> Event:
    """Return a process that a parent of this command line started."""
    return task(
        epoch,
        1,
        source="XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        TaskName=None,
        **{"Image": "/opt/sync", "ParentCommandLine": parent, **fields},
    )


def cron(epoch: float, message: str = "CRON[411]: (root) CMD (/opt/sync -a)") -> Event:
    return {
        "_time": epoch,
        "host": "ws-7",
        "source": "/var/log/cron.log",
        "sourcetype": "linux:cron",
        "_raw": f"2026-01-01T02:13:20+00:00 ws-7 {message}",
    }


def endpoint_security(epoch: float, **fields: object) -> Event:
    """Return what Endpoint Security tells of a program that launchd started."""
    event = {
        "_time": epoch,
        "host": "ws-7",
        "source": "eslogger",
        "sourcetype": "macos:endpointsecurity",
        "process.executable.path": "/sbin/launchd",
        "event.exec.target.executable.path": AGENT,
    }
    return {**event, **fields}


def launch_item(epoch: float, path: str) -> Event:
    """Return what Endpoint Security tells of an agent that was added."""
    event = endpoint_security(epoch)
    del event["event.exec.target.executable.path"]
    by = "/System/Library/backgroundtaskmanagementd"
    return {
        **event,
        "process.executable.path": by,
        "event.btm_launch_item_add.executable_path": path,
    }


def jobs(number: int = 3, second: float = 800, /, make: Make = task, *rest, **fields) -> list:
    """Return one run a night of a job, a minute before what `transfers` sends."""
    return [make(night(day, second), *rest, **fields) for day in range(number)]


def transfers(number: int = 3, second: float = 860, sent: object = 100_001, **fields) -> list:
    return [zeek(night(day, second), sent, **fields) for day in range(number)]


def known(address: str = INSIDE, **lists: tuple) -> Lists:
    """Return what a site knows that has learned the address of the host."""
    return Lists(host_addresses=({"name": "ws-7", "address": address},), **lists)


def met(first_seen: float) -> Lists:
    row = {"dest_ip": OUTSIDE, "senders": 1, "first_seen": first_seen}
    return known(known_destinations=(row,))


class JobCase(NamedTuple):
    """A case of the job rule, in which the host's address is known unless it says otherwise."""

    name: str
    events: list[Event]
    fields: Optional[Mapping[str, object]] = None
    lists: Lists = known()
    macros: Mapping[str, str] = {}

    @property
    def case(self) -> Case:
        keys = () if self.fields is None else PAIR
        return Case(
            self.name, JOB, self.events, keys, self.fields or {}, self.lists, None, self.macros
        )


def every_twenty_minutes(runs: int) -> list[Event]:
    return [task(night(3, 800) - 1200 * run) for run in range(runs)]


NEW_TASK = task(night(0, 400), 106)
JOBS = [
    JobCase("job-twice", jobs(2) + transfers(2)),
    JobCase(
        "job-three-times",
        jobs() + transfers(),
        {"times": 3, "contacts": 3, "waited": 60, "floor": 5, "job": [BACKUP], "job_created": None},
    ),
    JobCase("job-four-times", jobs(4) + transfers(4), {"times": 4, "total_bytes": 400_004}),
    JobCase("transfer-within-the-same-second", jobs(3, 860) + transfers(), {"waited": 0}),
    JobCase("transfer-a-second-before-the-job", jobs(3, 861) + transfers()),
    JobCase("transfer-as-late-as-may-be", jobs(3, 680) + transfers(), {"waited": 180}),
    JobCase("transfer-a-second-too-late", jobs(3, 679) + transfers()),
    JobCase("transfer-in-the-next-slot", jobs(3, 890) + transfers(3, 910), {"waited": 20}),
    JobCase("the-earlier-of-two-runs-counts", jobs(3, 640) + jobs() + transfers()),
    JobCase("the-earlier-of-two-connections-counts", jobs() + transfers() + transfers(3, 700)),
    JobCase("bytes-at-the-threshold-of-jobs", jobs() + transfers(sent=100_000)),
    JobCase(
        "job-without-byte-counts",
        jobs() + [sysmon(night(day, 860)) for day in range(3)],
        {"total_bytes": None, "times": 3},
    ),
    JobCase(
        "share-at-the-threshold",
        jobs() + transfers() + transfers(2, 3000),
        {"times": 3, "contacts": 5},
    ),
    JobCase("share-below-the-threshold", jobs() + transfers() + transfers(3, 3000)),
    JobCase(
        "small-connections-are-no-contacts",
        jobs() + transfers() + transfers(3, 3000, 100_000),
        {"contacts": 3},
    ),
    JobCase(
        "job-in-as-many-slots-as-may-be",
        every_twenty_minutes(350) + [zeek(night(3, 860) - 1200 * n, 100_001) for n in range(3)],
        {"times": 3},
    ),
    JobCase(
        "job-in-more-slots",
        every_twenty_minutes(351) + [zeek(night(3, 860) - 1200 * n, 100_001) for n in range(3)],
    ),
    JobCase(
        "new-job-and-new-destination",
        [NEW_TASK, *jobs(), *transfers()],
        {"job_created": night(0, 400), "floor": 8},
    ),
    JobCase(
        "new-job-runs-at-once",
        [task(night(0, 600), 106), *jobs(), *transfers()],
        {"floor": 8, "waited": 60},
    ),
    JobCase(
        "new-job-that-does-not-run",
        [task(night(day, 800), 106) for day in range(3)] + transfers(),
    ),
    JobCase(
        "new-job-audited-by-windows",
        [audited_task(night(0, 400), 4698), *jobs(), *transfers()],
        {"floor": 8},
    ),
    JobCase(
        "changed-job",
        [audited_task(night(0, 400), 4702), *jobs(), *transfers()],
        {"floor": 5, "job_created": None},
    ),
    JobCase(
        "new-job-and-a-destination-that-was-met-before",
        [NEW_TASK, zeek(night(0, 100), 100_001), *jobs(), *transfers()],
        {"floor": 7, "contacts": 4},
    ),
    JobCase(
        "new-job-and-a-destination-known-as-long",
        [NEW_TASK, *jobs(), *transfers()],
        {"floor": 8},
        met(night(0, 400)),
    ),
    JobCase(
        "new-job-and-a-destination-known-for-longer",
        [NEW_TASK, *jobs(), *transfers()],
        {"floor": 7},
        met(night(0, 399)),
    ),
    JobCase(
        "another-job-is-new",
        [task(night(0, 400), 106, TaskName="\\Site\\Other"), *jobs(), *transfers()],
        {"floor": 5},
    ),
    JobCase("job-of-cron", jobs(3, 800, cron) + transfers(), {"job": ["/opt/sync -a"]}),
    JobCase("owner-of-a-job-of-cron", jobs(3, 800, cron) + transfers(), {"job_user": ["root"]}),
    JobCase(
        "crontab-that-is-looked-at",
        jobs(3, 800, cron, "crontab[9]: (root) LIST (root)") + transfers(),
    ),
    JobCase(
        "child-of-task-scheduler",
        jobs(3, 800, child, SCHEDULER) + transfers(),
        {"job": ["/opt/sync"]},
    ),
    JobCase(
        "child-with-its-command-line",
        jobs(3, 800, child, SCHEDULER, CommandLine='"C:\\sync.exe" /q') + transfers(),
        {"job": ["C:\\sync.exe /q"]},
    ),
    JobCase(
        "child-of-another-service",
        jobs(3, 800, child, "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Dhcp")
        + transfers(),
    ),
    JobCase(
        "child-of-crond", jobs(3, 800, child, "/usr/sbin/crond -n") + transfers(), {"times": 3}
    ),
    JobCase("child-of-launchd", jobs(3, 800, child, "/sbin/launchd") + transfers(), {"times": 3}),
    JobCase(
        "agent-of-launchd",
        jobs(3, 800, endpoint_security) + transfers(),
        {"job": [AGENT], "floor": 5},
    ),
    JobCase(
        "agent-of-launchd-that-was-added",
        [launch_item(night(0, 400), AGENT), *jobs(3, 800, endpoint_security), *transfers()],
        {"job": [AGENT], "job_created": night(0, 400), "floor": 8},
    ),
    JobCase(
        "another-agent-was-added",
        [launch_item(night(0, 400), "/opt/b"), *jobs(3, 800, endpoint_security), *transfers()],
        {"floor": 5},
    ),
    JobCase("child-of-a-shell", jobs(3, 800, child, "/bin/bash -l") + transfers()),
    JobCase(
        "script-of-cron-without-a-parent",
        jobs(3, 800, child, "", Image="/etc/cron.daily/sync") + transfers(),
        {"job": ["/etc/cron.daily/sync"]},
    ),
    JobCase(
        "agent-that-connects-is-no-job",
        jobs() + [sysmon(night(day, 860), Image="/Library/LaunchAgents/sync") for day in range(3)],
        {"times": 3, "job": [BACKUP]},
    ),
    JobCase(
        "two-jobs",
        jobs() + jobs(3, 805, TaskName="\\Site\\Other") + transfers(),
        {"waited": 55, "times": 3},
    ),
    JobCase("job-of-another-host", jobs(host="ws-8") + transfers()),
    JobCase("host-of-no-known-address", jobs() + transfers(), lists=NOTHING),
    JobCase("host-named-by-its-address", jobs(host=INSIDE) + transfers(), {}, NOTHING),
    JobCase("host-with-its-domain", jobs(host="WS-7.corp.example.com") + transfers(), {"times": 3}),
    JobCase(
        "job-in-two-logs-of-one-flow",
        jobs() + transfers() + [palo_alto(night(day, 870), 100_005) for day in range(3)],
        {"total_bytes": 300_015, "contacts": 3},
    ),
    JobCase("job-and-an-inside-destination", jobs() + transfers(**{"id.resp_h": "10.9.9.9"})),
    JobCase(
        "job-of-a-user-who-is-left-out",
        jobs(3, 800, cron) + transfers(),
        macros={"t1029_job_users": '"^(?!root(?!.))"'},
    ),
]

CASES = [*INTERVALS, *DAYS, *ROTATIONS, *PROCESSES, *TRAVERSALS, *SERVICES, *DEVICES]
CASES += [job.case for job in JOBS]


def keys(rows: list[Row], rule: Rule) -> list[tuple]:
    return sorted(tuple(row[name] for name in rule.key) for row in rows)
