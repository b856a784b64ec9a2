"""What each rule needs to see is what it reads, in words that Data health counts."""

import re

import pytest

from compose.sources import detections, fields
from tests.structure.app_files import conf, macro_calls, rules, with_called_macros

NEEDS = {rule.search_name: rule.about["needs"] for rule in detections().values()}
KINDS = fields().kinds
COUNTED = conf("macros")["t1029_health_gaps"]["definition"]
# The macro that finds the logs of each kind.
MACROS = {kind: macro_calls(about["search"])[0] for kind, about in KINDS.items()}


def test_each_field_of_a_kind_of_log_is_counted():
    named = {field for about in KINDS.values() for field in about["fields"]}
    assert named - set(re.findall(r'"(\w+)="', COUNTED)) == set()


def needed(rule):
    """The kinds of log that a rule names among its needs."""
    aspects = [kinds for need in NEEDS[rule].values() for kinds in need.values()]
    return {kind for kinds in aspects for kind in kinds}


@pytest.mark.parametrize("rule", rules())
def test_a_rule_reads_what_it_needs(rule):
    # DHCP is read by the searches that learn for it. The rollup holds all connections.
    reached = {
        name for text in with_called_macros(rules()[rule]["search"]) for name in macro_calls(text)
    }
    assert needed(rule)
    assert needed(rule) - {"DHCP"} <= {kind for kind, name in MACROS.items() if name in reached}
