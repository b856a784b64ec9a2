"""What people add to the lists: written where it is right, refused in words where it is not."""

import pytest

from replay import run

# 2026-01-07T12:00:00Z
NOW = 1767787200.0
TODAY = "2026-01-07"

LISTS = {
    "suspicious": "t1029_site_suspicious_ip_list",
    "allowed": "t1029_allow_list",
    "block_candidate": "t1029_block_candidates",
}
RIGHT = {
    "suspicious": {"ip": "203.0.113.9", "description": "case 12"},
    "allowed": {"network": "203.0.113.9", "reason": "backup"},
    "block_candidate": {"dest_ip": "203.0.113.9", "reason": "case 12"},
}


def typed(kind, fields):
    """The search that a view's link opens."""
    values = ", ".join(f'{name}="{value}"' for name, value in fields.items())
    return f"| makeresults | eval {values} | `t1029_add_{kind}`"


def edited(kind, *entries):
    """The outcomes of entries typed one after another, and the list after them."""
    texts = [typed(kind, fields) for fields in entries]
    results = run(spl=[*texts, f"| inputlookup {LISTS[kind]}"], now=NOW).results
    return [result.rows[0]["outcome"] for result in results[:-1]], results[-1].rows


@pytest.mark.parametrize("kind", RIGHT)
def test_what_is_right_is_written(kind):
    outcomes, entries = edited(kind, RIGHT[kind])
    assert (outcomes, len(entries)) == (["written"], 1)


@pytest.mark.parametrize("kind", RIGHT)
def test_adding_again_replaces(kind):
    why = "description" if kind == "suspicious" else "reason"
    _, entries = edited(kind, RIGHT[kind], {**RIGHT[kind], why: "case 13"})
    assert [entry[why] for entry in entries] == ["case 13"]


@pytest.mark.parametrize("kind", RIGHT)
def test_adding_leaves_other_entries(kind):
    (place, *_) = RIGHT[kind]
    _, entries = edited(kind, RIGHT[kind], {**RIGHT[kind], place: "198.51.100.7"})
    assert len(entries) == 2


BAD_PLACES = [
    pytest.param("203.0.113.999", "203.0.113.999 is no address", id="number-above-255"),
    pytest.param("203.0.113.0/33", "203.0.113.0/33 is no address", id="prefix-above-32"),
    pytest.param("2001:db8::/129", "2001:db8::/129 is no address", id="prefix-above-128"),
    pytest.param("203.0.113.0/", "203.0.113.0/ is no address", id="prefix-left-out"),
    pytest.param("203.0.113.0/24/8", "203.0.113.0/24/8 is no address", id="two-prefixes"),
    pytest.param("evil.example", "evil.example is no address", id="name-of-a-host"),
    pytest.param("*", "* is no address", id="pattern"),
    pytest.param(" ", "an address or a network is missing", id="nothing"),
]
BAD_DATES = [
    pytest.param("next week", "expires: next week is no date", id="words"),
    pytest.param("31.01.2027", "expires: 31.01.2027 is no date", id="another-order"),
    pytest.param("2027-13-01", "expires: 2027-13-01 is no date", id="month-13"),
    pytest.param("+90", "expires: +90 is no date", id="time-without-unit"),
    pytest.param("2026-01-06", "expires: 2026-01-06 is past", id="yesterday"),
]


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.parametrize(("place", "problem"), BAD_PLACES)
def test_what_is_no_network_is_named_and_not_written(kind, place, problem):
    (field, *_) = RIGHT[kind]
    outcomes, entries = edited(kind, {**RIGHT[kind], field: place})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.parametrize(("expires", "problem"), BAD_DATES)
def test_what_is_no_coming_date_is_named_and_not_written(kind, expires, problem):
    outcomes, entries = edited(kind, {**RIGHT[kind], "expires": expires})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


@pytest.mark.parametrize("kind", RIGHT)
def test_an_entry_without_a_reason_is_not_written(kind):
    why = "description" if kind == "suspicious" else "reason"
    outcomes, entries = edited(kind, {**RIGHT[kind], why: " "})
    assert outcomes[0].startswith("not written: the reason is missing")
    assert entries == []


def test_every_problem_is_told_at_once():
    ((outcome,), _) = edited("allowed", {"network": "here", "reason": "", "expires": "soon"})
    assert outcome.count(";") == 2


@pytest.mark.parametrize(
    ("expires", "stored"),
    [
        pytest.param("2026-01-07", "2026-01-07", id="today"),
        pytest.param(" 2027-01-31 ", "2027-01-31", id="spaces-around-it"),
        pytest.param("+90d", "2026-04-07", id="days-from-now"),
        pytest.param("+6mon", "2026-07-07", id="months-from-now"),
        pytest.param("+1y", "2027-01-07", id="a-year-from-now"),
        pytest.param("", None, id="for-ever"),
    ],
)
def test_expires_is_stored_as_a_date(expires, stored):
    _, (entry,) = edited("allowed", {**RIGHT["allowed"], "expires": expires})
    assert entry.get("expires") == stored


@pytest.mark.parametrize(
    ("place", "stored"),
    [
        pytest.param("203.0.113.9", "203.0.113.9/32", id="address"),
        pytest.param(" 203.0.113.0/24 ", "203.0.113.0/24", id="network"),
        pytest.param("2001:DB8:0:0:0:0:0:9", "2001:db8::9/128", id="address-version-6"),
        pytest.param("2001:DB8::/32", "2001:db8::/32", id="network-version-6"),
    ],
)
def test_a_network_is_stored_in_one_spelling(place, stored):
    _, (entry,) = edited("suspicious", {**RIGHT["suspicious"], "ip": place})
    assert entry["ip"] == stored


def test_an_entry_that_would_clear_everything_is_not_written():
    outcomes, entries = edited("allowed", {"network": "0.0.0.0/0", "reason": "quiet"})
    assert "would clear every finding" in outcomes[0]
    assert entries == []


def test_any_destination_of_one_sender_may_be_allowed():
    _, (entry,) = edited(
        "allowed", {"network": "0.0.0.0/0", "src": "10.1.2.3", "reason": "scanner"}
    )
    assert entry["src"] == "10.1.2.3"


def test_a_process_is_stored_in_lower_case():
    _, (entry,) = edited("allowed", {**RIGHT["allowed"], "process": "*/Sync.exe"})
    assert entry["process"] == "*/sync.exe"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        pytest.param("10.1.2.3", "10.1.2.3 is inside", id="inside"),
        pytest.param("203.0.113.0/24", "203.0.113.0/24 is a network", id="network"),
    ],
)
def test_what_must_not_be_blocked_is_no_candidate(address, problem):
    outcomes, entries = edited("block_candidate", {"dest_ip": address, "reason": "case 12"})
    assert outcomes[0].startswith(f"not written: {problem}")
    assert entries == []


def test_what_a_person_has_decided_stays(tmp_path):
    decided = tmp_path / "candidates.csv"
    decided.write_text("dest_ip,state,decided_by\n203.0.113.9,rejected,kim\n", encoding="utf-8")
    (result,) = run(
        spl=[typed("block_candidate", RIGHT["block_candidate"])],
        now=NOW,
        lookups={"t1029_block_candidates": decided},
    ).results
    assert result.rows[0]["outcome"] == "not written: 203.0.113.9 is rejected already, by kim"


def test_several_entries_are_told_apart():
    rows = '| makeresults count=2 | streamstats count AS n | eval reason="r"'
    one_bad = rows + ', network=if(n=1, "203.0.113.9", "here") | `t1029_add_allowed`'
    added, kept = run(spl=[one_bad, "| inputlookup t1029_allow_list"], now=NOW).results
    assert [row["outcome"] == "written" for row in added.rows] == [True, False]
    assert len(kept.rows) == 1
