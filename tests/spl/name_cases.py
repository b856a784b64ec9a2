"""Cases of what names a destination, judged by the rules on volume and on changing destinations."""

from functools import partial
from typing import Callable

from detections.high_volume_transfer_at_specific_intervals.cases import heavy
from detections.one_schedule_to_changing_destinations.cases import schedule
from tests.spl.case import WEEK_LATER, case, pair
from tests.spl.events import INSIDE, MB, OUTSIDE, Event, night, palo_alto, to, zeek
from tests.spl.lists import Lists
from tests.spl.named_events import FILES, PROXY, connect, dns, http, sysmon_dns, tls

OTHER = "www.other.example"
case = partial(case, now=WEEK_LATER)


def told(
    make: Callable[..., Event], second: float = 851, /, *names: str, **fields: object
) -> list[Event]:
    """Return what names the heavy hours: 150 MB at 02:14:10 on three nights."""
    return [make(night(day, second), *names, **fields) for day in range(3)]


def heavy_nights(make: Callable[..., Event] = zeek, /, **fields: object) -> list[Event]:
    return [make(night(day), 150 * MB, **fields) for day in range(3)]


def named(*names: str, **fields: object) -> dict[str, object]:
    return heavy(3, 450 * MB, dest_name=names, **fields)


THROUGH_PROXY = {"id.resp_h": PROXY, "id.resp_p": 3128}
BESIDE = {"id.orig_p": 50000}

HIGH_VOLUME = [
    case("name-by-tls", heavy_nights() + told(tls), named(FILES)),
    case(
        "name-in-capitals-with-a-dot",
        heavy_nights() + told(tls, 851, "Files.Store.EXAMPLE."),
        named(FILES),
    ),
    case(
        "name-by-quic", heavy_nights(proto="udp") + told(tls, sourcetype="zeek:quic"), named(FILES)
    ),
    case(
        "name-by-http-with-its-port",
        heavy_nights(**to(OUTSIDE, 8080)) + told(http, 851, f"{FILES}:8080", **{"id.resp_p": 8080}),
        named(FILES),
    ),
    case("address-for-a-name", heavy_nights() + told(tls, 851, OUTSIDE), named()),
    case("name-of-another-port", heavy_nights() + told(tls, **{"id.resp_p": 8443}), named()),
    case(
        "name-of-another-sender", heavy_nights() + told(tls, **{"id.orig_h": "10.1.2.4"}), named()
    ),
    case("name-of-the-same-hour-told-later", heavy_nights() + told(tls, 3000), named(FILES)),
    case("name-of-the-hour-after", heavy_nights() + told(tls, 3601)[2:], named()),
    case("name-of-the-evening-before", heavy_nights() + told(tls, -4 * 3600), named(FILES)),
    case(
        "name-told-two-days-before",
        [zeek(night(2, 3600 * hour), 101 * MB) for hour in range(3)] + [tls(night(0, 3000))],
        heavy(3, 303 * MB, dest_name=()),
    ),
    case(
        "name-by-a-lookup",
        heavy_nights() + told(dns, 840, answers=f"edge.example,{OUTSIDE}"),
        named(FILES),
    ),
    case(
        "name-by-a-lookup-that-a-known-host-made",
        heavy_nights() + told(sysmon_dns, 840),
        named(FILES),
        lists=Lists(host_addresses=({"name": "ws-7", "address": INSIDE},)),
    ),
    case(
        "lookup-of-another-address",
        heavy_nights() + told(dns, 840, answers="203.0.113.10"),
        named(),
    ),
    case(
        "tls-tells-more-than-an-older-lookup",
        heavy_nights() + told(dns, 840, OTHER) + told(tls),
        named(FILES),
    ),
    case(
        "newer-lookup-tells-more-than-tls",
        heavy_nights() + told(dns, 840) + told(tls, -4 * 3600, OTHER),
        named(FILES),
    ),
    case(
        "several-names-told-apart-by-the-client-port",
        heavy_nights()
        + [zeek(night(day, 900), 20 * MB, **BESIDE) for day in range(3)]
        + told(tls)
        + told(tls, 901, OTHER, **BESIDE),
        heavy(3, 510 * MB, dest_name=(FILES, OTHER)),
    ),
    case(
        "several-names-and-a-client-port-that-told-none",
        heavy_nights(**{"id.orig_p": 50001}) + told(tls) + told(tls, 901, OTHER, **BESIDE),
        named(),
    ),
    case(
        "several-names-by-one-connection",
        heavy_nights(**to(OUTSIDE, 80)) + told(http) + told(http, 860, OTHER),
        named(),
    ),
    case(
        "name-of-a-firewalls-flow-by-zeek",
        heavy_nights(palo_alto, src_port=49152) + told(tls),
        named(FILES),
    ),
    case(
        "name-of-the-first-hour-of-a-long-flow",
        [zeek(night(day, 0), 600 * MB, duration=3 * 3600, uid=f"C{day}") for day in range(2)]
        + [tls(night(day, 1)) for day in range(2)],
        heavy(6, 1200 * MB, dest_name=(FILES,)),
    ),
    case(
        "through-a-proxy-inside",
        heavy_nights(**THROUGH_PROXY) + told(connect),
        heavy(3, 450 * MB, dest=FILES, dest_name=(FILES,), dest_port=("443",)),
    ),
    case(
        "through-a-proxy-to-an-address",
        heavy_nights(**THROUGH_PROXY) + told(connect, 851, f"{OUTSIDE}:8443"),
        heavy(3, 450 * MB, dest=OUTSIDE, dest_name=(), dest_port=("8443",)),
    ),
    case(
        "through-a-proxy-without-a-tunnel",
        heavy_nights(**THROUGH_PROXY)
        + told(http, 851, FILES, uri=f"http://{FILES}/up", **THROUGH_PROXY),
        heavy(3, 450 * MB, dest=FILES, dest_name=(FILES,), dest_port=("80",)),
    ),
    case(
        "through-a-proxy-beside-others",
        heavy_nights(**THROUGH_PROXY)
        + [zeek(night(day, 900), 120 * MB, **THROUGH_PROXY, **BESIDE) for day in range(3)]
        + told(connect)
        + told(connect, 901, f"{OTHER}:443", **BESIDE),
        heavy(3, 450 * MB, dest=FILES, dest_name=(FILES,)),
        heavy(3, 360 * MB, dest=OTHER, dest_name=(OTHER,)),
    ),
    case("flows-to-a-proxy-without-a-name", heavy_nights(**THROUGH_PROXY)),
    case(
        "allowed-name-takes-away-its-flows-alone",
        heavy_nights()
        + [zeek(night(day, 900), 120 * MB, **BESIDE) for day in range(3)]
        + told(tls)
        + told(tls, 901, OTHER, **BESIDE),
        heavy(3, 360 * MB, dest_name=(OTHER,)),
        lists=Lists(
            allow_names=({"name": "*.store.example", "src": "*", "dest_port": "*", "process": "*"},)
        ),
    ),
    case("names-without-flows", told(tls)),
]


def many_addresses(*names: str) -> list[Event]:
    """Return a connection a night to another address and port, under these names in turn."""
    return [
        event
        for day in range(6)
        for where in [{"id.resp_h": f"198.{51 + day}.100.9", "id.resp_p": 4000 + day}]
        for event in (
            zeek(night(day), 1000, **where),
            tls(night(day, 851), names[day % len(names)], **where),
        )
    ]


def nightly_uploads(src: str, *addresses: str) -> list[Event]:
    """Return an upload to one name on each of six nights, at these addresses in turn."""
    return [
        event
        for day in range(6)
        for where in [{"id.orig_h": src, "id.resp_h": addresses[day % len(addresses)]}]
        for event in (zeek(night(day), 1000, **where), tls(night(day, 851), **where))
    ]


SAME_TIME = [
    case(
        "a-name-has-the-senders-of-all-its-addresses",
        nightly_uploads(INSIDE, OUTSIDE) + nightly_uploads("10.1.2.4", "203.0.113.10"),
        pair(senders=2, dest_name=(FILES,)),
        pair(src="10.1.2.4", dest="203.0.113.10", senders=2, dest_name=(FILES,)),
    ),
    case(
        "an-address-shared-by-names-has-the-senders-of-each",
        nightly_uploads(INSIDE, OUTSIDE)
        + [{**event, **named_other} for event in nightly_uploads("10.1.2.4", OUTSIDE)
           for named_other in [{"server_name": OTHER} if "server_name" in event else {}]],
        pair(senders=1, dest_name=(FILES,)),
        pair(src="10.1.2.4", senders=1, dest_name=(OTHER,)),
    ),
]

CHANGING = [
    case(
        "one-name-at-many-addresses",
        many_addresses(FILES),
        schedule(f"name {FILES}", destinations=6),
        schedule("domain store.example", destinations=6),
    ),
    case(
        "many-names-of-one-domain",
        many_addresses("a.store.example", "b.store.example"),
        schedule("domain store.example", destinations=6),
    ),
    case(
        "many-buckets-of-one-storage",
        many_addresses(*(f"bucket{number}.s3.amazonaws.com" for number in range(6))),
    ),
]
