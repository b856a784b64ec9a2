"""A hostile value changes no search, leads to no other place, and runs nothing in the page."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pytest

from replay import Inputs, run
from replay.conf import read_conf
from replay.macros import expand, without_comments
from replay.parse import parse, unquote
from tests.dashboard.browser import told
from tests.dashboard.cases import OPENING, looks
from tests.dashboard.hostile import VALUES
from tests.dashboard.lint.problems import handlers
from tests.dashboard.lint.searches import pieces
from tests.dashboard.lint.tokens import used
from tests.dashboard.simulated import NOW, Answers
from tests.dashboard.views import ROOT, SIDES, asked, substituted, view_of, views
from tests.structure.app_files import rules

HARMLESS = "10.1.2.3"
SPL = [
    pytest.param(piece.text, id=f"{view.name}.{piece.place}")
    for view in views()
    for piece in pieces(view)
    if any(used(piece.text))
]
SPL += [
    pytest.param(drilldown["search"], id=f"{rule}.{drilldown['name']}")
    for rule, keys in rules().items()
    for drilldown in json.loads(keys.get("action.notable.param.drilldown_searches", "[]"))
]
ADDRESSES = [
    pytest.param(handler["options"]["url"], id=f"{view.name}.{place}")
    for view in views()
    for place, handler, _ in handlers(view)
    if handler["type"] == "drilldown.customUrl"
]
EACH_VALUE = pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)


def filled(text, value):
    """A text with one value for each of its tokens."""
    return substituted(text, {token.name: value for token in used(text)})


def shape(spl, value):
    """What a search is made of, by replay's parser: its words, and where the value stands in it.

    Whether comments are taken out of quotes too is not documented: replay does so.
    """
    tree = parse("pipeline", "start", expand(spl, read_conf(ROOT, "macros")), "SearchParser")
    parts = (str(token) for token in tree.scan_values(lambda _: True))
    alone = without_comments(value)
    return ["the value" if part[0] == '"' and unquote(part) == alone else part for part in parts]


@EACH_VALUE
@pytest.mark.parametrize("spl", SPL)
def test_spl_keeps_its_shape(spl, value):
    found = shape(filled(spl, value), value)
    assert "the value" in found
    assert found == shape(filled(spl, HARMLESS), HARMLESS)


@EACH_VALUE
@pytest.mark.parametrize("url", ADDRESSES)
def test_address_keeps_its_place(url, value):
    found, harmless = (urlsplit(filled(url, one)) for one in (value, HARMLESS))
    assert found[:2] + found[4:] == harmless[:2] + harmless[4:]
    assert [unquote_plus(part) for part in found.path.split("/")] == [
        unquote_plus(part).replace(HARMLESS, value) for part in harmless.path.split("/")
    ]
    assert parse_qsl(found.query, keep_blank_values=True) == [
        (name, one.replace(HARMLESS, value))
        for name, one in parse_qsl(harmless.query, keep_blank_values=True)
    ]


@EACH_VALUE
@pytest.mark.parametrize(
    "spl", ["src=$v|s$ | table src", "* | where src=$v|s$ | table src"], ids=["search", "where"]
)
def test_value_finds_itself_and_nothing_else(spl, value):
    alone = without_comments(value)
    events = tuple({"_time": 1.0, "src": src} for src in (alone, HARMLESS, "x" + alone))
    (result,) = run(spl=[substituted(spl, {"v": value})], inputs=Inputs(events=events)).results
    assert result.rows == [{"src": alone}]


@EACH_VALUE
def test_value_makes_no_filter_of_raw_events(value):
    """What a subsearch returns in the field search becomes part of a search as it is."""
    spl = "| makeresults | eval asked_src=$v|s$, asked_dest=$v|s$ | `t1029_terms_of_pair`"
    (result,) = run(spl=[substituted(spl, {"v": value})], inputs=Inputs()).results
    assert result.rows == [{"search": "NOT *"}]


# ---- in the browser

ALL = " ".join(VALUES.values())
OPENINGS = [look for look in looks() if look.case.name == OPENING and look.theme == "dark"]


def assert_harmless(page):
    assert page["injected"] is False
    assert page["errors"] == []
    assert page["stray"] == []
    assert [link for link in page["hrefs"] if not link.startswith(("/app/", "#"))] == []


@pytest.mark.parametrize("look", OPENINGS, ids=str)
def test_tokens_of_the_address(browser, answers, look):
    view = look.case.view
    tokens = {name: ALL for name in view.settable() if name.rpartition(".")[2] not in SIDES}
    page = browser.show(view, answers, "dark", look.tab, tokens)
    expected = asked(view, {**view.tokens(), **tokens})
    assert told(page) - set(expected.values()) == set()
    assert told(page)
    assert_harmless(page)


@pytest.mark.parametrize("look", OPENINGS, ids=str)
def test_fields_of_events(browser, answers, look):
    results = {key: spoilt(result) for key, result in answers.results.items()}
    page = browser.show(look.case.view, answers._replace(results=results), "dark", look.tab)
    assert_harmless(page)


def spoilt(result):
    """A result with the hostile values in the place of each text."""
    columns = [[hostile(cell) for cell in column] for column in result["columns"]]
    return {**result, "columns": columns}


def hostile(cell):
    return ALL if cell and not is_number(cell) else cell


def is_number(cell):
    return isinstance(cell, str) and cell.replace(".", "").isdigit()


@pytest.fixture(scope="module")
def clicked(browser):
    """The sound view, all hostile values in its tables, after a click on each row of each."""
    values = list(VALUES.values())
    fields = ("src", "dest_ip", "risk_score", "info_search_time")
    rows = {
        "fields": [{"name": name} for name in fields],
        "columns": [values, values, ["9"] * len(values), ["1"] * len(values)],
    }
    view = view_of(Path(__file__).parent / "sound.json")
    steps = [
        {"click": {"panel": panel, "row": row}}
        for row in range(len(values))
        for panel in ("pairs", "volume")
    ]
    nothing_run = Answers(NOW, {}, {})
    given = {"columns": {"findings": rows, "saved": rows}, "steps": steps}
    return view, browser.show(view, nothing_run, height=1600, **given)


def test_clicks_are_harmless(clicked):
    assert_harmless(clicked[1])


@pytest.mark.parametrize("place", range(len(VALUES)), ids=list(VALUES))
@pytest.mark.parametrize("kind", ["linkToSearch", "customUrl"])
def test_click_opens_what_is_expected(clicked, kind, place):
    view, page = clicked
    value = list(VALUES.values())[place]
    opened = [link["options"] for link in page["links"] if link["handler"].endswith(kind)][place]
    (handler,) = (one for _, one, _ in handlers(view) if one["type"].endswith(kind))
    tokens = {**view.tokens(), "row.src.value": value}
    written = handler["options"]
    assert opened == {
        name: substituted(text, tokens) if isinstance(text, str) else text
        for name, text in written.items()
    }


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_every_value_is_shown_as_it_is(clicked, value):
    shown = {cell for row in clicked[1]["panels"]["volume"]["rows"] for cell in row}
    assert value in shown
