"""Cases around every boundary of the hardware rule."""

from hypothesis import strategies as st

from tests.spl.case import AFTER_THREE_DAYS, Drawn, Expected, case, pair, sites
from tests.spl.drawn import connections, many
from tests.spl.events import DAY, HOUR, MAC, Event, night, nights, palo_alto, zeek
from tests.spl.lists import LONG_AGO, devices

KEY = ("mac", "src", "dest")
DEVICE_NOW = night(6)
MACS = (MAC, "00-00-5E-00-53-02", "00:00:5e:00:53:03", None)
SERVED = devices(
    (MAC, LONG_AGO),
    ("00:00:5e:00:53:03", AFTER_THREE_DAYS - HOUR),
    owners=(("00:00:5e:00:53:04", "A"),),
)


def device(**fields: object) -> Expected:
    return pair(mac=MAC, **fields)


def sent_from(mac: str, number: int = 5, sent: int = 250_000, **fields: object) -> list[Event]:
    return nights(number, zeek, sent, **{"orig_l2_addr": mac, **fields})


@st.composite
def from_devices(draw) -> dict:
    event = draw(connections((zeek, palo_alto)))
    name = "src_mac" if "src_ip" in event else "orig_l2_addr"
    event[name] = draw(st.sampled_from(MACS))
    return {field: one for field, one in event.items() if one is not None}


CASES = [
    case("device-sent-a-byte-less", sent_from(MAC, 4, 249_999), lists=devices()),
    case(
        "device-sent-enough",
        sent_from(MAC, 4),
        device(hours=4, total_bytes=1_000_000, floor=7),
        lists=devices(),
        prints={
            "reason": "hardware 00:00:5e:00:53:01, never given an address by DHCP",
            "severity": "medium",
            "severity_reason": "Below high: age and senders of the destination are unknown",
            "signals_seen": ["schedule", "device"],
        },
    ),
    case("device-sent-more", sent_from(MAC), device(hours=5), lists=devices()),
    case(
        "device-of-three-addresses",
        sent_from(MAC)
        + sent_from(MAC, 1, **{"id.orig_h": "10.1.2.4"})
        + sent_from(MAC, 1, **{"id.orig_h": "10.1.2.5"}),
        device(),
        lists=devices(),
    ),
    case(
        "router-of-four-addresses",
        [e for n in range(4) for e in sent_from(MAC, **{"id.orig_h": f"10.1.2.{n}"})],
        lists=devices(),
    ),
    case(
        "served-for-exactly-five-days",
        sent_from(MAC),
        lists=devices((MAC, DEVICE_NOW - 5 * DAY)),
        now=DEVICE_NOW,
    ),
    case(
        "served-for-a-second-less-than-five-days",
        sent_from(MAC),
        device(),
        lists=devices((MAC, DEVICE_NOW - 5 * DAY + 1)),
        now=DEVICE_NOW,
    ),
    case(
        "devices-learned-for-exactly-five-days",
        sent_from(MAC),
        device(),
        lists=devices(since=DEVICE_NOW - 5 * DAY),
        now=DEVICE_NOW,
    ),
    case(
        "devices-learned-for-a-second-less-than-five-days",
        sent_from(MAC),
        lists=devices(since=DEVICE_NOW - 5 * DAY + 1),
        now=DEVICE_NOW,
    ),
    case("no-device-learned", sent_from(MAC)),
    case("device-of-the-site", sent_from(MAC), lists=devices(owners=((MAC, "Ann"),))),
    case("device-of-the-site-without-owner", sent_from(MAC), lists=devices(owners=((MAC, ""),))),
    case(
        "device-with-dashes-in-capitals",
        sent_from("00-00-5E-00-53-01"),
        lists=devices((MAC, LONG_AGO)),
    ),
    case("device-without-colons", sent_from("00005E005301"), lists=devices((MAC, LONG_AGO))),
    case("device-with-dots", sent_from("0000.5e00.5301"), lists=devices((MAC, LONG_AGO))),
    case(
        "device-at-the-firewall",
        nights(5, palo_alto, 250_000, src_mac=MAC),
        device(host=["fw-1"]),
        lists=devices(),
    ),
    case(
        "device-in-two-logs",
        sent_from(MAC, 4) + nights(4, palo_alto, 249_999, src_mac=MAC),
        device(total_bytes=1_000_000, hours=4, connections=4),
        lists=devices(),
    ),
    case("connections-without-a-device", nights(5, zeek, 250_000), lists=devices()),
    case(
        "another-sensor-saw-more-bytes",
        sent_from(MAC, 4) + nights(4, palo_alto, 300_000),
        device(hours=4, total_bytes=1_000_000, host=("zeek-1",)),
        lists=devices(),
    ),
    case("seven-days-back", sent_from(MAC, 4), device(hours=4), now=night(7), lists=devices()),
    case(
        "an-hour-more-than-seven-days-back", sent_from(MAC, 4), now=night(7, HOUR), lists=devices()
    ),
]

LOW = {"device_bytes": 100, "device_addresses": 1}
DRAWN = Drawn(many(from_devices()), sites(lists=SERVED, thresholds=LOW))
