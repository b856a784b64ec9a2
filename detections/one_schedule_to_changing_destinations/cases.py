"""Cases around every boundary of the changing-destinations rule."""

from tests.spl.case import Drawn, Expected, case, sites
from tests.spl.drawn import connections, many
from tests.spl.events import (
    DAY,
    HOUR,
    INSIDE,
    NEW_YEAR,
    Event,
    at,
    daytime,
    night,
    sysmon,
    to,
    zeek,
)

KEY = ("src", "schedule_of")
SCORED = {"rotation_risk": "risk_score", "daily_period": "period"}
LOW = {"rotation_destinations": 2, "rotation_hours": 2, "rotation_days": 2}
DRAWN = Drawn(many(connections()), sites(thresholds=LOW))


def schedule(of: str, **fields: object) -> Expected:
    return {"src": INSIDE, "schedule_of": of, **fields}


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


NETWORKS = ("192.0.2.9", "198.51.100.9", "203.0.113.9")

CASES = [
    case("two-destinations", rotating(6, 2)),
    case(
        "three-destinations",
        rotating(6, 3),
        schedule("port 4444", destinations=3, hours=6),
        prints={
            "reason": "one schedule to 3 destinations (port 4444)",
            "severity": "medium",
            "summary": "10.1.2.3 sends to port 4444 of 3 destinations daily 02:14 ±0 min:"
            " 6 kB in 6 nights",
        },
    ),
    case("four-destinations", rotating(6, 4), schedule("port 4444", destinations=4)),
    case("rotation-on-four-days", rotating(4, 3)),
    case("rotation-on-five-days", rotating(5, 3), schedule("port 4444")),
    case(
        "rotation-in-four-hours-of-each-day",
        [
            event
            for number in range(4)
            for event in daytime(5, 1, **to(f"203.0.{number}.9", 4444))
            for event in [{**event, "_time": event["_time"] + number * HOUR}]
        ],
        schedule("port 4444", hours=20),
    ),
    case(
        "rotation-in-one-hour-more-than-four-of-each-day",
        [
            event
            for number in range(4)
            for event in daytime(5, 1, **to(f"203.0.{number}.9", 4444))
            for event in [{**event, "_time": event["_time"] + number * HOUR}]
        ]
        + [zeek(at(4 * 24 + 9), 1, **to("203.0.113.9", 4444))],
    ),
    case(
        "destinations-of-one-network",
        in_networks("203.0.113.1", "203.0.113.2", "203.0.113.255"),
        schedule("network 203.0.113.0/24", dest=["203.0.113.1", "203.0.113.2", "203.0.113.255"]),
    ),
    case(
        "destinations-of-neighbouring-networks",
        in_networks("203.0.113.1", "203.0.113.2", "198.51.100.3"),
    ),
    case(
        "destinations-of-one-long-network",
        in_networks("2001:db8:1:2::9", "2001:db8:1:3::9", "2001:db8:1:2:3:4:5:6"),
        schedule("network 2001:db8:1::/48"),
    ),
    case(
        "destinations-of-one-long-network-shortened",
        in_networks("2001:db8::9", "2001:db8:0:1::9", "2001:db8:0:1:2:3:4:5"),
        schedule("network 2001:db8::/48"),
    ),
    case(
        "one-program-to-three-networks",
        [
            sysmon(
                night(day),
                Image="C:\\a.exe",
                DestinationIp=f"203.0.{day % 3}.9",
                DestinationPort=4000 + day,
            )
            for day in range(6)
        ],
        schedule("process C:\\a.exe", process=["C:\\a.exe"], total_bytes=None),
    ),
    case(
        "two-destinations-in-one-hour-are-one-observation",
        rotating(5, 1) + [zeek(night(0, 900), 5, **to(f"203.0.{n}.9", 4444)) for n in (1, 2)],
        schedule("port 4444", hours=5, connections=7, total_bytes=5010, destinations=3),
    ),
    case(
        "fourteen-days-back", rotating(6, 3), schedule("port 4444"), now=NEW_YEAR + 14 * DAY + 1800
    ),
    case(
        "senders-do-not-share-a-schedule",
        rotating(6, 2) + rotating(6, 3, **{"id.orig_h": "10.1.2.4"})[2::3],
    ),
    case(
        "program-known-from-another-log",
        in_networks(*NETWORKS)
        + [
            sysmon(night(day), DestinationIp=NETWORKS[day % 3], DestinationPort=4000 + day)
            for day in range(6)
        ],
        schedule("process C:\\Program Files\\Sync\\Sync.exe", hours=6, total_bytes=6000),
    ),
    case("thirty-days-back", rotating(5, 3), schedule("port 4444"), now=NEW_YEAR + 30 * DAY + 1800),
    case("thirty-one-days-back", rotating(5, 3), now=NEW_YEAR + 31 * DAY + 1800),
]
