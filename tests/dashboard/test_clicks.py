"""What a click or an input does in the browser: the very search or link that is meant."""

from urllib.parse import parse_qs

import pytest

from tests.dashboard.cases import OPENING, looks
from tests.dashboard.views import TIMERANGE, asked, substituted

# The Investigate view has the most to click on once it is about somebody.
ABOUT = {"t1029_investigate": "one-pair"}
TYPED = 'a "b" \\'
LOOKS = [
    look
    for look in looks()
    if look.theme == "dark" and look.case.name == ABOUT.get(look.case.view.name, OPENING)
]
CLICKS = [
    pytest.param(look, name, id=f"{look}-{name}")
    for look in LOOKS
    for name, panel in look.panels.items()
    if panel.get("eventHandlers")
]
# Each input once, in the first tab that shows it.
INPUTS = {
    f"{look.case.view.name}-{name}": (look, name)
    for look in reversed(LOOKS)
    for name in look.inputs
}


def of_first_row(look, panel, answers):
    """The tokens that a click on a panel's first row carries."""
    result = answers.results[look.case.asked()[panel["dataSources"]["primary"]].key]
    columns = zip(result["fields"], result["columns"])
    return {f"row.{field['name']}.value": column[0] for field, column in columns if column}


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
    where = {"panel": name, "row": 0} if panel["type"] == "splunk.table" else {"panel": name}
    page = browser.show(case.view, answers, theme, tab, case.tokens, [{"click": where}])
    tokens = {**look.tokens, **of_first_row(look, panel, answers)}
    handlers = panel["eventHandlers"]
    setting = [one for one in handlers if one["type"] == "drilldown.setToken"]
    opening = [one for one in handlers if one not in setting]
    assert page["links"] == [
        {"handler": one["type"], "options": meant(one["options"], tokens)} for one in opening
    ]
    address = parse_qs(page["address"].lstrip("?"), keep_blank_values=True)
    for one in (token for each in setting for token in each["options"]["tokens"]):
        expected = tokens[one["key"]] if "key" in one else meant(one["value"], tokens)
        assert address[f"form.{one['token']}"] == [expected]


@pytest.mark.parametrize(("look", "name"), INPUTS.values(), ids=INPUTS)
def test_input(browser, answers, look, name):
    """What is put in reaches every search of the tab."""
    case, tab, theme = look
    tokens, steps = put_in(name, look.inputs[name])
    opening = case.tokens if steps else {**case.tokens, **tokens}
    page = browser.show(case.view, answers, theme, tab, opening, steps)
    expected = asked(case.view, {**look.tokens, **tokens})
    told = {search["id"]: search for search in page["searches"]}
    assert told == {source: {"id": source, **expected[source]._asdict()} for source in told}


def put_in(name, one):
    """The tokens that an input is to set, and the steps; a time range comes by the address."""
    token = one["options"]["token"]
    if one["type"] == TIMERANGE:
        return {f"{token}.earliest": "-3h@h", f"{token}.latest": "-1h@h"}, []
    if one["type"] == "input.text":
        return {token: TYPED}, [{"fill": {"input": name, "text": TYPED}}]
    choice = one["options"]["items"][-1]
    return {token: choice["value"]}, [{"choose": {"input": name, **choice}}]
