"""docs/analytics.md and docs/runbook.md: the rules for a person to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from compose.conf import Macro
from compose.searches import rule_values
from compose.sources import Detection, Sources, Threshold
from compose.templates import cell, code, fill

NEEDS = {"must": "Needs", "better": "Better with"}
LONGEST_DEFAULT = 70  # characters of a definition in a table: more is read in macros.conf


def analytics(sources: Sources, macros: Mapping[str, Macro]) -> str:
    rules = [rule_page(sources, macros, rule) for rule in sources.detections.values()]
    values = {**sources.values, "rules": rules, "macro_row": lambda name: macro_row(macros, name)}
    return fill(sources.template("compose/analytics.md.j2"), values)


def runbook(sources: Sources) -> str:
    rules = [rule_steps(sources, rule) for rule in sources.detections.values()]
    return fill(sources.template("compose/runbook.md.j2"), {**sources.values, "rules": rules})


def rule_steps(sources: Sources, rule: Detection) -> dict[str, Any]:
    """What an analyst needs of a rule: what it means, what to check, and what speaks against it."""
    values = {**sources.values, **rule_values(rule)}
    prose = ("description", "blind_spots", "false_positives")
    return {
        "title": rule.about["title"],
        "filter": rule.filter_macro,
        **{part: fill(rule.about[part], values).strip() for part in prose},
        "investigate": [fill(step, values) for step in rule.about["investigate"]],
    }


def rule_page(sources: Sources, macros: Mapping[str, Macro], rule: Detection) -> dict[str, Any]:
    """What the page says of a rule: its prose filled in, a table, and what it needs."""
    values = {**sources.values, **rule_values(rule)}
    return {
        "name": rule.search_name,
        "title": rule.about["title"],
        "slug": rule.slug,
        **{part: fill(rule.about[part], values).strip() for part in ("description", "attack")},
        "notes": fill(rule.about.get("notes", ""), values).strip(),
        "tunables": list(tunable_rows(macros, rule)),
        "needs": list(needs(rule)),
    }


def tunable_rows(macros: Mapping[str, Macro], rule: Detection) -> Iterator[str]:
    """Rows of the table: the rule's thresholds, then the macros that it names, then its filter."""
    yield from (threshold_row(one) for one in rule.thresholds)
    yield from (macro_row(macros, name) for name in rule.about.get("tunables", ()))
    yield row(
        rule.filter_macro, "`search *`", f"exceptions, for example `{rule.about['filter_example']}`"
    )


def threshold_row(threshold: Threshold) -> str:
    default = f"{threshold.default} {threshold.unit}"
    return row(f"t1029_{threshold.name}", default, threshold.meaning)


def macro_row(macros: Mapping[str, Macro], name: str) -> str:
    """A row about any macro; one that nobody defines is an error."""
    if name not in macros:
        raise ValueError(f"{name}: there is no such macro to list among the tunables")
    macro = macros[name]
    short = len(macro.definition) <= LONGEST_DEFAULT and "\n" not in macro.definition
    return row(name, code(macro.definition) if short else "see macros.conf", macro.description)


def row(name: str, default: str, meaning: str) -> str:
    return f"| `{name}` | {cell(default)} | {cell(meaning)} |"


def needs(rule: Detection) -> Iterator[str]:
    """What the rule must see, and what helps it: one line for each aspect."""
    for need, aspects in rule.about["needs"].items():
        for aspect, kinds in aspects.items():
            logs = ", or ".join(f"{kind} with {code(field)}" for kind, field in kinds.items())
            yield f"{NEEDS[need]} {aspect}: {logs}."
