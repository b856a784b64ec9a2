"""Cases made by hand around every boundary of the two published analytics.

What each must find is written out beside it, so that neither the searches nor the SQL is taken at
its word.
"""

from typing import NamedTuple, Optional

from tests.spl.events import (
    DAY,
    HOUR,
    INSIDE,
    NEW_YEAR,
    OUTSIDE,
    Event,
    at,
    bursts,
    fortigate,
    night,
    palo_alto,
    sysmon,
    sysmon_bursts,
    volume,
    zeek,
)
from tests.spl.oracle import ListRow, Settings

MB = 1_000_000


class HighVolume(NamedTuple):
    """What the first analytic must say of a pair."""

    hours: int
    total_bytes: int
    floor: int = 8
    src: str = INSIDE
    dest_ip: str = OUTSIDE


class Recurring(NamedTuple):
    """What the second analytic must say of a pair."""

    count: int
    floor: int = 7
    listed: bool = False
    src: str = INSIDE
    dest_ip: str = OUTSIDE


class Case(NamedTuple):
    """Events, what stands on the lists, what the site has set, and what must come out."""

    name: str
    events: list[Event]
    high_volume: tuple[HighVolume, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    site_list: tuple[ListRow, ...] = ()
    shipped_list: tuple[ListRow, ...] = ()
    settings: Settings = Settings()
    hosts: Optional[tuple[str, ...]] = None
    processes: Optional[tuple[str, ...]] = None
    ports: Optional[tuple[str, ...]] = None
    observations: Optional[tuple[str, ...]] = None


def _without_addresses() -> list[Event]:
    hidden = [
        {"id.orig_h": None},
        {"id.resp_h": None},
        {"id.orig_h": "unknown"},
        {"id.resp_h": "unknown"},
        {"id.resp_h": "mail.example.com"},
        {"id.resp_h": ""},
    ]
    return [
        event
        for fields in hidden
        for event in volume(range(3), 600 * MB, **fields) + bursts(range(3), 4, **fields)
    ]


def _three_logs() -> list[Event]:
    return (
        volume(range(3), 150 * MB)
        + volume(range(3), 151 * MB, palo_alto)
        + volume(range(3), 149 * MB, fortigate)
    )


def _underscored(epoch: float, bytes_out: object) -> Event:
    dotted = {"id.orig_h": None, "id.resp_h": None, "id.resp_p": None}
    return zeek(epoch, bytes_out, **dotted, id_orig_h=INSIDE, id_resp_h=OUTSIDE, id_resp_p=443)


VOLUMES = [
    Case("hour-at-100-million", volume(range(3), 100_000_000)),
    Case(
        "hour-one-past-100-million",
        volume(range(3), 100_000_001),
        high_volume=(HighVolume(3, 300_000_003),),
    ),
    Case(
        "one-hour-of-three-at-100-million",
        volume(range(2), 100_000_001) + volume([2], 100_000_000),
    ),
    Case(
        "peak-at-500-million",
        volume(range(3), 500_000_000),
        high_volume=(HighVolume(3, 1_500_000_000, 8),),
    ),
    Case(
        "peak-one-past-500-million",
        volume(range(2), 200 * MB) + volume([2], 500_000_001),
        high_volume=(HighVolume(3, 900_000_001, 9),),
    ),
    Case("two-heavy-hours", volume(range(2), 600 * MB)),
    Case(
        "five-heavy-hours",
        volume(range(5), 101 * MB),
        high_volume=(HighVolume(5, 505 * MB),),
    ),
    Case(
        "light-hours-between-heavy-ones",
        volume([0, 5, 9], 101 * MB) + volume([2, 3, 7], 99 * MB),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "hour-cut-into-101-uploads",
        [zeek(at(hour, 30.0 * part), MB) for hour in range(3) for part in range(101)],
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "halves-on-both-sides-of-the-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (HOUR - 0.001, HOUR)],
    ),
    Case(
        "first-and-last-instant-of-an-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (0, HOUR - 0.001)],
        high_volume=(HighVolume(3, 360 * MB),),
        observations=tuple(f"{at(hour, 0):.0f}:120000000" for hour in (1, 4, 7)),
    ),
    Case(
        "fraction-of-a-second",
        [zeek(at(hour, 850.999), 101 * MB) for hour in range(3)],
        high_volume=(HighVolume(3, 303 * MB),),
        observations=tuple(f"{at(hour, 850):.0f}:101000000" for hour in range(3)),
    ),
    Case(
        "empty-connection-first-in-the-hour",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), 0) for hour in range(3)],
        high_volume=(HighVolume(3, 303 * MB),),
        observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3)),
    ),
    Case(
        "two-senders-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.orig_h": "10.1.2.4"}),
    ),
    Case(
        "two-destinations-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.resp_h": "203.0.113.10"}),
    ),
    Case(
        "two-senders-to-two-destinations",
        [
            event
            for number in (4, 5)
            for event in volume(
                range(number),
                101 * MB,
                **{"id.orig_h": f"10.1.2.{number}", "id.resp_h": f"203.0.113.{number}"},
            )
        ],
        high_volume=(
            HighVolume(4, 404 * MB, src="10.1.2.4", dest_ip="203.0.113.4"),
            HighVolume(5, 505 * MB, src="10.1.2.5", dest_ip="203.0.113.5"),
        ),
    ),
    Case(
        "more-than-100-heavy-hours",
        volume(range(120), 101 * MB),
        high_volume=(HighVolume(120, 120 * 101 * MB),),
        observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(120)),
    ),
    Case(
        "published-example",
        [make(night(day), 150 * MB) for day in range(3) for make in (zeek, palo_alto)]
        + [zeek(night(3, 10 * HOUR), 90 * MB)],
        high_volume=(HighVolume(3, 450 * MB),),
        hosts=("fw-1", "zeek-1"),
        observations=(
            "1767233650:150000000",
            "1767320050:150000000",
            "1767406450:150000000",
        ),
    ),
]

RECURRENCES = [
    Case("three-connections-an-hour", bursts(range(6), 3)),
    Case("four-connections-an-hour", bursts(range(3), 4), recurring=(Recurring(3, 7),)),
    Case("two-busy-hours", bursts(range(2), 9)),
    Case("four-busy-hours", bursts(range(4), 4), recurring=(Recurring(4, 7),)),
    Case("five-busy-hours", bursts(range(5), 4), recurring=(Recurring(5, 9),)),
    Case("one-hour-of-three-with-three-connections", bursts(range(2), 4) + bursts([2], 3)),
    Case("connections-of-5-million", bursts(range(6), 9, 5_000_000)),
    Case(
        "fourth-connection-of-5-million",
        bursts(range(3), 3) + [zeek(at(hour, 900), 5_000_000) for hour in range(3)],
    ),
    Case(
        "connections-spread-over-an-hour-boundary",
        [
            zeek(at(hour, second), 6 * MB)
            for hour in (1, 4, 7)
            for second in (HOUR - 60, HOUR - 0.001, HOUR, HOUR + 60)
        ],
    ),
    Case(
        "small-connections-count-as-bytes-only",
        bursts(range(3), 4)
        + [zeek(at(hour, second), 1000) for hour in range(3) for second in (500, 3000)],
        recurring=(Recurring(3, 7),),
        observations=tuple(f"{at(hour, 0):.0f}:20002004" for hour in range(3)),
    ),
    Case(
        "small-connection-before-the-large-ones",
        [zeek(at(hour, 60.0 * part), 6 * MB) for hour in range(3) for part in range(1, 5)]
        + [zeek(at(hour, 5), 1000) for hour in range(3)],
        recurring=(Recurring(3, 7),),
        observations=tuple(f"{at(hour, 60):.0f}:24001000" for hour in range(3)),
    ),
    Case(
        "more-than-100-busy-hours",
        bursts(range(120), 4),
        recurring=(Recurring(120, 9),),
        observations=tuple(f"{at(hour, 0):.0f}:20000004" for hour in range(120)),
    ),
]

LISTED_24 = ListRow("203.0.113.0/24", "a network")

LISTS = [
    Case(
        "listed-by-network",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        observations=tuple(f"{at(hour, 0):.0f}" for hour in range(3)),
    ),
    Case(
        "listed-by-shipped-list",
        sysmon_bursts(range(5), 4),
        recurring=(Recurring(5, 9, listed=True),),
        shipped_list=(LISTED_24,),
    ),
    Case(
        "listed-by-address",
        sysmon_bursts(range(3), 4) + sysmon_bursts(range(3), 4, DestinationIp="203.0.113.8"),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow(OUTSIDE + "/32", "an address"),),
    ),
    Case(
        "listed-by-bare-address",
        sysmon_bursts(range(3), 4) + sysmon_bursts(range(3), 4, DestinationIp="203.0.113.90"),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow(OUTSIDE, "an address"),),
    ),
    Case(
        "last-address-of-a-listed-network",
        sysmon_bursts(range(3), 4, DestinationIp="203.0.113.255"),
        recurring=(Recurring(3, 7, listed=True, dest_ip="203.0.113.255"),),
        site_list=(LISTED_24,),
    ),
    Case(
        "just-outside-a-listed-network",
        sysmon_bursts(range(3), 4, DestinationIp="203.0.112.255")
        + sysmon_bursts(range(3), 4, DestinationIp="203.0.114.0"),
        site_list=(LISTED_24,),
    ),
    Case(
        "listed-ipv6-network-in-another-spelling",
        sysmon_bursts(range(3), 4, DestinationIp="2001:DB8:5:0:0:0:0:9")
        + sysmon_bursts(range(3), 4, DestinationIp="2001:db8:6::9"),
        recurring=(Recurring(3, 7, listed=True, dest_ip="2001:db8:5::9"),),
        site_list=(ListRow("2001:db8:5::/48", "a network"),),
    ),
    Case(
        "three-listed-connections-an-hour",
        sysmon_bursts(range(6), 3),
        site_list=(LISTED_24,),
    ),
    Case(
        "listed-and-small-in-zeek",
        bursts(range(3), 4, 10),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        observations=tuple(f"{at(hour, 0):.0f}:40" for hour in range(3)),
    ),
    Case(
        "listed-and-bytes-missing-in-zeek",
        bursts(range(3), 4, None),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        observations=tuple(f"{at(hour, 0):.0f}" for hour in range(3)),
    ),
    Case(
        "unlisted-in-sysmon",
        sysmon_bursts(range(9), 9),
        site_list=(ListRow("198.51.100.0/24"),),
    ),
    Case(
        "on-both-lists",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow("203.0.113.0/24", "the site's"),),
        shipped_list=(ListRow(OUTSIDE + "/32", "the shipped"),),
    ),
    Case(
        "expired-row",
        sysmon_bursts(range(3), 4),
        site_list=(ListRow("203.0.113.0/24", "old", "2025-06-30"),),
    ),
    Case(
        "row-yet-to-expire",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow("203.0.113.0/24", "new", "2027-06-30"),),
    ),
    Case(
        "expired-on-the-site-list-live-on-the-shipped",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow("203.0.113.0/24", "old", "2025-06-30"),),
        shipped_list=(ListRow("203.0.113.0/24", "current"),),
    ),
    Case(
        "expired-row-before-a-live-one",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(
            ListRow("203.0.113.0/24", "old", "2025-06-30"),
            ListRow(OUTSIDE + "/32", "current"),
        ),
    ),
    Case(
        "expired-row-before-a-live-one-of-the-same-network",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(
            ListRow("203.0.113.0/24", "old", "2025-06-30"),
            ListRow("203.0.113.0/24", "renewed", "2027-06-30"),
        ),
    ),
    Case(
        "last-day-of-a-row",
        sysmon_bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(ListRow("203.0.113.0/24", "old", "2026-01-08"),),
    ),
    Case(
        "day-after-the-last-day-of-a-row",
        sysmon_bursts(range(3), 4),
        site_list=(ListRow("203.0.113.0/24", "old", "2026-01-07"),),
    ),
    Case(
        "listed-and-large",
        bursts(range(3), 4),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
    ),
    Case("no-entry-on-any-list", bursts(range(3), 4), recurring=(Recurring(3, 7),)),
]

SEVERAL_LOGS = [
    Case(
        "each-of-two-logs-below-the-threshold",
        volume(range(3), 60 * MB) + volume(range(3), 60 * MB, palo_alto),
    ),
    Case(
        "one-flow-in-three-logs",
        _three_logs(),
        high_volume=(HighVolume(3, 453 * MB),),
        hosts=("fortigate-1", "fw-1", "zeek-1"),
    ),
    Case(
        "another-log-leads-in-each-hour",
        [
            zeek(at(0, 900), 300 * MB),
            palo_alto(at(0, 800), 101 * MB),
            zeek(at(1, 800), 101 * MB),
            palo_alto(at(1, 900), 300 * MB),
            palo_alto(at(2), 101 * MB),
        ],
        high_volume=(HighVolume(3, 701 * MB),),
        observations=(
            f"{at(0, 800):.0f}:300000000",
            f"{at(1, 800):.0f}:300000000",
            f"{at(2):.0f}:101000000",
        ),
    ),
    Case(
        "two-sensors-of-one-product-share-the-flows",
        volume(range(3), 60 * MB) + volume(range(3), 60 * MB, host="zeek-2"),
        high_volume=(HighVolume(3, 360 * MB),),
        hosts=("zeek-1", "zeek-2"),
    ),
    Case(
        "two-and-two-connections-in-two-logs",
        bursts(range(6), 2) + bursts(range(6), 2, 6 * MB, palo_alto),
    ),
    Case(
        "four-connections-in-each-of-two-logs",
        bursts(range(3), 4) + bursts(range(3), 4, 6 * MB, palo_alto),
        recurring=(Recurring(3, 7),),
        observations=tuple(f"{at(hour, 0):.0f}:24000000" for hour in range(3)),
    ),
    Case(
        "sysmon-names-the-process-of-a-heavy-hour",
        volume(range(3), 101 * MB) + [sysmon(at(hour, 5)) for hour in range(3)],
        high_volume=(HighVolume(3, 303 * MB),),
        hosts=("ws-7", "zeek-1"),
        processes=("C:\\Program Files\\Sync\\Sync.exe",),
        observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3)),
    ),
    Case(
        "process-of-a-light-hour-is-not-reported",
        volume(range(3), 101 * MB) + [sysmon(at(5))],
        high_volume=(HighVolume(3, 303 * MB),),
        hosts=("zeek-1",),
        processes=(),
    ),
    Case(
        "sysmon-and-zeek-see-listed-connections",
        sysmon_bursts(range(3), 2) + bursts(range(3), 4, 10),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        hosts=("ws-7", "zeek-1"),
        observations=tuple(f"{at(hour, 0):.0f}:40" for hour in range(3)),
    ),
    Case(
        "sysmon-counts-most-and-zeek-has-the-bytes",
        sysmon_bursts(range(3), 4) + [zeek(at(hour, 30), 77) for hour in range(3)],
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        observations=tuple(f"{at(hour, 0):.0f}:77" for hour in range(3)),
    ),
    Case(
        "more-than-100-hosts",
        volume(range(3), 101 * MB)
        + [zeek(at(0, 60 + number), 10, host=f"zeek-{number:03}") for number in range(150)],
        high_volume=(HighVolume(3, 303 * MB + 1500),),
        hosts=tuple(sorted(["zeek-1"] + [f"zeek-{number:03}" for number in range(150)])),
    ),
    Case(
        "more-than-100-processes",
        volume(range(3), 101 * MB)
        + [sysmon(at(1, 60 + number), Image=f"C:\\{number:03}.exe") for number in range(150)],
        high_volume=(HighVolume(3, 303 * MB),),
        processes=tuple(f"C:\\{number:03}.exe" for number in range(150)),
    ),
    Case(
        "hosts-that-look-like-numbers",
        volume(range(3), 101 * MB, host="10") + volume(range(3), 10, host="2"),
        high_volume=(HighVolume(3, 303 * MB + 30),),
        hosts=("10", "2"),
    ),
    Case(
        "icmp-has-no-port",
        volume(range(3), 101 * MB) + volume(range(3), 10, proto="icmp", **{"id.resp_p": "3"}),
        high_volume=(HighVolume(3, 303 * MB + 30),),
        ports=("443",),
    ),
    Case(
        "ports-that-look-like-numbers",
        volume(range(2), 101 * MB, **{"id.resp_p": "007"})
        + volume([2], 101 * MB, **{"id.resp_p": "7"}),
        high_volume=(HighVolume(3, 303 * MB),),
        ports=("007", "7"),
    ),
]

FIELDS = [
    Case("no-usable-address", _without_addresses()),
    Case(
        "rows-without-address-do-not-hide-the-others",
        _without_addresses() + volume(range(3), 101 * MB),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "zeek-names-with-underscores",
        [_underscored(at(hour), 101 * MB) for hour in range(3)],
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "zeek-with-both-spellings-of-names",
        [_underscored(at(0), 101 * MB), _underscored(at(1), 101 * MB), zeek(at(2), 101 * MB)],
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "zeek-with-byte-counts-swapped-by-an-add-on",
        volume(range(3), 101 * MB, bytes_in=101 * MB, bytes_out=600 * MB, resp_bytes=600 * MB),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "zeek-download-swapped-by-an-add-on",
        volume(range(3), 10, bytes_in=10, bytes_out=600 * MB, resp_bytes=600 * MB),
    ),
    Case(
        "fortigate-names",
        volume(range(3), 101 * MB, fortigate) + bursts(range(3), 4, 6 * MB, fortigate),
        high_volume=(HighVolume(3, 375 * MB),),
        recurring=(Recurring(3, 7),),
    ),
    Case(
        "byte-counts-as-text",
        volume(range(3), "100000001"),
        high_volume=(HighVolume(3, 300_000_003),),
    ),
    Case(
        "byte-counts-as-text-compare-as-numbers",
        volume(range(6), "9") + bursts(range(6), 4, "900000"),
    ),
    Case(
        "byte-counts-missing",
        bursts(range(3), 4, None) + bursts(range(3), 4, "-") + bursts(range(3), 4, ""),
    ),
    Case(
        "byte-count-missing-in-one-connection",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), None) for hour in range(3)],
        high_volume=(HighVolume(3, 303 * MB),),
        observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3)),
    ),
    Case(
        "ipv6-in-several-spellings",
        volume([0], 101 * MB, **{"id.resp_h": "2001:DB8::9", "id.orig_h": "FD00::1"})
        + volume([1], 101 * MB, **{"id.resp_h": "2001:db8:0:0:0:0:0:9", "id.orig_h": "fd00::1"})
        + volume([2], 101 * MB, **{"id.resp_h": "2001:DB8:0:0:0:0:0:9", "id.orig_h": "FD00::1"}),
        high_volume=(HighVolume(3, 303 * MB, src="fd00::1", dest_ip="2001:db8::9"),),
    ),
    Case(
        "ipv4-mapped-ipv6",
        volume([0], 101 * MB) + volume([1, 2], 101 * MB, **{"id.resp_h": "::FFFF:203.0.113.9"}),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "ipv6-with-leading-zeros",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8::9"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:0db8:0000:0000:0000:0000:0000:0009"}),
        high_volume=(HighVolume(3, 303 * MB, dest_ip="2001:db8::9"),),
    ),
    Case(
        "ipv6-whose-longest-run-of-zeros-is-the-second",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7::"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7:0:0:0"}),
        high_volume=(HighVolume(3, 303 * MB, dest_ip="2001:db8:0:0:7::"),),
    ),
    Case(
        "ipv6-with-two-runs-of-zeros-as-long",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8::7:8:0:0"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7:8:0:0"}),
        high_volume=(HighVolume(3, 303 * MB, dest_ip="2001:db8::7:8:0:0"),),
    ),
    Case(
        "ipv6-with-a-single-zero",
        volume(range(3), 101 * MB, **{"id.resp_h": "2001:db8:1:2:0:4:5:6"}),
        high_volume=(HighVolume(3, 303 * MB, dest_ip="2001:db8:1:2:0:4:5:6"),),
    ),
    Case(
        "ipv4-mapped-ipv6-written-out",
        volume([0], 101 * MB)
        + volume([1, 2], 101 * MB, **{"id.resp_h": "0:0:0:0:0:FFFF:203.0.113.9"}),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "hardware-address-as-destination",
        volume(range(3), 600 * MB, **{"id.resp_h": "00:53:00:12:34:56"})
        + bursts(range(3), 4, **{"id.resp_h": "00:53:00:12:34:56"}),
    ),
    Case(
        "impossible-address-as-destination",
        volume(range(3), 600 * MB, **{"id.resp_h": "203.0.113.900"}),
    ),
    Case(
        "process-paths-in-mixed-case",
        volume(range(3), 101 * MB)
        + [sysmon(at(0, 5), Image="C:\\Sync.exe"), sysmon(at(1, 5), Image="c:\\sync.exe")],
        high_volume=(HighVolume(3, 303 * MB),),
        processes=("C:\\Sync.exe", "c:\\sync.exe"),
    ),
    Case(
        "firewall-with-names-beside-addresses",
        volume(range(3), 101 * MB, palo_alto, src="ws-7", dest="files.example.com"),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "firewall-with-common-names-only",
        volume(range(3), 101 * MB, palo_alto, src_ip=None, src=INSIDE),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
]

ACCEPTED_AS_SOURCE = {"Initiated": "false", "SourcePort": 8443, "DestinationPort": 50123}
ACCEPTED_AS_DESTINATION = {
    "Initiated": "false",
    "SourceIp": OUTSIDE,
    "SourcePort": 50123,
    "DestinationIp": INSIDE,
    "DestinationPort": 8443,
}

SCOPES = [
    Case(
        "published-sources-of-any-sourcetype",
        volume(range(3), 101 * MB, sourcetype="conn")
        + bursts(range(3), 4, 6 * MB, palo_alto, sourcetype="syslog"),
        high_volume=(HighVolume(3, 303 * MB),),
        recurring=(Recurring(3, 7),),
    ),
    Case(
        "known-sourcetypes-of-any-source",
        volume([0], 101 * MB, source="/logs/conn.log", sourcetype="zeek:conn")
        + volume([1], 101 * MB, source="/logs/conn.log", sourcetype="bro:conn:json")
        + volume([2], 101 * MB, source="/logs/conn.log", sourcetype="corelight_conn")
        + volume([3], 101 * MB, palo_alto, source="udp:514"),
        high_volume=(HighVolume(4, 404 * MB),),
    ),
    Case(
        "sources-and-sourcetypes-in-mixed-case",
        volume([0], 101 * MB, source="ZEEK_CONN.log", sourcetype="conn")
        + volume([1], 101 * MB, source="conn", sourcetype="Zeek:Conn:JSON")
        + volume([2], 101 * MB, palo_alto, source="Firewall_Logs", sourcetype="syslog"),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "other-sources",
        volume(range(3), 600 * MB, source="dns.log", sourcetype="zeek:dns")
        + bursts(range(3), 4, 6 * MB, source="web", sourcetype="access_combined"),
    ),
    Case(
        "other-sysmon-events",
        sysmon_bursts(range(6), 4, EventCode=22) + sysmon_bursts(range(6), 4, EventCode=1),
        site_list=(LISTED_24,),
    ),
    Case(
        "event-code-as-text",
        sysmon_bursts(range(3), 4, EventCode="3"),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
    ),
    Case(
        "blocked-traffic",
        [
            palo_alto(at(hour, 60 * number), 600 * MB, action=action)
            for hour in range(6)
            for number, action in enumerate(
                ["blocked", "denied", "deny", "drop", "dropped", "reject", "rejected", "Blocked"]
            )
        ],
    ),
    Case(
        "blocked-beside-allowed-traffic",
        volume(range(3), 101 * MB, palo_alto)
        + volume(range(3), 600 * MB, palo_alto, action="blocked", host="fw-2"),
        high_volume=(HighVolume(3, 303 * MB),),
        hosts=("fw-1",),
    ),
    Case(
        "firewall-without-action",
        volume(range(3), 101 * MB, palo_alto, action=None),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "fortigate-session-reset-after-data",
        volume([0], 101 * MB, fortigate, action="client-rst")
        + volume([1], 101 * MB, fortigate, action="server-rst")
        + volume([2], 101 * MB, fortigate, action="timeout"),
        high_volume=(HighVolume(3, 303 * MB),),
    ),
    Case(
        "private-destinations",
        [
            event
            for address in ("10.9.9.9", "172.31.255.255", "192.168.0.1", "169.254.7.7")
            for event in volume(range(3), 600 * MB, **{"id.resp_h": address})
        ]
        + [
            event
            for address in ("fd12::1", "fe80::1", "ff02::fb", "::1")
            for event in volume(
                range(3), 600 * MB, **{"id.orig_h": "fd00::1", "id.resp_h": address}
            )
        ],
    ),
    Case(
        "just-past-the-private-networks",
        volume(range(3), 101 * MB, **{"id.resp_h": "172.32.0.0"})
        + volume(range(3), 101 * MB, **{"id.resp_h": "11.0.0.0"}),
        high_volume=(
            HighVolume(3, 303 * MB, dest_ip="11.0.0.0"),
            HighVolume(3, 303 * MB, dest_ip="172.32.0.0"),
        ),
    ),
    Case(
        "inbound-connections",
        volume(
            range(3),
            600 * MB,
            resp_bytes=600 * MB,
            **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE},
        ),
    ),
    Case(
        "accepted-by-older-sysmon-and-named-as-source",
        sysmon_bursts(range(6), 4, **ACCEPTED_AS_SOURCE),
        site_list=(LISTED_24,),
    ),
    Case(
        "accepted-by-newer-sysmon-and-named-as-destination",
        sysmon_bursts(range(6), 4, **ACCEPTED_AS_DESTINATION),
        site_list=(LISTED_24,),
    ),
    Case("both-parties-outside", volume(range(3), 600 * MB, **{"id.orig_h": "198.51.100.7"})),
]

INBOUND = Settings(directions=("outbound", "inbound"))
INTERNAL = Settings(directions=("outbound", "internal"))

SETTINGS = [
    Case(
        "inbound-pull-brought-in",
        volume(range(3), 10, resp_bytes=101 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        high_volume=(HighVolume(3, 303 * MB),),
        settings=INBOUND,
    ),
    Case(
        "inbound-push-is-no-transfer-out",
        volume(range(3), 600 * MB, resp_bytes=10, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        settings=INBOUND,
    ),
    Case(
        "inbound-and-outbound-add-up",
        volume(range(3), 60 * MB)
        + volume(range(3), 10, resp_bytes=60 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        high_volume=(HighVolume(3, 360 * MB),),
        settings=INBOUND,
    ),
    Case(
        "inbound-from-listed-in-older-sysmon",
        sysmon_bursts(range(3), 4, **ACCEPTED_AS_SOURCE),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        settings=INBOUND,
    ),
    Case(
        "inbound-from-listed-in-newer-sysmon",
        sysmon_bursts(range(3), 4, **ACCEPTED_AS_DESTINATION),
        recurring=(Recurring(3, 7, listed=True),),
        site_list=(LISTED_24,),
        settings=INBOUND,
    ),
    Case(
        "internal-left-out-when-inbound-is-brought-in",
        volume(range(3), 600 * MB, resp_bytes=600 * MB, **{"id.resp_h": "10.9.9.9"}),
        settings=INBOUND,
    ),
    Case(
        "internal-brought-in",
        volume(range(3), 101 * MB, **{"id.resp_h": "10.9.9.9"}),
        high_volume=(HighVolume(3, 303 * MB, dest_ip="10.9.9.9"),),
        settings=INTERNAL,
    ),
    Case(
        "inbound-left-out-when-internal-is-brought-in",
        volume(range(3), 10, resp_bytes=600 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        settings=INTERNAL,
    ),
    Case(
        "own-public-network-is-inside",
        volume(range(3), 600 * MB, **{"id.resp_h": "198.51.100.7"})
        + volume(range(3), 101 * MB, **{"id.orig_h": "198.51.100.7"}),
        high_volume=(HighVolume(3, 303 * MB, src="198.51.100.7"),),
        settings=Settings(own_networks=("198.51.100.0/24",)),
    ),
    Case(
        "two-own-networks",
        volume(range(3), 600 * MB, **{"id.resp_h": "198.51.100.7"})
        + volume(range(3), 600 * MB, **{"id.resp_h": "2001:db8:aaaa::7"})
        + volume(range(3), 101 * MB),
        high_volume=(HighVolume(3, 303 * MB),),
        settings=Settings(own_networks=("198.51.100.0/24", "2001:db8:aaaa::/48")),
    ),
    Case(
        "other-thresholds-of-volume",
        volume([0, 1], 1001) + [zeek(at(hour, 5), 10) for hour in (0, 1)],
        high_volume=(HighVolume(2, 2002, 9),),
        settings=Settings(
            volume_event_bytes=10, volume_hour_bytes=1000, volume_hours=2, volume_peak_bytes=1000
        ),
    ),
    Case(
        "other-thresholds-of-recurrence",
        bursts([0, 1], 2, 11),
        recurring=(Recurring(2, 9),),
        settings=Settings(
            recurring_event_bytes=10,
            recurring_connections=1,
            recurring_hours=2,
            recurring_many_hours=2,
        ),
    ),
    Case(
        "published-floor-of-a-single-connection",
        [zeek(at(hour, 30.0 * part), 10 * MB) for hour in range(3) for part in range(20)]
        + [zeek(at(hour, 30.0 * part), 11 * MB) for hour in (5, 6, 7) for part in range(20)],
        high_volume=(HighVolume(3, 660 * MB),),
        recurring=(Recurring(6, 9),),
        settings=Settings(volume_event_bytes=10_000_000),
    ),
]

# The search looks back seven days to the hour and leaves out the last quarter of an hour.
WINDOW = Settings(
    window_start=float(NEW_YEAR),
    window_end=float(NEW_YEAR + 7 * DAY + 900),
)

WINDOWS = [
    Case(
        "first-instant-of-the-window",
        [zeek(NEW_YEAR, 101 * MB)] + volume([5, 6], 101 * MB),
        high_volume=(HighVolume(3, 303 * MB),),
        settings=WINDOW,
    ),
    Case(
        "just-before-the-window",
        [zeek(NEW_YEAR - 0.001, 600 * MB)] + volume([5, 6], 101 * MB),
        settings=WINDOW,
    ),
    Case(
        "last-instant-of-the-window",
        volume([5, 6], 101 * MB) + [zeek(WINDOW.window_end - 0.001, 101 * MB)],
        high_volume=(HighVolume(3, 303 * MB),),
        settings=WINDOW,
    ),
    Case(
        "just-after-the-window",
        volume([5, 6], 101 * MB) + [zeek(WINDOW.window_end, 600 * MB)],
        settings=WINDOW,
    ),
]

CASES = VOLUMES + RECURRENCES + LISTS + SEVERAL_LOGS + FIELDS + SCOPES + SETTINGS + WINDOWS
