"""Pipelines inside a command: what they write, and what they read of the events."""

from replay import Inputs, run

A, B = {"v": "1"}, {"v": "2"}


def test_appendpipe_writes_what_its_pipeline_lets_through(app):
    spl = "* | stats count BY v | appendpipe [where v=1 | rename v AS name | outputlookup seen]"
    events = tuple({"_time": 100.0, **event} for event in (A, B))
    read = run(spl=[spl, "| inputlookup seen"], inputs=Inputs(events=events), app=app).results[-1]
    assert [row["name"] for row in read.rows] == ["1"]


def test_appendpipe_writes_the_columns_of_its_pipeline_to_a_file(app):
    spl = "* | table v | appendpipe [eval w=2 | table w, v | outputlookup learned]"
    events = ({"_time": 100.0, "v": "1"},)
    read = run(spl=[spl, "| inputlookup learned"], inputs=Inputs(events=events), app=app).results[1]
    assert read.columns == ["w", "v"]


def test_multisearch_keeps_to_the_window(app):
    events = tuple({"_time": 100.0 + n, "v": "1"} for n in range(3))
    spl = "| multisearch [search v=1] [search v=1] | stats count"
    found = run(spl=[spl], inputs=Inputs(events=events), app=app, now=200.0).results[0]
    assert found.rows == [{"count": 6}]


def test_fields_that_are_used_after_a_multisearch_are_read(log, app):
    path = log("events.json", '{"_time": 1, "sourcetype": "x", "v": 1, "w": 2, "u": 3}\n')
    spl = "| multisearch [search v=1] [search v=2] | stats values(w) AS w"
    found = run(spl=[spl], inputs=Inputs(json=(path,)), app=app).results[0]
    assert found.rows == [{"w": "2"}]


def in_windows(spl, app):
    events = tuple({"_time": 10_000.0 * n, "index": "main", "v": "1"} for n in range(1, 4))
    asked = [(spl, "-15000s", "now")]
    return run(spl=asked, inputs=Inputs(events=events), app=app, now=40_000.0).results[0].rows


def test_search_in_append_and_tstats_keep_to_the_window_of_the_search(app):
    counted = "append [search v=1 | stats count] | append [| tstats count WHERE index=*]"
    spl = f"* | stats count | {counted}"
    assert in_windows(spl, app) == [{"count": 1}] * 3


def test_search_in_append_and_tstats_have_the_window_that_they_name(app):
    spl = (
        "* | stats count | append [search v=1 earliest=-25000s | stats count] "
        "| append [| tstats count WHERE index=* earliest=-1d latest=-15000s]"
    )
    assert [row["count"] for row in in_windows(spl, app)] == [1, 2, 2]


def test_rest_reads_the_schedules_of_the_conf_files(own_app):
    app = own_app(savedsearches="[a]\nenableSched = 1\n\n[b]\naction.email = true\ndisabled = 1\n")
    spl = "| rest /servicesNS/-/scheduled_transfer/saved/searches splunk_server=local"
    assert run(spl=[spl], inputs=Inputs(), app=app).results[0].rows == [
        {"title": "a", "is_scheduled": 1, "disabled": 0, "action.email": 0},
        {"title": "b", "is_scheduled": 0, "disabled": 1, "action.email": 1},
    ]
