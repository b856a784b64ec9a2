"""What a click or an input does in the browser: the very search or link that is meant."""

import re
from urllib.parse import parse_qs

import pytest

from tests.dashboard.browser import newest_jobs, told
from tests.dashboard.cases import OPENING, looks
from tests.dashboard.views import TIMERANGE, asked, substituted

# The Investigate view has the most to click on once a sender is chosen; its neighbours are
# other rows only where one side is given.
ABOUT = {"t1029_investigate": "one-pair"}
ABOUT_PANEL = {
    ("t1029_investigate", "viz_senders"): "one-destination",
    ("t1029_investigate", "viz_destinations"): "one-sender",
}
TYPED = 'a "b" \\'
DARK = [look for look in looks() if look.theme == "dark"]


def about(view, panel=None):
    """The case in which a view, or one panel of it, is looked at."""
    return ABOUT_PANEL.get((view, panel)) or ABOUT.get(view, OPENING)


LOOKS = [look for look in DARK if look.case.name == about(look.case.view.name)]
CLICKS = [
    pytest.param(look, name, id=f"{look}-{name}")
    for look in DARK
    for name, panel in look.panels.items()
    if panel.get("eventHandlers") and look.case.name == about(look.case.view.name, name)
]


def result_of(look, panel, answers):
    return answers.results[look.case.asked()[panel["dataSources"]["primary"]].key]


def with_a_link(look, panel, answers):
    """Answers in which the panel has something to click on, where the office has nothing."""
    if link_of(look, panel, answers):
        return answers
    result = result_of(look, panel, answers)
    one = {**result, "columns": [["10.1.2.3"] for _ in result["fields"]]}
    key = look.case.asked()[panel["dataSources"]["primary"]].key
    return answers._replace(results={**answers.results, key: one})


def shown(look, panel, answers):
    """The text of a single value: its own, or that of the last row in the column that it names."""
    own = panel.get("options", {}).get("majorValue", "> primary")
    if not own.startswith(">"):
        return own
    result = result_of(look, panel, answers)
    names = [field["name"] for field in result["fields"]]
    named = re.search(r"""seriesByName\(["'](.+?)["']\)""", own)
    return result["columns"][names.index(named.group(1)) if named else 0][-1]


def link_of(look, panel, answers):
    """The first cell that is a link, None without one: an empty cell is none."""
    (fields,) = {tuple(one["options"].get("fields", ())) for one in panel["eventHandlers"]}
    result = result_of(look, panel, answers)
    names = [field["name"] for field in result["fields"]]
    column = names.index(fields[0]) if fields else 0
    values = result["columns"][column] if result["columns"] else []
    rows = (row for row, value in enumerate(values) if value is not None or not fields)
    row = next(rows, None)
    return None if row is None else {"row": row, "column": column}


def of_row(look, panel, answers, row):
    """The tokens that a click on a row of a panel carries."""
    result = result_of(look, panel, answers)
    columns = zip(result["fields"], result["columns"])
    return {f"row.{field['name']}.value": column[row] for field, column in columns}


def opened(handler):
    """What a handler asks Splunk Web to open: the cells that are links are the table's matter."""
    return {name: value for name, value in handler["options"].items() if name != "fields"}


def meant(options, tokens):
    """Options of an event handler with their tokens substituted."""
    if isinstance(options, str):
        return substituted(options, tokens)
    if isinstance(options, dict):
        return {name: meant(value, tokens) for name, value in options.items()}
    return [meant(one, tokens) for one in options] if isinstance(options, list) else options


@pytest.mark.parametrize(("look", "name"), CLICKS)
def test_click(browser, answers, look, name):
    case, tab, theme = look
    panel = look.panels[name]
    answers = with_a_link(look, panel, answers)
    link = link_of(look, panel, answers)
    table = panel["type"] == "splunk.table"
    at = link if table else {"text": shown(look, panel, answers)}
    step = {"click": {"panel": name, **at}}
    page = browser.show(case.view, answers, theme, tab, case.tokens, [step])
    tokens = {**look.tokens, **of_row(look, panel, answers, link["row"])}
    handlers = panel["eventHandlers"]
    setting = [one for one in handlers if one["type"] == "drilldown.setToken"]
    opening = [one for one in handlers if one not in setting]
    assert page["links"] == [
        {"handler": one["type"], "options": meant(opened(one), tokens)} for one in opening
    ]
    address = parse_qs(page["address"].lstrip("?"), keep_blank_values=True)
    for one in (token for each in setting for token in each["options"]["tokens"]):
        expected = tokens[one["key"]] if "key" in one else meant(one["value"], tokens)
        assert address[f"form.{one['token']}"] == [expected]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_inputs(browser, answers, look):
    """What is put into the inputs of a tab reaches every search of it."""
    case, tab, theme = look
    opening, put, steps = dict(case.tokens), {}, []
    for name, one in look.inputs.items():
        token = one["options"]["token"]
        if one["type"] == TIMERANGE:
            opening.update({f"{token}.earliest": "-3h@h", f"{token}.latest": "-1h@h"})
        elif one["type"] == "input.text":
            put[token] = TYPED
            steps.append({"fill": {"input": name, "text": TYPED}})
        else:
            choice = one["options"]["items"][-1]
            put[token] = choice["value"]
            steps.append({"choose": {"input": name, "label": choice["label"]}})
    page = browser.show(case.view, answers, theme, tab, opening, steps)
    expected = asked(case.view, {**case.view.tokens(), **opening, **put})
    jobs = newest_jobs(page)
    assert jobs == {source: expected[source] for source in jobs}
    sources = {
        panel["dataSources"]["primary"] for panel in look.panels.values() if "dataSources" in panel
    }
    assert {expected[source] for source in sources} - told(page) == set()
