"""What dashboards use beside what rules use: xyseries, mvrange, a subsearch that makes a filter.

One case a documented fact.
"""

import pytest

from replay import SplError

COUNTED = (
    {"day": "1", "rule": "b", "n": "5"},
    {"day": "1", "rule": "a", "n": "4"},
    {"day": "2", "rule": "a", "n": "3"},
)

RANGES = [
    pytest.param("mvrange(1, 11, 2)", ["1", "3", "5", "7", "9"], id="end-left-out"),
    pytest.param("mvrange(1, 4)", ["1", "2", "3"], id="step-of-1"),
    pytest.param("mvrange(1, 2)", "1", id="one-value"),
    pytest.param("mvrange(1, 1)", None, id="no-value"),
    pytest.param("mvrange(1, nosuch)", None, id="null"),
]

FOUND = [
    pytest.param("192.0.2.3", {"a": "192.0.2.3"}, True, id="whole-value"),
    pytest.param("192.0.2.3", {"a": "to 192.0.2.3:443"}, True, id="word-in-a-value"),
    pytest.param("192.0.2.3", {"a": "192.0.2.34"}, False, id="longer-address"),
    pytest.param("192.0.2.3", {"a": "x192.0.2.3"}, False, id="longer-at-the-front"),
    pytest.param("192.0.*", {"a": "192.0.2.3"}, True, id="wildcard"),
    pytest.param("DB8", {"a": "2001:db8::7"}, True, id="group-in-another-case"),
    pytest.param("192.0.2.3", {"host": "192.0.2.3"}, False, id="host-is-not-in-the-text"),
    pytest.param("192.0.2.3 2001", {"a": "192.0.2.3"}, False, id="both-words-needed"),
    pytest.param("NOT *", {"a": "192.0.2.3"}, False, id="nothing-wanted"),
]

REFUSED = [
    pytest.param('[| makeresults | eval search="x=1", y=2]', "one row", id="another-field"),
    pytest.param('[| makeresults count=2 | eval search="x=1"]', "one row", id="two-rows"),
    pytest.param('[| makeresults | eval search="word"]', "no address", id="free-word"),
    pytest.param("[search x=1]", "makes its own rows", id="subsearch-of-events"),
    pytest.param('[| makeresults | eval a="[ x"] [| makeresults]', "one subsearch", id="two"),
    pytest.param("[| makeresults", "Cannot read|end too early", id="left-open"),
]


@pytest.mark.parametrize(("expression", "expected"), RANGES)
def test_mvrange(rows, expression, expected):
    (row,) = rows(f"* | eval found={expression}, found=mvmap(found, tostring(found))", {"a": "1"})
    assert row.get("found") == expected


def test_xyseries_has_a_row_for_each_x_and_a_column_for_each_y(search):
    result = search("* | xyseries day rule n", *COUNTED)
    assert (result.columns, result.rows) == (
        ["day", "a", "b"],
        [{"day": "1", "a": "4", "b": "5"}, {"day": "2", "a": "3"}],
    )


def test_xyseries_leaves_out_rows_without_x_or_y(rows):
    assert rows("* | xyseries day rule n", {"day": "1", "n": "5"}, {"rule": "a", "n": "5"}) == []


def test_xyseries_refuses_two_rows_for_one_place(rows):
    with pytest.raises(SplError, match="two rows for day=1 and rule=a"):
        rows("* | xyseries day rule n", *COUNTED, COUNTED[1])


@pytest.mark.parametrize("arguments", ["day rule", "day rule n m", "grouped=t day rule n", "* a b"])
def test_xyseries_refuses_other_arguments(rows, arguments):
    with pytest.raises(SplError, match="xyseries"):
        rows(f"* | xyseries {arguments}", *COUNTED)


def test_field_search_of_a_subsearch_is_a_filter(rows):
    found = rows('v=* [| makeresults | eval search="v=1 OR v=3"]', {"v": "1"}, {"v": "2"})
    assert found == [{"v": "1"}]


def test_subsearch_is_in_brackets_of_its_own(rows):
    found = rows(
        'w=1 [| makeresults | eval search="v=1 OR v=2"]', {"v": "1", "w": "2"}, {"v": "2", "w": "1"}
    )
    assert found == [{"v": "2", "w": "1"}]


@pytest.mark.parametrize(("words", "event", "expected"), FOUND)
def test_free_text_that_a_subsearch_makes(rows, words, event, expected):
    quoted = " ".join(w if w in ("NOT", "*") else f'\\"{w}\\"' for w in words.split())
    assert bool(rows(f'* [| makeresults | eval search="{quoted}"]', event)) is expected


@pytest.mark.parametrize(("written", "message"), REFUSED)
def test_subsearch_is_refused(rows, written, message):
    with pytest.raises(SplError, match=message):
        rows(f"* {written}", {"x": "1"})
