"""Kinds of transfers: what an expected one holds down, what a confirmed one raises, and no more."""

import json

import pytest

from replay import Inputs, run
from tests.dashboard.hostile import VALUES
from tests.dashboard.views import substituted, views
from tests.spl.events import DAY, NEW_YEAR, SYNC, night, nights, sysmon, zeek
from tests.spl.findings import finding
from tests.spl.named_events import tls
from tests.spl.rules import DAILY
from tests.spl.searches import shipped, written

NOW = NEW_YEAR + 7 * DAY  # 2026-01-08T00:00:00Z
NAME = "agent.backup.example"
PORT = "443"
KIND = {
    "verdict": "expected",
    "destination": "backup.example",
    "dest_port": PORT,
    "process": SYNC,
    "largest": "50 MB",
    "daily": "100 MB",
    "reason": "backup of the branches",
    "expires": "2026-03-01",
}
WORDS = f"backup.example port 443 by {SYNC}: backup of the branches (kim) until 2026-03-01"
HELD = f"Held down from high: expected kind {WORDS}"
FOUND = {
    "dest_name": NAME,
    "dest_port": PORT,
    "process": SYNC,
    "largest_bytes": 40_000_000,
    "daily_bytes": 90_000_000,
    "severity": "high",
    "severity_reason": "Below critical: the age of the destination is unknown",
    "signals_seen": "schedule\nvolume",
}
READ = "| `t1029_findings`"
LIST = "| `t1029_list_kinds`"
KEPT = "| inputlookup t1029_transfer_kinds"


def added(**fields):
    """The search that a view's link opens to add a kind."""
    values = {**KIND, **fields}
    written = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
    )
    return f"| makeresults | eval {written} | `t1029_add_kind`"


def ended(destination="*.backup.example"):
    return (
        f'| inputlookup t1029_transfer_kinds | where destination="{destination}" | `t1029_end_kind`'
    )


def answers(*texts, events=(), now=NOW, user="kim", **settings):
    ran = run(spl=texts, inputs=Inputs(events=tuple(events)), now=now, user=user, **settings)
    return [result.rows for result in ran.results]


def stored(rule="A", risk=9.2, **fields):
    about = {name: value for name, value in {**FOUND, **fields}.items() if value is not None}
    return finding(rule, risk, NOW - 3600, **about)


def judged(*kinds, events=None, now=NOW, **fields):
    """Severity and reason of one stored finding beside entries that were added before."""
    *outcomes, (row,) = answers(*kinds, READ, events=events or [stored(**fields)], now=now)
    assert all(rows[0]["outcome"] == "written" for rows in outcomes)
    return row["severity"], row.get("severity_reason")


def test_an_expected_kind_holds_any_sender_down_and_removes_nothing():
    events = [stored(src="10.1.2.3"), stored(src="10.7.7.7")]
    _, rows = answers(added(), READ, events=events)
    assert {row["src"] for row in rows} == {"10.1.2.3", "10.7.7.7"}
    for row in rows:
        assert (row["severity"], row["full_severity"]) == ("low", "high")
        assert row["severity_reason"] == row["held_down"] == HELD
        assert row["risk_score"] == 9.2


def test_without_an_entry_nothing_is_held():
    assert judged() == ("high", FOUND["severity_reason"])


BEYOND = [
    pytest.param({"largest_bytes": 50_000_001}, id="a-larger-transfer"),
    pytest.param({"daily_bytes": 100_000_001}, id="more-a-day"),
    pytest.param({"largest_bytes": None, "daily_bytes": None}, id="bytes-unknown"),
    pytest.param({"dest_port": "8443"}, id="another-port"),
    pytest.param({"dest_port": "443\n8443"}, id="another-port-beside"),
    pytest.param({"dest_port": None}, id="port-unknown"),
    pytest.param({"process": "c:\\temp\\sync.exe"}, id="another-process"),
    pytest.param({"process": f"c:\\temp\\new.exe\n{SYNC}"}, id="another-process-beside"),
    pytest.param({"process": None}, id="process-unknown"),
    pytest.param({"dest_name": "backup.example.attacker.example"}, id="another-domain"),
    pytest.param({"dest_name": "evil-backup.example"}, id="a-domain-that-ends-alike"),
    pytest.param({"dest_name": f"{NAME}\nattacker.example"}, id="another-domain-beside"),
    pytest.param({"dest_name": None}, id="name-unknown"),
    pytest.param({"signals_seen": "schedule\nlist"}, id="listed"),
    pytest.param({"signals_seen": "schedule\ndevice"}, id="unknown-hardware"),
    pytest.param({"signals_seen": "schedule\njitter"}, id="pauses-that-vary-on-purpose"),
    pytest.param({"story": "several"}, id="a-sender-of-several-signals"),
]


@pytest.mark.parametrize("fields", BEYOND)
def test_what_exceeds_the_kind_is_not_held(fields):
    assert judged(added(), **fields)[0] == "high"


WITHIN = [
    pytest.param({"process": "*\\sync.exe"}, {}, id="process-by-its-name"),
    pytest.param({"process": " "}, {"process": f"a\n{SYNC}"}, id="any-process"),
    pytest.param({"dest_port": "*"}, {"dest_port": "1\n2"}, id="any-port"),
    pytest.param({"src": "10.1.*"}, {}, id="senders-by-pattern"),
    pytest.param({"expires": "never"}, {}, id="never-ends"),
    pytest.param({"destination": "203.0.113.9"}, {"dest_name": None}, id="address"),
    pytest.param(
        {"largest": "any", "daily": "any"},
        {"largest_bytes": None, "daily_bytes": None},
        id="any-size",
    ),
    pytest.param({"largest": "40000000", "daily": "0.09 GB"}, {}, id="amounts-in-other-units"),
]


@pytest.mark.parametrize(("entry", "fields"), WITHIN)
def test_what_is_within_the_kind_is_held(entry, fields):
    assert judged(added(**entry), **fields)[0] == "low"


def test_only_the_senders_of_the_entry_are_held():
    assert judged(added(src="10.7.*"))[0] == "high"


OWNER = {
    "t1029_dest_owner(1)": 'eval owner_found=if($address$="203.0.113.9", "Example Backup", null())'
}


def test_a_kind_may_name_the_owner_of_the_addresses():
    texts = added(destination="owner Example Backup"), READ
    events = [stored(dest_name=None), stored(dest_name=None, dest_ip="203.0.113.10")]
    _, rows = answers(*texts, events=events, macros=OWNER)
    assert {row["dest_ip"]: row["severity"] for row in rows} == {
        "203.0.113.9": "low",
        "203.0.113.10": "high",
    }


def test_an_entry_holds_through_its_last_day_and_no_longer():
    last = 1_772_323_200.0  # 2026-03-01T00:00:00Z
    assert judged(added(), now=NOW)[0] == "low"
    for moment, severity in ((last + DAY - 60, "low"), (last + DAY + 60, "high")):
        terms = f"expected 50000000 100000000 2026-03-01 {WORDS}"
        assert _of_table(moment, terms=terms) == severity


def _of_table(now, **cells):
    """The severity of a stored finding beside one entry as it stands in the collection."""
    entry = {"_key": "1", "destination": "*.backup.example", "src": "*", "dest_port": "*"}
    row = {**entry, "process": "*", "reason": "", "added_by": "", **cells}
    values = ", ".join(f"{name}={json.dumps(text)}" for name, text in row.items())
    write = f"| makeresults | eval {values} | fields - _time | outputlookup t1029_transfer_kinds"
    _, (found,) = answers(write, READ, events=[stored()], now=now)
    return found["severity"]


FINE = "expected any any never x: y"


def test_a_row_of_the_collection_is_read_as_it_was_written():
    assert _of_table(NOW, terms=FINE) == "low"


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"terms": ""}, id="no-terms"),
        pytest.param({"terms": "expected"}, id="terms-cut"),
        pytest.param({"terms": "expected   x: y"}, id="no-limits"),
        pytest.param({"terms": "expected any any soon x: y"}, id="no-date"),
        pytest.param({"terms": "expected any any 2026-13-99 x: y"}, id="a-date-that-is-none"),
        pytest.param({"terms": "expected -1 1e9 never x: y"}, id="no-number"),
        pytest.param({"terms": f" {FINE}"}, id="terms-moved"),
        pytest.param({"terms": FINE, "destination": ""}, id="no-destination"),
        pytest.param({"terms": FINE, "src": ""}, id="no-sender"),
        pytest.param({"terms": FINE, "dest_port": ""}, id="no-port"),
        pytest.param({"terms": FINE, "process": ""}, id="no-process"),
    ],
)
def test_a_broken_row_of_the_collection_holds_nothing(cells):
    assert _of_table(NOW, **cells) == "high"


def test_an_entry_that_was_ended_gives_the_severity_back():
    run_before = stored(severity="low", full_severity="high", severity_reason=HELD)
    assert judged(added(), events=[run_before])[0] == "low"
    assert judged(events=[run_before]) == ("high", None)
    *_, (outcome,), (row,), (entry,) = answers(added(), ended(), READ, LIST, events=[stored()])
    assert (outcome["outcome"], row["severity"]) == ("ended", "high")
    assert (entry["state"], entry["reason"]) == (
        "expired",
        "backup of the branches (ended 2026-01-08 by kim)",
    )


# ---- what the list shows


def test_the_list_shows_what_each_kind_held_down_by_whom_and_until_when():
    events = [stored("A"), stored("B"), stored("B", src="10.7.7.7"), stored("C", dest_port="1")]
    other = added(destination="other.example", process="*")
    *_, entries = answers(added(), other, LIST, events=events)
    assert [entry["findings"] for entry in entries] == [3, 0]
    assert entries[0] == {
        "state": "active",
        "verdict": "expected",
        "destination": "*.backup.example",
        "src": "*",
        "dest_port": "443",
        "process": SYNC,
        "largest": "50 MB",
        "daily": "100 MB",
        "findings": 3,
        "reason": "backup of the branches",
        "added_by": "kim",
        "expires": "2026-03-01",
    }


def test_adding_a_kind_again_replaces_it():
    *_, entries = answers(added(), added(largest="1 GB", reason="moved"), LIST)
    assert [(entry["largest"], entry["reason"]) for entry in entries] == [("1 GB", "moved")]


# ---- what is refused

BAD = [
    pytest.param({"destination": "*"}, "is not an address, network or name", id="every-name"),
    pytest.param({"destination": " "}, "Enter an address, network or name", id="nothing"),
    pytest.param({"destination": "co.uk"}, "stands for many owners", id="public-suffix"),
    pytest.param({"destination": "0.0.0.0/0"}, "is a network", id="every-address"),
    pytest.param({"destination": "203.0.113.0/24"}, "is a network", id="network"),
    pytest.param({"destination": "owner *"}, "enter the owner without *", id="every-owner"),
    pytest.param({"destination": "owner X", "process": "*"}, "many customers", id="all-of-one"),
    pytest.param({"dest_port": "4*"}, "4* is not a port, nor *", id="ports-by-pattern"),
    pytest.param({"process": "c:\\*"}, "* may not end it", id="open-end"),
    pytest.param({"process": "*sync.exe"}, "* may not end it, nor begin a name", id="open-name"),
    pytest.param({"process": "**"}, "* may not end it", id="two-stars"),
    pytest.param({"largest": " "}, "Enter the largest transfer", id="no-largest"),
    pytest.param({"daily": "much"}, "much is not an amount such as 50 MB", id="no-amount"),
    pytest.param({"daily": "-5 MB"}, "-5 mb is not an amount", id="negative"),
    pytest.param({"reason": " "}, "Enter a reason", id="no-reason"),
    pytest.param({"expires": "2026-01-07"}, "is in the past", id="past"),
    pytest.param({"verdict": "known"}, "must be expected or confirmed", id="verdict"),
    pytest.param({"verdict": " "}, "must be expected or confirmed, not empty", id="no-verdict"),
]


@pytest.mark.parametrize(("fields", "problem"), BAD)
def test_what_is_too_wide_or_unclear_is_named_and_not_written(fields, problem):
    (outcome,), entries = answers(added(**fields), KEPT)
    assert outcome["outcome"].startswith("not written: ")
    assert problem in outcome["outcome"]
    assert entries == []


# Whether comments are taken out of quotes too is not documented: replay does so.
HOSTILE = [value.replace("```", "") for value in VALUES.values()]


@pytest.mark.parametrize("field", sorted({*KIND} - {"reason"}))
def test_a_hostile_value_holds_no_other_transfer(field):
    texts = [added(**{field: value}) for value in HOSTILE]
    *_, (row,) = answers(*texts, READ, events=[stored(dest_name="another.example")])
    assert row["severity"] == "high"


def test_a_hostile_reason_is_kept_as_it_is():
    for value in HOSTILE:
        _, (row,) = answers(added(reason=value), READ, events=[stored()])
        assert (row["severity"], value.strip() in row["held_down"]) == ("low", True)


def test_who_adds_a_kind_is_the_user_that_splunk_names():
    _, (entry,) = answers(added(added_by="robin", who="robin"), KEPT)
    assert entry["added_by"] == "kim"


# ---- rows in the index that nobody may teach by

FORGED = {
    "held": {
        "held_down": "Held down from high: expected kind x",
        "kind": "expected any any never x",
    },
    "severity-of-another": {"severity": "low", "full_severity": "low"},
    "within": {"largest_bytes": 1, "daily_bytes": 1},
}


@pytest.mark.parametrize("fields", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("risk", [1, 9.2, 10])
def test_a_forged_row_teaches_nothing_and_hides_no_true_one(fields, risk):
    true = stored(largest_bytes=900_000_000, reasons="true")
    forged = {**stored(risk=risk, **fields), "_indextime": true["_indextime"] + 60}
    overview = (
        '| `t1029_all_findings` | eval asked_src="*", asked_dest="*", asked_rule="*", '
        'asked_severity="high" | `t1029_asked_findings` | `t1029_found_pairs`'
    )
    _, rows, pairs = answers(added(), READ, overview, events=[true, forged])
    assert [row["severity"] for row in rows if row.get("reasons") == "true"] == ["high"]
    assert len(pairs) == 1


# ---- pairs of the Overview

OVERVIEW = (
    '| `t1029_all_findings` | eval asked_src="*", asked_dest="*", asked_rule="*", '
    'asked_severity="low" | `t1029_asked_findings` | `t1029_found_pairs`'
)


@pytest.mark.parametrize(
    ("second", "severity", "held"),
    [
        pytest.param({}, "low", True, id="all-held"),
        pytest.param({"dest_port": "8443"}, "high", False, id="one-beyond"),
    ],
)
def test_a_pair_is_held_where_all_its_findings_are(second, severity, held):
    events = [stored("A", reasons="a"), stored("B", reasons="b", **second)]
    _, (pair,) = answers(added(), OVERVIEW, events=events)
    assert pair["_severity"] == severity
    assert (HELD in pair["reasons"]) == held


# ---- as a rule finds and stores it


@pytest.fixture
def daily(tmp_path):
    """Return a function from entries and events to what the daily rule finds."""

    def rows(*texts, events):
        inputs = written(events, tmp_path)
        ran = run(spl=[*texts, shipped(DAILY)], inputs=inputs, now=NOW, user="kim")
        return ran.results[-1].rows

    return rows


def backup(sent=30_000_000, process="C:\\Program Files\\Sync\\Sync.exe", port=443, **fields):
    """A week of nights: who sends (Sysmon), how much (Zeek), and to which name (its TLS log)."""
    where = {"id.resp_p": port, **fields}
    for day in range(7):
        yield zeek(night(day), sent, **where)
        yield tls(night(day), NAME, **where)
    yield from nights(7, sysmon, Image=process, DestinationPort=port)


def test_a_rule_stores_a_finding_of_an_expected_kind_as_held_down(daily):
    (row,) = daily(added(), events=backup())
    assert (row["severity"], row["full_severity"]) == ("low", "high")
    assert row["severity_reason"] == HELD
    assert (row["largest_bytes"], row["daily_bytes"]) == (30_000_000, 30_000_000)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"sent": 60_000_000}, id="more-bytes"),
        pytest.param({"process": "C:\\temp\\sync.exe"}, id="another-process"),
        pytest.param({"port": 8443}, id="another-port"),
    ],
)
def test_a_rule_holds_nothing_beyond_the_kind(daily, changed):
    (row,) = daily(added(), events=backup(**changed))
    assert row["severity"] == "high"


CONFIRMED = {"verdict": "confirmed", "largest": " ", "daily": " ", "reason": "ticket 4712"}


def test_what_is_of_a_confirmed_kind_is_raised_elsewhere_and_says_so(daily):
    (before,) = daily(events=backup(sent=200_000))
    (after,) = daily(added(**CONFIRMED), events=backup(sent=200_000))
    said = f"confirmed kind backup.example port 443 by {SYNC}: ticket 4712 (kim) until 2026-03-01"
    assert said in after["reasons"]
    assert after["risk_score"] > before["risk_score"]
    assert (before["severity"], after["severity"]) == ("medium", "critical")
    assert "list" in after["signals_seen"]


@pytest.mark.parametrize(
    "changed", [{"process": "C:\\temp\\sync.exe"}, {"port": 8443}], ids=["process", "port"]
)
def test_what_is_of_another_kind_is_not_raised(daily, changed):
    (before,) = daily(events=backup(sent=200_000, **changed))
    (after,) = daily(added(**CONFIRMED), events=backup(sent=200_000, **changed))
    assert after == {**before, "sid": after["sid"]}


def test_confirmed_goes_before_expected():
    wide = added(process="*", reason="all agents")
    assert judged(wide, added(**CONFIRMED))[0] == "high"


# ---- the kind that Investigate proposes for a pair

PAIR = {
    "dest_domain": "backup.example",
    "dest_ip": "203.0.113.9",
    "dest_port": PORT,
    "process": SYNC,
    "largest_bytes": 31_400_000,
    "daily_bytes": 90_000_000,
}


def proposed(**fields):
    values = {name: value for name, value in {**PAIR, **fields}.items() if value is not None}
    written = ", ".join(
        f'{name}=split("{"|".join(value)}", "|")'
        if isinstance(value, tuple)
        else f"{name}={json.dumps(value)}"
        for name, value in values.items()
    )
    missing = "".join(f", {name}=null()" for name in {*PAIR} - {*values})
    return answers(f"| makeresults | eval {written}{missing} | `t1029_kind_of_pair`")[0]


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        pytest.param({}, {}, id="all-known"),
        pytest.param({"dest_domain": None}, {"destination": "203.0.113.9"}, id="no-name"),
        pytest.param({"dest_port": ("80", "443")}, {"port": "*"}, id="two-ports"),
        pytest.param({"process": None}, {"process": "*"}, id="no-process"),
        pytest.param({"largest_bytes": None}, {"a transfer": "any"}, id="no-bytes"),
        pytest.param({"largest_bytes": 10_000_000}, {"a transfer": "10 MB"}, id="a-class-itself"),
        pytest.param({"largest_bytes": 10_000_001}, {"a transfer": "20 MB"}, id="above-a-class"),
        pytest.param({"largest_bytes": 7}, {"a transfer": "10 B"}, id="a-few-bytes"),
    ],
)
def test_a_pair_has_a_kind(fields, changed):
    whole = {
        "destination": "backup.example",
        "port": PORT,
        "process": SYNC,
        "a transfer": "50 MB",
        "a day": "100 MB",
    }
    assert proposed(**fields) == [{**whole, **changed}]


def test_a_pair_without_one_destination_has_no_kind():
    several = ("203.0.113.9", "203.0.113.10")
    assert proposed(dest_domain=None, dest_ip=several) == []


@pytest.mark.parametrize(
    ("panel", "verdict", "status"),
    [("viz_kind_expected", "expected", "closed"), ("viz_kind_confirmed", "confirmed", "confirmed")],
)
def test_a_click_decides_the_pair_and_adds_its_kind(panel, verdict, status):
    (view,) = (one for one in views() if one.name == "t1029_investigate")
    (click,) = view.definition["visualizations"][panel]["eventHandlers"]
    (row,) = proposed()
    tokens = {f"row.{name}.value": str(value) for name, value in row.items()}
    typed = {"src": "10.1.2.3", "dest": "203.0.113.9", "reason": "ticket 4711", "expires": "+90d"}
    search = substituted(click["options"]["query"], {**tokens, **typed})
    outcomes, (case,), (entry,) = answers(search, "| inputlookup t1029_cases", LIST)
    assert [one["outcome"] for one in outcomes] == ["written", "written"]
    assert (case["status"], case["owner"]) == (status, "kim")
    kept = {name: entry[name] for name in ("verdict", "destination", "dest_port", "added_by")}
    assert kept == {
        "verdict": verdict,
        "destination": "*.backup.example",
        "dest_port": PORT,
        "added_by": "kim",
    }
