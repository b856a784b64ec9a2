"""Cases around every boundary of the fixed-interval rule."""

from hypothesis import strategies as st

from tests.spl.case import LISTED, Drawn, case, pair, sites
from tests.spl.drawn import connections, seconds
from tests.spl.events import (
    DAY,
    INSIDE,
    NEW_YEAR,
    OUTSIDE,
    Event,
    Make,
    at,
    fortigate,
    palo_alto,
    sysmon,
    vpc_flow,
    zeek,
)
from tests.spl.lists import Lists

KEY = ("src", "dest")
SCORED = {"interval_risk": "risk_score"}
# Seconds between the contacts of a case: twelve of them last more than an hour.
STEP = 400.0


def beats(number: int, make: Make = zeek, sent: object = 1000, /, **fields: object) -> list[Event]:
    """Return so many connections, some minutes apart."""
    amounts = () if make is sysmon else (sent,)
    return [make(at(5, STEP * beat), *amounts, **fields) for beat in range(number)]


@st.composite
def in_a_window_of_a_day(draw) -> dict:
    """Draw a connection of the last day but one, near the ends of a day's window."""
    event = draw(connections((zeek, palo_alto, fortigate, sysmon)))
    hour = draw(st.sampled_from((46, 47, 48, 49, 70, 71)))
    return {**event, "_time": at(hour, draw(seconds))}


def busy(seconds_long: int) -> list[Event]:
    """Return twelve connections in twelve seconds, and one so many seconds after the first."""
    return [zeek(at(5, float(second)), 1) for second in (*range(12), seconds_long)]


EVERYWHERE = ("outbound", "inbound", "internal")
NOBODY = (
    "224.0.0.251", "239.255.255.250", "255.255.255.255", "127.0.0.1", "0.0.0.0", "ff02::fb",
    "::1", "::",
)  # fmt: skip

CASES = [
    case("eleven-seconds", beats(11)),
    case("twelve-seconds", beats(12), pair(bins=12, total_bytes=12000)),
    case("thirteen-seconds", beats(13), pair(bins=13)),
    case(
        "every-ten-minutes-for-a-day",
        [zeek(at(0, 37 + 600.0 * n), 1000) for n in range(144)],
        pair(bins=144),
        prints={
            "reason": "144 of 148 expected transfers at a fixed interval",
            "signals_seen": "schedule",
            "summary": "10.1.2.3 sends to 203.0.113.9 every 10 min ±0 %: 144 kB in 144 transfers",
        },
    ),
    case("two-connections-in-one-of-eleven-seconds", beats(11) + [zeek(at(5, 0.9), 1)]),
    case(
        "twelfth-second-is-the-next",
        beats(11) + [zeek(at(5, 1.0), 1)],
        pair(bins=12, connections=12),
    ),
    case("watched-for-half-an-hour-less-a-second", busy(1799)),
    case("watched-for-half-an-hour", busy(1800), pair(bins=13)),
    case(
        "one-flow-in-two-logs",
        beats(12) + beats(12, palo_alto, 1001),
        pair(bins=12, connections=12, total_bytes=12012),
    ),
    case("six-seconds-in-each-of-two-logs", beats(6) + beats(5, palo_alto)),
    case(
        "no-byte-counts",
        beats(12, sysmon),
        pair(total_bytes=None, observations=sorted(str(int(at(5, STEP * n))) for n in range(12))),
    ),
    case(
        "one-flow-in-pieces-for-a-day",
        [event for number in range(144) for event in vpc_flow(at(0, 600 * number), 1000)],
    ),
    case("inbound", beats(12, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE})),
    case(
        "to-what-no-other-host-has",
        [
            event
            for address in NOBODY
            for event in beats(12, **{"id.resp_h": address, "id.resp_p": 1900})
        ]
        + beats(12, **{"id.orig_h": "0.0.0.0"})
        + beats(12, **{"id.orig_h": "ff02::1"})
        + beats(12, **{"id.resp_h": INSIDE})
        + beats(12, **{"id.resp_h": "10.1.2.255", "resp_l2_addr": "ff:ff:ff:ff:ff:ff"}),
        directions=EVERYWHERE,
    ),
    case(
        "to-a-neighbour-inside",
        beats(12, **{"id.resp_h": "169.254.7.7", "resp_l2_addr": "00:00:5e:00:53:07"}),
        pair(dest="169.254.7.7"),
        directions=EVERYWHERE,
    ),
    case("blocked", beats(12, palo_alto, action="blocked")),
    case(
        "two-senders-of-three",
        beats(12)
        + beats(1, **{"id.orig_h": "10.1.2.4"})
        + beats(1, **{"id.orig_h": "10.1.2.5", "id.resp_h": "203.0.113.10"}),
        pair(senders=2, population=3),
    ),
    case(
        "two-ports",
        beats(11) + [zeek(at(6), 1, **{"id.resp_p": 80})],
        pair(dest_port=["443", "80"]),
    ),
    case("listed", beats(12), pair(listed=True), lists=Lists(suspicious=LISTED)),
    case(
        "first-second-of-the-window",
        [zeek(NEW_YEAR + STEP * beat, 1) for beat in range(12)],
        pair(),
        now=NEW_YEAR + DAY + 1800,
    ),
    case(
        "one-second-before-the-window",
        [zeek(NEW_YEAR + STEP * beat - 1, 1) for beat in range(12)],
        now=NEW_YEAR + DAY + 1800,
    ),
    case(
        "last-second-before-the-lag",
        [zeek(NEW_YEAR - STEP * beat - 1, 1) for beat in range(12)],
        pair(),
        now=NEW_YEAR + 900,
    ),
    case(
        "first-second-of-the-lag",
        [zeek(NEW_YEAR - STEP * beat, 1) for beat in range(12)],
        now=NEW_YEAR + 900,
    ),
]

# The macro of the least bins is no plain number: it names the width of the bins as well.
LOW = sites(thresholds={"interval_bins": 3}, macros={"t1029_interval_pairs": "`t1029_pairs(1, 3)`"})
DRAWN = Drawn(st.lists(in_a_window_of_a_day(), min_size=8, max_size=30), LOW)
