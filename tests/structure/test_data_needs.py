"""What each rule needs to see is listed, in words that the searches of data health understand."""

import csv
import re

import pytest

from tests.structure.app_files import ROOT, conf, macro_calls, rules, with_called_macros

PATH = ROOT / "lookups" / conf("transforms")["t1029_data_needs"]["filename"]
NEEDS = list(csv.DictReader(PATH.read_text(encoding="utf-8").splitlines()))
SOURCES = conf("macros")["t1029_source_events"]["definition"]
COUNTED = conf("macros")["t1029_health_needs"]["definition"]
EACH_NEED = pytest.mark.parametrize(
    "need", [pytest.param(need, id=f"line-{line}") for line, need in enumerate(NEEDS, 2)]
)
# The kind of log that a macro of the data scope stands for.
KINDS = dict(re.findall(r'`(t1029_\w+)`[^\]]*?kind="([^"]+)"', SOURCES))


@pytest.mark.parametrize("rule", rules())
def test_a_rule_says_what_it_cannot_do_without(rule):
    assert [need for need in NEEDS if need["search"] == rule and need["need"] == "must"]


@EACH_NEED
def test_a_need_is_of_a_search_of_the_app(need):
    assert need["search"] in conf("savedsearches")


@EACH_NEED
def test_a_need_is_of_a_kind_of_log_that_is_counted(need):
    assert need["kind"] in KINDS.values()


@EACH_NEED
def test_a_need_is_of_a_field_that_is_counted(need):
    assert f'"{need["field"]}="' in COUNTED


@EACH_NEED
def test_a_need_says_how_much_is_enough_and_what_to_onboard(need):
    assert 0 <= int(need["least"]) <= 100
    assert need["need"] in ("must", "better")
    assert len(need["onboard"]) > 10


def read_by(rule):
    """The kinds of log that a rule's search, with the macros that it calls, reads."""
    reached = {
        name for text in with_called_macros(rules()[rule]["search"]) for name in macro_calls(text)
    }
    return {kind for name, kind in KINDS.items() if name in reached}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_needs_nothing_that_it_does_not_read(rule):
    needed = {need["kind"] for need in NEEDS if need["search"] == rule and need["kind"] != "DHCP"}
    assert needed - read_by(rule) == set()


@pytest.mark.parametrize("rule", rules())
def test_a_rule_tells_of_every_kind_of_log_that_it_reads(rule):
    told = {need["kind"] for need in NEEDS if need["search"] == rule}
    assert read_by(rule) - told == set()
