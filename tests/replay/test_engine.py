"""Searches over events: which run, over which window, and what is told about them."""

import pytest

from replay import InputError, Inputs, ReplayError, SplError, run
from replay.commands import Command
from replay.commands.statistics import Clause
from replay.commands.transforming import Stats

NEWEST = 1767233650.25


def events(*ages, **fields):
    return Inputs(
        events=tuple(
            {"_time": NEWEST - age, "sourcetype": "test", "src": "a", **fields} for age in ages
        )
    )


def test_default_is_every_rule_that_is_not_disabled(app):
    outcome = run(inputs=events(0), app=app)
    assert [result.search for result in outcome.results] == ["Many - Rule"]


def test_a_search_by_name(app):
    outcome = run(searches=["Helper"], inputs=events(0), app=app)
    assert outcome.results[0].rows == [{"count": 1}]


def test_an_unknown_search_names_the_known(app):
    with pytest.raises(SplError, match="no saved search 'Nosuch'; there are: Many; "):
        run(searches=["Nosuch"], inputs=events(0), app=app)


def test_no_rule_is_an_error(tmp_path):
    with pytest.raises(ReplayError, match="no rule to run"):
        run(app=tmp_path)


def test_the_default_now_lets_no_lag_cut_the_newest_event(app):
    outcome = run(inputs=events(0, 1, 2), app=app)
    assert outcome.results[0].rows == [{"src": "a", "count": 3}]


def test_the_default_now_is_the_first_such_second(app):
    # 02:14:10.25 lies before 02:15:00, which 15 minutes ago is reached at 02:30:00.
    assert run(inputs=events(0), app=app).now == 1767234600.0


def test_the_default_now_of_a_text_is_just_after_the_newest_event(app):
    assert run(spl=["*"], inputs=events(0), app=app).now == 1767233651.0


WINDOW = {
    "earliest-is-included": (0, True),
    "before-earliest": (0.001, False),
    "just-before-latest": (-45 * 60 + 0.001, True),
    "latest-is-not-included": (-45 * 60, False),
}


@pytest.mark.parametrize(("age", "inside"), WINDOW.values(), ids=WINDOW)
def test_window(app, age, inside):
    now = 1767236400.0  # on the minute, so that latest is now - 15 min exactly
    earliest = now - 3600
    found = Inputs(events=({"_time": earliest - age, "sourcetype": "test", "src": "a"},))
    outcome = run(searches=["Many - Rule"], inputs=found, now=now, macros={"least": "1"}, app=app)
    assert bool(outcome.results[0].rows) == inside


def test_a_text_runs_over_all_events(app):
    outcome = run(spl=["* | stats count"], inputs=events(0, 10**6), now=NEWEST, app=app)
    assert outcome.results[0].rows == [{"count": 2}]


TEXT_WINDOWS = {
    "relative": ("-10s", "now", 1),
    "no-bound-to-the-past": ("", "-10s", 1),
    "empty-latest-is-now": ("-1h", "", 2),
    "epochs": ("1767232000", "1767233000", 0),
}


@pytest.mark.parametrize(("earliest", "latest", "count"), TEXT_WINDOWS.values(), ids=TEXT_WINDOWS)
def test_a_text_with_a_window_runs_over_its_events(app, earliest, latest, count):
    spl = ("* | stats count", earliest, latest)
    outcome = run(spl=[spl], inputs=events(0, 60), now=NEWEST + 1, app=app)
    assert outcome.results[0].rows == [{"count": count}]


def test_a_text_with_a_window_knows_its_bounds(app):
    outcome = run(spl=[("*", "-1h", "now")], inputs=events(0), now=NEWEST + 1, app=app)
    (result,) = outcome.results
    assert (result.earliest, result.latest) == (NEWEST - 3599, NEWEST + 1)


def test_stages_count_the_rows_that_come_out(app):
    outcome = run(inputs=events(0, 1, 2), app=app)
    assert outcome.results[0].stages == [("search", 3), ("stats", 1), ("where", 1)]


def test_searches_that_begin_alike_find_what_each_finds_alone(app):
    texts = [
        "sourcetype=test | eval n=1 | where n=1 | stats sum(n) AS n",
        "sourcetype=test | eval n=1 | where n=1 | eval n=2 | stats sum(n) AS n",
        "sourcetype=test | eval n=1 | where n=1 | stats count",
    ]
    together = run(spl=texts, inputs=events(0, 1), app=app).results
    alone = [run(spl=[text], inputs=events(0, 1), app=app).results[0] for text in texts]
    assert together == alone


def test_shared_commands_tell_all_searches_their_columns(app):
    texts = ["* | table src | echo | head 1", "* | table src | echo | head 2"]
    outcome = run(spl=texts, inputs=events(0), app=app)
    assert [result.columns for result in outcome.results] == [["src", "echo", "many"]] * 2


def test_a_search_leaves_the_events_to_the_next_as_they_were(app):
    texts = ["* | eval src=1", "* | stats values(src) AS src"]
    outcome = run(spl=texts, inputs=events(0), app=app)
    assert outcome.results[1].rows == [{"src": "a"}]


def test_given_events_stay_as_they_were(app):
    given = events(0)
    run(spl=["* | eval src=1"], inputs=given, app=app)
    assert given.events[0]["src"] == "a"


def test_a_given_macro_stands_in(app):
    outcome = run(inputs=events(0), macros={"least": "1"}, app=app)
    assert outcome.results[0].rows == [{"src": "a", "count": 1}]


def test_local_overrides_default(own_app):
    for layer, least in (("default", 3), ("local", 1)):
        app = own_app(layer, macros=f"[least]\ndefinition = {least}\n")
    found = run(spl=["* | stats count | where count >= `least`"], inputs=events(0), app=app)
    assert found.results[0].rows == [{"count": 1}]


FIELDS = {
    "stats-ends-what-can-matter": ("v=1 | stats count BY src", {"v", "src"}),
    "table-ends-it-too": ("* | eval x=v+1 | table x, w", {"v", "w", "x"}),
    "lookup": ("* | lookup ports port AS v OUTPUT name AS found | fields found", {"v"}),
    "whole-events": ("v=1", None),
    "wildcard": ("* | table v*", None),
    "a-custom-command-gets-everything": ("* | echo | stats count", None),
}


@pytest.mark.parametrize(("spl", "expected"), FIELDS.values(), ids=FIELDS)
def test_only_fields_that_can_matter_are_kept(app, log, spl, expected):
    names = ["v", "w", "src", "name", "proto", "other"]
    row = dict.fromkeys(names, "1")
    path = log("x.json", str({"_time": 1, "sourcetype": "s", **row}).replace("'", '"'))
    seen = []

    def progress(_path, found):
        for event in found:
            seen.append(set(event) & set(names))
            yield event

    run(spl=[spl], inputs=Inputs(json=(path,)), app=app, progress=progress)
    assert seen == [set(names) if expected is None else expected & set(names)]


def test_times_are_in_the_given_zone(app):
    text = '* | eval t=strftime(_time, "%H") | stats values(t) AS t'
    outcome = run(spl=[text], inputs=events(0), tz="Asia/Tokyo", app=app)
    assert outcome.results[0].rows == [{"t": "11"}]


def test_without_events_nothing_is_found(app):
    assert run(spl=["* | stats count BY src"], inputs=Inputs(), app=app).results[0].rows == []


def test_without_inputs_a_search_of_events_is_refused(app):
    with pytest.raises(InputError, match="no log was given"):
        run(spl=["| makeresults", "* | stats count"], app=app)


def test_without_inputs_a_search_makes_its_own_rows(app):
    assert len(run(spl=["| makeresults"], app=app).results[0].rows) == 1


def test_a_search_that_finds_nothing_tells_how_many_events_it_saw(app):
    outcome = run(spl=["src=nosuch", "*"], inputs=events(0, 1), app=app)
    assert [result.searched for result in outcome.results] == [2, None]


SPARED = {
    "unread": "stats count AS n, values(v) AS v BY src | stats sum(n) AS n BY src",
    "internal": "stats count AS n, max(_time) AS _time BY src | fields n",
    "all-but-one": "stats count AS n, values(v) AS v BY src | fields - v",
    "wildcard": "stats count AS n, values(v) AS v BY src | table n*",
    "without-by": "stats count(nosuch) AS n, max(nosuch) AS m | table m",
    "rows": "stats count AS n, values(v) AS v BY src | mvexpand v | stats count",
}


@pytest.mark.parametrize("spl", SPARED.values(), ids=SPARED)
def test_what_nobody_reads_is_not_missed(app, monkeypatch, spl):
    inputs = events(0, 1, 2, v=["x", "y"])
    (spared,) = run(spl=[f"* | {spl}"], inputs=inputs, app=app).results
    monkeypatch.setattr(Command, "limit_to", lambda *_: None)
    monkeypatch.setattr(Stats, "limit_to", Command.limit_to)
    (whole,) = run(spl=[f"* | {spl}"], inputs=inputs, app=app).results
    assert spared._replace(held=None) == whole._replace(held=None)


def test_aggregates_that_nobody_reads_are_not_computed(app, monkeypatch):
    kept = []
    only = Clause.only
    monkeypatch.setattr(Clause, "only", lambda *told: kept.append(only(*told)) or kept[-1])
    run(spl=["* | stats count AS n, values(v) AS v BY src | table n"], inputs=events(0), app=app)
    assert [[measure.name for measure in clause.measures] for clause in kept] == [["n"]]


def test_one_of_several_searches_that_begin_alike_may_read_more(app):
    shared = "stats count AS n, values(v) AS v BY src"
    ends = ("eval n=n+1 | table n", "table v", "table src")
    texts = [f"sourcetype=test | {shared} | {end}" for end in ends]
    inputs = events(0, 1, v="x")
    together = run(spl=texts, inputs=inputs, app=app).results
    assert [result.rows for result in together] == [[{"n": 3}], [{"v": "x"}], [{"src": "a"}]]
