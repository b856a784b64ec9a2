"""The lists by name: what an entry matches, by the shipped macros and by SQL."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.spl.case import Site
from tests.spl.events import DAY, NEW_YEAR
from tests.spl.findings import finding
from tests.spl.lists import Lists
from tests.spl.oracle import Oracle
from tests.spl.rules import SIGNALS
from tests.spl.searches import rows_of

# 2026-01-08T00:00:00Z, and the days around it.
NOW = NEW_YEAR + 7 * DAY
TODAY, YESTERDAY = "2026-01-08", "2026-01-07"

FOUND = """sourcetype=row
| `t1029_listed(dest_ip, dest_name)`
| `t1029_find_allowed`
| `t1029_find_allowed_name`
| table row, listed, allowed, allowed_name"""
LEFT = "sourcetype=row | `t1029_allowed_name` | table row"


def allow(name: str, **fields: str) -> dict:
    anything = {"src": "*", "dest_port": "*", "process": "*", "reason": "backup"}
    return {"name": name, **anything, **fields}


def events(rows) -> list[dict]:
    return [
        {"_time": NEW_YEAR, "sourcetype": "row", "row": str(place), **row}
        for place, row in enumerate(rows)
    ]


@pytest.fixture
def found(tmp_path):
    """Return a function from a row and lists to the row with listed, allowed and allowed_name."""

    def one(row: dict, **lists) -> dict:
        given = Lists(**lists)
        return rows_of(events([row]), folder=tmp_path, lists=given, spl=[FOUND], now=NOW)[0][0]

    return one


NAME = {"src": "10.1.2.3", "dest_name": "eu.backup-7.example.com", "dest_port": "443"}
MATCHING = [
    pytest.param("*.eu.backup-7.example.com", True, id="the-name"),
    pytest.param("*.example.com", True, id="a-name-above"),
    pytest.param("*.backup-*.example.com", True, id="pattern"),
    pytest.param("*.us.backup-7.example.com", False, id="a-name-beside"),
    pytest.param("*.a.eu.backup-7.example.com", False, id="a-name-below"),
    pytest.param("*.ple.com", False, id="part-of-a-label"),
    pytest.param("*.example.org", False, id="another-name"),
]


@pytest.mark.parametrize(("entry", "matches"), MATCHING)
def test_an_entry_matches_its_name_and_those_below(found, entry, matches):
    row = found(NAME, allow_names=[allow(entry)], site_suspicious_domains=[{"domain": entry}])
    expected = entry[2:] if matches else None
    said = [row.get(field) for field in ("listed", "allowed", "allowed_name")]
    assert said == [expected] * 3


def test_a_name_is_compared_in_lower_case(found):
    row = {**NAME, "dest_name": "EU.Backup-7.Example.com"}
    assert found(row, allow_names=[allow("*.example.com")])["allowed"] == "example.com"


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        pytest.param({"src": "10.1.*"}, "example.com", id="sender"),
        pytest.param({"src": "10.1.2.4"}, None, id="another-sender"),
        pytest.param({"dest_port": "443"}, "example.com", id="port"),
        pytest.param({"dest_port": "44"}, None, id="another-port"),
        pytest.param({"process": "*sync.exe"}, None, id="process-where-none-is-known"),
        pytest.param({"expires": TODAY}, "example.com", id="good-through-today"),
        pytest.param({"expires": YESTERDAY}, None, id="expired-yesterday"),
        pytest.param({"expires": "soon"}, None, id="date-that-cannot-be-read"),
    ],
)
def test_an_entry_asks_for_all_that_it_names(found, fields, allowed):
    row = found(NAME, allow_names=[allow("*.example.com", **fields)])
    assert (row.get("allowed"), row.get("allowed_name")) == (allowed, allowed)


def test_an_expired_suspicious_name_does_not_match(found):
    entries = [{"domain": "*.example.com", "expires": YESTERDAY}]
    assert found(NAME, site_suspicious_domains=entries).get("listed") is None


def test_the_list_of_the_site_goes_before_the_shipped_one(found):
    own, shipped = [{"domain": "*.com"}], [{"domain": "*.example.com"}]
    row = found(NAME, site_suspicious_domains=own, shipped_domains=shipped)
    assert row["listed"] == "com"


def test_of_several_names_none_is_looked_up(found):
    row = {**NAME, "dest_name": ["a.example.com", "b.example.com"]}
    assert found(row, allow_names=[allow("*.example.com")]).get("allowed") is None


ADDRESS = {"src": "10.1.2.3", "dest_ip": "203.0.113.9", "dest_port": "443"}
OLD_ENTRY = {"network": "203.0.113.0/24", "src": "*", "dest_port": "*", "process": "*"}


@pytest.mark.parametrize("name", [{}, {"dest_name": "a.example.com"}], ids=["no-name", "name"])
def test_an_entry_by_network_matches_as_before(found, name):
    assert found({**ADDRESS, **name}, allow_list=[OLD_ENTRY])["allowed"] == "203.0.113.0/24"


def test_a_named_entry_clears_what_was_found_before(tmp_path):
    findings = [
        {**finding(rule, 9, NOW - DAY, signals_seen=seen), "dest_name": "a.example.com"}
        for rule, seen in (
            ("Fixed Interval Connections", "schedule\nlist"),
            ("Same Time of Day on Several Days", "schedule"),
        )
    ]

    def left(*entries: dict) -> list:
        lists = Lists(allow_names=entries)
        return rows_of(findings, SIGNALS.search, folder=tmp_path, lists=lists, now=NOW)[0]

    assert (len(left()), left(allow("*.example.com"))) == (1, [])


# ---- drawn, against SQL

NAMES = st.sampled_from(
    ("example.com", "a.example.com", "b.a.example.com", "ba.example.com", "EXAMPLE.com")
    + ("backup-7.example.com", "x.backup-8.example.com", "example.org", "com", None)
)
DATES = st.sampled_from((None, TODAY, YESTERDAY, "2027-01-01", "soon"))
ENTRY_NAMES = st.sampled_from(
    (
        "*.example.com",
        "*.a.example.com",
        "*.backup-*.example.com",
        "*.example.org",
        "*.*.a.example.com",
    )
)
ROWS = st.fixed_dictionaries(
    {
        "src": st.sampled_from(("10.1.2.3", "10.1.2.4")),
        "dest_name": NAMES,
        "dest_port": st.sampled_from(("443", "8443", None)),
        "process": st.sampled_from((None, "C:\\Sync\\Sync.exe")),
    }
)
ALLOWED = st.fixed_dictionaries(
    {
        "name": ENTRY_NAMES,
        "src": st.sampled_from(("*", "10.1.2.3", "10.1.*")),
        "dest_port": st.sampled_from(("*", "443", "*443")),
        "process": st.sampled_from(("*", "*sync.exe")),
        "expires": DATES,
    }
)
SUSPICIOUS = st.fixed_dictionaries(
    {"domain": ENTRY_NAMES, "expires": st.sampled_from((None, TODAY, YESTERDAY))}
)


@settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=12),
    allowed=st.lists(ALLOWED, max_size=4),
    own=st.lists(SUSPICIOUS, max_size=2),
    shipped=st.lists(SUSPICIOUS, max_size=2),
)
def test_drawn_names_and_entries_match_as_in_sql(rows, allowed, own, shipped):
    lists = Lists(allow_names=allowed, site_suspicious_domains=own, shipped_domains=shipped)
    with tempfile.TemporaryDirectory() as folder:
        logged = [{name: value for name, value in row.items() if value} for row in rows]
        by_spl, kept = rows_of(
            events(logged), folder=Path(folder), lists=lists, spl=[FOUND, LEFT], now=NOW
        )
    found = {
        int(row["row"]): (row.get("listed") is not None, row.get("allowed") is not None)
        for row in by_spl
    }
    oracle = Oracle(site=Site(NOW, lists))
    question = "SELECT name_listed($1) AS listed, name_allowed($1, $2, $3, $4) AS allowed"
    fields = ("dest_name", "src", "dest_port", "process")
    expected = {}
    for place, row in enumerate(rows):
        (answer,) = oracle.fetch(question, [row[field] for field in fields])
        expected[place] = answer["listed"], answer["allowed"]
    assert found == expected
    assert {int(row["row"]) for row in kept} == {
        place for place, (_, gone) in expected.items() if not gone
    }
