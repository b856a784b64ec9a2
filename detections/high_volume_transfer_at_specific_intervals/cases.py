"""Cases around every boundary of the first published analytic."""

from functools import partial

from tests.spl.case import WEEK_LATER, Drawn, Expected, case, pair
from tests.spl.drawn import volumes, widest_sites
from tests.spl.drawn_flows import flows
from tests.spl.events import (
    DAY,
    HOUR,
    MB,
    NEW_YEAR,
    Event,
    at,
    conn_long,
    fortigate,
    fortigate_session,
    night,
    palo_alto,
    stream,
    volume,
    vpc_flow,
    zeek,
)

KEY = ("src", "dest")
DRAWN = Drawn(volumes | flows((150 * MB, 600 * MB, 4000 * MB)), widest_sites, examples=60)
# The search looks back seven days to the hour and leaves out the last quarter of an hour.
WINDOW_END = NEW_YEAR + 7 * DAY + 900
case = partial(case, now=WEEK_LATER)


def heavy(hours: int, total_bytes: int, floor: int = 8, **fields: object) -> Expected:
    return pair(hours=hours, total_bytes=total_bytes, floor=floor, **fields)


def _in_two_logs(sent: int) -> list[Event]:
    """Return a flow from 02:40 to 03:20 on three nights, stamped with its begin and its end."""
    return [
        event
        for day in range(3)
        for event in (
            zeek(night(day, 2400), sent, duration=2400),
            fortigate(night(day, 4800), sent, duration=2400),
        )
    ]


LATER_IN_THE_HOUR = tuple(f"{at(hour):.0f}:101000000" for hour in range(3))
# The bytes of each hour of a day: many in the hour after 02:00.
NIGHTLY_BURST = [200 * MB if hour == 2 else MB for hour in range(24)]
OF_PARTS = (f"{at(2, 0):.0f}:300000002", f"{at(3, 0):.0f}:300000002", f"{at(6):.0f}:200000000")

CASES = [
    case("hour-at-100-million", volume(range(3), 100_000_000)),
    case(
        "hour-one-past-100-million",
        volume(range(3), 100_000_001),
        heavy(3, 300_000_003),
        prints={
            "reason": "3 hours with more than 100 MB, largest 100 MB",
            "severity": "high",
            "signals_seen": "volume",
            "summary": "10.1.2.3 sends to 203.0.113.9: 300 MB in 3 hours, no schedule found",
        },
    ),
    case(
        "one-hour-of-three-at-100-million", volume(range(2), 100_000_001) + volume([2], 100_000_000)
    ),
    case("peak-at-500-million", volume(range(3), 500_000_000), heavy(3, 1_500_000_000, 8)),
    case(
        "peak-one-past-500-million",
        volume(range(2), 200 * MB) + volume([2], 500_000_001),
        heavy(3, 900_000_001, 9),
    ),
    case("two-heavy-hours", volume(range(2), 600 * MB)),
    case("five-heavy-hours", volume(range(5), 101 * MB), heavy(5, 505 * MB)),
    case(
        "light-hours-between-heavy-ones",
        volume([0, 5, 9], 101 * MB) + volume([2, 3, 7], 99 * MB),
        heavy(3, 303 * MB),
    ),
    case(
        "hour-cut-into-101-uploads",
        [zeek(at(hour, 30.0 * part), MB) for hour in range(3) for part in range(101)],
        heavy(3, 303 * MB),
    ),
    case(
        "halves-on-both-sides-of-the-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (HOUR - 0.001, HOUR)],
    ),
    case(
        "first-and-last-instant-of-an-hour",
        [zeek(at(hour, second), 60 * MB) for hour in (1, 4, 7) for second in (0, HOUR - 0.001)],
        heavy(
            3, 360 * MB, observations=tuple(f"{at(hour, 0):.0f}:120000000" for hour in (1, 4, 7))
        ),
    ),
    case(
        "fraction-of-a-second",
        [zeek(at(hour, 850.999), 101 * MB) for hour in range(3)],
        heavy(
            3, 303 * MB, observations=tuple(f"{at(hour, 850):.0f}:101000000" for hour in range(3))
        ),
    ),
    case(
        "empty-connection-first-in-the-hour",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), 0) for hour in range(3)],
        heavy(3, 303 * MB, observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(3))),
    ),
    case(
        "two-senders-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.orig_h": "10.1.2.4"}),
    ),
    case(
        "two-destinations-each-below-three-hours",
        volume(range(2), 600 * MB) + volume([2], 600 * MB, **{"id.resp_h": "203.0.113.10"}),
    ),
    case(
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
        heavy(4, 404 * MB, src="10.1.2.4", dest="203.0.113.4"),
        heavy(5, 505 * MB, src="10.1.2.5", dest="203.0.113.5"),
    ),
    case(
        "more-than-100-heavy-hours",
        volume(range(120), 101 * MB),
        heavy(
            120,
            120 * 101 * MB,
            observations=tuple(f"{at(hour):.0f}:101000000" for hour in range(120)),
        ),
    ),
    case(
        "published-example",
        [make(night(day), 150 * MB) for day in range(3) for make in (zeek, palo_alto)]
        + [zeek(night(3, 10 * HOUR), 90 * MB)],
        heavy(
            3,
            450 * MB,
            host=("fw-1", "zeek-1"),
            observations=(
                "1767233650:150000000",
                "1767320050:150000000",
                "1767406450:150000000",
            ),
        ),
    ),
    case(
        "first-instant-of-the-window",
        [zeek(NEW_YEAR, 101 * MB)] + volume([5, 6], 101 * MB),
        heavy(3, 303 * MB),
    ),
    case("just-before-the-window", [zeek(NEW_YEAR - 0.001, 600 * MB)] + volume([5, 6], 101 * MB)),
    case(
        "last-instant-of-the-window",
        volume([5, 6], 101 * MB) + [zeek(WINDOW_END - 0.001, 101 * MB)],
        heavy(3, 303 * MB),
    ),
    case("just-after-the-window", volume([5, 6], 101 * MB) + [zeek(WINDOW_END, 600 * MB)]),
    case(
        "other-thresholds-of-volume",
        volume([0, 1], 1001) + [zeek(at(hour, 5), 10) for hour in (0, 1)],
        heavy(2, 2022, 9),
        thresholds={"volume_hour_bytes": 1000, "volume_hours": 2, "volume_peak_bytes": 1000},
    ),
    case("flow-of-600-million-in-nine-hours", [zeek(at(1, 0), 600 * MB, duration=9 * HOUR)]),
    case(
        "flow-mostly-after-the-full-hour",
        [zeek(night(day, 3590), 150 * MB, duration=310) for day in range(3)],
        heavy(
            3,
            3 * 145_161_290,
            observations=tuple(f"{night(day, 3600)}:145161290" for day in range(3)),
        ),
    ),
    case(
        "flow-that-ends-on-the-full-hour",
        [zeek(at(hour, 3000), 101 * MB, duration=600) for hour in (1, 4, 7)],
        heavy(3, 303 * MB, latest=at(7, 3000)),
    ),
    case(
        "absurd-duration",
        [zeek(at(hour), 150 * MB, duration=36 * DAY) for hour in range(3)],
        heavy(3, 450 * MB, observations=tuple(f"{at(n):.0f}:150000000" for n in range(3))),
    ),
    case("session-reported-every-two-minutes", fortigate_session(at(1, 0), [1_200_000] * 300)),
    case(
        "session-of-four-heavy-hours-reported-every-two-minutes",
        fortigate_session(at(1, 0), [4 * MB] * 120),
        heavy(4, 480 * MB, observations=tuple(f"{at(n, 0):.0f}:120000000" for n in range(1, 5))),
    ),
    case(
        "sessions-within-an-hour-reported-every-two-minutes",
        [
            event
            for day in range(3)
            for event in fortigate_session(night(day, 600), [12 * MB] * 10, sessionid=day)
        ],
        heavy(3, 360 * MB, earliest=night(0, 600), latest=night(2, 600)),
    ),
    case(
        "open-connection-of-sixty-million-an-hour",
        conn_long(at(1, 0), [60 * MB] * 9)
        + [zeek(at(1, 0), 540 * MB, duration=9 * HOUR, uid="Clong1")],
    ),
    case(
        "open-connection-of-120-million-an-hour",
        conn_long(at(1, 600), [120 * MB] * 4),
        heavy(
            4,
            460 * MB,
            observations=(
                f"{at(2, 0):.0f}:120000000",
                f"{at(3, 0):.0f}:120000000",
                f"{at(4, 0):.0f}:120000000",
                f"{at(1, 600):.0f}:100000000",
            ),
        ),
        thresholds={"volume_hour_bytes": 99_999_999},
    ),
    case(
        "session-logged-at-start-and-end",
        [
            palo_alto(at(hour, 600 * part), 60 * MB, log_subtype=subtype, session_id=hour)
            for hour in range(3)
            for part, subtype in enumerate(("start", "end"))
        ],
    ),
    case(
        "session-logged-at-start-and-end-that-sent-enough",
        [
            palo_alto(at(hour, 600 * part), sent, log_subtype=subtype, duration=600 * part)
            for hour in range(3)
            for part, (subtype, sent) in enumerate((("start", 300), ("end", 101 * MB)))
        ],
        heavy(3, 303 * MB, observations=tuple(f"{at(n, 0):.0f}:101000000" for n in range(3))),
    ),
    case("flow-over-the-full-hour-in-two-logs", _in_two_logs(150 * MB)),
    case(
        "heavier-flow-over-the-full-hour-in-two-logs",
        _in_two_logs(250 * MB),
        heavy(
            6,
            750 * MB,
            observations=tuple(
                f"{night(day, second)}:125000000" for day in range(3) for second in (2400, 3600)
            ),
        ),
    ),
    case(
        "clocks-five-seconds-apart-at-the-full-hour",
        [
            event
            for hour in (2, 5, 8)
            for event in (
                zeek(at(hour, 0), 102 * MB, duration=60),
                fortigate(at(hour, 55), 101 * MB, duration=60),
            )
        ],
        heavy(3, 306 * MB, observations=tuple(f"{at(n, 0):.0f}:102000000" for n in (2, 5, 8))),
    ),
    case(
        "parts-of-flows-are-whole-bytes",
        [zeek(at(2, 0), 300_000_001, duration=7200, **{"id.orig_p": port}) for port in (1025, 1026)]
        + [zeek(at(6), 200 * MB)],
        heavy(3, 800_000_004, observations=OF_PARTS),
    ),
    case(
        "session-that-grows-evenly-between-reports",
        [
            event
            for hour in (1, 4, 7)
            for event in fortigate_session(
                at(hour, 300), [60 * MB] * 2, 600, sessionid=hour, rcvdbyte=None
            )
        ],
        heavy(3, 360 * MB),
    ),
    case("flow-logged-twice", 2 * volume(range(3), 60 * MB)),
    case("heavy-flow-logged-twice", 2 * volume(range(3), 101 * MB), heavy(3, 303 * MB)),
    case(
        "flow-over-the-full-hour-logged-twice",
        2 * [zeek(night(day, 2400), 150 * MB, duration=2400) for day in range(3)],
    ),
    case("bytes-that-no-packet-held", volume(range(3), 1_607_364_734, orig_ip_bytes=56_983)),
    case(
        "bytes-beyond-those-of-the-packets",
        volume(range(3), 4_294_967_290, orig_ip_bytes=101 * MB),
        heavy(3, 303 * MB),
    ),
    case("bytes-that-were-missed", volume(range(3), 4_294_967_290, missed_bytes=4_294_967_130)),
    case(
        "bytes-missed-of-both-sides",
        volume(range(3), 150 * MB, resp_bytes=50 * MB, missed_bytes=50 * MB),
        heavy(3, 337_500_000, bytes_in=112_500_000),
    ),
    case("more-bytes-missed-than-sent", volume(range(3), 101 * MB, missed_bytes=500 * MB)),
    case(
        "bytes-missed-beside-those-of-the-packets",
        volume(range(3), 101 * MB, missed_bytes=50 * MB, orig_ip_bytes=105 * MB),
        heavy(3, 303 * MB),
    ),
    case(
        "sender-that-the-sensor-did-not-see",
        volume(range(3), 600 * MB, orig_pkts=0, resp_pkts=9),
    ),
    case(
        "sender-of-which-the-history-has-no-letter",
        volume(range(3), 600 * MB, history="^hdaGf"),
    ),
    case(
        "sender-of-which-a-firewall-counts-no-packet",
        volume(range(3), 600 * MB, fortigate, sentpkt=0, rcvdpkt=9),
    ),
    case(
        "sender-of-which-the-history-has-letters",
        volume(range(3), 101 * MB, history="ShADadFf"),
        heavy(3, 303 * MB),
    ),
    case(
        "receiver-of-which-the-history-has-no-letter",
        volume(range(3), 101 * MB, history="SADF", resp_bytes=0),
        heavy(3, 303 * MB, bytes_in=None),
    ),
    case(
        "receiver-that-the-sensor-did-not-see",
        volume(range(3), 101 * MB, orig_pkts=80_000, resp_pkts=0, resp_bytes=0),
        heavy(3, 303 * MB, bytes_in=None),
    ),
    case(
        "receiver-that-answers-nothing",
        volume(range(3), 101 * MB, orig_pkts=80_000, resp_pkts=0, resp_bytes=0, proto="udp"),
        heavy(3, 303 * MB, bytes_in=0),
    ),
    case(
        "negative-count",
        volume(range(3), 101 * MB) + [zeek(at(hour, 5), -50 * MB) for hour in range(3)],
        heavy(3, 303 * MB, earliest=at(0), observations=LATER_IN_THE_HOUR),
    ),
    case(
        "sessions-at-the-same-time-that-nothing-tells-apart",
        [
            palo_alto(at(hour, second), 60 * MB, duration=1000)
            for hour in (2, 5, 8)
            for second in (900, 990)
        ],
        heavy(3, 3 * 113_400_000),
    ),
    case(
        "service-that-is-known-later",
        conn_long(at(1, 0), [60 * MB] * 2, service="ssl")
        + conn_long(at(1, 0), [60 * MB] * 6, service="http,ssl")[2:],
    ),
    case("stream-download", volume(range(3), 10, stream, bytes_out=600 * MB)),
    case("stream-upload", volume(range(3), 101 * MB, stream), heavy(3, 303 * MB, bytes_in=3000)),
    case(
        "flow-in-pieces-of-a-minute",
        [event for minute in range(180) for event in vpc_flow(at(1, 60 * minute), 2 * MB)],
        heavy(
            3,
            360 * MB,
            bytes_in=18_000,
            observations=tuple(f"{at(n, 0):.0f}:120000000" for n in (1, 2, 3)),
        ),
    ),
    case(
        "nightly-burst-inside-one-connection",
        conn_long(NEW_YEAR, NIGHTLY_BURST * 6),
        heavy(6, 1200 * MB, observations=tuple(f"{night(n, 0)}:200000000" for n in range(6))),
    ),
    case(
        "nightly-burst-inside-a-session-of-twelve-days",
        fortigate_session(NEW_YEAR - 5 * DAY, NIGHTLY_BURST * 12, HOUR),
        heavy(7, 1400 * MB, observations=tuple(f"{night(n, 0)}:200000000" for n in range(7))),
    ),
    case(
        "session-of-twelve-days-without-bursts",
        fortigate_session(NEW_YEAR - 5 * DAY, [10 * MB] * 12 * 24, HOUR),
    ),
]
