"""The ways that lead to a view from elsewhere: from an event, an alert, a row of another view."""

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from replay import Inputs, run
from tests.structure.app_files import ROOT, VIEWS, conf, definition_of, rules

APP = "/app/scheduled_transfer/"
FIELD = re.compile(r"\$!?([^$]+)\$")
ACTIONS = conf("workflow_actions")
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
    for name, action in ACTIONS.items():
        yield pytest.param(action["link.uri"], id=name)
    for name, keys in rules().items():
        found = re.search(rf"{APP}\S+", keys["action.email.message.alert"])
        yield pytest.param(found.group(0), id=f"mail-of-{name}")
    for view in VIEWS:
        for panel, shown in definition_of(view)["visualizations"].items():
            for handler in shown.get("eventHandlers", ()):
                if handler.get("options", {}).get("url", "").startswith(APP):
                    yield pytest.param(handler["options"]["url"], id=f"{view.stem}.{panel}")


@pytest.mark.parametrize("address", addresses())
def test_address_leads_to_a_view_and_its_tokens(address):
    parts = urlsplit(address)
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    view = parts.path[len(APP) :]
    assert [name for name in names if name[len("form.") :] not in TOKENS[view]] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_action_asks_for_the_fields_that_it_uses(name):
    action = ACTIONS[name]
    used = set(FIELD.findall(action["label"] + action["link.uri"])) - {"@field_value"}
    assert used - set(action["fields"].split(", ")) == set()


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    events = tmp_path_factory.mktemp("events") / "event.json"
    events.write_text(json.dumps(EVENT) + "\n", encoding="utf-8")
    return Inputs(json=(str(events),))


@pytest.mark.parametrize("name", rules())
def test_search_for_the_raw_events_of_an_alert_finds_them(name, inputs):
    (drilldown,) = json.loads(rules()[name]["action.notable.param.drilldown_searches"])
    search = drilldown["search"].replace("$src$", "10.1.2.3").replace("$dest$", "*")
    (result,) = run(spl=[search], inputs=inputs, app=ROOT).results
    assert len(result.rows) == 1
