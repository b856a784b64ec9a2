"""Types, options, and the data sources that items and chains refer to."""

from collections.abc import Iterator

from tests.dashboard.lint.problems import APP, Problem, items
from tests.dashboard.lint.tokens import used
from tests.dashboard.options import known
from tests.dashboard.views import KINDS, View, saved_searches

WITHOUT_DATA = {"splunk.markdown", "splunk.rectangle", "splunk.ellipse", "splunk.image"}


def _types(view: View) -> Iterator[Problem]:
    for kind, name, item in items(view):
        if item["type"] not in known()[kind]:
            yield Problem(f"{kind}.{name}", f"there is no type {item['type']}")


def _options(view: View) -> Iterator[Problem]:
    places = [(kind, f"{kind}.{name}", item["type"], item) for kind, name, item in items(view)]
    defaults = view.definition.get("defaults", {})
    for kind in KINDS:
        for name, default in defaults.get(kind, {}).items():
            places.append((kind, f"defaults.{kind}.{name}", name, default))
    for kind, place, name, item in places:
        allowed = known()[kind].get(name)
        for option in item.get("options", {}) if allowed else ():
            if option not in allowed:
                yield Problem(f"{place}.options", f"{name} has no option {option}")


def _data(view: View) -> Iterator[Problem]:
    for kind, name, item in items(view):
        sources = item.get("dataSources", {})
        for source in sources.values():
            if source not in view.sources:
                yield Problem(f"{kind}.{name}.dataSources", f"there is no data source {source}")
        shows = kind == "visualizations" and item["type"] not in WITHOUT_DATA
        if shows and not sources:
            yield Problem(f"{kind}.{name}", f"{item['type']} has no data source")


def _chains(view: View) -> Iterator[Problem]:
    for name, source in view.sources.items():
        base = source["options"].get("extend")
        if source["type"] == "ds.chain" and base not in view.sources:
            yield Problem(f"dataSources.{name}.options.extend", f"there is no data source {base}")


def _unused(view: View) -> Iterator[Problem]:
    waiting = [one for kind, _, item in items(view) for one in item.get("dataSources", {}).values()]
    ids = {source.get("name", name): name for name, source in view.sources.items()}
    waiting += [ids.get(token.space, token.space) for token in used(view.definition) if token.space]
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in view.sources and name not in seen:
            waiting.append(view.sources[name]["options"].get("extend"))
        seen.add(name)
    for name in view.sources:
        if name not in seen:
            yield Problem(f"dataSources.{name}", "nothing uses it")


def _saved(view: View) -> Iterator[Problem]:
    for name, source in view.sources.items():
        options = source["options"]
        if source["type"] == "ds.savedSearch":
            if options.get("ref") not in saved_searches():
                place = f"dataSources.{name}.options.ref"
                yield Problem(place, f"there is no saved search {options.get('ref')}")
            if options.get("app") != APP:
                yield Problem(f"dataSources.{name}.options.app", f"the app is {APP}")


CHECKS = (_types, _options, _data, _chains, _unused, _saved)
