"""The further rules against the SQL, on traffic drawn at random around the thresholds."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from replay import Inputs
from tests.spl.events import DAY, HOUR, NEW_YEAR, at, fortigate, palo_alto, sysmon, zeek
from tests.spl.oracle import PUBLISHED, ListRow, write_json_lines
from tests.spl.rule_cases import (
    IMPLANT,
    LONG_AGO,
    NOTEPAD,
    POWERSHELL,
    SCHEDULER,
    SYNC,
    audited_task,
    child,
    cron,
    devices,
    known,
    programs,
    task,
    touches,
)
from tests.spl.rules import (
    DAILY,
    DEVICE,
    INTERVAL,
    JOB,
    PROCESS,
    ROTATION,
    SERVICE,
    SHIPPED,
    TRAVERSAL,
    Situation,
    by_search,
    by_sql,
)

EXAMPLES = 20
SENDERS = ("10.1.2.3", "10.1.2.4")
SERVERS = ("203.0.113.9", "203.0.113.10", "198.51.100.9", "2001:db8:1:2::9", "10.9.9.9")
LOW = SHIPPED._replace(
    interval_bins=3,
    daily_days=2,
    daily_hours=2,
    rotation_destinations=2,
    rotation_hours=2,
    rotation_days=2,
    process_minutes=2,
    traversal_files=3,
    traversal_folders=2,
    traversal_times=1,
    service_hours=2,
    service_bytes=100,
    device_bytes=100,
    device_addresses=1,
    job_bytes=50,
    job_seconds=60,
    job_times=1,
    job_share=0.4,
    job_slots=10,
)
NOW = NEW_YEAR + 3 * DAY + 1800
LISTED = (ListRow("203.0.113.0/24"),)
MACS = ("00:00:5e:00:53:01", "00-00-5E-00-53-02", "00:00:5e:00:53:03", None)
PATHS = (
    IMPLANT,
    "C:\\Users\\Ann\\Update.exe",
    SYNC,
    "/tmp/a",
    NOTEPAD,
    POWERSHELL,
    "/bin/ls",
    None,
)

sent = st.sampled_from((None, 0, 1, 49, 50, 51, 100, 5_000_001))
seconds = st.sampled_from((0, 0.25, 1, 1.5, 2, 59, 60, 850, 3599))


@st.composite
def moments(draw, days: int = 3) -> float:
    hour = draw(st.integers(0, days - 1)) * 24 + draw(st.integers(2, 4))
    return at(hour, draw(seconds))


@st.composite
def connections(draw, makes: tuple = (zeek, palo_alto, fortigate)) -> dict:
    make = draw(st.sampled_from(makes))
    names = {
        zeek: ("id.orig_h", "id.resp_h"),
        palo_alto: ("src_ip", "dest_ip"),
        fortigate: ("srcip", "dstip"),
        sysmon: ("SourceIp", "DestinationIp"),
    }[make]
    pair = draw(st.sampled_from(SENDERS)), draw(st.sampled_from(SERVERS))
    fields = dict(zip(names, pair))
    when = draw(moments())
    return sysmon(when, **fields) if make is sysmon else make(when, draw(sent), **fields)


@st.composite
def in_a_window_of_a_day(draw) -> dict:
    """Draw a connection of the last day but one, near the ends of a day's window."""
    event = draw(connections((zeek, palo_alto, fortigate, sysmon)))
    hour = draw(st.sampled_from((46, 47, 48, 49, 70, 71)))
    return {**event, "_time": at(hour, draw(seconds))}


@st.composite
def program_calls(draw) -> dict:
    event = draw(connections((sysmon,)))
    fields = {"Image": draw(st.sampled_from(PATHS))}
    return {name: one for name, one in {**event, **fields}.items() if one is not None}


@st.composite
def spoken(draw) -> dict:
    fields = {
        "service": draw(st.sampled_from((None, "ssl", "SSL", "http", "ssh"))),
        "id.resp_p": draw(st.sampled_from((443, 80, 4444, None))),
    }
    event = {**draw(connections((zeek,))), **fields}
    return {name: one for name, one in event.items() if one is not None}


@st.composite
def from_devices(draw) -> dict:
    event = draw(connections((zeek, palo_alto)))
    name = "src_mac" if "src_ip" in event else "orig_l2_addr"
    event[name] = draw(st.sampled_from(MACS))
    return {field: one for field, one in event.items() if one is not None}


@st.composite
def traversals(draw) -> list:
    """Draw the files that one process touches, and one call of it after them or without them."""
    day = draw(st.integers(0, 2))
    guid = f"{{{day}-{draw(st.sampled_from((0, 0, 1)))}}}"
    process = {"ProcessGuid": guid, "Image": IMPLANT + str(day)}
    files = touches(day, draw(st.integers(2, 6)), draw(st.integers(1, 3)), **process)
    hour = 24 * day + draw(st.sampled_from((2, 2, 2, 3)))
    server = draw(st.sampled_from((SERVERS[0], SERVERS[0], SERVERS[1])))
    return [*files, sysmon(at(hour, 900), **process, DestinationIp=server)]


# Around the edges of slots of five minutes; whole, as the time waited is.
job_seconds = st.sampled_from((0, 1, 240, 299, 300, 301, 3599))
waits = st.sampled_from((-1, 0, 1, 30, 59, 60, 61, 300))


@st.composite
def job_events(draw) -> dict:
    """Draw what a scheduler logs of a job, of one of two names."""
    when = at(draw(st.integers(0, 2)) * 24 + draw(st.integers(2, 3)), draw(job_seconds))
    make = draw(st.sampled_from(("ran", "ran", "new", "changed", "child", "cron")))
    name = {"TaskName": draw(st.sampled_from(("\\A", "\\B")))}
    host = {"host": draw(st.sampled_from(("ws-7", "ws-7", "WS-7.corp.example", SENDERS[1])))}
    if make == "cron":
        return {**cron(when), **host}
    if make == "child":
        parent = draw(st.sampled_from((SCHEDULER, "/usr/sbin/cron -f", "/bin/bash")))
        return child(when, parent, **host)
    if make == "changed":
        return audited_task(when, draw(st.sampled_from((4698, 4702))), **name, **host)
    return task(when, 106 if make == "new" else 200, **name, **host)


@st.composite
def jobs_and_transfers(draw) -> list:
    """Draw what a scheduler logs of a job, and the connections that begin around it."""
    happened = draw(job_events())
    followed = draw(st.lists(connections((zeek, palo_alto, sysmon)), max_size=2))
    to_one = {"id.orig_h": SENDERS[0], "id.resp_h": SERVERS[0], "orig_bytes": draw(sent)}
    followed.append(zeek(happened["_time"], **to_one))
    return [happened] + [{**event, "_time": happened["_time"] + draw(waits)} for event in followed]


KNOWN = programs((IMPLANT, 2, LONG_AGO), (SYNC, 9, LONG_AGO), ("/tmp/a", 3, LONG_AGO))
SERVED = devices(
    (MACS[0], LONG_AGO), ("00:00:5e:00:53:03", NOW - HOUR), owners=(("00:00:5e:00:53:04", "A"),)
)


def flat(parts: list) -> list:
    return [event for part in parts for event in part]


@st.composite
def repeated(draw, one: st.SearchStrategy) -> list:
    """Draw a connection, and when it is made again."""
    event = draw(one)
    again = draw(st.lists(moments(), max_size=5))
    return [event, *({**event, "_time": when} for when in again)]


def many(one: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(repeated(one), min_size=4, max_size=10).map(flat)


DRAWN = [
    pytest.param(
        INTERVAL, st.lists(in_a_window_of_a_day(), min_size=8, max_size=30), KNOWN, id="interval"
    ),
    pytest.param(DAILY, many(connections((zeek, palo_alto, sysmon))), KNOWN, id="time-of-day"),
    pytest.param(ROTATION, many(connections()), KNOWN, id="changing-destinations"),
    pytest.param(PROCESS, many(program_calls()), KNOWN, id="process"),
    pytest.param(
        TRAVERSAL,
        st.lists(traversals(), min_size=4, max_size=8).map(flat),
        KNOWN,
        id="file-traversal",
    ),
    pytest.param(SERVICE, many(spoken()), KNOWN, id="port-and-encryption"),
    pytest.param(DEVICE, many(from_devices()), SERVED, id="hardware"),
    pytest.param(
        JOB,
        st.lists(jobs_and_transfers(), min_size=4, max_size=8).map(flat),
        known(),
        id="job",
    ),
]


@pytest.mark.parametrize(("rule", "traffic", "lists"), DRAWN)
def test_search_agrees_with_sql(tmp_path, rule, traffic, lists):
    found = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        events=traffic,
        listed=st.sampled_from(((), LISTED)),
        directions=st.sampled_from((("outbound",), ("outbound", "internal"))),
    )
    def agree(events, listed, directions):
        scope = PUBLISHED._replace(directions=directions)
        site = Situation(NOW, lists._replace(suspicious=listed), LOW, scope)
        expected = by_sql(rule, events, site)
        found.append(bool(expected))
        write_json_lines(tmp_path / "events.json", events)
        inputs = Inputs(json=(str(tmp_path / "events.json"),))
        assert by_search(rule, inputs, site, tmp_path) == expected

    agree()
    assert sum(found) >= EXAMPLES // 3, "most examples are empty"
