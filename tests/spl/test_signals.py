"""Several signals for one sender: against the SQL, on cases and on findings drawn at random."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay import Inputs, run
from tests.spl.events import DAY, HOUR, INSIDE, NEW_YEAR, night, zeek
from tests.spl.findings import SIGNALS, finding
from tests.spl.oracle import write_json_lines
from tests.spl.rule_cases import NOTEPAD, POWERSHELL, SYNC
from tests.spl.rules import DAILY, FINDING_FIELDS, NOTHING, RulesOracle, Situation, lookups
from tests.spl.searches import HIGH_VOLUME

NOW = NEW_YEAR + 40 * DAY
RULES = ("A", "B", "C", "Several Signals for One Sender")


def ran(days: float) -> float:
    """Return a time so many days before now."""
    return NOW - days * DAY


VARIED = {"beats": 50, "bins": 55, "jitter": 0.15}
UPLOAD = {"period": 600.0, "total_bytes": 10_000_000, "bytes_in": 2_500_000}


def findings_of(number: int, **fields: object) -> list:
    """Return findings of one rule about so many destinations."""
    return [finding("A", 8, ran(1), dest_ip=f"203.0.113.{n}", **fields) for n in range(number)]


def marked(**fields: object) -> list:
    return [finding("A", 8, ran(1), **fields)]


def scheduled(**fields: object) -> list:
    return marked(period=600.0, **fields)


NAMED = {INSIDE: (2, 8.5)}
CASES = [
    pytest.param([finding("A", 10, ran(1))], {}, id="one-rule"),
    pytest.param(
        [finding("A", 7, ran(1)), finding("B", 7, ran(2))], {INSIDE: (2, 7.5)}, id="two-rules"
    ),
    pytest.param([finding("A", 9, ran(1)), finding("A", 9, ran(3))], {}, id="one-rule-twice"),
    pytest.param(
        [finding("A", 5, ran(1)), finding("A", 8, ran(3)), finding("B", 7, ran(2))],
        NAMED,
        id="highest-finding-of-all",
    ),
    pytest.param(
        [finding(name, 9.5, ran(1)) for name in "ABC"], {INSIDE: (3, 10)}, id="at-most-10"
    ),
    pytest.param(
        [finding("A", 9, ran(1)), finding("B", 9, ran(1), src="10.1.2.4")], {}, id="two-senders"
    ),
    pytest.param(
        [finding("A", 9, ran(1)), finding("Several Signals for One Sender", 9, ran(1))],
        {},
        id="the-rule-itself-is-no-signal",
    ),
    pytest.param(
        [finding("A", 9, ran(1)), {**finding("B", 9, ran(1)), "source": "Another search"}],
        {},
        id="other-searches-are-no-signals",
    ),
    pytest.param(
        [finding("A", 6, ran(1)), finding("A", 9, ran(1)), finding("B", 7, ran(1))],
        {INSIDE: (2, 9.5)},
        id="two-rows-of-one-pair-in-one-run",
    ),
    pytest.param(findings_of(2), {}, id="two-destinations"),
    pytest.param(findings_of(3), NAMED, id="three-destinations"),
    pytest.param(findings_of(1) * 3, {}, id="one-destination-three-times"),
    pytest.param(
        findings_of(2) + [finding("B", 7, ran(1), dest_ip="203.0.113.9")],
        NAMED,
        id="destinations-are-counted-for-each-rule",
    ),
    pytest.param(
        marked(dest_ip="203.0.113.1\n203.0.113.2\n203.0.113.3", schedule_of="port 443"),
        {},
        id="one-schedule-to-three-destinations-is-one-signal",
    ),
    pytest.param(marked(listed="203.0.113.0/24"), NAMED, id="listed"),
    pytest.param(marked(listed=""), {}, id="not-listed"),
    pytest.param(marked(dest_port="4444"), NAMED, id="port-of-no-service"),
    pytest.param(marked(dest_port="443"), {}, id="port-of-a-service"),
    pytest.param(marked(dest_port="443\n4444"), NAMED, id="one-port-of-no-service"),
    pytest.param(marked(dest_port="-"), {}, id="no-port"),
    pytest.param(marked(**VARIED), NAMED, id="pauses-that-vary-on-purpose"),
    pytest.param(marked(**{**VARIED, "beats": 49}), {}, id="too-few-beats"),
    pytest.param(marked(**{**VARIED, "bins": 56}), {}, id="too-many-contacts-astray"),
    pytest.param(marked(**{**VARIED, "jitter": 0.149}), {}, id="varies-too-little"),
    pytest.param(marked(**UPLOAD), NAMED, id="scheduled-upload"),
    pytest.param(marked(**UPLOAD | {"period": None}), {}, id="upload-without-a-schedule"),
    pytest.param(marked(**UPLOAD | {"total_bytes": 9_999_999}), {}, id="small-upload"),
    pytest.param(marked(**UPLOAD | {"bytes_in": 2_500_001}), {}, id="more-comes-back"),
    pytest.param(marked(**UPLOAD | {"bytes_in": None}), {}, id="unknown-what-comes-back"),
    pytest.param(scheduled(process=NOTEPAD.upper()), NAMED, id="silent-program"),
    pytest.param(marked(process=NOTEPAD), {}, id="silent-program-without-a-schedule"),
    pytest.param(scheduled(process=POWERSHELL, program_reason="new"), {}, id="new-script-host"),
    pytest.param(scheduled(process=POWERSHELL), NAMED, id="script-host"),
    pytest.param(scheduled(process=POWERSHELL, senders=2), NAMED, id="script-of-two-hosts"),
    pytest.param(scheduled(process=POWERSHELL, senders=3), {}, id="script-of-three-hosts"),
    pytest.param(scheduled(process=NOTEPAD, senders=3), NAMED, id="silent-program-of-three-hosts"),
    pytest.param(scheduled(process=SYNC), {}, id="program-of-its-own"),
    pytest.param(scheduled(process=f"{NOTEPAD}\n{POWERSHELL}"), NAMED, id="both-are-one-signal"),
    pytest.param(scheduled(process=f"{NOTEPAD}\n{SYNC}"), {}, id="another-program-takes-part"),
    pytest.param(
        scheduled(process=NOTEPAD, program_reason="silent program"), {}, id="found-for-its-program"
    ),
    pytest.param(
        [
            *scheduled(process=NOTEPAD),
            finding("B", 7, ran(2), process=NOTEPAD, program_reason="silent program"),
        ],
        NAMED,
        id="program-counts-once",
    ),
    pytest.param(
        [
            *scheduled(process=NOTEPAD),
            finding("B", 7, ran(2), src="10.1.2.4", program_reason="silent program"),
        ],
        NAMED,
        id="found-for-its-program-at-another-sender",
    ),
    pytest.param(
        [*scheduled(process=NOTEPAD), finding("B", 7, ran(2), period=60.0, process=POWERSHELL)],
        {INSIDE: (4, 9.5)},
        id="silent-program-and-script-host",
    ),
    pytest.param(
        [
            *marked(**VARIED, dest_port="4444", listed="203.0.113.0/24"),
            finding("B", 7, ran(2), dest_port="4445"),
        ],
        {INSIDE: (5, 10)},
        id="each-kind-of-signal-counts-once",
    ),
]


def by_search(findings: list, folder) -> dict:
    write_json_lines(folder / "events.json", findings)
    inputs = Inputs(json=(str(folder / "events.json"),))
    outcome = run(searches=[SIGNALS], inputs=inputs, now=NOW, lookups=lookups(NOTHING, folder))
    return {row["src"]: (row["signals"], row["risk_score"]) for row in outcome.results[0].rows}


def by_sql(findings: list) -> dict:
    oracle = RulesOracle(())
    known = [
        {name: row.get(name) for name in FINDING_FIELDS}
        for row in findings
        if row["source"].startswith("T1029 - ") and row["source"].endswith(" - Rule")
    ]
    rows = oracle.signals(known, Situation(NOW))
    return {row["src"]: (row["signals"], row["risk_score"]) for row in rows}


@pytest.mark.parametrize(("findings", "expected"), CASES)
def test_search_finds_the_senders(tmp_path, findings, expected):
    assert by_search(findings, tmp_path) == expected


@pytest.mark.parametrize(
    ("findings", "expected"), [pytest.param(*case.values, id=case.id) for case in CASES]
)
def test_sql_finds_the_senders(findings, expected):
    assert by_sql(findings) == expected


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
        st.sampled_from(RULES),
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


def test_search_agrees_with_sql_on_findings_drawn_at_random(tmp_path):
    found = []

    @settings(
        max_examples=30,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(findings=findings_drawn)
    def agree(findings):
        expected = by_sql(findings)
        found.extend(expected)
        assert by_search(findings, tmp_path) == expected

    agree()
    assert found


def test_the_story_is_told_in_order(tmp_path):
    findings = [finding("A", 7, ran(1)), finding("B", 8, ran(3), schedule="daily 02:14")]
    write_json_lines(tmp_path / "events.json", findings)
    outcome = run(
        searches=[SIGNALS],
        inputs=Inputs(json=(str(tmp_path / "events.json"),)),
        now=NOW,
        lookups=lookups(NOTHING, tmp_path),
    )
    (row,) = outcome.results[0].rows
    assert row["story"] == [
        "2026-02-07 B 8: daily 02:14 to 203.0.113.9",
        "2026-02-09 A 7: every 10 min to 203.0.113.9",
    ]


def test_what_the_rules_store_today_is_a_signal_today(tmp_path):
    """A theft that two rules report within the hour before must be told of."""
    events = [zeek(night(day), 150_000_000) for day in range(30)]
    now = night(30)
    write_json_lines(tmp_path / "events.json", events)
    outcome = run(
        searches=[(DAILY.search, now), (HIGH_VOLUME, now), (SIGNALS, now + HOUR)],
        inputs=Inputs(json=(str(tmp_path / "events.json"),)),
        lookups=lookups(NOTHING, tmp_path),
    )
    daily, high_volume, signals = (result.rows for result in outcome.results)
    assert daily
    assert high_volume
    assert [row["src"] for row in signals] == [INSIDE]
