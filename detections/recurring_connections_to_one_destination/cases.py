"""Cases around every boundary of the second published analytic."""

from functools import partial

from tests.spl.case import WEEK_LATER, Drawn, Expected, case, pair
from tests.spl.drawn import volumes, widest_sites
from tests.spl.drawn_flows import flow_bursts
from tests.spl.events import (
    HOUR,
    MB,
    OUTSIDE,
    at,
    bursts,
    conn_long,
    fortigate,
    fortigate_session,
    palo_alto,
    sysmon_bursts,
    vpc_flow,
    zeek,
)
from tests.spl.lists import ListRow, Lists

KEY = ("src", "dest")
DRAWN = Drawn(volumes | flow_bursts((6 * MB, 600 * MB)), widest_sites, examples=60)
LISTED_24 = ListRow("203.0.113.0/24", "a network")
case = partial(case, now=WEEK_LATER)


def recurring(count: int, floor: int = 7, listed: bool = False, **fields: object) -> Expected:
    return pair(count=count, floor=floor, listed=listed, **fields)


CASES = [
    case("three-connections-an-hour", bursts(range(6), 3)),
    case(
        "four-connections-an-hour",
        bursts(range(3), 4),
        recurring(3, 7),
        prints={"reason": "3 hours with more than 3 large connections", "severity": "medium"},
    ),
    case("two-busy-hours", bursts(range(2), 9)),
    case("four-busy-hours", bursts(range(4), 4), recurring(4, 7)),
    case("five-busy-hours", bursts(range(5), 4), recurring(5, 9)),
    case("one-hour-of-three-with-three-connections", bursts(range(2), 4) + bursts([2], 3)),
    case("connections-of-5-million", bursts(range(6), 9, 5_000_000)),
    case(
        "fourth-connection-of-5-million",
        bursts(range(3), 3) + [zeek(at(hour, 900), 5_000_000) for hour in range(3)],
    ),
    case(
        "connections-spread-over-an-hour-boundary",
        [
            zeek(at(hour, second), 6 * MB)
            for hour in (1, 4, 7)
            for second in (HOUR - 60, HOUR - 0.001, HOUR, HOUR + 60)
        ],
    ),
    case(
        "small-connections-count-as-bytes-only",
        bursts(range(3), 4)
        + [zeek(at(hour, second), 1000) for hour in range(3) for second in (500, 3000)],
        recurring(3, 7, observations=tuple(f"{at(hour, 0):.0f}:20002004" for hour in range(3))),
    ),
    case(
        "small-connection-before-the-large-ones",
        [zeek(at(hour, 60.0 * part), 6 * MB) for hour in range(3) for part in range(1, 5)]
        + [zeek(at(hour, 5), 1000) for hour in range(3)],
        recurring(3, 7, observations=tuple(f"{at(hour, 60):.0f}:24001000" for hour in range(3))),
    ),
    case(
        "more-than-100-busy-hours",
        bursts(range(120), 4),
        recurring(120, 9, observations=tuple(f"{at(hour, 0):.0f}:20000004" for hour in range(120))),
    ),
    case(
        "listed-by-network",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True, observations=tuple(f"{at(hour, 0):.0f}" for hour in range(3))),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "listed-by-shipped-list",
        sysmon_bursts(range(5), 4),
        recurring(5, 9, listed=True),
        lists=Lists(shipped=(LISTED_24,)),
    ),
    case(
        "listed-by-address",
        sysmon_bursts(range(3), 4) + sysmon_bursts(range(3), 4, DestinationIp="203.0.113.8"),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(ListRow(OUTSIDE + "/32", "an address"),)),
    ),
    case(
        "listed-by-bare-address",
        sysmon_bursts(range(3), 4) + sysmon_bursts(range(3), 4, DestinationIp="203.0.113.90"),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(ListRow(OUTSIDE, "an address"),)),
    ),
    case(
        "last-address-of-a-listed-network",
        sysmon_bursts(range(3), 4, DestinationIp="203.0.113.255"),
        recurring(3, 7, listed=True, dest="203.0.113.255"),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "just-outside-a-listed-network",
        sysmon_bursts(range(3), 4, DestinationIp="203.0.112.255")
        + sysmon_bursts(range(3), 4, DestinationIp="203.0.114.0"),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "listed-ipv6-network-in-another-spelling",
        sysmon_bursts(range(3), 4, DestinationIp="2001:DB8:5:0:0:0:0:9")
        + sysmon_bursts(range(3), 4, DestinationIp="2001:db8:6::9"),
        recurring(3, 7, listed=True, dest="2001:db8:5::9"),
        lists=Lists(suspicious=(ListRow("2001:db8:5::/48", "a network"),)),
    ),
    case(
        "three-listed-connections-an-hour",
        sysmon_bursts(range(6), 3),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "listed-and-small-in-zeek",
        bursts(range(3), 4, 10),
        recurring(
            3, 7, listed=True, observations=tuple(f"{at(hour, 0):.0f}:40" for hour in range(3))
        ),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "listed-and-bytes-missing-in-zeek",
        bursts(range(3), 4, None),
        recurring(3, 7, listed=True, observations=tuple(f"{at(hour, 0):.0f}" for hour in range(3))),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "unlisted-in-sysmon",
        sysmon_bursts(range(9), 9),
        lists=Lists(suspicious=(ListRow("198.51.100.0/24"),)),
    ),
    case(
        "on-both-lists",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(
            suspicious=(ListRow("203.0.113.0/24", "the site's"),),
            shipped=(ListRow(OUTSIDE + "/32", "the shipped"),),
        ),
    ),
    case(
        "expired-row",
        sysmon_bursts(range(3), 4),
        lists=Lists(suspicious=(ListRow("203.0.113.0/24", "old", "2025-06-30"),)),
    ),
    case(
        "row-yet-to-expire",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(ListRow("203.0.113.0/24", "new", "2027-06-30"),)),
    ),
    case(
        "expired-on-the-site-list-live-on-the-shipped",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(
            suspicious=(ListRow("203.0.113.0/24", "old", "2025-06-30"),),
            shipped=(ListRow("203.0.113.0/24", "current"),),
        ),
    ),
    case(
        "expired-row-before-a-live-one",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(
            suspicious=(
                ListRow("203.0.113.0/24", "old", "2025-06-30"),
                ListRow(OUTSIDE + "/32", "current"),
            )
        ),
    ),
    case(
        "expired-row-before-a-live-one-of-the-same-network",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(
            suspicious=(
                ListRow("203.0.113.0/24", "old", "2025-06-30"),
                ListRow("203.0.113.0/24", "renewed", "2027-06-30"),
            )
        ),
    ),
    case(
        "last-day-of-a-row",
        sysmon_bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(ListRow("203.0.113.0/24", "old", "2026-01-08"),)),
    ),
    case(
        "day-after-the-last-day-of-a-row",
        sysmon_bursts(range(3), 4),
        lists=Lists(suspicious=(ListRow("203.0.113.0/24", "old", "2026-01-07"),)),
    ),
    case(
        "listed-and-large",
        bursts(range(3), 4),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case("no-entry-on-any-list", bursts(range(3), 4), recurring(3, 7)),
    case(
        "other-thresholds-of-recurrence",
        bursts([0, 1], 2, 11),
        recurring(2, 9),
        thresholds={
            "recurring_event_bytes": 10,
            "recurring_connections": 1,
            "recurring_hours": 2,
            "recurring_many_hours": 2,
        },
    ),
    case("an-hour-more-than-seven-days-back", bursts(range(3), 4), now=at(1 + 7 * 24)),
    case("session-reported-every-two-minutes", fortigate_session(at(1, 0), [6 * MB] * 100)),
    case(
        "sessions-each-reported-three-times",
        [
            event
            for hour in range(3)
            for number in range(4)
            for event in fortigate_session(
                at(hour, 60 * number), [2 * MB] * 3, sessionid=4 * hour + number
            )
        ],
        recurring(
            3,
            connections=12,
            observations=tuple(f"{at(hour, 0):.0f}:24000000" for hour in range(3)),
        ),
    ),
    case(
        "open-connections-count-when-they-began",
        [
            event
            for hour in range(3)
            for number in range(4)
            for event in conn_long(at(hour, 60 * number), [6 * MB], 600, uid=f"C{hour}{number}")
        ],
        recurring(3, connections=12, latest=at(2, 180)),
    ),
    case(
        "sessions-logged-at-start-and-end",
        [
            palo_alto(at(hour, 60 * number), 6 * MB, log_subtype=subtype, src_port=number)
            for hour in range(3)
            for number in range(2)
            for subtype in ("start", "end")
        ],
    ),
    case(
        "connections-counted-by-all-their-bytes-in-the-hour-they-began",
        [
            zeek(at(hour, 3596 + number), 6 * MB, duration=60, uid=f"C{hour}{number}")
            for hour in (1, 4, 7)
            for number in range(4)
        ],
        recurring(3, observations=tuple(f"{at(hour, 3596):.0f}:1000000" for hour in (1, 4, 7))),
    ),
    case(
        "clocks-five-seconds-apart-at-the-full-hour",
        [
            event
            for hour in (2, 5)
            for number in range(4)
            for event in (
                zeek(at(hour, number), 6 * MB, duration=1, uid=f"C{hour}{number}"),
                fortigate(at(hour, number - 4), 5_500_000, duration=1, sessionid=number),
            )
        ],
    ),
    case(
        "another-sensor-right-after-flows-that-ended-at-the-full-hour",
        [
            event
            for hour in (2, 5, 8)
            for number in range(4)
            for event in (
                palo_alto(at(hour, 3500), 6 * MB, duration=1800, src_port=number),
                zeek(at(hour + 1, 60 * number), 5_500_000, **{"id.orig_p": 9 + number}),
            )
        ],
        recurring(3, connections=12),
    ),
    case("connections-logged-twice", 2 * bursts(range(3), 2)),
    case(
        "flow-in-pieces-of-a-minute",
        [event for minute in range(180) for event in vpc_flow(at(1, 60 * minute), 6 * MB)],
    ),
    case(
        "flows-in-three-pieces-each",
        [
            event
            for hour in range(3)
            for number in range(4)
            for minute in range(3)
            for event in vpc_flow(at(hour, 60 * minute), 2 * MB, port=49152 + 4 * hour + number)
        ],
        recurring(3, connections=12),
    ),
    case(
        "flows-in-pieces-that-become-large-behind-the-full-hour",
        [
            event
            for hour in (1, 4, 7)
            for port in range(49152, 49156)
            for second in (3570, 3630)
            for event in vpc_flow(at(hour, second), 3 * MB, port=port)
        ],
        recurring(3, observations=tuple(f"{at(hour, 3570):.0f}:6000000" for hour in (1, 4, 7))),
    ),
]
