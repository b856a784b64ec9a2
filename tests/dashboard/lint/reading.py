"""What a reader sees: readable colors, full panels, links that lead somewhere."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.dashboard.lint.problems import Problem, handlers, items, strings
from tests.dashboard.lint.searches import columns
from tests.dashboard.views import View

# Rows of a table in the dark theme and in the light one, every other row tinted.
BACKGROUNDS = ("#000000", "#0E0E10", "#FFFFFF", "#F5F5F5")
# No color reaches the 4.5 of WCAG on all of these; the best reach 4.2.
LEAST_CONTRAST = 4.0
NAMED_CONTEXT = re.compile(r"\|\s*(?:matchValue|gradient)\((\w+)\)")
MESSAGE_IN = re.compile(r"`t1029_when_empty\(([^,]+),")
RENAMED = re.compile(r'(\w+) AS (?:"([^"]+)"|(\w+))')
FILE = re.compile(r"\bdocs/[\w-]+\.md\b")


def _colors(view: View) -> Iterator[Problem]:
    for kind, name, item in items(view):
        context, formats = item.get("context", {}), item.get("options", {}).get("columnFormat", {})
        for column, how in formats.items():
            texts = _of_context(how.get("rowColors", ""), context)
            behind = _of_context(how.get("rowBackgroundColors", ""), context)
            for color, contrast in _weakest(texts, behind or BACKGROUNDS):
                if contrast < LEAST_CONTRAST:
                    place = f"{kind}.{name}.options.columnFormat.{column}"
                    yield Problem(place, f"{color} has a contrast of {contrast:.1f} in one theme")


def _of_context(text: str, context: dict[str, Any]) -> list[str]:
    found = NAMED_CONTEXT.search(text)
    colors = context.get(found.group(1), []) if found else []
    return colors["colors"] if isinstance(colors, dict) else [one["value"] for one in colors]


def _weakest(texts: Iterable[str], behind: Iterable[str]) -> Iterator[tuple[str, float]]:
    for color in dict.fromkeys(texts):
        yield color, min(contrast(color, other) for other in behind)


def contrast(color: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, from 1 (the same) to 21 (black on white).

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    darker, lighter = sorted(map(_luminance, (color, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _messages(view: View) -> Iterator[Problem]:
    """What a table says when it is empty leads nowhere, and must not look like a link."""
    for place, handler, item in handlers(view):
        source = view.sources.get(item.get("dataSources", {}).get("primary"), {"options": {}})
        query = source["options"].get("query", "")
        new = {old: quoted or plain for old, quoted, plain in RENAMED.findall(query)}
        for field in (new.get(one, one) for one in MESSAGE_IN.findall(query)):
            if field in handler.get("options", {}).get("fields", ()):
                yield Problem(place, f"the message of an empty table is a link in {field}")


def _widths(view: View) -> Iterator[Problem]:
    """A table fills its panel only where a column has no width."""
    for kind, name, item in items(view):
        formats = item.get("options", {}).get("columnFormat", {})
        fields = columns(view, item.get("dataSources", {}).get("primary"))
        shown = [field for field in fields or () if not field.startswith("_")]
        if formats and shown and all("width" in formats.get(field, {}) for field in shown):
            place = f"{kind}.{name}.options.columnFormat"
            yield Problem(place, "every column has a width, so that none takes what is left")


def _files(view: View) -> Iterator[Problem]:
    for place, text in strings(view.definition):
        for found in FILE.findall(text):
            yield Problem(place, f"{found} is no page of Splunk Web: name the one of Help")


CHECKS = (_colors, _messages, _widths, _files)
