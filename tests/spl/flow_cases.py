"""Cases of what the logs say and what is in scope, judged by the two published analytics."""

from functools import partial
from typing import Callable

from detections.high_volume_transfer_at_specific_intervals.cases import heavy
from detections.recurring_connections_to_one_destination.cases import LISTED_24, recurring
from tests.spl.case import WEEK_LATER, case
from tests.spl.events import (
    INSIDE,
    MB,
    OUTSIDE,
    Event,
    at,
    bursts,
    fortigate,
    palo_alto,
    sysmon,
    sysmon_bursts,
    volume,
    zeek,
)
from tests.spl.lists import Lists

case = partial(case, now=WEEK_LATER)


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


def _shared(make: Callable[..., list[Event]], *amounts: object) -> list[Event]:
    """Return flows of three hours on one sensor, and others of these hours on another."""
    other = {"host": "zeek-2", "id.orig_p": 49153}
    return make(range(3), *amounts) + make(range(3), *amounts, **other)


def _underscored(epoch: float, bytes_out: object) -> Event:
    dotted = {"id.orig_h": None, "id.resp_h": None, "id.resp_p": None}
    return zeek(epoch, bytes_out, **dotted, id_orig_h=INSIDE, id_resp_h=OUTSIDE, id_resp_p=443)


ACCEPTED_AS_SOURCE = {"Initiated": "false", "SourcePort": 8443, "DestinationPort": 50123}
ACCEPTED_AS_DESTINATION = {
    "Initiated": "false",
    "SourceIp": OUTSIDE,
    "SourcePort": 50123,
    "DestinationIp": INSIDE,
    "DestinationPort": 8443,
}

PAIR_OF_SENSORS = {"zeek-1": "pair", "zeek-2": "pair"}
INBOUND = ("outbound", "inbound")
INTERNAL = ("outbound", "internal")

HIGH_VOLUME = [
    case(
        "each-of-two-logs-below-the-threshold",
        volume(range(3), 60 * MB) + volume(range(3), 60 * MB, palo_alto),
    ),
    case(
        "one-flow-in-three-logs",
        _three_logs(),
        heavy(3, 453 * MB, host=("fortigate-1", "fw-1", "zeek-1")),
    ),
    case(
        "another-log-leads-in-each-hour",
        [
            zeek(at(0, 900), 300 * MB),
            palo_alto(at(0, 800), 101 * MB),
            zeek(at(1, 800), 101 * MB),
            palo_alto(at(1, 900), 300 * MB),
            palo_alto(at(2), 101 * MB),
        ],
        heavy(
            3,
            502 * MB,
            observations=(
                f"{at(0, 800):.0f}:101000000",
                f"{at(1, 900):.0f}:300000000",
                f"{at(2):.0f}:101000000",
            ),
        ),
    ),
    case(
        "two-sensors-of-one-product-see-the-same-flows",
        volume(range(3), 60 * MB) + volume(range(3), 60 * MB, host="zeek-2"),
    ),
    case(
        "two-sensors-of-one-product-share-the-flows",
        _shared(volume, 60 * MB),
        heavy(3, 360 * MB, host=("zeek-1", "zeek-2")),
        sensor_groups=PAIR_OF_SENSORS,
    ),
    case("sensors-that-are-not-known-to-share-the-flows", _shared(volume, 60 * MB)),
    case(
        "second-sensor-takes-over",
        volume([0, 1], 120 * MB) + volume([2, 3], 120 * MB, host="zeek-2"),
        heavy(4, 480 * MB, host=("zeek-1", "zeek-2")),
    ),
    case(
        "fifth-sensor-alone-in-its-hours",
        [
            event
            for number in range(5)
            for event in volume([number, number + 5], (120 - number) * MB, host=f"zeek-{number}")
        ],
        heavy(10, 2 * (120 + 119 + 118 + 117 + 116) * MB),
    ),
    case(
        "sysmon-names-the-process-of-a-heavy-hour",
        volume(range(3), 101 * MB) + [sysmon(at(hour, 5)) for hour in range(3)],
        heavy(
            3,
            303 * MB,
            host=("ws-7", "zeek-1"),
            process=("C:\\Program Files\\Sync\\Sync.exe",),
            observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3)),
        ),
    ),
    case(
        "process-of-a-light-hour-is-not-reported",
        volume(range(3), 101 * MB) + [sysmon(at(5))],
        heavy(3, 303 * MB, host=("zeek-1",), process=()),
    ),
    case(
        "more-than-100-hosts",
        volume(range(3), 101 * MB)
        + [zeek(at(0, 60 + number), 10, host=f"zeek-{number:03}") for number in range(150)],
        heavy(
            3,
            303 * MB,
            host=tuple(sorted(["zeek-1"] + [f"zeek-{number:03}" for number in range(150)])),
        ),
    ),
    case(
        "more-than-100-processes",
        volume(range(3), 101 * MB)
        + [sysmon(at(1, 60 + number), Image=f"C:\\{number:03}.exe") for number in range(150)],
        heavy(3, 303 * MB, process=tuple(f"C:\\{number:03}.exe" for number in range(150))),
    ),
    case(
        "hosts-that-look-like-numbers",
        volume(range(3), 101 * MB, host="10") + volume(range(3), 10, host="2"),
        heavy(3, 303 * MB, host=("10", "2")),
    ),
    case(
        "icmp-has-no-port",
        volume(range(3), 101 * MB) + volume(range(3), 10, proto="icmp", **{"id.resp_p": "3"}),
        heavy(3, 303 * MB + 30, dest_port=("443",)),
    ),
    case(
        "ports-that-look-like-numbers",
        volume(range(2), 101 * MB, **{"id.resp_p": "007"})
        + volume([2], 101 * MB, **{"id.resp_p": "7"}),
        heavy(3, 303 * MB, dest_port=("007", "7")),
    ),
    case("no-usable-address", _without_addresses()),
    case(
        "rows-without-address-do-not-hide-the-others",
        _without_addresses() + volume(range(3), 101 * MB),
        heavy(3, 303 * MB),
    ),
    case(
        "zeek-names-with-underscores",
        [_underscored(at(hour), 101 * MB) for hour in range(3)],
        heavy(3, 303 * MB),
    ),
    case(
        "zeek-with-both-spellings-of-names",
        [_underscored(at(0), 101 * MB), _underscored(at(1), 101 * MB), zeek(at(2), 101 * MB)],
        heavy(3, 303 * MB),
    ),
    case(
        "zeek-with-byte-counts-swapped-by-an-add-on",
        volume(range(3), 101 * MB, bytes_in=101 * MB, bytes_out=600 * MB, resp_bytes=600 * MB),
        heavy(3, 303 * MB),
    ),
    case(
        "zeek-download-swapped-by-an-add-on",
        volume(range(3), 10, bytes_in=10, bytes_out=600 * MB, resp_bytes=600 * MB),
    ),
    case(
        "fortigate-names",
        volume(range(3), 101 * MB, fortigate) + bursts(range(3), 4, 6 * MB, fortigate),
        heavy(3, 375 * MB),
    ),
    case("byte-counts-as-text", volume(range(3), "100000001"), heavy(3, 300_000_003)),
    case(
        "byte-counts-as-text-compare-as-numbers",
        volume(range(6), "9") + bursts(range(6), 4, "900000"),
    ),
    case(
        "byte-count-missing-in-one-connection",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), None) for hour in range(3)],
        heavy(3, 303 * MB, observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3))),
    ),
    case(
        "ipv6-in-several-spellings",
        volume([0], 101 * MB, **{"id.resp_h": "2001:DB8::9", "id.orig_h": "FD00::1"})
        + volume([1], 101 * MB, **{"id.resp_h": "2001:db8:0:0:0:0:0:9", "id.orig_h": "fd00::1"})
        + volume([2], 101 * MB, **{"id.resp_h": "2001:DB8:0:0:0:0:0:9", "id.orig_h": "FD00::1"}),
        heavy(3, 303 * MB, src="fd00::1", dest="2001:db8::9"),
    ),
    case(
        "ipv4-mapped-ipv6",
        volume([0], 101 * MB) + volume([1, 2], 101 * MB, **{"id.resp_h": "::FFFF:203.0.113.9"}),
        heavy(3, 303 * MB),
    ),
    case(
        "ipv6-with-leading-zeros",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8::9"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:0db8:0000:0000:0000:0000:0000:0009"}),
        heavy(3, 303 * MB, dest="2001:db8::9"),
    ),
    case(
        "ipv6-whose-longest-run-of-zeros-is-the-second",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7::"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7:0:0:0"}),
        heavy(3, 303 * MB, dest="2001:db8:0:0:7::"),
    ),
    case(
        "ipv6-with-two-runs-of-zeros-as-long",
        volume([0], 101 * MB, **{"id.resp_h": "2001:db8::7:8:0:0"})
        + volume([1, 2], 101 * MB, **{"id.resp_h": "2001:db8:0:0:7:8:0:0"}),
        heavy(3, 303 * MB, dest="2001:db8::7:8:0:0"),
    ),
    case(
        "ipv6-with-a-single-zero",
        volume(range(3), 101 * MB, **{"id.resp_h": "2001:db8:1:2:0:4:5:6"}),
        heavy(3, 303 * MB, dest="2001:db8:1:2:0:4:5:6"),
    ),
    case(
        "ipv4-mapped-ipv6-written-out",
        volume([0], 101 * MB)
        + volume([1, 2], 101 * MB, **{"id.resp_h": "0:0:0:0:0:FFFF:203.0.113.9"}),
        heavy(3, 303 * MB),
    ),
    case(
        "hardware-address-as-destination",
        volume(range(3), 600 * MB, **{"id.resp_h": "00:53:00:12:34:56"})
        + bursts(range(3), 4, **{"id.resp_h": "00:53:00:12:34:56"}),
    ),
    case(
        "impossible-address-as-destination",
        volume(range(3), 600 * MB, **{"id.resp_h": "203.0.113.900"}),
    ),
    case(
        "process-paths-in-mixed-case",
        volume(range(3), 101 * MB)
        + [sysmon(at(0, 5), Image="C:\\Sync.exe"), sysmon(at(1, 5), Image="c:\\sync.exe")],
        heavy(3, 303 * MB, process=("C:\\Sync.exe", "c:\\sync.exe")),
    ),
    case(
        "firewall-with-names-beside-addresses",
        volume(range(3), 101 * MB, palo_alto, src="ws-7", dest="files.example.com"),
        heavy(3, 303 * MB),
    ),
    case(
        "firewall-with-common-names-only",
        volume(range(3), 101 * MB, palo_alto, src_ip=None, src=INSIDE),
        heavy(3, 303 * MB),
    ),
    case(
        "published-sources-of-any-sourcetype",
        volume(range(3), 101 * MB, sourcetype="conn")
        + bursts(range(3), 4, 6 * MB, palo_alto, sourcetype="syslog", dest_ip="203.0.113.10"),
        heavy(3, 303 * MB),
    ),
    case(
        "known-sourcetypes-of-any-source",
        volume([0], 101 * MB, source="/logs/conn.log", sourcetype="zeek:conn")
        + volume([1], 101 * MB, source="/logs/conn.log", sourcetype="bro:conn:json")
        + volume([2], 101 * MB, source="/logs/conn.log", sourcetype="corelight_conn")
        + volume([3], 101 * MB, palo_alto, source="udp:514"),
        heavy(4, 404 * MB),
    ),
    case(
        "sources-and-sourcetypes-in-mixed-case",
        volume([0], 101 * MB, source="ZEEK_CONN.log", sourcetype="conn")
        + volume([1], 101 * MB, source="conn", sourcetype="Zeek:Conn:JSON")
        + volume([2], 101 * MB, palo_alto, source="Firewall_Logs", sourcetype="syslog"),
        heavy(3, 303 * MB),
    ),
    case(
        "other-sources",
        volume(range(3), 600 * MB, source="dns.log", sourcetype="zeek:dns")
        + bursts(range(3), 4, 6 * MB, source="web", sourcetype="access_combined"),
    ),
    case(
        "blocked-traffic",
        [
            palo_alto(at(hour, 60 * number), 600 * MB, action=action)
            for hour in range(6)
            for number, action in enumerate(
                ["blocked", "denied", "deny", "drop", "dropped", "reject", "rejected", "Blocked"]
            )
        ],
    ),
    case(
        "blocked-beside-allowed-traffic",
        volume(range(3), 101 * MB, palo_alto)
        + volume(range(3), 600 * MB, palo_alto, action="blocked", host="fw-2"),
        heavy(3, 303 * MB, host=("fw-1",)),
    ),
    case(
        "firewall-without-action",
        volume(range(3), 101 * MB, palo_alto, action=None),
        heavy(3, 303 * MB),
    ),
    case(
        "fortigate-session-reset-after-data",
        volume([0], 101 * MB, fortigate, action="client-rst")
        + volume([1], 101 * MB, fortigate, action="server-rst")
        + volume([2], 101 * MB, fortigate, action="timeout"),
        heavy(3, 303 * MB),
    ),
    case(
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
    case(
        "just-past-the-private-networks",
        volume(range(3), 101 * MB, **{"id.resp_h": "172.32.0.0"})
        + volume(range(3), 101 * MB, **{"id.resp_h": "11.0.0.0"}),
        heavy(3, 303 * MB, dest="11.0.0.0"),
        heavy(3, 303 * MB, dest="172.32.0.0"),
    ),
    case(
        "inbound-connections",
        volume(
            range(3),
            600 * MB,
            resp_bytes=600 * MB,
            **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE},
        ),
    ),
    case("both-parties-outside", volume(range(3), 600 * MB, **{"id.orig_h": "198.51.100.7"})),
    case(
        "inbound-pull-brought-in",
        volume(range(3), 10, resp_bytes=101 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        heavy(3, 303 * MB),
        directions=INBOUND,
    ),
    case(
        "inbound-push-is-no-transfer-out",
        volume(range(3), 600 * MB, resp_bytes=10, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        directions=INBOUND,
    ),
    case(
        "inbound-and-outbound-add-up",
        volume(range(3), 60 * MB)
        + volume(range(3), 10, resp_bytes=60 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        heavy(3, 360 * MB),
        directions=INBOUND,
    ),
    case(
        "internal-left-out-when-inbound-is-brought-in",
        volume(range(3), 600 * MB, resp_bytes=600 * MB, **{"id.resp_h": "10.9.9.9"}),
        directions=INBOUND,
    ),
    case(
        "internal-brought-in",
        volume(range(3), 101 * MB, **{"id.resp_h": "10.9.9.9"}),
        heavy(3, 303 * MB, dest="10.9.9.9"),
        directions=INTERNAL,
    ),
    case(
        "inbound-left-out-when-internal-is-brought-in",
        volume(range(3), 10, resp_bytes=600 * MB, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE}),
        directions=INTERNAL,
    ),
    case(
        "own-public-network-is-inside",
        volume(range(3), 600 * MB, **{"id.resp_h": "198.51.100.7"})
        + volume(range(3), 101 * MB, **{"id.orig_h": "198.51.100.7"}),
        heavy(3, 303 * MB, src="198.51.100.7"),
        own_networks=("198.51.100.0/24",),
    ),
    case(
        "two-own-networks",
        volume(range(3), 600 * MB, **{"id.resp_h": "198.51.100.7"})
        + volume(range(3), 600 * MB, **{"id.resp_h": "2001:db8:aaaa::7"})
        + volume(range(3), 101 * MB),
        heavy(3, 303 * MB),
        own_networks=("198.51.100.0/24", "2001:db8:aaaa::/48"),
    ),
]

RECURRING = [
    case(
        "two-sensors-see-the-same-flows", bursts(range(3), 2) + bursts(range(3), 2, host="zeek-2")
    ),
    case(
        "two-sensors-share-the-flows",
        _shared(bursts, 2),
        recurring(3, 7, connections=12, host=("zeek-1", "zeek-2")),
        sensor_groups=PAIR_OF_SENSORS,
    ),
    case(
        "second-sensor-takes-over",
        bursts([0, 1], 4) + bursts([2, 3], 4, host="zeek-2"),
        recurring(4, 7, connections=16, host=("zeek-1", "zeek-2")),
    ),
    case(
        "two-and-two-connections-in-two-logs",
        bursts(range(6), 2) + bursts(range(6), 2, 6 * MB, palo_alto),
    ),
    case(
        "four-connections-in-each-of-two-logs",
        bursts(range(3), 4) + bursts(range(3), 4, 6 * MB, palo_alto),
        recurring(3, 7, observations=tuple(f"{at(hour, 0):.0f}:24000000" for hour in range(3))),
    ),
    case(
        "sysmon-and-zeek-see-listed-connections",
        sysmon_bursts(range(3), 2) + bursts(range(3), 4, 10),
        recurring(
            3,
            7,
            listed=True,
            host=("ws-7", "zeek-1"),
            observations=tuple(f"{at(hour, 0):.0f}:40" for hour in range(3)),
        ),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "sysmon-counts-most-and-zeek-has-the-bytes",
        sysmon_bursts(range(3), 4) + [zeek(at(hour, 30), 77) for hour in range(3)],
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case("no-usable-address", _without_addresses()),
    case(
        "rows-without-address-do-not-hide-the-others",
        _without_addresses() + volume(range(3), 101 * MB),
    ),
    case(
        "fortigate-names",
        volume(range(3), 101 * MB, fortigate) + bursts(range(3), 4, 6 * MB, fortigate),
        recurring(3, 7),
    ),
    case(
        "byte-counts-as-text-compare-as-numbers",
        volume(range(6), "9") + bursts(range(6), 4, "900000"),
    ),
    case(
        "byte-counts-missing",
        bursts(range(3), 4, None) + bursts(range(3), 4, "-") + bursts(range(3), 4, ""),
    ),
    case(
        "hardware-address-as-destination",
        volume(range(3), 600 * MB, **{"id.resp_h": "00:53:00:12:34:56"})
        + bursts(range(3), 4, **{"id.resp_h": "00:53:00:12:34:56"}),
    ),
    case(
        "published-sources-of-any-sourcetype",
        volume(range(3), 101 * MB, sourcetype="conn")
        + bursts(range(3), 4, 6 * MB, palo_alto, sourcetype="syslog", dest_ip="203.0.113.10"),
        recurring(3, 7, dest="203.0.113.10"),
    ),
    case(
        "other-sources",
        volume(range(3), 600 * MB, source="dns.log", sourcetype="zeek:dns")
        + bursts(range(3), 4, 6 * MB, source="web", sourcetype="access_combined"),
    ),
    case(
        "other-sysmon-events",
        sysmon_bursts(range(6), 4, EventCode=22) + sysmon_bursts(range(6), 4, EventCode=1),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "event-code-as-text",
        sysmon_bursts(range(3), 4, EventCode="3"),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "accepted-by-older-sysmon-and-named-as-source",
        sysmon_bursts(range(6), 4, **ACCEPTED_AS_SOURCE),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "accepted-by-newer-sysmon-and-named-as-destination",
        sysmon_bursts(range(6), 4, **ACCEPTED_AS_DESTINATION),
        lists=Lists(suspicious=(LISTED_24,)),
    ),
    case(
        "inbound-from-listed-in-older-sysmon",
        sysmon_bursts(range(3), 4, **ACCEPTED_AS_SOURCE),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(LISTED_24,)),
        directions=INBOUND,
    ),
    case(
        "inbound-from-listed-in-newer-sysmon",
        sysmon_bursts(range(3), 4, **ACCEPTED_AS_DESTINATION),
        recurring(3, 7, listed=True),
        lists=Lists(suspicious=(LISTED_24,)),
        directions=INBOUND,
    ),
]
