"""The page of what people receive follows from the shipped settings, whatever a finding holds."""

import json
import re
from email.header import Header
from email.message import EmailMessage

import pytest

from office import received
from replay.conf import read_conf
from tests.dashboard.hostile import VALUES

PAGE = received.PAGE.read_text(encoding="utf-8")
POSTED = re.findall(r"^Webhook:\n\n((?:    .*\n)+)", PAGE, re.M)
SETTINGS = read_conf(received.REPOSITORY, "savedsearches")
RULES = [name for name in SETTINGS if name.endswith(" - Rule")]
EACH_RULE = pytest.mark.parametrize("rule", RULES)
EACH_VALUE = pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)


def shown():
    """The findings that the page shows, read from its webhooks."""
    return {
        posted["search_name"]: {name: text.split("\n") for name, text in posted["result"].items()}
        for posted in map(json.loads, POSTED)
    }


def test_page_is_what_the_settings_make_of_its_findings():
    assert received.page(shown()) == PAGE


def test_page_shows_a_finding_of_every_rule():
    assert list(shown()) == RULES


@pytest.mark.parametrize("field", ["summary", "severity", "link", "src", "reasons"])
def test_every_finding_of_the_page_has_it(field):
    assert [rule for rule, values in shown().items() if not values.get(field)] == []


def spoilt(rule, value):
    """A finding of a rule whose every field holds a value."""
    texts = "".join(SETTINGS[rule].values())
    return {name: [value] for name in re.findall(r"\w+", texts)}


@EACH_VALUE
@EACH_RULE
def test_subject_is_one_header_and_fills_nothing_twice(rule, value):
    subject = received.mail_of(SETTINGS[rule], spoilt(rule, value)).subject
    assert subject == f"[{value}] {value}"
    message = EmailMessage()
    message["Subject"] = Header(subject, "utf-8").encode(linesep="")
    assert message["Subject"] == subject


@EACH_VALUE
@EACH_RULE
def test_values_of_enterprise_security_are_text(rule, value):
    lines = received.in_security(SETTINGS[rule], spoilt(rule, value))
    title = "Title: " if lines[0] == "Finding" else "Message: "
    assert lines[1] == f"{title}{received.short_name(rule)}: {value}"


@EACH_VALUE
@EACH_RULE
def test_no_value_leaves_the_blocks_of_the_page(rule, value):
    written = received.page({rule: spoilt(rule, value)}).partition(
        f"## {received.short_name(rule)}\n"
    )[2]
    outside = [line for line in written.splitlines() if line and not line.startswith("    ")]
    assert outside == [
        *("Mail:", "Its table, here a column on a line:"),
        *("Enterprise Security:", "Webhook:"),
    ]
