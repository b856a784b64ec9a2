"""The shipped SPL is SPL: the project's own interpreter, which refuses what it does not know, reads
and runs all of it, over one event."""

import json

import pytest

from replay import Inputs, run
from replay.macros import expand
from tests.structure.app_files import ROOT, conf, examples, rules, view_links, view_queries

EVENT = {
    "_time": 1767233650,
    "host": "sensor",
    "source": "conn.log",
    "sourcetype": "zeek:conn",
    "id.orig_h": "10.1.2.3",
    "id.resp_h": "203.0.113.9",
    "orig_bytes": "150000000",
}
GENERATING = ("inputlookup", "makeresults", "multisearch", "rest")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    events = tmp_path_factory.mktemp("events") / "event.json"
    events.write_text(json.dumps(EVENT) + "\n", encoding="utf-8")
    return Inputs(json=(str(events),))


def whole(text):
    """A piece of SPL as a search: what continues another ("| ..." or "... | ...") gets a start."""
    rest = text[3:] if text.startswith("...") else text
    generates = expand(rest, conf("macros")).lstrip(" |").startswith(GENERATING)
    return "search * " + rest if rest.lstrip().startswith("|") and not generates else rest


@pytest.mark.parametrize("rule", rules())
def test_rule_runs(inputs, rule):
    (result,) = run(searches=[rule], inputs=inputs, app=ROOT).results
    assert result.stages


def test_every_rule_is_run_by_default(inputs):
    results = run(inputs=inputs, app=ROOT).results
    assert {result.search for result in results} == set(rules())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(piece.text, id=piece.where)
        for piece in examples() + view_queries() + view_links()
    ],
)
def test_example_or_search_of_a_view_runs(inputs, text):
    (result,) = run(spl=[whole(text)], inputs=inputs, app=ROOT, user="kim").results
    assert result.stages
