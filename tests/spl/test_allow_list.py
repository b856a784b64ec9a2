"""The allow-list: what an entry takes out of a rule's rows, and what it must leave in."""

from typing import NamedTuple, Optional

import pytest

from detections.file_traversal_followed_by_transfer.cases import sweeps
from detections.non_standard_port_or_unexpected_encryption.cases import spoken
from detections.process_that_normally_does_not_use_the_network.cases import calls
from detections.unknown_hardware_sending_data.cases import sent_from
from tests.spl.case import Site
from tests.spl.events import DAY, MAC, NEW_YEAR, night, nights, sysmon, zeek
from tests.spl.findings import finding
from tests.spl.lists import NOTHING, Lists, devices, programs
from tests.spl.rules import (
    DAILY,
    DEVICE,
    HIGH_VOLUME,
    INTERVAL,
    PROCESS,
    RECURRING,
    ROTATION,
    SERVICE,
    SIGNALS,
    TRAVERSAL,
    Rule,
)
from tests.spl.searches import over, rows_of

# 2026-01-08T00:00:00Z, and the days around it.
NOW = NEW_YEAR + 7 * DAY
TODAY, YESTERDAY, TOMORROW = "2026-01-08", "2026-01-07", "2026-01-09"

EVERYTHING = {
    "network": "203.0.113.0/24",
    "src": "*",
    "dest_port": "*",
    "process": "*",
    "reason": "backup",
}


def entry(**fields: Optional[str]) -> dict:
    """Return an entry that takes out all to the outside network, but for these fields."""
    return {name: value for name, value in {**EVERYTHING, **fields}.items() if value is not None}


class Case(NamedTuple):
    """Entries, and whether they take the pair out."""

    name: str
    entries: tuple[dict, ...]
    gone: bool


CASES = [
    Case("no-entry", (), False),
    Case("network", (entry(),), True),
    Case("address-as-a-network-of-one", (entry(network="203.0.113.9/32"),), True),
    Case("bare-address", (entry(network="203.0.113.9"),), True),
    Case("neighbouring-address", (entry(network="203.0.113.8/32"),), False),
    Case("neighbouring-network", (entry(network="198.51.100.0/24"),), False),
    Case("every-network", (entry(network="0.0.0.0/0"),), True),
    Case("network-of-the-other-version", (entry(network="::/0"),), False),
    Case("sender", (entry(src="10.1.2.3"),), True),
    Case("senders-by-pattern", (entry(src="10.1.*"),), True),
    Case("another-sender", (entry(src="10.1.2.4"),), False),
    Case("sender-that-begins-alike", (entry(src="10.1.2.33"),), False),
    Case("port", (entry(dest_port="443"),), True),
    Case("another-port", (entry(dest_port="44"),), False),
    Case("any-process", (entry(process="*"),), True),
    Case("a-process-where-none-is-known", (entry(process="*sync.exe"),), False),
    Case("no-reason", (entry(reason=None),), True),
    Case("good-through-today", (entry(expires=TODAY),), True),
    Case("good-through-tomorrow", (entry(expires=TOMORROW),), True),
    Case("expired-yesterday", (entry(expires=YESTERDAY),), False),
    Case("date-that-cannot-be-read", (entry(expires="next week"),), False),
    Case("date-of-another-order", (entry(expires="07.01.2026"),), False),
    Case(
        "one-expired-one-good",
        (entry(expires=YESTERDAY), entry(network="203.0.113.9/32", reason="sync")),
        True,
    ),
    Case(
        "two-expired",
        (entry(expires=YESTERDAY), entry(expires="2025-01-01", reason="sync")),
        False,
    ),
    Case(
        "one-expired-without-reason-one-good",
        (entry(expires=YESTERDAY, reason=None), entry(reason="sync")),
        True,
    ),
    Case(
        "two-that-each-match-in-part",
        (entry(src="10.9.9.9"), entry(network="198.51.100.0/24")),
        False,
    ),
]


@pytest.fixture
def left(tmp_path):
    """Return a function from a rule, events and entries to the number of rows left."""

    def count(rule: Rule, events: list, *entries: dict, lists: Lists = NOTHING) -> int:
        site = Site(NOW, lists._replace(allow_list=entries))
        return len(over(rule, events, site, tmp_path).opened)

    return count


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_an_entry_takes_out_what_it_names(left, case):
    assert left(DAILY, nights(7), *case.entries) == (0 if case.gone else 1)


SYNC = "C:\\Program Files\\Sync\\Sync.exe"


@pytest.mark.parametrize(
    ("pattern", "gone"),
    [
        pytest.param(SYNC.lower(), True, id="whole-path"),
        pytest.param("*\\sync.exe", True, id="name"),
        pytest.param("*\\sync", False, id="part-of-the-name"),
        pytest.param("*\\other.exe", False, id="another"),
        pytest.param("*\\Sync.exe", False, id="not-in-lower-case"),
    ],
)
def test_an_entry_names_a_process(left, pattern, gone):
    assert left(DAILY, nights(7, sysmon), entry(process=pattern)) == (0 if gone else 1)


WHOLE_WEEK = [
    pytest.param(
        INTERVAL, [zeek(NOW - 7200 + 240 * n, 1) for n in range(20)], NOTHING, id="interval"
    ),
    pytest.param(DAILY, nights(7), NOTHING, id="time-of-day"),
    pytest.param(
        ROTATION,
        [zeek(night(day), 1, **{"id.resp_h": f"203.0.113.{day % 3}"}) for day in range(7)],
        NOTHING,
        id="changing-destinations",
    ),
    pytest.param(PROCESS, calls(5), programs(), id="process"),
    pytest.param(TRAVERSAL, sweeps(4), NOTHING, id="file-traversal"),
    pytest.param(SERVICE, spoken(3, "ssh", 4444), NOTHING, id="port-and-encryption"),
    pytest.param(DEVICE, sent_from(MAC), devices(), id="hardware"),
]


@pytest.mark.parametrize(("rule", "events", "lists"), WHOLE_WEEK)
def test_every_rule_applies_the_list(left, rule, events, lists):
    assert left(rule, events, lists=lists) > 0
    assert left(rule, events, entry(), lists=lists) == 0


@pytest.mark.parametrize(
    "rule", [pytest.param(HIGH_VOLUME, id="high-volume"), pytest.param(RECURRING, id="recurring")]
)
@pytest.mark.parametrize(("entries", "rows"), [((), 1), ((entry(),), 0)], ids=["none", "one"])
def test_the_published_rules_apply_the_list(left, rule, entries, rows):
    events = [zeek(night(day, 60 * n), 150_000_000) for day in range(6) for n in range(4)]
    assert left(rule, events, *entries) == rows


def test_an_entry_for_one_of_two_ports_leaves_the_pair(left):
    events = nights(7) + [zeek(night(day, 900), 1, **{"id.resp_p": 4444}) for day in range(7)]
    assert left(DAILY, events, entry(dest_port="443")) == 1


def test_one_entry_names_a_process_in_every_rule(left):
    as_logged = left(DAILY, nights(7, sysmon), entry(process="*\\sync.exe"))
    events = [{**event, "Image": SYNC} for event in calls(5)]
    assert as_logged == left(PROCESS, events, entry(process="*\\sync.exe"), lists=programs()) == 0


def test_an_entry_clears_what_was_found_before(tmp_path):
    findings = [
        finding("Fixed Interval Connections", 9, NOW - DAY, signals_seen="schedule\nlist"),
        finding("Same Time of Day on Several Days", 9, NOW - DAY, signals_seen="schedule"),
    ]

    def found(*entries: dict) -> list:
        lists = Lists(allow_list=entries)
        return rows_of(findings, SIGNALS.search, folder=tmp_path, lists=lists, now=NOW)[0]

    assert len(found()) == 1
    assert found(entry()) == []
