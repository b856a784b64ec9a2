"""Every composed file, as {path from the root: text}."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compose import sources
from compose.conf import continued, fill, stanza
from compose.sources import ROOT, Detection, Threshold, Upkeep

THEMES = (
    "sources",
    "flows",
    "scope",
    "pairs",
    "programs",
    "lists",
    "learned",
    "findings",
    "health",
    "views",
)
SEARCHES_HEADER = """\
# Composed from detections/ and upkeep/ by `make compose`: do not edit.
# The detections and the searches that serve them; every threshold is a macro of macros.conf.
# All are shipped ready to run but not scheduled: set enableSched = 1 for those you want.
"""
MACROS_HEADER = """\
# Composed from macros/ and detections/ by `make compose`: do not edit.
# Every data scope, address scope, threshold and exception of the app. Change one in
# local/macros.conf or in Settings > Advanced search > Search macros: an upgrade keeps your version.
"""


def outputs(root: Path = ROOT) -> dict[str, str]:
    return {
        "default/savedsearches.conf": saved_searches(root),
        "default/macros.conf": macros(root),
    }


def saved_searches(root: Path) -> str:
    shared, kept = sources.common(root, "detections"), sources.common(root, "upkeep")
    rules = [rule_stanza(one, shared["settings"]) for one in sources.detections(root).values()]
    others = [upkeep_stanza(one, kept["settings"]) for one in sources.upkeep(root).values()]
    return "\n".join([SEARCHES_HEADER, *rules, *others])


def rule_stanza(rule: Detection, shared: Mapping[str, object]) -> str:
    values = rule_values(rule)
    settings = {key: fill(value, values) for key, value in shared.items()}
    own = {"description": description(rule), "search": continued(rule.search)}
    return stanza(rule.search_name, {**own, **settings})


def rule_values(rule: Detection) -> dict[str, Any]:
    """What the templates of common.yml may use: detection.yml, and pair: is a finding of a pair?"""
    return {"severity": 4, **rule.about, "pair": "dest_ip" in rule.about["throttle"]}


def description(rule: Detection) -> str:
    about = rule.about
    return (
        f"{about['description']} Blind spots: {about['blind_spots']}"
        f" False positives: {about['false_positives']}"
    )


def upkeep_stanza(one: Upkeep, shared: Mapping[str, object]) -> str:
    settings = {key: fill(value, one.about) for key, value in shared.items()}
    own = {"description": one.about["description"], "search": continued(one.search)}
    return stanza(one.search_name, {**own, **settings, **one.about.get("settings", {})})


def macros(root: Path) -> str:
    parts = [MACROS_HEADER]
    for name in THEMES:
        parts += [section(name.capitalize()), sources.theme(root, name)]
    for rule in sources.detections(root).values():
        parts += [section(rule.search_name), *rule_macros(rule)]
    return "\n".join(parts)


def rule_macros(rule: Detection) -> list[str]:
    thresholds = [threshold_stanza(one) for one in rule.thresholds]
    return [*thresholds, *([rule.macros] if rule.macros else []), filter_stanza(rule)]


def threshold_stanza(threshold: Threshold) -> str:
    settings = {"description": threshold.meaning, "definition": threshold.default}
    return stanza(f"t1029_{threshold.name}", settings)


def filter_stanza(rule: Detection) -> str:
    said = (
        "The site's exceptions to this rule, by any column of its result."
        f" Example: {rule.about['filter_example']}"
    )
    return stanza(rule.filter_macro, {"description": said, "definition": "search *"})


def section(name: str) -> str:
    return f"# ---- {name} ----\n"
