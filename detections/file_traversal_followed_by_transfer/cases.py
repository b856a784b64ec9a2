"""Cases around every boundary of the file-traversal rule."""

from hypothesis import strategies as st

from tests.spl.case import Drawn, case, pair, sites
from tests.spl.drawn import SERVERS, joined
from tests.spl.events import HOUR, IMPLANT, Event, at, night, sysmon

KEY = ("src", "dest")


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


def sweeps(days: int, files: int = 20, folders: int = 3, **fields: object) -> list[Event]:
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


def audited_sweeps(names: str, **fields: object) -> list[Event]:
    return [
        event for day in range(2) for event in named(audited(day, 20, **fields), names) + sends(day)
    ]


@st.composite
def traversals(draw) -> list:
    """Draw the files that one process touches, and one call of it after them or without them."""
    day = draw(st.integers(0, 2))
    guid = f"{{{day}-{draw(st.sampled_from((0, 0, 1)))}}}"
    process = {"ProcessGuid": guid, "Image": IMPLANT + str(day)}
    files = touches(day, draw(st.integers(2, 6)), draw(st.integers(1, 3)), **process)
    hour = 24 * day + draw(st.sampled_from((2, 2, 2, 3)))
    server = draw(st.sampled_from((SERVERS[0], SERVERS[0], SERVERS[1])))
    return [*files, sysmon(at(hour, 900), **process, DestinationIp=server)]


CASES = [
    case("nineteen-files", sweeps(2, 19)),
    case(
        "twenty-files",
        sweeps(2),
        pair(files=20, times=2, floor=7),
        prints={
            "reason": "sync.exe touched 20 files in 3 folders, then sent within 13 min, 2 times",
            "severity": "medium",
            "signals_seen": "files",
        },
    ),
    case("twenty-one-files", sweeps(2, 21), pair(files=21)),
    case("two-folders", sweeps(2, 20, 2)),
    case("four-folders", sweeps(2, 20, 4), pair(folders=4)),
    case("happened-once", sweeps(1)),
    case("happened-three-times", sweeps(3), pair(times=3, floor=7)),
    case("happened-four-times", sweeps(4), pair(times=4, floor=8)),
    case(
        "one-file-touched-often",
        [{**event, "TargetFilename": "D:\\0\\0.doc"} for event in sweeps(2)],
    ),
    case(
        "file-names-in-mixed-case-are-one-file",
        sweeps(2, 19) + touches(0, 1, TargetFilename="d:\\0\\0.DOC"),
    ),
    case(
        "sent-before-the-files-were-touched",
        [event for day in range(2) for event in touches(day, 20) + sends(day, 50)],
    ),
    case(
        "sent-in-the-next-hour",
        [event for day in range(2) for event in touches(day, 20) + sends(day, HOUR)],
    ),
    case(
        "another-program-sent",
        [
            event
            for day in range(2)
            for event in touches(day, 20) + sends(day, ProcessGuid="{other}", Image="C:\\b.exe")
        ],
    ),
    case(
        "another-process-of-the-program-sent",
        [
            event
            for day in range(2)
            for event in touches(day, 20) + sends(day, ProcessGuid="{other}")
        ],
    ),
    case(
        "two-processes-of-the-program-touched-half-each",
        [
            event
            for day in range(2)
            for event in touches(day, 10)
            + named(touches(day, 10, ProcessGuid="{o}"), "E:\\{}\\{}", "TargetFilename")
            + sends(day)
        ],
    ),
    case(
        "another-destination-before-the-files",
        sweeps(2) + [e for day in range(2) for e in sends(day, 50, DestinationIp="203.0.113.10")],
        pair(),
    ),
    case(
        "another-destination-after-the-files",
        sweeps(2) + [e for day in range(2) for e in sends(day, 901, DestinationIp="203.0.113.10")],
        pair(),
        pair(dest="203.0.113.10"),
    ),
    case(
        "two-hosts-once-each",
        sweeps(1) + touches(1, 20, host="ws-8") + sends(1, host="ws-8", SourceIp="10.1.2.4"),
    ),
    case(
        "one-host-of-two-addresses",
        sweeps(2)
        + [
            e
            for day in range(2)
            for e in sends(day, 901, SourceIp="10.1.2.4", DestinationIp="203.0.113.10")
        ],
        pair(),
        pair(src="10.1.2.4", dest="203.0.113.10"),
    ),
    case("audited-by-windows", audited_sweeps("D:\\{}\\{}.doc"), pair(files=20)),
    case("audited-keys-of-the-registry", audited_sweeps("\\REGISTRY\\{}\\{}", ObjectType="Key")),
    case("sent-inside", sweeps(2, DestinationIp="10.9.9.9")),
    case(
        "sent-where-it-is-expected",
        sweeps(2),
        macros={"t1029_allowed": 'cidrmatch("203.0.113.0/24", dest_ip)'},
    ),
    case("seven-days-back", sweeps(2), pair(times=2), now=night(7)),
    case("an-hour-more-than-seven-days-back", sweeps(2), now=night(7, HOUR)),
]

LOW = {"traversal_files": 3, "traversal_folders": 2, "traversal_times": 1}
DRAWN = Drawn(joined(traversals(), 4, 8), sites(thresholds=LOW))
