"""The ways that lead to a view from elsewhere: from an event, an alert, a row of another view."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from replay import Inputs, run
from tests.dashboard.views import substituted
from tests.structure.app_files import ROOT, VIEWS, conf, definition_of, rules

APP = "/app/scheduled_transfer/"
FIELD = re.compile(r"\$!?([^$]+)\$")
ACTIONS = conf("workflow_actions")
FINDING = """| makeresults | eval src="10.1.2.3", dest="203.0.113.9", earliest=1767233650,
latest=1767320050 | `t1029_as_finding`"""
OUTSIDE = {name for name, action in ACTIONS.items() if "://" in action["link.uri"]}
EVENT = {"_time": 1767233650, "sourcetype": "zeek:conn", "id.orig_h": "10.1.2.3"}


def tokens_of(view):
    """The tokens that the address of a view can set."""
    found = set()
    for shown in definition_of(view)["inputs"].values():
        token = shown["options"]["token"]
        timed = shown["type"] == "input.timerange"
        found |= {f"{token}.earliest", f"{token}.latest"} if timed else {token}
    return found


TOKENS = {view.stem: tokens_of(view) for view in VIEWS}


def addresses():
    """Every address in the app that leads to a view of its own."""
    for name in sorted(set(ACTIONS) - OUTSIDE):
        yield pytest.param(ACTIONS[name]["link.uri"], id=name)
    (row,) = run(spl=[FINDING], app=ROOT).results[0].rows
    yield pytest.param(row["link"], id="link-of-a-finding")
    for view in VIEWS:
        for panel, shown in definition_of(view)["visualizations"].items():
            for handler in shown.get("eventHandlers", ()):
                if handler.get("options", {}).get("url", "").startswith(APP):
                    yield pytest.param(handler["options"]["url"], id=f"{view.stem}.{panel}")


@pytest.mark.parametrize("address", addresses())
def test_address_leads_to_a_view_and_its_tokens(address):
    parts = urlsplit(address)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    view = parts.path.removeprefix(APP)
    assert [name for name in names if name[len("form.") :] not in TOKENS[view]] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_action_asks_for_the_fields_that_it_uses(name):
    action = ACTIONS[name]
    used = set(FIELD.findall(action["label"] + action["link.uri"])) - {"@field_value"}
    assert used - set(action["fields"].split(", ")) == set()


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_what_is_looked_up_outside_is_one_field_of_a_finding(name):
    action = ACTIONS[name]
    parts = urlsplit(action["link.uri"])
    (field,) = FIELD.findall(action["link.uri"])
    assert (parts.scheme, parts.query, parts.fragment) == ("https", "", "")
    assert "$" not in parts.netloc
    assert parts.path.endswith(f"/${field}$")
    assert action["display_location"] == "event_menu"
    assert {field, "risk_score", "info_min_time"} == set(action["fields"].split(", "))


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    events = tmp_path_factory.mktemp("events") / "event.json"
    events.write_text(json.dumps(EVENT) + "\n", encoding="utf-8")
    return Inputs(json=(str(events),))


DRILLDOWNS = [
    pytest.param(drilldown["search"], id=name)
    for name, keys in rules().items()
    for drilldown in json.loads(keys.get("action.notable.param.drilldown_searches", "[]"))
    if drilldown["name"] == "Raw events"
]


@pytest.mark.parametrize("search", DRILLDOWNS)
def test_search_for_the_raw_events_of_a_finding_finds_them(search, inputs):
    search = substituted(search, {"src": "10.1.2.3", "dest": "*"})
    (result,) = run(spl=[search], inputs=inputs, app=ROOT).results
    assert len(result.rows) == 1
