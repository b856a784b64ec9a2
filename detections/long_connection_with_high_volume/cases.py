"""Cases around every boundary of the rule about connections that stay open."""

from functools import partial

from tests.spl.case import WEEK_LATER, Drawn, Expected, case, pair, sites
from tests.spl.drawn_flows import flows
from tests.spl.events import HOUR, MB, at, conn_long, sysmon, zeek

KEY = ("src", "dest")
DRAWN = Drawn(flows((2_000_000_000,)), sites(thresholds={"long_hours": 6}))
case = partial(case, now=WEEK_LATER)


def open_for(hours: int, total_bytes: int, **fields: object) -> Expected:
    return pair(hours=hours, total_bytes=total_bytes, floor=7, **fields)


CASES = [
    case(
        "bytes-in-24-further-hours",
        [zeek(at(1, 0), 1250 * MB, duration=25 * HOUR)],
        open_for(24, 1200 * MB, peak_bytes=50 * MB, observations=(f"{at(2, 0):.0f}:1200000000",)),
    ),
    case("bytes-in-23-further-hours", [zeek(at(1, 0), 4000 * MB, duration=24 * HOUR)]),
    case(
        "one-thousand-million-bytes",
        [zeek(at(1, 0), 1040 * MB, duration=26 * HOUR)],
        open_for(25, 1000 * MB),
        prints={
            "reason": "long connection: 1 GB in 25 hours in which none began",
            "severity": "medium",
        },
    ),
    case("a-byte-less", [zeek(at(1, 0), 1040 * MB - 26, duration=26 * HOUR)]),
    case(
        "told-while-open",
        conn_long(at(1, 0), [50 * MB] * 30),
        open_for(29, 1450 * MB, earliest=at(2, 0), latest=at(31, 0)),
    ),
    case(
        "an-hour-with-another-connection-does-not-count",
        [zeek(at(1, 0), 1250 * MB, duration=25 * HOUR), zeek(at(9), 7, **{"id.orig_p": 50001})],
    ),
    case(
        "connections-that-follow-each-other",
        [
            zeek(at(13 * n, 0), 650 * MB, duration=13 * HOUR, **{"id.orig_p": 50000 + n})
            for n in range(2)
        ],
        open_for(24, 1200 * MB),
    ),
    case(
        "process-of-another-log",
        [zeek(at(1, 0), 1250 * MB, duration=25 * HOUR)] + [sysmon(at(hour, 5)) for hour in (1, 3)],
        open_for(24, 1200 * MB, process=("C:\\Program Files\\Sync\\Sync.exe",)),
    ),
]
