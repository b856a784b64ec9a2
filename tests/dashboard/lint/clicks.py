"""What a click does: the fields that it carries, and where it leads."""

import re
from collections.abc import Iterator
from typing import Any, Optional
from urllib.parse import parse_qsl, urlsplit

from tests.dashboard.lint.problems import APP, Problem, handlers
from tests.dashboard.lint.searches import columns
from tests.dashboard.lint.tokens import used
from tests.dashboard.views import TOKEN, View, saved_searches, views

TYPES = {
    f"drilldown.{name}"
    for name in (
        "customUrl", "linkToDashboard", "linkToReport", "linkToSearch", "resetTokens",
        "setTimeRange", "setToken", "switchToTab", "unsetTokens",
    )
}  # fmt: skip
OF_A_ROW = re.compile(r"row\.(.+)\.(?:value|name)")
OF_AN_APP = re.compile(r"(?:/[a-z]{2}-[A-Z]{2})?/app/(\w+)/(\w+)")
# A list of settings of Splunk Web.
OF_SETTINGS = re.compile(r"/manager/(\w+)/\w+/\w+")
FORM = "form."


def _types(view: View) -> Iterator[Problem]:
    for place, handler, _ in handlers(view):
        if handler["type"] not in TYPES:
            yield Problem(place, f"there is no event handler {handler['type']}")


def _fields(view: View) -> Iterator[Problem]:
    for place, handler, item in handlers(view):
        fields = columns(view, item.get("dataSources", {}).get("primary"))
        for field in _fields_of(handler):
            if fields is not None and field not in fields:
                yield Problem(place, f"the search returns no {field}")
            if "data" in item.get("options", {}).get("columnFormat", {}).get(field, {}):
                yield Problem(place, f"{field} is formatted, and a click carries what is shown")


def _fields_of(handler: dict[str, Any]) -> list[str]:
    names = [token.name for token in used(handler)]
    names += [one.get("key", "") for one in handler.get("options", {}).get("tokens", ())]
    return [found.group(1) for found in map(OF_A_ROW.fullmatch, names) if found]


def _targets(view: View) -> Iterator[Problem]:
    for place, handler, _ in handlers(view):
        options, kind = handler.get("options", {}), handler["type"].rpartition(".")[2]
        if kind == "linkToDashboard":
            given = {one.get("token") for one in options.get("tokens", ())}
            yield from _opened(place, options.get("dashboard"), given)
        if kind == "linkToReport" and options.get("report") not in saved_searches():
            yield Problem(place, f"there is no saved search {options.get('report')}")
        if kind == "switchToTab" and options.get("layoutId") not in view.tabs:
            yield Problem(place, f"there is no tab {options.get('layoutId')}")
        if kind == "customUrl":
            yield from _address(place, options.get("url", ""))


def _address(place: str, url: str) -> Iterator[Problem]:
    for found in TOKEN.finditer(url):
        if found.group(0) != "$$" and "u" not in found.group(3).split("|"):
            yield Problem(place, f"{found.group(0)} stands in an address without |u")
    parts = urlsplit(TOKEN.sub("token", url))
    opened = OF_AN_APP.fullmatch(parts.path)
    within = opened or OF_SETTINGS.fullmatch(parts.path)
    if parts.netloc or within is None or within.group(1) != APP:
        yield Problem(place, f"{url} leads out of {APP}")
    elif opened and opened.group(2) != "search":
        names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        tokens = {name[len(FORM) :] for name in names if name.startswith(FORM)}
        yield from _opened(place, opened.group(2), tokens)


def _opened(place: str, name: Optional[str], tokens: set[str]) -> Iterator[Problem]:
    target = next((view for view in views() if view.name == name), None)
    if target is None:
        yield Problem(place, f"there is no view {name}")
        return
    for token in sorted(tokens - target.settable()):
        yield Problem(place, f"{name} has no token {token}")


CHECKS = (_types, _fields, _targets)
