"""The three data paths give the same rows on what all three can know, and where they must differ.

Common ground: connections that Zeek or a firewall logged, in whole hours, of allowed traffic.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spl.events import (
    HOUR,
    at,
    bursts,
    fortigate,
    night,
    palo_alto,
    sysmon,
    zeek,
)
from tests.spl.paths import MODEL, RAW, STORED, found, hours, runs
from tests.spl.rules import DAILY, HIGH_VOLUME, RECURRING, ROTATION

MB = 1_000_000

TEN_MINUTES = 600
# What a row says without regard to when its connections were.
UNTIMED = {
    "src", "dest_ip", "host", "total_bytes", "peak_bytes", "hours", "count", "connections",
    "bytes_in", "dest_port", "app", "floor", "listed", "senders", "population", "destinations",
}  # fmt: skip
TIMES = ("first", "last", "first_sent", "last_sent", "first_large", "last_large")


def nightly(days: int = 6) -> list[dict]:
    """Return a nightly upload that Zeek and a firewall log, large enough for every rule."""
    return [
        make(night(day, 850 + 60 * number), 150 * MB + number)
        for day in range(days)
        for number in range(4)
        for make in (zeek, palo_alto)
    ]


def to_changing_servers(days: int = 6) -> list[dict]:
    return [
        zeek(night(day), 150 * MB, **{"id.resp_h": f"203.0.{day % 3}.9", "id.resp_p": 4444})
        for day in range(days)
    ]


COMMON = [
    pytest.param(nightly(1), id="one-night-in-two-logs"),
    pytest.param(bursts(range(5), 3, 10), id="small-connections"),
    pytest.param(bursts([1, 4], 2, None, palo_alto), id="firewall-without-byte-counts"),
    pytest.param(
        [zeek(at(1, 0), 1), zeek(at(1, HOUR - 1), 2), zeek(at(2, 0), 3)], id="both-ends-of-an-hour"
    ),
    pytest.param([zeek(at(1), 5 * MB), zeek(at(1, 900), 5 * MB + 1)], id="one-large-of-two"),
    pytest.param([zeek(at(1), 0), zeek(at(1, 900), 7)], id="nothing-sent-at-first"),
    pytest.param([zeek(at(1), 1, **{"id.resp_p": port}) for port in (443, 80)], id="several-ports"),
    pytest.param([zeek(at(1), 1, service=name) for name in ("ssl", "http")], id="several-services"),
    pytest.param(
        [zeek(at(1), 1), palo_alto(at(1), 9, action="blocked")], id="blocked-at-the-firewall"
    ),
    pytest.param(
        [zeek(at(1), 1), zeek(at(1), 9, **{"id.resp_h": "10.9.9.9"})], id="one-stays-inside"
    ),
    pytest.param(
        [zeek(at(1), 1, **{"id.orig_h": f"10.1.2.{n}"}) for n in range(3)], id="three-senders"
    ),
    pytest.param(
        [fortigate(at(1), 9), palo_alto(at(1), 8), zeek(at(1, 900), 7)], id="three-products"
    ),
]


@pytest.mark.parametrize("events", COMMON)
def test_stored_hours_agree_with_the_raw_events(tmp_path, events):
    stored, raw = hours(STORED, events, tmp_path), hours(RAW, events, tmp_path)
    assert raw
    assert stored == raw


def to_ten_minutes(row: dict) -> dict:
    """Return a row as the data model knows it, where no large connection is no value."""
    cut = {name: value - value % TEN_MINUTES for name, value in row.items() if name in TIMES}
    return {**row, **cut, "large": row.get("large", 0.0)}


@pytest.mark.parametrize("events", COMMON)
def test_hours_of_the_data_model_agree_to_ten_minutes(tmp_path, events):
    model, raw = (hours(path, events, tmp_path) for path in (MODEL, RAW))
    assert list(map(to_ten_minutes, model)) == list(map(to_ten_minutes, raw))


def untimed(row: dict) -> dict:
    return {name: value for name, value in row.items() if name in UNTIMED}


@pytest.mark.parametrize("path", [STORED, MODEL])
@pytest.mark.parametrize(
    ("rule", "events"),
    [
        pytest.param(HIGH_VOLUME.search, nightly(), id="high-volume"),
        pytest.param(RECURRING.search, nightly(), id="recurring"),
        pytest.param(DAILY.search, nightly(), id="time-of-day"),
        pytest.param(ROTATION.search, to_changing_servers(), id="changing-destinations"),
    ],
)
def test_rules_agree_with_the_raw_events(tmp_path, path, rule, events):
    now = night(6)
    raw = found(RAW, rule, events, tmp_path, now)
    assert raw
    other = found(path, rule, events, tmp_path, now)
    assert list(map(untimed, other)) == list(map(untimed, raw)) if path == MODEL else other == raw


def test_stored_hours_agree_on_traffic_drawn_at_random(tmp_path):
    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(events=traffic)
    def agree(events):
        assert hours(STORED, events, tmp_path) == hours(RAW, events, tmp_path)

    agree()


@st.composite
def connections(draw) -> dict:
    make = draw(st.sampled_from((zeek, palo_alto, fortigate)))
    names = {
        zeek: ("id.orig_h", "id.resp_h"),
        palo_alto: ("src_ip", "dest_ip"),
        fortigate: ("srcip", "dstip"),
    }[make]
    pair = (
        draw(st.sampled_from(("10.1.2.3", "10.1.2.4"))),
        draw(st.sampled_from(("203.0.113.9", "203.0.113.10", "2001:db8::9", "10.9.9.9"))),
    )
    when = at(draw(st.integers(0, 5)), draw(st.sampled_from((0, 1, 850.25, 3599))))
    sent = draw(st.sampled_from((None, 0, 1, 5 * MB, 5 * MB + 1)))
    return make(when, sent, **dict(zip(names, pair)))


traffic = st.lists(connections(), min_size=1, max_size=15)


# ---- the summary: late events and reruns


def test_a_rerun_counts_nothing_twice(tmp_path):
    events = nightly(1)
    twice = hours(STORED, events, tmp_path, stored=runs(events) * 2)
    assert twice == hours(RAW, events, tmp_path)


def test_overlapping_runs_count_nothing_twice(tmp_path):
    events = nightly(1)
    hourly = hours(STORED, events, tmp_path, stored=runs(events, every=HOUR))
    assert hourly == hours(RAW, events, tmp_path)


def test_an_hour_is_not_stored_before_it_is_over(tmp_path):
    events = [zeek(at(1, 10), 1), zeek(at(2, 10), 1)]
    (row,) = hours(STORED, events, tmp_path, stored=[(runs(events)[0][0], at(2, 120))])
    assert row["hour"] == at(1, 0)


# ---- documented differences


def test_the_data_model_knows_no_sysmon(tmp_path):
    events = [zeek(at(1), 1), sysmon(at(1), DestinationIp="203.0.113.10")]
    assert [row["dest_ip"] for row in hours(MODEL, events, tmp_path)] == ["203.0.113.9"]


def test_the_data_model_knows_no_processes(tmp_path):
    events = [zeek(at(1), 1), sysmon(at(1))]
    (row,) = hours(MODEL, events, tmp_path)
    assert "process" not in row


@pytest.mark.parametrize("path", [RAW, STORED])
def test_the_other_paths_know_processes(tmp_path, path):
    events = [zeek(at(1), 1), sysmon(at(1))]
    (row,) = hours(path, events, tmp_path)
    assert row["process"] == "C:\\Program Files\\Sync\\Sync.exe"


def test_an_addon_that_swaps_the_bytes_swaps_them_in_the_data_model(tmp_path):
    (row,) = hours(MODEL, [zeek(at(1), 7)], tmp_path, emulate=["zeek-bytes-swapped"])
    assert (row["bytes_out"], row["bytes_in"]) == (1000, 7)


def test_an_addon_that_swaps_the_bytes_does_not_touch_the_raw_events(tmp_path):
    swapped = zeek(at(1), 7, bytes_out=1000, bytes_in=7)
    (row,) = hours(RAW, [swapped], tmp_path)
    assert (row["bytes_out"], row["bytes_in"]) == (7, 1000)


def test_actions_of_one_hour_are_added_up_in_the_data_model(tmp_path):
    events = [
        palo_alto(at(1, 60 * n), 60 * MB, action=a) for n, a in enumerate(("allowed", "reset"))
    ]
    (raw,), (model,) = hours(RAW, events, tmp_path), hours(MODEL, events, tmp_path)
    assert model["bytes_out"] == raw["bytes_out"] == 120 * MB


def test_of_a_pull_the_data_model_counts_what_the_originator_sent(tmp_path):
    inbound = zeek(at(1), 7, **{"id.orig_h": "203.0.113.9", "id.resp_h": "10.1.2.3"})
    given = {"macros": {"t1029_direction": 'direction IN ("inbound")'}}
    (raw,), (model,) = (hours(path, [inbound], tmp_path, **given) for path in (RAW, MODEL))
    assert (model["sent"], raw["sent"]) == (7, 1000)
