"""Every name that the app uses is one that the app (or Splunk) has."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

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
    without_comments,
)

SPLUNKS_OWN_VIEWS = {"search", "reports", "alerts", "dashboards", "datasets", "lookup_editor"}
LOOKUP = re.compile(r"(?:^|\|)\s*lookup\s+((?:\w+=\w+\s+)*)(\S+)\s+([^|]*)", re.DOTALL)
TABLE_READ_OR_WRITTEN = re.compile(
    r"\b(?:inputlookup|outputlookup)\s+(?:\w+\s*=\s*\S+\s+)*([\w.]+)"
)
LOOKUPS = {
    name: keys
    for name, keys in conf("transforms").items()
    if "filename" in keys or keys.get("external_type") == "kvstore"
}


def by_place(pieces):
    return [pytest.param(piece.text, id=piece.where) for piece in pieces]


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_macros_that_are_called_exist(text):
    assert [name for name in macro_calls(text) if name not in conf("macros")] == []


@pytest.mark.parametrize("name", conf("macros"))
def test_macro_names_its_arguments_once_each(name):
    names = [argument.strip() for argument in conf("macros")[name].get("args", "").split(",")]
    counted = re.search(r"\((\d+)\)$", name)
    assert len([one for one in set(names) if one]) == (int(counted.group(1)) if counted else 0)


@pytest.mark.parametrize("name", conf("macros"))
def test_macro_uses_no_argument_that_it_does_not_name(name):
    keys = conf("macros")[name]
    named = {argument.strip() for argument in keys.get("args", "").split(",")}
    assert set(re.findall(r"\$(\w+)\$", keys["definition"])) - named == set()


@pytest.mark.parametrize("text", by_place(macros()))
def test_macro_has_no_stray_dollar(text):
    assert "$" not in re.sub(r"\$\w+\$", "", text)


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_lookups_that_are_used_exist(text):
    used = [name for _, name, _ in LOOKUP.findall(without_comments(text))]
    used += TABLE_READ_OR_WRITTEN.findall(without_comments(text))
    assert [name for name in used if name not in LOOKUPS] == []


def lookup_uses():
    for piece in all_spl():
        for _, name, fields in LOOKUP.findall(without_comments(piece.text)):
            yield pytest.param(name, fields, id=f"{piece.where}-{name}")


@pytest.mark.parametrize(("name", "fields"), lookup_uses())
def test_lookup_has_the_fields_that_are_asked_of_it(name, fields):
    words = re.sub(r"\bAS\s+\S+|\bOUTPUT(NEW)?\b|,", " ", fields).split()
    assert [word for word in words if word not in lookup_header(LOOKUPS.get(name, {}))] == []


@pytest.mark.parametrize("text", by_place(all_spl()))
def test_lookup_in_a_collection_is_local(text):
    # Indexers have no collection: before the first stats the lookup would fail on them.
    remote = [name for options, name, _ in LOOKUP.findall(text) if "local=true" not in options]
    assert [name for name in remote if "collection" in LOOKUPS.get(name, {})] == []


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
    known = {view.stem for view in VIEWS} | SPLUNKS_OWN_VIEWS
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


def saved_search_sources():
    return [
        pytest.param(source["options"], id=f"{view}.{name}")
        for view, name, source in data_sources()
        if source["type"] == "ds.savedSearch"
    ]


@pytest.mark.parametrize("options", saved_search_sources())
def test_view_refers_to_a_saved_search_of_this_app(options):
    assert options["ref"] in conf("savedsearches")
    assert options["app"] == "scheduled_transfer"


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
