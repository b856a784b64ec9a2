"""The shipped searches against the SQL, on traffic drawn at random around the thresholds."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay import Inputs
from tests.spl.events import DAY, NEW_YEAR, at, fortigate, palo_alto, sysmon, zeek
from tests.spl.oracle import PUBLISHED, ListRow, Oracle, write_json_lines
from tests.spl.searches import by_search, by_sql

SOURCES = ("10.1.2.3", "10.1.2.3", "10.1.2.4", "fd00::5", "198.51.100.7", "unknown", None)
DESTINATIONS = (
    "203.0.113.9",
    "203.0.113.9",
    "203.0.113.10",
    "2001:DB8:0:0:0:0:0:9",
    "2001:db8::9",
    "::ffff:203.0.113.9",
    "10.9.9.9",
    "mail.example.com",
)
BYTES = (
    None,
    0,
    1,
    5_000_000,
    5_000_001,
    "25000001",
    50_000_000,
    50_000_001,
    100_000_000,
    100_000_001,
    500_000_000,
    500_000_001,
)
SECONDS = (0.0, 0.25, 1800.0, 3540.0)
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
NOW = NEW_YEAR + 3 * DAY
EXAMPLES = 40


def named(make, source, destination) -> dict:
    """Return the addresses under the names of a product."""
    names = {
        zeek: ("id.orig_h", "id.resp_h"),
        palo_alto: ("src_ip", "dest_ip"),
        fortigate: ("srcip", "dstip"),
        sysmon: ("SourceIp", "DestinationIp"),
    }[make]
    return dict(zip(names, (source, destination)))


@st.composite
def connections(draw) -> list:
    """Draw what one product logs of one pair: as many connections in each of a few hours."""
    make = draw(st.sampled_from((zeek, zeek, palo_alto, fortigate, sysmon)))
    pair = draw(st.sampled_from(SOURCES)), draw(st.sampled_from(DESTINATIONS))
    if make is not sysmon and draw(st.integers(0, 3)) == 0:
        pair = pair[::-1]
    fields = {**named(make, *pair), "host": draw(st.sampled_from(("10", "2", "fw")))}
    if make is palo_alto:
        fields["action"] = draw(st.sampled_from(("allowed", None, "Blocked")))
    hours = draw(st.sets(st.integers(0, 5), min_size=3, max_size=6))
    count = draw(st.sampled_from((1, 2, 3, 4, 4, 5)))
    start = draw(st.sampled_from(SECONDS))
    amounts = draw(st.lists(st.sampled_from(BYTES), min_size=1, max_size=3))
    if make is sysmon:
        return [sysmon(at(hour, start + n), **fields) for hour in hours for n in range(count)]
    return [
        make(at(hour, start + n), amounts[n % len(amounts)], **fields)
        for hour in hours
        for n in range(count)
    ]


traffic = st.lists(connections(), min_size=8, max_size=20).map(
    lambda parts: [event for part in parts for event in part]
)
lists = st.lists(st.sampled_from(LIST_ROWS), max_size=3).map(tuple)
scopes = st.builds(
    lambda directions, own: PUBLISHED._replace(directions=directions, own_networks=own),
    st.sampled_from(DIRECTIONS),
    st.sampled_from(((), ("198.51.100.0/24",))),
)


def test_searches_agree_with_sql(tmp_path):
    seen = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events=traffic, site_list=lists, shipped_list=lists, scope=scopes)
    def agree(events, site_list, shipped_list, scope):
        write_json_lines(tmp_path / "events.json", events)
        inputs = Inputs(json=(str(tmp_path / "events.json"),))
        search = by_search(inputs, tmp_path, NOW, scope, site_list, shipped_list)
        sql = by_sql(Oracle(events, scope, site_list + shipped_list))
        seen.update(high_volume=bool(sql.high_volume), recurring=bool(sql.recurring))
        assert search.found == sql

    agree()
    assert min(seen["high_volume"], seen["recurring"]) >= EXAMPLES // 2, "most examples are empty"
