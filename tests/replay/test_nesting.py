"""What Splunk's documents say of appendpipe and of the secure hashes."""

import pytest

from replay import Inputs, SplError, run

A, B = {"v": "1"}, {"v": "2"}


def test_appendpipe_adds_what_its_pipeline_makes_of_the_rows(rows):
    found = rows("* | stats count BY v | appendpipe [stats sum(count) AS count]", A, A, B)
    assert found == [{"v": "1", "count": 2}, {"v": "2", "count": 1}, {"count": 3}]


def test_appendpipe_leaves_the_rows_so_far_as_they_are(rows):
    assert rows("* | appendpipe [eval v=9 | fields - _time]", A) == [{"v": "1"}, {"v": 9}]


def test_appendpipe_that_keeps_nothing_adds_nothing(rows):
    assert rows("* | appendpipe [where false()]", A) == [{"v": "1"}]


def test_appendpipe_over_no_rows_still_runs(rows):
    assert rows("nosuch=1 | appendpipe [stats count]", A) == [{"count": 0}]


def test_appendpipe_in_an_appendpipe(rows):
    spl = "* | appendpipe [eval v=8 | appendpipe run_in_preview=f [eval v=9]] | table v"
    assert rows(spl, A) == [{"v": "1"}, {"v": 8}, {"v": 9}]


def test_new_columns_of_appendpipe_stand_last(search):
    found = search("* | table v | appendpipe [stats count | eval a=1]", A)
    assert found.columns == ["v", "count", "a"]


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


REFUSED = [
    pytest.param("appendpipe x", "square brackets", id="no-brackets"),
    pytest.param("appendpipe [ ]", "square brackets", id="nothing-in-brackets"),
    pytest.param("appendpipe [| stats count]", "without a pipe", id="pipe-at-the-beginning"),
    pytest.param("appendpipe [makeresults]", "makes its own rows", id="generator"),
    pytest.param("appendpipe maxout=5 [head]", "'maxout=5' is invalid", id="option"),
    pytest.param("appendpipe run_in_preview=x [head]", "Invalid value 'x'", id="no-truth-value"),
    pytest.param("appendpipe [nosuch]", "Unknown search command 'nosuch'", id="unknown-command"),
]


@pytest.mark.parametrize(("written", "named"), REFUSED)
def test_appendpipe_refused(search, written, named):
    with pytest.raises(SplError, match=named):
        search(f"* | {written}", A)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            id="example-of-the-standard",
        ),
        pytest.param(None, None, id="null"),
    ],
)
def test_sha256(rows, value, expected):
    event = {} if value is None else {"v": value}
    (row,) = rows("* | eval hash=sha256(v)", event)
    assert row.get("hash") == expected


# ---- multisearch


def test_multisearch_finds_an_event_in_each_search_that_matches_it(rows):
    spl = "| multisearch [search v=1 | eval k=1] [search v=* | eval k=2] | stats count BY k, v"
    assert rows(spl, A, B) == [
        {"k": "1", "v": "1", "count": 1},
        {"k": "2", "v": "1", "count": 1},
        {"k": "2", "v": "2", "count": 1},
    ]


def test_searches_of_a_multisearch_do_not_see_each_other(rows):
    spl = "| multisearch [search v=1 | eval v=9] [search v=1] | stats values(v) AS v"
    assert rows(spl, A) == [{"v": ["1", "9"]}]


@pytest.mark.parametrize(
    ("first", "count"),
    [
        pytest.param("search v=1", 1, id="default-index"),
        pytest.param("search index=_internal v=1", 1, id="internal-index"),
        pytest.param("search (index=_internal OR index=main) v=1", 2, id="both"),
    ],
)
def test_a_search_of_a_multisearch_looks_at_its_indexes(rows, first, count):
    spl = f"| multisearch [{first}] [search v=none] | stats count"
    assert rows(spl, {**A, "index": "main"}, {**A, "index": "_internal"}) == [{"count": count}]


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


NO_MULTISEARCH = [
    pytest.param("[search v=1]", "at least two", id="one-search"),
    pytest.param("[search v=1] x [search v=2]", "only searches in square", id="text-between"),
    pytest.param("[v=1] [search v=2]", "begin with the search command", id="implicit-search"),
    pytest.param("[search v=1] [search v=2 | stats count]", "'stats' is no str", id="transforming"),
    pytest.param("[search v=1] [search v=2 | head 1]", "'head' is no str", id="head"),
]


@pytest.mark.parametrize(("searches", "named"), NO_MULTISEARCH)
def test_multisearch_refused(search, searches, named):
    with pytest.raises(SplError, match=named):
        search(f"| multisearch {searches}", A)


def test_multisearch_comes_first(search):
    with pytest.raises(SplError, match="must be the first command"):
        search("* | multisearch [search v=1] [search v=2]", A)
