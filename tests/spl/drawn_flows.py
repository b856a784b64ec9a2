"""Flows drawn at random: long, reported while open, twice, by sensors whose clocks differ."""

from typing import NamedTuple

from hypothesis import strategies as st

from tests.spl.drawn import SERVERS, joined
from tests.spl.events import HOUR, Event, at, fortigate, palo_alto, sysmon, zeek

Rows = st.SearchStrategy[list[Event]]


class Flow(NamedTuple):
    """One connection from the usual sender; times in seconds."""

    begins: float
    lasts: float
    total: int
    server: str
    port: int


@st.composite
def zeek_rows(draw, flow: Flow, host: str) -> list[Event]:
    """Draw the row of Zeek, those of conn_long every hour before it, or these without it."""
    names = {"host": host, "uid": f"C{flow.port}"}
    names.update({"id.orig_p": flow.port, "id.resp_h": flow.server})
    closed = zeek(flow.begins, flow.total, duration=flow.lasts or None, **names)
    reports = range(1, int(flow.lasts // HOUR) + 1)
    if not reports or draw(st.booleans()):
        return [closed]
    names.update(sourcetype="corelight_conn_long", source="corelight")
    percent = st.lists(st.integers(0, 100), min_size=len(reports), max_size=len(reports))
    still_open = [
        zeek(flow.begins, flow.total * share // 100, duration=HOUR * number, **names)
        for number, share in zip(reports, sorted(draw(percent)))
    ]
    return still_open + draw(st.sampled_from(([], [closed])))


@st.composite
def fortigate_rows(draw, flow: Flow) -> list[Event]:
    """Draw the row of a FortiGate whose clock may differ, and reports of the open session."""
    begins = int(flow.begins) + draw(st.sampled_from((-5, 0, 0, 3)))
    names = {"sessionid": flow.port, "srcport": flow.port, "dstip": flow.server}
    steps = draw(st.sampled_from((1, 4))) if flow.lasts >= 1800 else 1
    return [
        fortigate(
            begins + flow.lasts * step // steps,
            flow.total * step // steps,
            duration=flow.lasts * step // steps,
            logid="0000000013" if step == steps else "0000000020",
            **names,
        )
        for step in range(1, steps + 1)
    ]


def palo_alto_rows(flow: Flow) -> Rows:
    """Return a row at the start of a session, which counts nothing, and one at its end."""
    names = {"session_id": flow.port, "src_port": flow.port, "dest_ip": flow.server}
    start = palo_alto(flow.begins, 300, duration=0, log_subtype="start", **names)
    ends = flow.begins + flow.lasts
    return st.just(
        [start, palo_alto(ends, flow.total, duration=flow.lasts, log_subtype="end", **names)]
    )


def sysmon_rows(flow: Flow) -> Rows:
    return st.just([sysmon(flow.begins, SourcePort=flow.port, DestinationIp=flow.server)])


def of_sensors(flow: Flow) -> st.SearchStrategy[list[list[Event]]]:
    """Return what one or two sensors write of a flow."""
    tap, other_tap = zeek_rows(flow, "zeek-1"), zeek_rows(flow, "zeek-2")
    return st.one_of(
        st.tuples(tap),
        st.tuples(fortigate_rows(flow)),
        st.tuples(tap, fortigate_rows(flow)),
        st.tuples(tap, other_tap),
        st.tuples(palo_alto_rows(flow), sysmon_rows(flow)),
    )


@st.composite
def flow_rows(draw, totals: tuple[int, ...]) -> list[Event]:
    """Draw a flow, and what its sensors write of it; now and then a row twice."""
    second = draw(st.sampled_from((0, 0.5, 900, 3540, 3599)))
    flow = Flow(
        at(draw(st.integers(0, 40)), second),
        draw(st.sampled_from((0, 30, 300, 1800, 4000, 9 * HOUR + 60, 13 * HOUR))),
        draw(st.sampled_from(totals)),
        draw(st.sampled_from(SERVERS[:2])),
        draw(st.integers(49152, 65535)),
    )
    rows = [row for sensor in draw(of_sensors(flow)) for row in sensor]
    return rows + draw(st.lists(st.sampled_from(rows), max_size=1))


def flows(totals: tuple[int, ...], least: int = 4, most: int = 12) -> Rows:
    """Draw flows that send as many bytes as any of these totals, with all that is written of them.

    `least` and `most` are numbers of flows.
    """
    return joined(flow_rows(totals), least, most)


@st.composite
def flow_bursts(draw, totals: tuple[int, ...]) -> list[Event]:
    """Draw flows that follow each other by a minute, four or five in each of a few hours."""
    sensors = draw(st.lists(st.sampled_from((0, 1, 2)), min_size=1, max_size=2, unique=True))
    starts = draw(st.sampled_from((0.5, 900, 3540)))
    rows = []
    for hour in draw(st.sets(st.integers(0, 8), min_size=4, max_size=6)):
        for number in range(draw(st.sampled_from((3, 4, 5, 5)))):
            flow = Flow(
                at(hour, starts + 30 * number),
                draw(st.sampled_from((0, 25, 90, 4000))),
                draw(st.sampled_from(totals)),
                SERVERS[0],
                49152 + 10 * hour + number,
            )
            written = zeek_rows(flow, "zeek-1"), fortigate_rows(flow), palo_alto_rows(flow)
            rows += [row for sensor in sensors for row in draw(written[sensor])]
    return rows
