"""Traffic drawn at random around the thresholds."""

from hypothesis import strategies as st

from tests.spl.case import Site
from tests.spl.events import (
    DAY,
    NEW_YEAR,
    Event,
    Make,
    at,
    fortigate,
    palo_alto,
    sysmon,
    zeek,
)
from tests.spl.lists import ListRow, Lists

SENDERS = ("10.1.2.3", "10.1.2.4")
SERVERS = ("203.0.113.9", "203.0.113.10", "198.51.100.9", "2001:db8:1:2::9", "10.9.9.9")
ADDRESS_FIELDS = {
    zeek: ("id.orig_h", "id.resp_h"),
    palo_alto: ("src_ip", "dest_ip"),
    fortigate: ("srcip", "dstip"),
    sysmon: ("SourceIp", "DestinationIp"),
}

sent = st.sampled_from((None, 0, 1, 49, 50, 51, 100, 5_000_001))
seconds = st.sampled_from((0, 0.25, 1, 1.5, 2, 59, 60, 850, 3599))


@st.composite
def moments(draw, days: int = 3) -> float:
    hour = draw(st.integers(0, days - 1)) * 24 + draw(st.integers(2, 4))
    return at(hour, draw(seconds))


@st.composite
def connections(draw, makes: tuple[Make, ...] = (zeek, palo_alto, fortigate)) -> Event:
    make = draw(st.sampled_from(makes))
    pair = draw(st.sampled_from(SENDERS)), draw(st.sampled_from(SERVERS))
    fields = dict(zip(ADDRESS_FIELDS[make], pair))
    when = draw(moments())
    return sysmon(when, **fields) if make is sysmon else make(when, draw(sent), **fields)


@st.composite
def repeated(draw, one: st.SearchStrategy[Event]) -> list[Event]:
    """Draw a connection, and when it is made again."""
    event = draw(one)
    again = draw(st.lists(moments(), max_size=5))
    return [event, *({**event, "_time": when} for when in again)]


def joined(part: st.SearchStrategy[list], least: int, most: int) -> st.SearchStrategy[list]:
    """Draw several lists of events, as one list."""
    return st.lists(part, min_size=least, max_size=most).map(
        lambda parts: [event for part in parts for event in part]
    )


def many(one: st.SearchStrategy[Event]) -> st.SearchStrategy[list[Event]]:
    """Draw connections, each made several times."""
    return joined(repeated(one), 4, 10)


# What the published analytics are tried on: more sources, spellings and sizes.
SOURCES = ("10.1.2.3", "10.1.2.3", "10.1.2.4", "fd00::5", "198.51.100.7", "unknown", None)
DESTINATIONS = ("203.0.113.9", "203.0.113.9", "203.0.113.10", "::ffff:203.0.113.9") + (
    ("2001:DB8:0:0:0:0:0:9", "2001:db8::9") + ("10.9.9.9", "mail.example.com")
)
BYTES = (None, 0, 1, 5_000_000, 5_000_001, "25000001", 50_000_000, 50_000_001) + (
    (100_000_000, 100_000_001) + (500_000_000, 500_000_001)
)
LIST_ROWS = (
    ListRow("203.0.113.9/32"),
    ListRow("203.0.113.0/24", expires="2025-01-01"),
    ListRow("2001:db8::/48", expires="2027-01-01"),
    ListRow("198.51.100.0/24"),
)
DIRECTIONS = (
    ("outbound",),
    ("outbound", "inbound"),
    ("outbound", "internal"),
    ("inbound", "internal"),
)


@st.composite
def busy_hours(draw) -> list[Event]:
    """Draw what one product logs of one pair: as many connections in each of a few hours."""
    make = draw(st.sampled_from((zeek, zeek, palo_alto, fortigate, sysmon)))
    pair = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(DESTINATIONS))
    if make is not sysmon and draw(st.integers(0, 3)) == 0:
        pair = pair[::-1]
    fields = {
        **dict(zip(ADDRESS_FIELDS[make], pair)),
        "host": draw(st.sampled_from(["10", "2", "fw"])),
    }
    if make is palo_alto:
        fields["action"] = draw(st.sampled_from(("allowed", None, "Blocked")))
    hours = draw(st.sets(st.integers(0, 5), min_size=3, max_size=6))
    count = draw(st.sampled_from((1, 2, 3, 4, 4, 5)))
    start = draw(st.sampled_from((0.0, 0.25, 1800.0, 3540.0)))
    amounts = draw(st.lists(st.sampled_from(BYTES), min_size=1, max_size=3))
    sizes = [() if make is sysmon else (amounts[n % len(amounts)],) for n in range(count)]
    return [make(at(hour, start + n), *sizes[n], **fields) for hour in hours for n in range(count)]


volumes = joined(busy_hours(), 8, 20)
_lists = st.lists(st.sampled_from(LIST_ROWS), max_size=3).map(tuple)
widest_sites = st.builds(
    lambda suspicious, shipped, directions, own: Site(
        NEW_YEAR + 3 * DAY, Lists(suspicious, shipped), directions=directions, own_networks=own
    ),
    _lists,
    _lists,
    st.sampled_from(DIRECTIONS),
    st.sampled_from(((), ("198.51.100.0/24",))),
)
