"""Tokens: each that is used is set by something."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from tests.dashboard.lint.problems import Problem, strings
from tests.dashboard.views import DEFAULT, TOKEN, View

# Those that exist only while a click is handled, those that Splunk sets, those of results.
OF_A_CLICK = re.compile(r"row\..+\.(?:value|name)|click\.\w+|trellis\.\w+|value|name")
OF_SPLUNK = ("env", "system")
OF_RESULTS = re.compile(r"(?:result|job)\.[\w.]+")


class Token(NamedTuple):
    """A token where it is used; the space is the part before the colon, if any."""

    place: str
    space: Optional[str]
    name: str
    filters: str


def used(thing: Any) -> Iterator[Token]:
    """Return the tokens that a part of a definition uses."""
    for place, text in strings(thing):
        for found in TOKEN.finditer(text):
            if found.group(0) != "$$":
                space, name, filters = found.groups()
                yield Token(place, None if space == DEFAULT else space, name, filters)


def _set_once(view: View) -> Iterator[Problem]:
    inputs = view.definition.get("inputs", {}).values()
    given = [one.get("options", {}).get("token") for one in inputs]
    for token in dict.fromkeys(given):
        if given.count(token) > 1:
            yield Problem("inputs", f"${token}$ is set by {given.count(token)} of them")


def _set(view: View) -> Iterator[Problem]:
    settable = view.settable()
    sources = {source.get("name", name) for name, source in view.sources.items()}
    for place, space, name, _ in used(view.definition):
        if space in OF_SPLUNK:
            continue
        if space is not None:
            if space not in sources or not OF_RESULTS.fullmatch(name):
                yield Problem(place, f"${space}:{name}$ is of no data source of this view")
        elif OF_A_CLICK.fullmatch(name):
            if "eventHandlers" not in place:
                yield Problem(place, f"${name}$ exists only while a click is handled")
        elif name not in settable:
            yield Problem(place, f"nothing sets ${name}$")


def _valued(view: View) -> Iterator[Problem]:
    """Splunk takes an empty text for no value: the token stands in a search as it is written, and
    an item is not offered.
    """
    for name, one in view.definition.get("inputs", {}).items():
        options = one.get("options", {})
        if not options.get("defaultValue"):
            yield Problem(f"inputs.{name}.options.defaultValue", "its token has no value at first")
        items = options.get("items", ())
        for item in items if isinstance(items, list) else ():
            if item.get("value") == "":
                place = f"inputs.{name}.options.items"
                yield Problem(place, f"{item.get('label')} has an empty value, and is not offered")


CHECKS = (_set_once, _set, _valued)
