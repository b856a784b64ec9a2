"""What people decide about a pair: what is written, what it hides, and what brings a pair back."""

import json

import pytest

from replay import Inputs, SplError, run
from tests.dashboard.hostile import VALUES
from tests.spl.events import DAY, INSIDE, OUTSIDE
from tests.spl.findings import finding, sid

# 2026-01-07T12:00:00Z
NOW = 1767787200.0
KIM = {"user": "kim"}
ASKED = 'asked_src="*", asked_dest="*", asked_rule="*", asked_severity="low"'
OVERVIEW = (
    f"| `t1029_all_findings` | eval {ASKED} | `t1029_asked_findings` | `t1029_found_pairs` "
    "| `t1029_pair_status`"
)
DECISIONS = {
    "take": "in progress",
    "close": "closed",
    "expect": "expected",
    "confirm": "confirmed",
}
EACH_DECISION = pytest.mark.parametrize("decision", DECISIONS)
FOUND = (
    finding("A", 8, NOW - 3600, total_bytes=1_000_000),
    finding("B", 7, NOW - 7200, total_bytes=900_000),
)


def decided(decision, src=INSIDE, dest=OUTSIDE, note="ticket 4711", until="+90d"):
    """The search that Investigate opens for a decision."""
    values = {"asked_src": src, "asked_dest": dest, "note": note, "until": until}
    written = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
    )
    return f"| `t1029_case_findings` | eval {written} | `t1029_{decision}_case`"


def answers(*texts, events=FOUND, now=NOW, **settings):
    """The rows of each text in turn."""
    inputs = Inputs(events=tuple(events))
    ran = run(spl=texts, inputs=inputs, now=now, **{**KIM, **settings}).results
    return [result.rows for result in ran]


def listed(*names):
    return [f"| inputlookup {name}" for name in names]


@EACH_DECISION
def test_a_decision_is_written_with_the_user_and_what_is_known(decision):
    (outcome,), (case,), (step,) = answers(
        decided(decision), *listed("t1029_cases", "t1029_case_history")
    )
    assert outcome["outcome"] == "written"
    assert (case["status"], case["owner"], case["note"]) == (
        DECISIONS[decision],
        "kim",
        "ticket 4711",
    )
    assert (case["known_rules"], case["known_risk"], case["known_bytes"]) == (
        "A; B",
        "8",
        "1000000",
    )
    assert (step["who"], step["status"], step["time"]) == (
        "kim",
        DECISIONS[decision],
        str(int(NOW)),
    )
    assert case.get("until") == (None if decision == "take" else "2026-04-07")


def test_every_decision_stays_in_the_history():
    *_, cases, history = answers(
        decided("take"), decided("close"), *listed("t1029_cases", "t1029_case_history")
    )
    assert [case["status"] for case in cases] == ["closed"]
    assert [step["status"] for step in history] == ["in progress", "closed"]


def test_a_pair_without_a_finding_can_be_decided():
    (outcome,), (case,) = answers(decided("close"), *listed("t1029_cases"), events=())
    assert (outcome["outcome"], case.get("known_risk")) == ("written", None)


@pytest.mark.parametrize("dest", [OUTSIDE, "files.example.org"])
def test_expected_is_on_the_allow_list(dest):
    _, (entry,) = answers(decided("expect", dest=dest), "| `t1029_allow_entries`")
    network = f"{OUTSIDE}/32" if dest == OUTSIDE else f"*.{dest}"
    assert (entry["network"], entry["src"], entry["reason"]) == (network, INSIDE, "ticket 4711")
    assert (entry["added_by"], entry["expires"]) == ("kim", "2026-04-07")


def test_confirmed_is_suspicious_and_proposed_for_blocking():
    _, (entry,), (block,) = answers(
        decided("confirm"), "| `t1029_site_suspicious`", *listed("t1029_block_candidates")
    )
    assert (entry["ip"], entry["description"]) == (f"{OUTSIDE}/32", "ticket 4711")
    assert (block["dest_ip"], block["state"], block["rules"]) == (OUTSIDE, "proposed", "A; B")


@pytest.mark.parametrize(
    ("dest", "problem"),
    [
        pytest.param("files.example.org", "is not an address or network", id="name"),
        pytest.param("10.9.9.9", "10.9.9.9 is an internal address", id="inside"),
    ],
)
def test_what_cannot_be_blocked_is_confirmed_all_the_same(dest, problem):
    (outcome,), entries, blocks = answers(
        decided("confirm", dest=dest),
        "| `t1029_site_suspicious`",
        *listed("t1029_block_candidates"),
    )
    assert outcome["outcome"].startswith("written, but no block candidate: ")
    assert problem in outcome["outcome"]
    assert (len(entries), blocks) == (1, [])


ONE_PAIR = "Enter one sender and one destination"
BAD = [
    pytest.param("take", {"src": "*"}, ONE_PAIR, id="any-sender"),
    pytest.param("close", {"dest": "203.0.113.*"}, ONE_PAIR, id="pattern"),
    pytest.param("take", {"src": ""}, ONE_PAIR, id="nothing"),
    pytest.param("close", {"note": " "}, "Enter a reason", id="closed-without-a-reason"),
    pytest.param("expect", {"note": " "}, "Enter a reason", id="expected-without-a-reason"),
    pytest.param("confirm", {"note": " "}, "Enter a reason", id="confirmed-without-a-reason"),
    pytest.param("close", {"until": "soon"}, "Expires: soon is not a date", id="no-date"),
    pytest.param("expect", {"dest": "co.uk"}, "stands for many owners", id="a-wide-name"),
    pytest.param("confirm", {"until": "2026-01-06"}, "is in the past", id="past"),
]
ALL = (
    "t1029_cases", "t1029_case_history", "t1029_allow_list", "t1029_allow_names",
    "t1029_site_suspicious_ip_list", "t1029_site_suspicious_domains", "t1029_block_candidates",
)  # fmt: skip


@pytest.mark.parametrize(("decision", "changed", "problem"), BAD)
def test_a_decision_that_cannot_be_right_is_named_and_not_written(decision, changed, problem):
    (outcome,), *kept = answers(decided(decision, **changed), *listed(*ALL))
    assert outcome["outcome"].startswith("not written: ")
    assert problem in outcome["outcome"]
    assert kept == [[] for _ in ALL]


def test_the_user_is_never_taken_from_the_search():
    forged = decided("take").replace("eval ", 'eval who="kim", username="kim", owner="kim", ')
    _, (case,), (step,) = answers(
        forged, *listed("t1029_cases", "t1029_case_history"), user="robin"
    )
    assert (case["owner"], step["who"]) == ("robin", "robin")


def test_nothing_is_written_where_nobody_is_signed_in():
    with pytest.raises(SplError, match="who runs the search is not given"):
        answers(decided("take"), user=None)


@pytest.mark.parametrize("typed", ["203.0.113.9 ", "files.example (203.0.113.9)"])
def test_a_pair_has_one_key_in_any_spelling(typed):
    *_, cases = answers(decided("take"), decided("close", dest=typed), *listed("t1029_cases"))
    assert [(case["dest"], case["status"]) for case in cases] == [(OUTSIDE, "closed")]


# Whether comments are taken out of quotes too is not documented: replay does so.
HOSTILE = [value.replace("```", "") for value in VALUES.values()]


@EACH_DECISION
@pytest.mark.parametrize("field", ["src", "dest", "note", "until"])
def test_a_hostile_value_is_stored_as_it_is_or_not_at_all(decision, field):
    texts = [decided(decision, **{field: value}) for value in HOSTILE]
    *outcomes, history = answers(*texts, *listed("t1029_case_history"))
    notes = [step["note"] for step in history]
    if field == "note":
        assert notes == [value.strip() for value in HOSTILE]
    elif (field, decision) == ("until", "take"):
        assert notes == ["ticket 4711"] * len(HOSTILE)
    else:
        assert all(rows[0]["outcome"].startswith("not written: ") for rows in outcomes)
        assert notes == []


# ---- what a decision hides, and what brings a pair back


@pytest.fixture
def after(tmp_path):
    """Return a function that gives the pair, days after a decision, with what was found since."""

    def pair(decision, *later, until=" ", days=1, ended=False, **settings):
        kept = answers(decided(decision, until=until), *listed(*ALL))[1:]
        tables = dict(zip(ALL, kept))
        if ended:
            tables["t1029_allow_list"] = []
        files = {name: written(tmp_path / f"{name}.csv", rows) for name, rows in tables.items()}
        given = {name: path for name, path in files.items() if path}
        (row,) = answers(
            OVERVIEW, events=(*FOUND, *later), now=NOW + days * DAY, lookups=given, **settings
        )[0]
        return row["status"], row.get("back")

    return pair


def written(path, rows):
    if not rows:
        return None
    fields = list(dict.fromkeys(name for row in rows for name in row))
    lines = [fields, *([row.get(name, "") for name in fields] for row in rows)]
    text = "\n".join(",".join(json.dumps(str(cell)) for cell in line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


LATER = NOW + 3600


@EACH_DECISION
def test_a_pair_has_the_status_that_was_decided(after, decision):
    assert after(decision) == (DECISIONS[decision], None)


def test_a_finding_without_a_case_is_new():
    (row,) = answers(OVERVIEW)[0]
    assert (row["status"], row.get("back"), row.get("owner")) == ("new", None, None)


RETURNS = [
    pytest.param({"rule": "A", "risk": 8}, None, id="the-same-again"),
    pytest.param({"rule": "B", "risk": 8.9}, None, id="a-little-higher"),
    pytest.param({"rule": "A", "risk": 9}, "back: risk 9, was 8", id="higher-by-1"),
    pytest.param({"rule": "C", "risk": 2}, "back: new signal C", id="another-rule"),
    pytest.param({"rule": "A", "risk": 8, "total_bytes": 1_999_999}, None, id="not-twice-as-much"),
    pytest.param(
        {"rule": "A", "risk": 8, "total_bytes": 2_000_000}, "back: 2 MB, was 1 MB", id="twice"
    ),
    pytest.param({"rule": "C", "risk": 9, "ran": NOW - 60}, None, id="known-before-the-decision"),
]


@pytest.mark.parametrize("decision", ["close", "confirm"])
@pytest.mark.parametrize(("found", "back"), RETURNS)
def test_only_a_new_signal_or_a_rise_brings_a_pair_back(after, decision, found, back):
    about = {"ran": LATER, "total_bytes": 900_000, **found}
    rule, risk, ran = (about.pop(name) for name in ("rule", "risk", "ran"))
    expected = (DECISIONS[decision], None) if back is None else ("new", back)
    assert after(decision, finding(rule, risk, ran, **about)) == expected


@pytest.mark.parametrize("limit", [{"t1029_reopen_risk": "0.5"}, {"t1029_reopen_factor": "1.5"}])
def test_the_limits_are_macros(after, limit):
    later = finding("A", 8.5, LATER, total_bytes=1_500_000)
    assert after("close", later) == ("closed", None)
    assert after("close", later, macros=limit)[0] == "new"


@pytest.mark.parametrize("decision", ["close", "confirm"])
@pytest.mark.parametrize(
    ("days", "back"),
    [
        pytest.param(1, None, id="on-the-day"),
        pytest.param(2, "back: 2026-01-08 has passed", id="after"),
    ],
)
def test_a_pair_is_back_after_its_date(after, decision, days, back):
    status = DECISIONS[decision] if back is None else "new"
    assert after(decision, until="2026-01-08", days=days) == (status, back)


def test_what_is_in_progress_stays_so(after):
    assert after("take", finding("C", 10, LATER)) == ("in progress", None)


def test_expected_ends_with_its_entry_of_the_allow_list(after):
    assert after("expect", ended=True) == ("new", "back: no longer on the allow-list")
    assert after("expect", until="2026-01-08", days=2) == (
        "new",
        "back: no longer on the allow-list",
    )


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("open", ["new", "in progress"]),
        ("*", ["new", "in progress", "expected", "closed"]),
        ("closed", ["closed"]),
    ],
)
def test_pairs_are_chosen_by_status(asked, shown):
    rows = "| makeresults count=4 | streamstats count AS n | eval status=mvindex("
    rows += f'split("new,in progress,expected,closed", ","), n - 1), asked_status="{asked}"'
    (found,) = answers(f"{rows} | `t1029_only_status`")
    assert [row["status"] for row in found] == shown


ROW = f'| makeresults | eval src="{INSIDE}", dest="{OUTSIDE}", dest_ip=dest, risk_score=8'


@pytest.mark.parametrize(
    ("decision", "signal", "count"),
    [
        pytest.param("close", "A", 0, id="closed"),
        pytest.param("close", "C", 1, id="a-new-signal"),
        pytest.param("take", "A", 1, id="in-progress"),
    ],
)
def test_a_rule_s_filter_can_leave_closed_pairs_out(tmp_path, decision, signal, count):
    _, cases = answers(decided(decision), *listed("t1029_cases"))
    given = {"t1029_cases": written(tmp_path / "cases.csv", cases)}
    spl = f'{ROW} | `t1029_open_only("{signal}")`'
    (rows,) = answers(spl, now=NOW + DAY, lookups=given)
    assert len(rows) == count
    assert all(set(row) == {"_time", "src", "dest", "dest_ip", "risk_score"} for row in rows)


# ---- rows in the index that no run of the app stored

TRUE = finding("A", 8, NOW - 3600, reasons="true")


def forged(**fields):
    """The true finding again, indexed later, with other fields."""
    made = {**TRUE, "_indextime": TRUE["_indextime"] + 60, "risk_score": 1, **fields}
    return {name: value for name, value in made.items() if value is not None}


RAN = NOW - 3600
NOT_COUNTED = {
    "run-of-the-future": {"info_search_time": f"{NOW + DAY:.3f}", "sid": sid(NOW + DAY)},
    "newer-than-it-was-indexed": {"info_search_time": f"{RAN + 600:.3f}"},
    "without-a-sid": {"sid": None},
    "search-of-a-person": {"sid": "1767787200.17"},
    "search-of-another-app": {"sid": sid(RAN, "__search")},
    "sid-of-another-time": {"sid": sid(RAN - 30 * DAY)},
    "sid-of-a-later-time": {"sid": sid(RAN + 3600)},
    "words-after-a-sid": {"sid": f"x {sid(RAN)}"},
    "two-sids": {"sid": [sid(RAN), "x"]},
    "no-time-of-a-run": {"info_search_time": None},
    "indexed-long-after": {"_indextime": RAN + 30 * DAY},
    "no-number": {"risk_score": "zzz"},
    "risk-above-10": {"risk_score": 1e9},
    "negative-risk": {"risk_score": -1},
    "two-risks": {"risk_score": ["1", "10"]},
}


@pytest.mark.parametrize("fields", NOT_COUNTED.values(), ids=NOT_COUNTED)
def test_a_row_that_no_run_can_have_stored_does_not_count(fields):
    (rows,) = answers("| `t1029_stored_findings`", events=(forged(**{"risk_score": 9, **fields}),))
    assert rows == []


HIDES_NOTHING = {
    "lower-risk": {},
    "lower-risk-and-newer": {"info_search_time": f"{RAN + 60:.3f}", "sid": sid(RAN + 60)},
    "same-risk": {"risk_score": 8, "reasons": "forged"},
    "story": {"risk_score": 10, "story": "forged"},
    "group": {"risk_score": 10, "schedule_of": "name forged.example"},
    "allowed-name": {"risk_score": 10, "dest_name": "backup.example.com"},
    **NOT_COUNTED,
}


@pytest.mark.parametrize("fields", HIDES_NOTHING.values(), ids=HIDES_NOTHING)
def test_a_forged_row_hides_nothing(fields):
    allow = decided("expect", dest="backup.example.com")
    events = (forged(**fields), TRUE)
    _, pairs, findings = answers(allow, OVERVIEW, "| `t1029_findings`", events=events)
    (pair,) = (row for row in pairs if row["dest"] == OUTSIDE)
    assert (pair["status"], pair["reasons"]) == ("new", "true")
    assert pair["risk_score"] >= 8
    assert "true" in [row["reasons"] for row in findings]


def test_findings_of_a_version_without_a_sid_count_if_the_site_says_so():
    old = forged(sid=None)
    for since, count in (("0", 0), (f"{NOW:.0f}", 1)):
        (rows,) = answers("| `t1029_findings`", events=(old,), macros={"t1029_sid_since": since})
        assert len(rows) == count


@pytest.mark.parametrize("emulate", [(), ("collect-splits-multivalues",)])
def test_what_a_rule_stores_counts(emulate):
    name = "T1029 - Several Signals for One Sender - Rule"
    kinds = ("schedule", "list", "program")
    events = [
        finding(kind, 9, NOW - 86400 - 600 * n, signals_seen=kind) for n, kind in enumerate(kinds)
    ]
    outcome = run(
        searches=[(name, NOW)],
        spl=["| `t1029_findings`"],
        inputs=Inputs(events=tuple(events)),
        now=NOW,
        emulate=emulate,
    )
    stored, counted = outcome.results
    assert stored.rows
    assert name in {row["rule"] for row in counted.rows}
