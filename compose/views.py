"""The parts of the views that follow from the rules."""

import json
import re

from compose.sources import Sources

DEFINITION = re.compile(r"(?<=<!\[CDATA\[\n)(.*?)(?=\n\s*\]\]>)", re.DOTALL)


def overview(sources: Sources) -> str:
    """The Overview with every rule in the choice of rules; all else stays as it is written."""
    text = sources.template("default/data/ui/views/t1029_overview.xml")
    before, definition, after = DEFINITION.split(text, maxsplit=1)
    view = json.loads(definition)
    rules = [
        {"label": rule.title, "value": rule.search_name} for rule in sources.detections.values()
    ]
    options = view["inputs"]["input_rule"]["options"]
    options["items"] = [{"label": "All rules", "value": "*"}, *rules]
    return before + json.dumps(view, indent=2, ensure_ascii=False) + after
