"""Cases around every boundary of the fixed-interval rule."""

from hypothesis import strategies as st

from tests.spl.case import LISTED, Drawn, case, pair, sites
from tests.spl.drawn import connections, seconds
from tests.spl.events import (
    DAY,
    INSIDE,
    NEW_YEAR,
    OUTSIDE,
    at,
    fortigate,
    minutely,
    palo_alto,
    sysmon,
    vpc_flow,
    zeek,
)
from tests.spl.lists import Lists

KEY = ("src", "dest")
SCORED = {"interval_risk": "risk_score"}


@st.composite
def in_a_window_of_a_day(draw) -> dict:
    """Draw a connection of the last day but one, near the ends of a day's window."""
    event = draw(connections((zeek, palo_alto, fortigate, sysmon)))
    hour = draw(st.sampled_from((46, 47, 48, 49, 70, 71)))
    return {**event, "_time": at(hour, draw(seconds))}


CASES = [
    case("eleven-seconds", minutely(11)),
    case("twelve-seconds", minutely(12), pair(bins=12, total_bytes=12000)),
    case("thirteen-seconds", minutely(13), pair(bins=13)),
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
    case("two-connections-in-one-of-eleven-seconds", minutely(11) + [zeek(at(5, 0.9), 1)]),
    case(
        "twelfth-second-is-the-next",
        minutely(11) + [zeek(at(5, 1.0), 1)],
        pair(bins=12, connections=12),
    ),
    case(
        "one-flow-in-two-logs",
        minutely(12) + minutely(12, palo_alto, 1001),
        pair(bins=12, connections=12, total_bytes=12012),
    ),
    case("six-seconds-in-each-of-two-logs", minutely(6) + minutely(5, palo_alto)),
    case(
        "no-byte-counts",
        minutely(12, sysmon),
        pair(total_bytes=None, observations=sorted(str(int(at(5, 60.0 * n))) for n in range(12))),
    ),
    case(
        "one-flow-in-pieces-for-a-day",
        [event for number in range(144) for event in vpc_flow(at(0, 600 * number), 1000)],
    ),
    case("inbound", minutely(12, **{"id.orig_h": OUTSIDE, "id.resp_h": INSIDE})),
    case("blocked", minutely(12, palo_alto, action="blocked")),
    case(
        "two-senders-of-three",
        minutely(12)
        + minutely(1, **{"id.orig_h": "10.1.2.4"})
        + minutely(1, **{"id.orig_h": "10.1.2.5", "id.resp_h": "203.0.113.10"}),
        pair(senders=2, population=3),
    ),
    case(
        "two-ports",
        minutely(11) + [zeek(at(6), 1, **{"id.resp_p": 80})],
        pair(dest_port=["443", "80"]),
    ),
    case("listed", minutely(12), pair(listed=True), lists=Lists(suspicious=LISTED)),
    case(
        "first-second-of-the-window",
        [zeek(NEW_YEAR + second, 1) for second in range(12)],
        pair(),
        now=NEW_YEAR + DAY + 1800,
    ),
    case(
        "one-second-before-the-window",
        [zeek(NEW_YEAR + second - 1, 1) for second in range(12)],
        now=NEW_YEAR + DAY + 1800,
    ),
    case(
        "last-second-before-the-lag",
        [zeek(NEW_YEAR - second, 1) for second in range(1, 13)],
        pair(),
        now=NEW_YEAR + 900,
    ),
    case(
        "first-second-of-the-lag",
        [zeek(NEW_YEAR - second, 1) for second in range(12)],
        now=NEW_YEAR + 900,
    ),
]

# The macro of the least bins is no plain number: it names the width of the bins as well.
LOW = sites(thresholds={"interval_bins": 3}, macros={"t1029_interval_pairs": "`t1029_pairs(1, 3)`"})
DRAWN = Drawn(st.lists(in_a_window_of_a_day(), min_size=8, max_size=30), LOW)
