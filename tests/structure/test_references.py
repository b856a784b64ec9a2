"""Every name that the app uses is one that the app (or Splunk) has."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from compose.help import VIEW, pages
from tests.structure.app_files import (
    NAV,
    ROOT,
    VIEWS,
    all_spl,
    conf,
    data_sources,
    definition_of,
    lookup_header,
    macro_calls,
    macros,
    places,
    without_comments,
)

SPLUNKS_OWN_VIEWS = {"search", "reports", "alerts", "dashboards", "datasets", "lookup_editor"}
LOOKUP = re.compile(r"(?:^|\|)\s*lookup\s+((?:\w+=\w+\s+)*)(\S+)\s+([^|]*)", re.DOTALL)
TABLE_READ_OR_WRITTEN = re.compile(
    r"\b(?:inputlookup|outputlookup)\s+(?:\w+\s*=\s*\S+\s+)*([\w.]+)"
)
NUMBER = re.compile(r"\d+(\.\d+)?")
LOOKUPS = {
    name: keys
    for name, keys in conf("transforms").items()
    if "filename" in keys or keys.get("external_type") == "kvstore"
}


def test_macros_that_are_called_exist():
    called = {(name, piece.where) for piece in all_spl() for name in macro_calls(piece.text)}
    assert [one for one in called if one[0] not in conf("macros")] == []


def test_every_threshold_is_used():
    called = {name for piece in all_spl() for name in macro_calls(piece.text)}
    numbers = {
        name for name, keys in conf("macros").items() if NUMBER.fullmatch(keys["definition"])
    }
    assert numbers - called == set()


def arguments_of(name):
    """The arguments that a macro names."""
    named = conf("macros")[name].get("args", "").split(",")
    return [argument.strip() for argument in named if argument.strip()]


@pytest.mark.parametrize("name", [name for name in conf("macros") if "(" in name])
def test_macro_names_its_arguments_once_each(name):
    named = arguments_of(name)
    assert len(set(named)) == len(named) == int(re.search(r"\((\d+)\)$", name).group(1))


def test_no_macro_uses_an_argument_that_it_does_not_name():
    used = [
        (name, argument)
        for name, keys in conf("macros").items()
        for argument in re.findall(r"\$(\w+)\$", keys["definition"])
    ]
    assert [one for one in used if one[1] not in arguments_of(one[0])] == []


def test_no_macro_has_a_stray_dollar():
    assert places(macros(), lambda text: "$" in re.sub(r"\$\w+\$", "", text)) == []


def test_lookups_that_are_used_exist():
    texts = [without_comments(piece.text) for piece in all_spl()]
    used = {name for text in texts for _, name, _ in LOOKUP.findall(text)}
    used |= {name for text in texts for name in TABLE_READ_OR_WRITTEN.findall(text)}
    assert used - set(LOOKUPS) == set()


def lookup_uses():
    """(where, options, lookup, its fields) of every use of a lookup."""
    for piece in all_spl():
        for use in LOOKUP.findall(without_comments(piece.text)):
            yield (piece.where, *use)


def test_each_lookup_has_the_fields_that_are_asked_of_it():
    asked = [
        (where, name, word)
        for where, _, name, fields in lookup_uses()
        for word in re.sub(r"\bAS\s+\S+|\bOUTPUT(NEW)?\b|,", " ", fields).split()
    ]
    assert [one for one in asked if one[2] not in lookup_header(LOOKUPS.get(one[1], {}))] == []


def test_each_lookup_in_a_collection_is_local():
    # Indexers have no collection: before the first stats the lookup would fail on them.
    remote = [
        (where, name) for where, options, name, _ in lookup_uses() if "local=true" not in options
    ]
    assert [one for one in remote if "collection" in LOOKUPS.get(one[1], {})] == []


@pytest.mark.parametrize("name", LOOKUPS)
def test_lookup_has_its_table(name):
    keys = LOOKUPS[name]
    if "filename" in keys:
        assert (ROOT / "lookups" / keys["filename"]).is_file()
    else:
        assert keys["collection"] in conf("collections")


@pytest.mark.parametrize("name", [name for name in LOOKUPS if "collection" in LOOKUPS[name]])
def test_lookup_fields_are_those_of_its_collection(name):
    typed = conf("collections")[LOOKUPS[name]["collection"]]
    fields = {key[len("field.") :] for key in typed if key.startswith("field.")}
    assert set(lookup_header(LOOKUPS[name])) - {"_key"} == fields


@pytest.mark.parametrize("name", LOOKUPS)
def test_match_type_names_fields_of_the_lookup(name):
    matched = re.findall(r"(?:CIDR|WILDCARD|EXACT)\((\w+)\)", LOOKUPS[name].get("match_type", ""))
    assert [field for field in matched if field not in lookup_header(LOOKUPS[name])] == []


@pytest.mark.parametrize("name", conf("collections"))
def test_collection_is_reached_by_a_lookup(name):
    assert [keys for keys in LOOKUPS.values() if keys.get("collection") == name]


@pytest.mark.parametrize("path", sorted((ROOT / "lookups").iterdir()), ids=lambda path: path.name)
def test_lookup_file_is_reached_by_a_lookup(path):
    assert [keys for keys in LOOKUPS.values() if keys.get("filename") == path.name]


@pytest.mark.parametrize("name", conf("commands"))
def test_command_has_its_program(name):
    assert (ROOT / "bin" / conf("commands")[name]["filename"]).is_file()


@pytest.mark.parametrize("name", conf("commands"))
def test_command_has_its_help_in_the_search_bar(name):
    help_keys = conf("searchbnf").get(f"{name}-command", {})
    needed = {"syntax", "shortdesc", "description", "example1", "comment1", "usage"}
    assert needed - set(help_keys) == set()


@pytest.mark.parametrize("name", conf("commands"))
def test_command_speaks_the_chunked_protocol_on_pythons_that_splunk_ships(name):
    keys = conf("commands")[name]
    spoken = {key: keys.get(key) for key in ("chunked", "python.version", "python.required")}
    assert spoken == {
        "chunked": "true",
        "python.version": "python3",
        "python.required": "3.9, 3.13",
    }


def nav_views():
    return [view.get("name") for view in ElementTree.parse(NAV).getroot().iter("view")]


def test_nav_leads_only_to_views_that_exist():
    made = {f"{VIEW}{name}" for name, page in pages().items() if page.exists()}
    known = {view.stem for view in VIEWS} | made | SPLUNKS_OWN_VIEWS
    assert [name for name in nav_views() if name not in known] == []


def test_nav_leads_to_every_view():
    assert {view.stem for view in VIEWS} - set(nav_views()) == set()


def test_nav_has_one_default():
    views = ElementTree.parse(NAV).getroot().iter("view")
    assert [view.get("default") for view in views].count("true") == 1


def test_nav_names_saved_searches_that_exist():
    saved = ElementTree.parse(NAV).getroot().iter("saved")
    assert [one.get("name") for one in saved if one.get("name") not in conf("savedsearches")] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_view_is_a_described_studio_dashboard(view):
    root = ElementTree.parse(view).getroot()
    present = [
        root.get("version"),
        bool(root.findtext("label")),
        bool(root.findtext("description")),
    ]
    assert present == ["2", True, True]


def test_views_refer_to_saved_searches_of_this_app():
    options = [one["options"] for _, _, one in data_sources() if one["type"] == "ds.savedSearch"]
    wrong = [one for one in options if one["ref"] not in conf("savedsearches")]
    assert wrong + [one for one in options if one["app"] != "scheduled_transfer"] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_data_sources_that_a_view_uses_exist(view):
    definition = definition_of(view)
    sources = definition.get("dataSources", {})
    used = [source["options"].get("extend") for source in sources.values()]
    for panel in definition.get("visualizations", {}).values():
        used += panel.get("dataSources", {}).values()
    assert [name for name in used if name and name not in sources] == []


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_panels_of_a_view_are_the_ones_it_lays_out(view):
    definition = definition_of(view)
    layouts = definition["layout"].get("layoutDefinitions", {"": definition["layout"]})
    placed = {item["item"] for layout in layouts.values() for item in layout["structure"]}
    shown = set(definition.get("visualizations", {})) | set(definition.get("inputs", {}))
    in_bar = set(definition["layout"].get("globalInputs", []))
    assert placed | in_bar == shown
