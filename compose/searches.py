"""default/savedsearches.conf: the rules, then the searches that serve them."""

import json
from collections.abc import Mapping
from typing import Any

from compose.conf import continued, stanza
from compose.sources import Detection, Sources, Upkeep
from compose.templates import fill

HEADER = """\
# Composed from detections/ and upkeep/ by `make compose`: do not edit.
# The detections and the searches that serve them; every threshold is a macro of macros.conf.
# All are shipped ready to run but not scheduled: set enableSched = 1 for those you want.
"""


def saved_searches(sources: Sources) -> str:
    rules = [rule_stanza(sources, rule) for rule in sources.detections.values()]
    others = [upkeep_stanza(sources, search) for search in sources.upkeep.values()]
    return "\n".join([HEADER, *rules, *others])


def rule_stanza(sources: Sources, rule: Detection) -> str:
    values = {**sources.values, **rule_values(rule)}
    values["investigate"] = [fill(step, values) for step in rule.about["investigate"]]
    shared = sources.rule_settings(rule.about["enterprise_security"])
    settings = {key: setting(value, values) for key, value in shared.items()}
    search = f"{rule.search.rstrip()}\n| `{rule.filter_macro}`"
    own = {"description": description(sources, rule), "search": continued(search)}
    return stanza(rule.search_name, {**own, **settings})


def setting(value: object, values: Mapping[str, Any]) -> str:
    """A setting filled in: text over several lines, or what is no plain value as JSON.

    >>> setting([{"name": "{{ title }}"}], {"title": "Night"})
    '[{"name":"Night"}]'
    """
    whole = filled(value, values)
    if isinstance(whole, str):
        return continued(whole)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def filled(value: object, values: Mapping[str, Any]) -> Any:
    """A value with every text in it filled in; numbers inside of lists stay numbers."""
    if isinstance(value, Mapping):
        return {
            key: one if isinstance(one, int) else filled(one, values) for key, one in value.items()
        }
    if isinstance(value, list):
        return [filled(one, values) for one in value]
    return fill(value, values).rstrip("\n")


def rule_values(rule: Detection) -> dict[str, Any]:
    """What common.yml may use: detection.yml, and pair: whether a finding is about one pair."""
    return {"severity": 4, **rule.about, "pair": "dest" in rule.about["throttle"]}


def description(sources: Sources, rule: Detection) -> str:
    parts = {
        "": rule.about["description"],
        "MITRE ATT&CK T1029 Scheduled Transfer (tactic Exfiltration): ": rule.about["attack"],
        "Blind spots: ": rule.about["blind_spots"],
        "False positives: ": rule.about["false_positives"],
    }
    values = {**sources.values, **rule_values(rule)}
    return " ".join(f"{name}{' '.join(fill(text, values).split())}" for name, text in parts.items())


def upkeep_stanza(sources: Sources, search: Upkeep) -> str:
    shared = sources.shared_settings("upkeep")
    settings: Mapping[str, object] = {
        "description": search.about["description"],
        "search": continued(search.search),
        **{key: fill(value, search.about) for key, value in shared.items()},
        **search.about.get("settings", {}),
    }
    return stanza(search.search_name, settings)
