"""When events are indexed: windows and filters by it, and subsearches that make such filters."""

import pytest

from replay import Inputs, run

APP = """
[Late - Rule]
search = sourcetype=conn | table n
dispatch.earliest_time = 0
dispatch.latest_time = now
dispatch.index_earliest = -1h@h
dispatch.index_latest = @h
[Stored - Rule]
search = sourcetype=conn | stats count AS rows
dispatch.earliest_time = 0
action.summary_index = 1
"""
HOUR = 3600
NOW = 1767225600 + 2 * HOUR
EVENTS = (
    {"_time": NOW - 3 * HOUR, "_indextime": NOW - 90 * 60, "sourcetype": "conn", "n": "early"},
    {"_time": NOW - 3 * HOUR, "_indextime": NOW - HOUR, "sourcetype": "conn", "n": "first"},
    {"_time": NOW - 5 * HOUR, "_indextime": NOW - 1, "sourcetype": "conn", "n": "last"},
    {"_time": NOW - 2, "_indextime": NOW, "sourcetype": "conn", "n": "next"},
)


def names(spl, events=EVENTS, **settings):
    found = run(spl=[f"{spl} | table n"], inputs=Inputs(events=events), **settings)
    return sorted(row["n"] for row in found.results[-1].rows)


def test_a_search_reads_what_was_indexed_in_its_window(own_app):
    app = own_app(savedsearches=APP)
    inputs = Inputs(events=EVENTS)
    found = run(searches=["Late - Rule"], inputs=inputs, app=app, now=NOW + 60)
    assert sorted(row["n"] for row in found.results[0].rows) == ["first", "last"]


@pytest.mark.parametrize(
    ("spl", "expected"),
    [
        pytest.param(f"_index_earliest={NOW - 1}", ["last", "next"], id="from-an-epoch-on"),
        pytest.param(f"_index_latest={NOW - 1}", ["early", "first"], id="before-an-epoch"),
        pytest.param("_index_latest=4102444800", ["early", "first", "last", "next"], id="all"),
        pytest.param(f"n=early OR _index_earliest={NOW}", ["early", "next"], id="in-one-branch"),
        pytest.param(f"NOT _index_earliest={NOW}", ["early", "first", "last"], id="negated"),
    ],
)
def test_a_filter_by_index_time(spl, expected):
    assert names(spl) == expected


def test_a_connection_arrives_when_it_ends():
    lasted = {"_time": NOW, "sourcetype": "zeek:conn", "duration": "600", "n": "lasted"}
    assert names(f"_index_earliest={NOW + 600}", (lasted, EVENTS[3])) == ["lasted"]


@pytest.mark.parametrize(
    ("spl", "expected"),
    [
        pytest.param(
            'n=* [search n=first | stats count | eval search=if(count > 0, "n=last", "n=next")'
            " | table search]",
            ["last"],
            id="what-it-found-decides",
        ),
        pytest.param(
            f"n=* [search n=* latest={NOW - 4 * HOUR} | stats values(n) AS n"
            ' | eval search="n=" . n | table search]',
            ["last"],
            id="in-a-window-of-its-own",
        ),
        pytest.param(
            '(n=early [search n=none | stats count | eval search="n=*" | table search]) OR'
            ' (n=next [search n=* | stats count | eval search="n=*" | table search])',
            ["early", "next"],
            id="two-of-them",
        ),
    ],
)
def test_a_subsearch_for_events(spl, expected):
    assert names(spl, now=NOW) == expected


def test_what_a_search_stores_is_indexed_when_it_runs(own_app):
    app = own_app(savedsearches=APP)
    spl = f"index=summary _index_earliest={NOW} | table rows"
    inputs = Inputs(events=EVENTS[:3])
    found = run(searches=["Stored - Rule"], spl=[spl], inputs=inputs, app=app, now=NOW)
    assert found.results[-1].rows == [{"rows": "3"}]
