"""Cases of the signals that a sender's findings hold, and of how they add up."""

from functools import partial

from hypothesis import strategies as st

from tests.spl.case import Drawn, Expected, Site, case
from tests.spl.events import DAY, INSIDE, NEW_YEAR, NOTEPAD, POWERSHELL, SYNC, Event
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


VARIED = {"beats": 50, "bins": 55, "jitter": 0.15}
UPLOAD = {"period": 600.0, "total_bytes": 10_000_000, "bytes_in": 2_500_000}


def findings_of(number: int, **fields: object) -> list[Event]:
    """Return findings of one rule about so many destinations."""
    return [finding("A", 8, ran(1), dest_ip=f"203.0.113.{n}", **fields) for n in range(number)]


def marked(**fields: object) -> list[Event]:
    return [finding("A", 8, ran(1), **fields)]


def scheduled(**fields: object) -> list[Event]:
    return marked(period=600.0, **fields)


NAMED = sender(2, 8.5)
CASES = [
    case("one-rule", [finding("A", 10, ran(1))]),
    case("two-rules", [finding("A", 7, ran(1)), finding("B", 7, ran(2))], sender(2, 7.5)),
    case("one-rule-twice", [finding("A", 9, ran(1)), finding("A", 9, ran(3))]),
    case(
        "highest-finding-of-all",
        [finding("A", 5, ran(1)), finding("A", 8, ran(3)), finding("B", 7, ran(2))],
        NAMED,
    ),
    case("at-most-10", [finding(name, 9.5, ran(1)) for name in "ABC"], sender(3, 10)),
    case("two-senders", [finding("A", 9, ran(1)), finding("B", 9, ran(1), src="10.1.2.4")]),
    case("the-rule-itself-is-no-signal", [finding("A", 9, ran(1)), finding(SIGNALS, 9, ran(1))]),
    case(
        "other-searches-are-no-signals",
        [finding("A", 9, ran(1)), {**finding("B", 9, ran(1)), "source": "Another search"}],
    ),
    case(
        "two-rows-of-one-pair-in-one-run",
        [finding("A", 6, ran(1)), finding("A", 9, ran(1)), finding("B", 7, ran(1))],
        sender(2, 9.5),
    ),
    case("two-destinations", findings_of(2)),
    case("three-destinations", findings_of(3), NAMED),
    case("one-destination-three-times", findings_of(1) * 3),
    case(
        "destinations-are-counted-for-each-rule",
        findings_of(2) + [finding("B", 7, ran(1), dest_ip="203.0.113.9")],
        NAMED,
    ),
    case(
        "one-schedule-to-three-destinations-is-one-signal",
        marked(dest_ip="203.0.113.1\n203.0.113.2\n203.0.113.3", schedule_of="port 443"),
    ),
    case("listed", marked(listed="203.0.113.0/24"), NAMED),
    case("not-listed", marked(listed="")),
    case("port-of-no-service", marked(dest_port="4444"), NAMED),
    case("port-of-a-service", marked(dest_port="443")),
    case("one-port-of-no-service", marked(dest_port="443\n4444"), NAMED),
    case("no-port", marked(dest_port="-")),
    case("pauses-that-vary-on-purpose", marked(**VARIED), NAMED),
    case("too-few-beats", marked(**{**VARIED, "beats": 49})),
    case("too-many-contacts-astray", marked(**{**VARIED, "bins": 56})),
    case("varies-too-little", marked(**{**VARIED, "jitter": 0.149})),
    case("scheduled-upload", marked(**UPLOAD), NAMED),
    case("upload-without-a-schedule", marked(**UPLOAD | {"period": None})),
    case("small-upload", marked(**UPLOAD | {"total_bytes": 9_999_999})),
    case("more-comes-back", marked(**UPLOAD | {"bytes_in": 2_500_001})),
    case("unknown-what-comes-back", marked(**UPLOAD | {"bytes_in": None})),
    case("silent-program", scheduled(process=NOTEPAD.upper()), NAMED),
    case("silent-program-without-a-schedule", marked(process=NOTEPAD)),
    case("new-script-host", scheduled(process=POWERSHELL, program_reason="new")),
    case("script-host", scheduled(process=POWERSHELL), NAMED),
    case("script-of-two-hosts", scheduled(process=POWERSHELL, senders=2), NAMED),
    case("script-of-three-hosts", scheduled(process=POWERSHELL, senders=3)),
    case("silent-program-of-three-hosts", scheduled(process=NOTEPAD, senders=3), NAMED),
    case("program-of-its-own", scheduled(process=SYNC)),
    case("both-are-one-signal", scheduled(process=f"{NOTEPAD}\n{POWERSHELL}"), NAMED),
    case("another-program-takes-part", scheduled(process=f"{NOTEPAD}\n{SYNC}")),
    case("found-for-its-program", scheduled(process=NOTEPAD, program_reason="silent program")),
    case(
        "program-counts-once",
        [
            *scheduled(process=NOTEPAD),
            finding("B", 7, ran(2), process=NOTEPAD, program_reason="silent program"),
        ],
        NAMED,
    ),
    case(
        "found-for-its-program-at-another-sender",
        [
            *scheduled(process=NOTEPAD),
            finding("B", 7, ran(2), src="10.1.2.4", program_reason="silent program"),
        ],
        NAMED,
    ),
    case(
        "silent-program-and-script-host",
        [*scheduled(process=NOTEPAD), finding("B", 7, ran(2), period=60.0, process=POWERSHELL)],
        sender(4, 9.5),
    ),
    case(
        "each-kind-of-signal-counts-once",
        [
            *marked(**VARIED, dest_port="4444", listed="203.0.113.0/24"),
            finding("B", 7, ran(2), dest_port="4445"),
        ],
        sender(5, 10),
    ),
    # A finding's time is the start of what it looked back on: here a day before it was reported.
    case("fourteen-days-back", [finding("A", 8, ran(1)), finding("B", 7, ran(13))], NAMED),
    case("fifteen-days-back", [finding("A", 8, ran(1)), finding("B", 7, ran(14))]),
]

NAMES = ("A", "B", "C", SIGNALS)
PROGRAMS = (
    {},
    {"process": SYNC},
    {"process": NOTEPAD},
    {"process": POWERSHELL},
    {"process": NOTEPAD, "program_reason": "silent program"},
)
findings_drawn = st.lists(
    st.builds(
        lambda rule, risk, days, src, dest, port, bins, sent, program: finding(
            rule,
            risk,
            ran(days),
            src=src,
            dest_ip=dest,
            dest_port=port,
            **VARIED | UPLOAD | {"bins": bins, "total_bytes": sent} | program,
        ),
        st.sampled_from(NAMES),
        st.sampled_from((5, 6.5, 7, 7.5, 9, 10)),
        st.integers(1, 9),
        st.sampled_from(("10.1.2.3", "10.1.2.4")),
        st.sampled_from(("203.0.113.9", "203.0.113.10", "203.0.113.11")),
        st.sampled_from(("443", "443", "4444")),
        st.sampled_from((56, 56, 55)),
        st.sampled_from((9_999_999, 9_999_999, 10_000_000)),
        st.sampled_from(PROGRAMS),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: (row["source"], row["src"], row["dest_ip"], row["info_min_time"]),
)
DRAWN = Drawn(findings_drawn, st.just(Site(NOW)), examples=30)
