"""The findings in README.md are written by a command, and each part has its place there."""

import re

import pytest

from office import readme, verdicts
from office.ground_truth import Truth
from office.scenarios import SCENARIOS

TEXT = readme.PAGE.read_text(encoding="utf-8")
PLACES = [readme.SENDERS, readme.TABLE, readme.CRITICAL, readme.PRINTED]


def found(name, word):
    """A finding about a scenario, planted or not, by a rule with a word in its name."""
    planted = name in {scenario.name for scenario in SCENARIOS}
    rule = f"T1029 - {word} - Rule"
    truth = Truth("10.20.1.13", "203.0.113.9", "443", name, "", rule if planted else "")
    row = {
        "src": truth.src,
        "dest_ip": truth.dst,
        "risk_score": "9.4",
        "severity": "critical" if planted else "high",
        "total_bytes": "2100000000",
        "reasons": ["a", "b", "c", "d"],
    }
    return verdicts.Finding(rule, row, (truth,))


@pytest.fixture(scope="module")
def page(written):
    findings = [found(*example) for example in readme.EXAMPLES.items()]
    return readme.updated(written[1], findings, [finding.rule for finding in findings])


@pytest.mark.parametrize("place", PLACES, ids=["senders", "table", "critical", "printed"])
def test_part_has_one_place(place):
    assert len(place.findall(TEXT)) == 1


def test_table_shows_each_example_with_its_first_reasons(page):
    told = readme.TABLE.search(page)[0].splitlines()[2:]
    assert [line.split(" | ")[2] for line in told] == [
        *("new cron job", "every 8 hours", "nightly exfiltration", "nothing: large-uploads"),
    ]
    assert {line.rpartition(" | ")[2] for line in told} == {"a; b |"}


def test_severities_are_counted(page):
    assert "\n3 of the 4 findings are critical, all of them planted." in page


def test_page_shows_what_the_demo_prints(page):
    lines = readme.PRINTED.search(page)[0].splitlines()
    assert lines[0].startswith("    A simulated office: ")
    assert any("no finding" in line or re.search(r" 9\.4 critical ", line) for line in lines)
    assert max(map(len, lines)) <= readme.PIPED_WIDTH + 4


def test_nothing_else_of_the_page_changes(page):
    def rest(text):
        for place in PLACES:
            text = place.sub("", text)
        return text

    assert rest(page) == rest(TEXT)
