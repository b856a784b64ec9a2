"""The app's files as the structural tests read them. Nothing is listed here by name: a new rule,
macro, lookup or view is found by itself."""

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ksconf.conf.parser import PARSECONF_STRICT_NC, parse_conf

from replay.macros import split_arguments, without_comments

ROOT = Path(__file__).parents[2]
CONFS = sorted(path.stem for path in (ROOT / "default").glob("*.conf"))
VIEWS = sorted((ROOT / "default/data/ui/views").glob("*.xml"))
NAV = ROOT / "default/data/ui/nav/default.xml"
METADATA = ROOT / "metadata/default.meta"

QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
MACRO_CALL = re.compile(r"`\s*([\w.\-]+)\s*(?:\((.*?)\))?\s*`", re.DOTALL)


@cache
def conf(name):
    """Stanzas of default/NAME.conf as {stanza: {key: value}}; empty where the app has none."""
    path = ROOT / f"default/{name}.conf"
    return stanzas(path) if path.exists() else {}


def stanzas(path):
    """Stanzas of any file in conf syntax; a duplicate stanza or key is an error."""
    parsed = parse_conf(str(path), profile=PARSECONF_STRICT_NC)
    return {str(name): dict(settings) for name, settings in parsed.items()}


def rules():
    """The saved searches that are rules: their name ends in " - Rule"."""
    return {name: keys for name, keys in conf("savedsearches").items() if name.endswith(" - Rule")}


class Spl(NamedTuple):
    """A piece of SPL and where it stands."""

    where: str
    text: str


def searches():
    """Every saved search's SPL."""
    return [
        Spl(name, keys["search"])
        for name, keys in conf("savedsearches").items()
        if "search" in keys
    ]


def macros():
    """Every macro's definition."""
    return [Spl(name, keys.get("definition", "")) for name, keys in conf("macros").items()]


def examples():
    """The examples of the search bar's help, which people paste."""
    return [
        Spl(f"{stanza} {key}", value)
        for stanza, keys in conf("searchbnf").items()
        for key, value in keys.items()
        if key.startswith("example")
    ]


def definition_of(view):
    """A Dashboard Studio view's JSON."""
    return json.loads(ElementTree.parse(view).getroot().findtext("definition"))


def data_sources():
    """(view's name, data source's id, data source) of every view."""
    return [
        (view.stem, name, source)
        for view in VIEWS
        for name, source in definition_of(view).get("dataSources", {}).items()
    ]


def view_queries():
    """Every piece of SPL in a view, dashboard tokens replaced by a word."""
    return [
        Spl(f"{view}.{name}", re.sub(r"\$[\w.|:]+\$", "token", source["options"]["query"]))
        for view, name, source in data_sources()
        if "query" in source.get("options", {})
    ]


def view_links():
    """Every search that a click in a view opens, dashboard tokens replaced by a quoted word."""
    return [
        Spl(f"{view.stem}.{name}", re.sub(r"\$[\w.|: ]+\$", '"token"', handler["options"]["query"]))
        for view in VIEWS
        for name, panel in definition_of(view).get("visualizations", {}).items()
        for handler in panel.get("eventHandlers", [])
        if handler["type"] == "drilldown.linkToSearch"
    ]


def all_spl():
    """All SPL that the app ships, wherever it stands."""
    return searches() + macros() + examples() + view_queries() + view_links()


def places(pieces, is_wrong):
    """Where the pieces of SPL stand that something is wrong with."""
    return [piece.where for piece in pieces if is_wrong(piece.text)]


def macro_calls(text):
    """The macros that SPL calls, as macros.conf names them: name, or name(number of arguments)."""
    called = []
    for name, arguments in MACRO_CALL.findall(without_comments(text)):
        count = len(split_arguments(arguments)) if arguments.strip() else 0
        called.append(f"{name}({count})" if count else name)
    return called


def with_called_macros(text):
    """SPL and, after it, the definition of every macro that it reaches."""
    reached, waiting = {}, [text]
    while waiting:
        for name in macro_calls(waiting.pop()):
            if name not in reached:
                reached[name] = conf("macros").get(name, {}).get("definition", "")
                waiting.append(reached[name])
    return [text, *reached.values()]


def bare(text):
    """SPL without comments, quoted strings and macro calls: what is left is its own words."""
    return MACRO_CALL.sub(" ", QUOTED.sub('""', without_comments(text)))


def commands(text):
    """The names of the commands in a piece of SPL after its pipes, in order."""
    return re.findall(r"\|\s*([a-z_]\w*)", QUOTED.sub('""', without_comments(text)))


def lookup_header(stanza):
    """The fields that a lookup of transforms.conf offers."""
    if "filename" in stanza:
        first = (ROOT / "lookups" / stanza["filename"]).read_text(encoding="utf-8").splitlines()[0]
        return [field.strip('"') for field in first.split(",")]
    return [field.strip() for field in stanza.get("fields_list", "").split(",")]


def in_git():
    """True where the tree is a git checkout: a downloaded archive has no list of tracked files."""
    return (ROOT / ".git").exists()


def tracked():
    """The paths that git tracks and that are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [path for path in listed.split("\0") if path and (ROOT / path).is_file()]
