"""The app's views: their definitions, tabs, tokens, and what each of their searches asks."""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union
from urllib.parse import quote

from replay.conf import read_conf

ROOT = Path(__file__).parents[2]
VIEWS = ROOT / "default/data/ui/views"
DEFAULT = "default"
KINDS = ("visualizations", "inputs", "dataSources")
SIDES = ("earliest", "latest")
TIMERANGE = "input.timerange"
# As Splunk's code has them: s quotes for SPL, u for an address, h for HTML.
FILTERS = {
    "s": lambda value: json.dumps(value, ensure_ascii=False),
    "u": lambda value: quote(value, safe="!'()*-._~"),
    "h": escape,
}
TOKEN = re.compile(r"\$\$|\$(?:([\w .-]+):)?([\w.-](?:[\w .-]*[\w.-])?)((?:\|[a-zA-Z]+)*)\$")

Tokens = Mapping[str, Union[str, list[str]]]


class View(NamedTuple):
    """A Dashboard Studio view: its name and its definition."""

    name: str
    definition: dict[str, Any]

    @property
    def tabs(self) -> list[str]:
        """The layouts of its tabs, in order; one without a name where it has no tabs."""
        tabs = self.definition["layout"].get("tabs", {}).get("items", [])
        return [tab["layoutId"] for tab in tabs] or [""]

    @property
    def sources(self) -> dict[str, dict[str, Any]]:
        """Its data sources by id, with what its defaults say of all of their type."""
        defaults = self.definition.get("defaults", {}).get("dataSources", {})
        return {
            name: {**source, "options": _options(source, defaults)}
            for name, source in self.definition.get("dataSources", {}).items()
        }

    def tokens(self) -> dict[str, Any]:
        """Return the values of its tokens as it opens."""
        tokens = dict(self.definition.get("defaults", {}).get("tokens", {}).get(DEFAULT, {}))
        tokens = {name: default["value"] for name, default in tokens.items()}
        for one in self.definition.get("inputs", {}).values():
            tokens.update(_of_input(one))
        return tokens

    def settable(self) -> set[str]:
        """Return the tokens that something in it sets: defaults, inputs and clicks."""
        names = set(self.tokens())
        for one in self.definition.get("inputs", {}).values():
            names |= _set_by(one)
        items = [one for kind in KINDS for one in self.definition.get(kind, {}).values()]
        for handler in (handler for one in items for handler in one.get("eventHandlers", ())):
            options = handler.get("options", {})
            if handler["type"] == "drilldown.setToken":
                names |= {one["token"] for one in options.get("tokens", ())}
            if handler["type"] == "drilldown.setTimeRange":
                names |= {f"{options.get('token')}.{side}" for side in SIDES}
        return names


class Asked(NamedTuple):
    """What splunkd is asked to run: SPL, and its window as time modifiers."""

    spl: str
    earliest: str
    latest: str

    @property
    def key(self) -> str:
        """Its name among results."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))


def view_of(path: Path) -> View:
    """Read a view, or a definition alone from a JSON file."""
    if path.suffix == ".json":
        return View(path.stem, json.loads(path.read_text(encoding="utf-8")))
    definition = ElementTree.parse(path).getroot().findtext("definition")
    return View(path.stem, json.loads(definition or "null"))


def views() -> list[View]:
    """Return the views that the app ships."""
    return [view_of(path) for path in sorted(VIEWS.glob("*.xml"))]


def _options(source: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for kind in ("global", source["type"]):
        options = _merged(options, defaults.get(kind, {}).get("options", {}))
    return _merged(options, source.get("options", {}))


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**below, **above}
    for name, value in below.items():
        if isinstance(value, dict) and isinstance(above.get(name), dict):
            merged[name] = _merged(value, above[name])
    return merged


def _set_by(one: Mapping[str, Any]) -> set[str]:
    token = one.get("options", {}).get("token")
    if token is None:
        return set()
    return {f"{token}.{side}" for side in SIDES} if one["type"] == TIMERANGE else {token}


def _of_input(one: Mapping[str, Any]) -> dict[str, Any]:
    options = one.get("options", {})
    token, value = options.get("token"), options.get("defaultValue")
    # Splunk takes an empty text for no value.
    if token is None or value in (None, ""):
        return {}
    if one["type"] == TIMERANGE:
        earliest, latest = value.split(",")
        return {f"{token}.earliest": earliest, f"{token}.latest": latest}
    return {token: value}


def substituted(text: str, tokens: Tokens) -> Optional[str]:
    """Put the values of tokens into a text as Splunk does; None where one has no value.

    The filter s makes a JSON string of a value: in double quotes, with \\" and \\\\ inside.
    Several values are joined by commas.

    >>> substituted('src=$src|s$', {"src": 'a"b\\\\'})
    'src="a\\\\"b\\\\\\\\"'
    """
    missing = []

    def replaced(found: re.Match) -> str:
        if found.group(0) == "$$":
            return "$"
        space, name, filters = found.groups()
        value = tokens.get(name) if space in (None, DEFAULT) else None
        if value is None or value == []:
            missing.append(name)
            return ""
        values = [str(one) for one in (value if isinstance(value, list) else [value])]
        for one in filters.split("|")[1:]:
            values = list(map(FILTERS[one], values))
        return ",".join(values)

    text = TOKEN.sub(replaced, text)
    return None if missing else text


def asked(view: View, tokens: Tokens) -> dict[str, Asked]:
    """Return what each data source asks, by its id, but for those that wait for a token."""
    saved = saved_searches()
    found = {name: _asked(name, view.sources, tokens, saved) for name in view.sources}
    return {name: one for name, one in found.items() if one is not None}


def saved_searches() -> dict[str, Asked]:
    """Return what the app's saved searches run, by name."""
    return {
        name: Asked(stanza["search"], *(stanza[f"dispatch.{side}_time"] for side in SIDES))
        for name, stanza in read_conf(ROOT, "savedsearches").items()
    }


def _asked(name: str, sources, tokens: Tokens, saved) -> Optional[Asked]:
    source = sources[name]
    options = source["options"]
    if source["type"] == "ds.savedSearch":
        return saved[options["ref"]]
    spl = substituted(options["query"], tokens)
    if spl is None:
        return None
    if source["type"] == "ds.chain":
        base = _asked(options["extend"], sources, tokens, saved)
        return None if base is None else base._replace(spl=chained(base.spl, spl))
    window = options.get("queryParameters", {})
    sides = [substituted(window.get(side, ""), tokens) for side in SIDES]
    return None if None in sides else Asked(dispatched(spl), *sides)


def dispatched(spl: str) -> str:
    """Return a search as Splunk's code sends it to splunkd: with its first command.

    >>> dispatched("index=main")
    'search index=main'
    """
    return spl if spl.lstrip().startswith(("|", "search ")) else f"search {spl.strip()}"


def chained(base: str, spl: str) -> str:
    """Join a search and what a chain does with its results, as Splunk does.

    >>> chained("a |", "| b")
    'a | b'
    """
    if base.rstrip().endswith("|"):
        base = base.rstrip()[:-1].rstrip()
    if spl.lstrip().startswith("|"):
        spl = spl.lstrip()[1:].lstrip()
    return f"{base} | {spl}"
