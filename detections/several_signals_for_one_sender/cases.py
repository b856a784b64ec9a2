"""Cases of the signals that a sender's findings hold, and of how they add up."""

from functools import partial

from hypothesis import strategies as st

from tests.spl.case import Drawn, Expected, Site, case
from tests.spl.events import DAY, INSIDE, NEW_YEAR, Event
from tests.spl.findings import finding

KEY = ("src",)
NOW = NEW_YEAR + 40 * DAY
SIGNALS = "Several Signals for One Sender"
case = partial(case, now=NOW)


def ran(days: float) -> float:
    """Return a time so many days before now."""
    return NOW - days * DAY


def sender(signals: int, risk_score: float) -> Expected:
    return {"src": INSIDE, "signals": signals, "risk_score": risk_score}


def seen(rule: str, risk: float, *kinds: str, **fields: object) -> Event:
    """Return a finding of yesterday that shows these kinds of evidence."""
    return finding(rule, risk, ran(1), signals_seen="\n".join(kinds), **fields)


def findings_of(number: int, **fields: object) -> list[Event]:
    """Return findings of one rule about so many destinations."""
    return [seen("A", 8, "schedule", dest_ip=f"203.0.113.{n}", **fields) for n in range(number)]


def marked(*kinds: str, **fields: object) -> list[Event]:
    return [seen("A", 8, *kinds, **fields)]


NAMED = sender(2, 8)
CASES = [
    case("one-rule", [seen("A", 10, "schedule")]),
    case(
        "two-rules-that-see-the-same-transfer",
        [seen("A", 9, "schedule", "volume"), seen("B", 9, "volume"), seen("C", 9, "schedule")],
    ),
    case(
        "two-kinds-in-two-rules",
        [seen("A", 7, "schedule"), seen("B", 7, "job")],
        sender(2, 7.5),
        prints={
            "reason": "2 independent signals: job, schedule",
            "severity": "medium",
            "summary": "10.1.2.3: job, schedule in the findings of 2 rules about 203.0.113.9",
        },
    ),
    case("two-kinds-in-one-rule", marked("schedule", "program"), NAMED),
    case("three-kinds", marked("schedule", "program", "job"), sender(3, 8.8)),
    case("four-kinds", marked("schedule", "list", "device", "jitter"), sender(4, 9.4)),
    case(
        "five-kinds",
        [seen("A", 7, "schedule", "list"), seen("B", 7, "files", "job", "port")],
        sender(5, 9.7),
        prints={"severity": "critical", "severity_reason": None},
    ),
    case(
        "highest-finding-of-all",
        [seen("A", 5, "volume"), seen("A", 8, "schedule"), seen("B", 7, "list")],
        NAMED,
    ),
    case(
        "higher-finding-than-so-many-signals-give",
        [seen("A", 9.8, "schedule", "list")],
        sender(2, 9.8),
        prints={"severity": "critical", "severity_reason": None},
    ),
    case("two-senders", [seen("A", 9, "schedule"), seen("B", 9, "list", src="10.1.2.4")]),
    case("the-rule-itself-is-no-signal", [seen("A", 9, "schedule"), seen(SIGNALS, 9, "list")]),
    case(
        "other-searches-are-no-signals",
        [seen("A", 9, "schedule"), {**seen("B", 9, "list"), "source": "Another search"}],
    ),
    case("two-destinations", findings_of(2)),
    case("three-destinations", findings_of(3), NAMED),
    case("one-destination-three-times", findings_of(1) * 3),
    case(
        "destinations-are-counted-for-each-rule",
        findings_of(2) + [seen("B", 7, "schedule", dest_ip="203.0.113.9")],
    ),
    case(
        "one-schedule-to-three-destinations-is-one-signal",
        marked("schedule", dest_ip="203.0.113.1\n203.0.113.2\n203.0.113.3", schedule_of="port 443"),
    ),
    case("port-of-no-service", marked("schedule", dest_port="4444"), NAMED),
    case("port-of-a-service", marked("schedule", dest_port="443")),
    case("one-port-of-no-service", marked("schedule", dest_port="443\n4444"), NAMED),
    case("no-port", marked("schedule", dest_port="-")),
    case(
        "each-kind-of-signal-counts-once",
        [
            seen("A", 8, "schedule", "port", dest_port="4444"),
            seen("B", 7, "port", dest_port="4445"),
        ],
        NAMED,
    ),
    # A finding's time is the start of what it looked back on: here a day before it was reported.
    case(
        "fourteen-days-back",
        [seen("A", 8, "schedule"), finding("B", 7, ran(13), signals_seen="list")],
        NAMED,
    ),
    case(
        "fifteen-days-back",
        [seen("A", 8, "schedule"), finding("B", 7, ran(14), signals_seen="list")],
    ),
]

NAMES = ("A", "B", "C", SIGNALS)
KINDS = ("schedule", "volume", "list", "program", "files", "job", "device", "port", "jitter")
findings_drawn = st.lists(
    st.builds(
        lambda rule, risk, days, src, dest, port, kinds: finding(
            rule,
            risk,
            ran(days),
            src=src,
            dest_ip=dest,
            dest_port=port,
            signals_seen="\n".join(sorted(kinds)),
        ),
        st.sampled_from(NAMES),
        st.sampled_from((5, 6.5, 7, 7.5, 9, 10)),
        st.integers(1, 9),
        st.sampled_from(("10.1.2.3", "10.1.2.4")),
        st.sampled_from(("203.0.113.9", "203.0.113.10", "203.0.113.11")),
        st.sampled_from(("443", "443", "4444")),
        st.sets(st.sampled_from(KINDS), max_size=2),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: (row["source"], row["src"], row["dest_ip"], row["info_min_time"]),
)
DRAWN = Drawn(findings_drawn, st.just(Site(NOW)), examples=30)
