"""Thresholds: a view leaves them to macros, which a site can change."""

import re
from collections.abc import Iterator

from tests.dashboard.lint.problems import Problem, handlers, items, strings
from tests.dashboard.lint.searches import pieces
from tests.dashboard.views import View

RANGES = re.compile(r"\|\s*rangeValue\(")
# 0 is no threshold but the sign of a number.
COMPARED = re.compile(r"[<>]=?\s*(?!0\b(?!\.))\d[\d.]*")
NUMBER = re.compile(r"[1-9][\d.]*|0\.\d+")
AT_LEAST = re.compile(r"\d or (?:more|less)\b")
TEXTS = re.compile(r"title|description|markdown|label")


def _ranges(view: View) -> Iterator[Problem]:
    for kind, name, item in items(view):
        for place, text in strings(item.get("options", {}), f"{kind}.{name}.options"):
            if RANGES.search(text):
                yield Problem(place, "rangeValue() states thresholds: match a name instead")


def _comparisons(view: View) -> Iterator[Problem]:
    for place, text, _ in pieces(view):
        for found in COMPARED.findall(text):
            yield Problem(place, f"{found} is a threshold, which belongs in a macro")


def _choices(view: View) -> Iterator[Problem]:
    for name, one in view.definition.get("inputs", {}).items():
        for place, text in strings(one.get("options", {}).get("items", ()), f"inputs.{name}.items"):
            if place.endswith(".value") and NUMBER.fullmatch(text):
                yield Problem(place, f"{text} is a threshold: offer a name instead")


def _clicks(view: View) -> Iterator[Problem]:
    for place, handler, _ in handlers(view):
        for one in handler.get("options", {}).get("tokens", ()):
            if NUMBER.fullmatch(str(one.get("value", ""))):
                yield Problem(place, f"{one['value']} is a threshold: set a name instead")


def _texts(view: View) -> Iterator[Problem]:
    for place, text in strings(view.definition):
        if TEXTS.fullmatch(place.rpartition(".")[2]) and AT_LEAST.search(text):
            yield Problem(place, "the text states a threshold, which a site can change")


CHECKS = (_ranges, _comparisons, _choices, _clicks, _texts)
