"""Dynamic options, as in "> primary | seriesByName('x') | rangeValue(colors)"."""

import re
from collections.abc import Iterator
from typing import Optional

from tests.dashboard.lint.problems import Problem, items, strings
from tests.dashboard.lint.searches import columns
from tests.dashboard.views import View

SELECTING = {
    "area", "delta", "firstPoint", "frame", "frameBySeriesIndexes", "frameBySeriesIndexRange",
    "frameBySeriesNames", "frameBySeriesTypes", "frameWithoutSeriesIndexes",
    "frameWithoutSeriesNames", "frameWithoutSeriesTypes", "getField", "getRawValue", "getType",
    "getValue", "lastPoint", "max", "min", "pointByIndex", "seriesByIndex", "seriesByName",
    "seriesByPrioritizedTypes", "seriesByType", "seriesByTypes", "slice", "sum",
}  # fmt: skip
OF_CONTEXT = {"formatByType", "gradient", "matchValue", "multiFormat", "pick", "rangeValue"}
FORMATTING = {
    "default", "divideBy", "lerp", "maxContrast", "objects", "prefix", "prepend", "renameSeries",
    "setColorChannel", "subtract", "type",
}  # fmt: skip
BY_NAME = ("seriesByName", "frameBySeriesNames")
STEP = re.compile(r"\|\s*(\w+)\(([^()]*)\)")


def _expressions(view: View) -> Iterator[Problem]:
    for kind, name, item in items(view):
        context = item.get("context", {})
        source = item.get("dataSources", {}).get("primary")
        for place, text in strings(item.get("options", {}), f"{kind}.{name}.options"):
            if text.lstrip().startswith(">"):
                fields = columns(view, source)
                for function, argument in STEP.findall(text):
                    yield from _step(place, function, argument.strip(), context, fields)


def _step(
    place: str, function: str, argument: str, context, fields: Optional[frozenset[str]]
) -> Iterator[Problem]:
    if function not in SELECTING | OF_CONTEXT | FORMATTING:
        yield Problem(place, f"there is no function {function}()")
    named = re.fullmatch(r"[A-Za-z_]\w*", argument)
    if function in OF_CONTEXT and named and argument not in context:
        yield Problem(place, f"the context has no {argument}")
    if function in BY_NAME and fields is not None:
        for field in re.findall(r"""["']([^"']+)["']""", argument):
            if field not in fields:
                yield Problem(place, f"the search returns no {field}")


CHECKS = (_expressions,)
