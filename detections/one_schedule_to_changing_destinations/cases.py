"""Cases around every boundary of the changing-destinations rule."""

from collections.abc import Iterable

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
from tests.spl.lists import Lists

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


def busy() -> list[Event]:
    """Return connections on the port of the uploads in six hours of each day."""
    places = {"id.resp_h": "198.51.100.7"}
    return [zeek(at(24 * day + 9 + hour), 100, **places) for day in range(6) for hour in range(6)]


def of_night(day: int) -> str:
    return f"203.{day}.113.9"


def anew(days: Iterable[int], sent: int = 12_000_000, **fields: object) -> list[Event]:
    """Return an upload to another network each night."""
    return [zeek(night(day), sent, **{"id.resp_h": of_night(day), **fields}) for day in days]


def talk(hosts: int) -> list[Event]:
    """Return a connection of so many further hosts with each of these destinations."""
    return [
        zeek(at(9), 100, **{"id.orig_h": f"10.1.3.{host}", "id.resp_h": of_night(day)})
        for host in range(hosts)
        for day in range(5)
    ]


def one_of(hosts: int, nights: int, first: int = 3) -> list[Event]:
    """Return an upload of one host after the other each night, to one destination."""
    return [
        zeek(night(day), 12_000_000, **{"id.orig_h": f"10.1.2.{first + day % hosts}"})
        for day in range(nights)
    ]


OLD = NEW_YEAR - 90 * DAY
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
    case("rotation-on-three-days", rotating(3, 3)),
    case("rotation-on-four-days", rotating(4, 3), schedule("port 4444")),
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
    case(
        "a-new-destination-each-night-on-a-busy-port",
        busy() + anew(range(5)),
        schedule("uploads to new destinations", destinations=5, hours=5, total_bytes=60_000_000),
        prints={"reason": "one schedule to 5 destinations (uploads to new destinations)"},
    ),
    case("a-new-destination-on-three-nights", busy() + anew(range(3))),
    case("a-new-destination-each-night-a-byte-too-few", busy() + anew(range(5), 9_999_999)),
    case(
        "a-new-destination-each-night-that-answers-a-quarter",
        busy() + anew(range(5), resp_bytes=3_000_000),
        schedule("uploads to new destinations"),
    ),
    case(
        "a-new-destination-each-night-that-answers-more",
        busy() + anew(range(5), resp_bytes=3_000_001),
    ),
    case("destinations-that-four-hosts-talk-to", busy() + anew(range(5)) + talk(3)),
    case(
        "destinations-that-three-hosts-talk-to",
        busy() + anew(range(5)) + talk(2),
        schedule("uploads to new destinations"),
    ),
    case(
        "destinations-of-old",
        busy() + anew(range(5)),
        lists=Lists(
            destinations=tuple({"dest": of_night(day), "first_seen": OLD} for day in range(5))
        ),
    ),
    case(
        "one-of-three-hosts-each-night",
        busy() + one_of(3, 6),
        schedule("senders to 203.0.113.0/24", dest=["203.0.113.9"], hours=6, destinations=1),
        prints={
            "reason": "one schedule of 3 senders (10.1.2.3, 10.1.2.4, 10.1.2.5) to 1 destination"
            " (senders to 203.0.113.0/24)",
            "summary": "10.1.2.3 sends to 203.0.113.0/24 as 2 other hosts do daily 02:14 ±0 min:"
            " 72 MB in 6 nights",
        },
    ),
    case(
        "three-hosts-each-night",
        busy() + [event for host in (3, 4, 5) for event in one_of(1, 6, host)],
    ),
    case("one-of-two-hosts-each-night", busy() + one_of(2, 6)),
    case(
        "one-of-three-hosts-each-night-and-a-fourth-that-only-talks",
        busy() + one_of(3, 6) + [zeek(at(9), 1000, **{"id.orig_h": "10.1.2.9"})],
    ),
    case(
        "forty-five-days-back",
        rotating(4, 3),
        schedule("port 4444"),
        now=NEW_YEAR + 45 * DAY + 1800,
    ),
    case("forty-six-days-back", rotating(4, 3), now=NEW_YEAR + 46 * DAY + 1800),
]
