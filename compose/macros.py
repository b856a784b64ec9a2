"""default/macros.conf: the macros by theme, then those of each rule."""

from compose.conf import stanza
from compose.sources import Detection, Sources, Threshold
from compose.templates import fill

HEADER = """\
# Composed from macros/, fields.yml and detections/ by `make compose`: do not edit.
# Every data scope, address scope, threshold and exception of the app. Change one in
# local/macros.conf or in Settings > Advanced search > Search macros: an upgrade keeps your version.
"""


def macros(sources: Sources) -> str:
    parts = [HEADER]
    for name, text in sources.themes.items():
        parts += [section(name.capitalize()), text]
    for rule in sources.detections.values():
        parts += [section(rule.search_name), *rule_macros(sources, rule)]
    return "\n".join(parts)


def rule_macros(sources: Sources, rule: Detection) -> list[str]:
    thresholds = [threshold_stanza(one) for one in rule.thresholds]
    own = [fill(rule.macros, sources.values)] if rule.macros else []
    return [*thresholds, *own, filter_stanza(rule)]


def threshold_stanza(threshold: Threshold) -> str:
    said = f"{threshold.meaning} Unit: {threshold.unit}."
    return stanza(f"t1029_{threshold.name}", {"description": said, "definition": threshold.default})


def filter_stanza(rule: Detection) -> str:
    said = (
        "The site's exceptions to this rule, by any column of its result."
        f" Example: {rule.about['filter_example']}"
    )
    return stanza(rule.filter_macro, {"description": said, "definition": "search *"})


def section(name: str) -> str:
    return f"# ---- {name} ----\n"
