"""What alerts and Enterprise Security are told: settings that parse, and fields that there are."""

import json
import re

import pytest

from compose.sources import detections
from tests.structure.app_files import rules

EACH_RULE = pytest.mark.parametrize("rule", rules())
KINDS = {one.search_name: one.about["enterprise_security"] for one in detections().values()}
ACTIONS = {"finding": "action.notable", "intermediate": "action.risk"}
FINDINGS = [rule for rule, kind in KINDS.items() if kind == "finding"]
INTERMEDIATE = [rule for rule, kind in KINDS.items() if kind == "intermediate"]


@EACH_RULE
def test_mail_uses_only_what_the_table_leaves(rule):
    keys = rules()[rule]
    columns = keys["action.email.preprocess_results"].removeprefix("table ").split(", ")
    texts = keys["action.email.subject.alert"] + keys["action.email.message.alert"]
    assert set(re.findall(r"\$([^$]+)\$", texts)) <= {f"result.{name}" for name in columns}


@EACH_RULE
def test_mail_names_the_rule_and_every_step(rule):
    text = rules()[rule]["action.email.message.alert"]
    about = next(one for one in detections().values() if one.search_name == rule)
    assert f"Rule: {about.title}" in text
    assert len(re.findall(r"^\d+\. ", text, re.MULTILINE)) == len(about.about["investigate"])


@EACH_RULE
def test_rule_is_one_kind_of_finding_and_off(rule):
    keys = rules()[rule]
    kinds = {
        kind for kind, action in ACTIONS.items() if any(key.startswith(action) for key in keys)
    }
    assert kinds == {KINDS[rule]}
    assert keys[ACTIONS[KINDS[rule]]] == keys["action.correlationsearch.enabled"] == "0"


@pytest.mark.parametrize("rule", INTERMEDIATE)
def test_intermediate_finding_scores_entities_and_names_threats(rule):
    objects = json.loads(rules()[rule]["action.risk.param._risk"])
    risks = [one for one in objects if "risk_object_field" in one]
    threats = [one for one in objects if "threat_object_field" in one]
    assert {one["risk_object_field"]: one["risk_object_type"] for one in risks} == {
        "src": "system",
        "user": "user",
    }
    assert all(0 < one["risk_score"] <= 100 for one in risks)
    assert [set(one) for one in threats] == [{"threat_object_field", "threat_object_type"}] * 2
    assert len(risks) + len(threats) == len(objects)


@pytest.mark.parametrize("rule", FINDINGS)
def test_finding_has_one_entity_and_steps(rule):
    """Enterprise Security makes a finding of each entity."""
    keys = {name.rpartition(".")[2]: value for name, value in rules()[rule].items()}
    (entity,) = json.loads(keys["_entities"])
    assert (entity["risk_object_field"], entity["risk_object_type"]) == ("src", "system")
    steps = json.loads(keys["next_steps"])
    assert steps["version"] == 1
    assert steps["data"].startswith("1. ")
    assert keys["security_domain"] == "network"


@pytest.mark.parametrize("rule", FINDINGS)
def test_every_token_of_a_drilldown_is_quoted(rule):
    for one in json.loads(rules()[rule]["action.notable.param.drilldown_searches"]):
        assert set(one) == {"name", "search", "earliest_offset", "latest_offset"}
        tokens = re.findall(r"\$[^$]+\$", one["search"])
        assert tokens
        assert all(token.endswith("|s$") for token in tokens)
