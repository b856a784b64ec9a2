"""Cases around every boundary of the process rule."""

from typing import Optional

from hypothesis import strategies as st

from tests.spl.case import Drawn, Expected, case, pair, sites
from tests.spl.drawn import connections, many
from tests.spl.events import (
    DAY,
    IMPLANT,
    INSIDE,
    NOTEPAD,
    OUTSIDE,
    POWERSHELL,
    SYNC,
    Event,
    at,
    minutely,
    sysmon,
)
from tests.spl.lists import LONG_AGO, programs

KEY = ("src", "dest", "process")
SCORED = {"process_risk": "risk_score"}
NOW = at(6)
FIVE_DAYS_AGO = NOW - 5 * DAY
PATHS = (IMPLANT, "C:\\Users\\Ann\\Update.exe", SYNC, "/tmp/a", NOTEPAD, POWERSHELL) + (
    ("/bin/ls", None)
)
KNOWN = programs((IMPLANT, 2, LONG_AGO), (SYNC, 9, LONG_AGO), ("/tmp/a", 3, LONG_AGO))


def program(process: str, **fields: object) -> Expected:
    return pair(process=process, **fields)


def calls(number: int, image: Optional[str] = IMPLANT, **fields: object) -> list[Event]:
    return minutely(number, sysmon, **{"Image": image, **fields})


@st.composite
def program_calls(draw) -> dict:
    event = draw(connections((sysmon,)))
    fields = {"Image": draw(st.sampled_from(PATHS))}
    return {name: one for name, one in {**event, **fields}.items() if one is not None}


CASES = [
    case("three-minutes", calls(3), lists=programs()),
    case(
        "four-minutes",
        calls(4),
        program(IMPLANT, minutes=4, floor=7),
        lists=programs(),
        prints={
            "reason": "update.exe: new on the network today, from a folder that users can write to",
            "severity": "medium",
            "signals_seen": "program",
        },
    ),
    case("five-minutes", calls(5), program(IMPLANT, minutes=5), lists=programs()),
    case(
        "new-program-where-it-belongs",
        calls(4, SYNC),
        program(SYNC, new=1, user_folder=0, floor=6),
        lists=programs(),
    ),
    case(
        "seldom-program-in-a-folder-of-users",
        calls(4),
        program(IMPLANT, new=0, process_hosts=2, floor=5),
        lists=programs((IMPLANT, 2, LONG_AGO)),
    ),
    case(
        "program-of-three-hosts-in-a-folder-of-users",
        calls(4),
        lists=programs((IMPLANT, 3, LONG_AGO)),
    ),
    case("seldom-program-where-it-belongs", calls(4, SYNC), lists=programs((SYNC, 1, LONG_AGO))),
    case(
        "known-for-exactly-five-days",
        calls(4, SYNC),
        lists=programs((SYNC, 9, FIVE_DAYS_AGO)),
        now=NOW,
    ),
    case(
        "known-for-a-second-less-than-five-days",
        calls(4, SYNC),
        program(SYNC, new=1, process_hosts=9),
        lists=programs((SYNC, 9, FIVE_DAYS_AGO + 1)),
        now=NOW,
    ),
    case(
        "learning-for-exactly-five-days",
        calls(4),
        program(IMPLANT),
        lists=programs(since=FIVE_DAYS_AGO),
        now=NOW,
    ),
    case(
        "learning-for-a-second-less-than-five-days",
        calls(4),
        lists=programs(since=FIVE_DAYS_AGO + 1),
        now=NOW,
    ),
    case("nothing-learned", calls(4)),
    case(
        "paths-in-mixed-case-are-one-program",
        calls(2, "C:\\Users\\Ann\\Update.exe")
        + [sysmon(at(5, 60.0 * n), Image=IMPLANT) for n in (2, 3)],
        program(IMPLANT, minutes=4),
        lists=programs(),
    ),
    case("connections-without-a-program", calls(4, None), lists=programs()),
    case(
        "accepted-connections",
        calls(4, SourceIp=OUTSIDE, DestinationIp=INSIDE, Initiated="false"),
        lists=programs(),
    ),
    case(
        "folder-of-a-name-that-begins-alike",
        calls(4, "c:\\usersettings\\a.exe"),
        program("c:\\usersettings\\a.exe", user_folder=0),
        lists=programs(),
    ),
    case(
        "folder-for-temporary-files-of-linux",
        calls(4, "/tmp/.x/a"),
        program("/tmp/.x/a", user_folder=1, floor=7),
        lists=programs(),
    ),
    case(
        "recycle-bin",
        calls(4, "C:\\$Recycle.Bin\\a.exe"),
        program("c:\\$recycle.bin\\a.exe", user_folder=1, floor=7),
        lists=programs(),
    ),
    case(
        "silent-program-with-nothing-learned",
        calls(4, "C:\\Windows\\System32\\notepad.exe"),
        program(NOTEPAD, new=0, program_reason="silent program", floor=7),
    ),
    case("silent-program-in-three-minutes", calls(3, NOTEPAD)),
    *(
        case(
            f"silent-program-{name}",
            calls(4, path),
            program(path, program_reason="silent program", floor=7),
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
        case(f"no-silent-program-{name}", calls(4, path))
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
    case(
        "silent-program-long-known-on-two-hosts",
        calls(4, NOTEPAD),
        program(NOTEPAD, process_hosts=2, floor=7),
        lists=programs((NOTEPAD, 2, LONG_AGO)),
    ),
    case(
        "silent-program-long-known-on-three-hosts",
        calls(4, NOTEPAD),
        program(NOTEPAD, process_hosts=3, floor=0),
        lists=programs((NOTEPAD, 3, LONG_AGO)),
    ),
    case(
        "silent-program-new-on-many-hosts",
        calls(4, NOTEPAD),
        program(NOTEPAD, new=1, program_reason="silent program", floor=7),
        lists=programs((NOTEPAD, 9, FIVE_DAYS_AGO + 1)),
        now=NOW,
    ),
    case(
        "silent-program-while-the-list-learns",
        calls(4, NOTEPAD),
        program(NOTEPAD, new=0, process_hosts=9, floor=7),
        lists=programs((NOTEPAD, 9, NOW - DAY), since=NOW - DAY),
        now=NOW,
    ),
    case(
        "script-host-with-nothing-learned",
        calls(4, POWERSHELL),
        program(POWERSHELL, new=0, program_reason="script host", floor=0),
    ),
    case(
        "script-host-of-linux",
        calls(4, "/usr/bin/bash"),
        program("/usr/bin/bash", program_reason="script host", floor=0),
    ),
    case("program-named-like-a-script-host", calls(4, "c:\\tools\\mycmd.exe")),
    case(
        "script-host-that-is-new",
        calls(4, POWERSHELL),
        program(POWERSHELL, new=1, program_reason="new", floor=6),
        lists=programs(),
    ),
    case(
        "script-host-of-two-senders-of-three",
        calls(4, POWERSHELL)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5", DestinationIp="203.0.113.10"),
        program(POWERSHELL, senders=2, population=3),
    ),
    case(
        "script-host-of-three-senders",
        calls(4, POWERSHELL)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5"),
    ),
    case(
        "silent-program-of-three-senders",
        calls(4, NOTEPAD)
        + calls(1, SYNC, SourceIp="10.1.2.4")
        + calls(1, SYNC, SourceIp="10.1.2.5"),
        program(NOTEPAD, senders=3, floor=7),
    ),
    case(
        "two-programs-to-one-destination",
        calls(4) + calls(4, SYNC),
        program(SYNC),
        program(IMPLANT),
        lists=programs(),
    ),
    case(
        "another-log-has-the-bytes",
        calls(4) + minutely(4),
        program(IMPLANT, minutes=4, connections=4, host=("ws-7",), dest_port=("443",)),
        lists=programs(),
    ),
    case("seven-days-back", calls(4), program(IMPLANT), now=at(5 + 7 * 24), lists=programs()),
    case("an-hour-more-than-seven-days-back", calls(4), now=at(6 + 7 * 24), lists=programs()),
]

DRAWN = Drawn(many(program_calls()), sites(lists=KNOWN, thresholds={"process_minutes": 2}))
