"""Searches run ahead on other cores find what they would have found in their turns."""

import pytest

from replay import Inputs, SplError, ahead, cores, run, turns

# The tests may run beside threads, where replay itself would not fork.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
NEWEST = 1767233650.0
EVENTS = tuple(
    {"_time": NEWEST - age, "sourcetype": "test", "src": f"10.0.0.{age % 4}", "warn": "1"}
    for age in range(12)
)
SEARCHES = [
    pytest.param(
        ["* | stats count BY src", "src=*.1 | stats count", "* | head 2 | table src"],
        id="that-only-read",
    ),
    pytest.param(["* | stats count", "* | echo | head 1", "src=*.2 | echo"], id="that-warn"),
    pytest.param(
        [
            "* | stats count",
            "src=*.3 | table src | outputlookup seen.csv",
            "| inputlookup seen.csv",
            "*",
        ],
        id="of-which-one-writes",
    ),
    pytest.param(
        [
            "* | head 3",
            "* | append [| tstats count FROM datamodel=Network_Traffic.All_Traffic]",
            "* | stats count",
        ],
        id="that-read-the-events-again",
    ),
]


@pytest.fixture
def on_cores(monkeypatch):
    """Return a way to set the number of cores, and to have any number of events worth it."""

    def use(number):
        monkeypatch.setattr(cores, "_cores", lambda: number)
        monkeypatch.setattr(turns, "WORTH_IT", 0)

    return use


@pytest.fixture
def started(monkeypatch):
    """The groups of searches that were let run ahead, as they are."""
    groups = []
    start = ahead.Ahead.start

    def noting(self, ready, work):
        start(self, ready, work)
        groups.extend(self.under_way)

    monkeypatch.setattr(ahead.Ahead, "start", noting)
    return groups


def found(app, searches, **settings):
    outcome = run(spl=searches, inputs=Inputs(events=EVENTS), app=app, **settings)
    return [(result.search, result.rows, result.stages) for result in outcome.results], sorted(
        outcome.warnings
    )


@pytest.mark.parametrize("searches", SEARCHES)
def test_more_cores_find_the_same(app, on_cores, started, searches):
    on_cores(1)
    alone = found(app, searches)
    assert started == []
    on_cores(3)
    assert (found(app, searches), started != []) == (alone, True)


def test_a_search_sees_what_those_before_it_stored(app, on_cores, started):
    on_cores(3)
    # By name first, then by text: the text is under way before the rule has stored its rows.
    (_, stored) = run(
        searches=["Found - Rule"],
        spl=["index=summary | stats count"],
        inputs=Inputs(events=EVENTS),
        app=app,
    ).results
    assert ([row["count"] for row in stored.rows], len(started)) == ([4], 2)


def test_an_error_is_told_as_in_its_turn(app, on_cores, started):
    on_cores(3)
    with pytest.raises(SplError, match="asked to fail"):
        found(app, ["* | head 1", "* | eval fail=1 | echo", "* | stats count"])
    assert started
