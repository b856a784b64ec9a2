"""A custom command as a child process over the chunked protocol."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay import Inputs, SplError, run
from replay.chunked import (
    CHUNK_ROWS,
    decode_multivalue,
    decode_rows,
    encode_multivalue,
    encode_rows,
    read_chunk,
    write_chunk,
)

VALUES = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@given(st.lists(VALUES, min_size=1))
def test_multivalues_come_back(values):
    assert decode_multivalue(encode_multivalue(values)) == values


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), VALUES.filter(bool), min_size=1), min_size=1)
)
def test_rows_come_back(rows):
    assert decode_rows(encode_rows(rows))[1] == rows


def test_a_chunk_comes_back():
    stream = io.BytesIO()
    write_chunk(stream, {"action": "execute"}, "ä\n")
    stream.seek(0)
    assert read_chunk(stream) == ({"action": "execute"}, "ä\n")


def test_the_end_of_the_stream_is_no_chunk():
    assert read_chunk(io.BytesIO()) is None


BROKEN = {
    "a-stray-print": (b"print\n", "not a message"),
    "too-short": (b"chunked 1.0,2,9\n{}x", "ends too early"),
}


@pytest.mark.parametrize(("written", "named"), BROKEN.values(), ids=BROKEN)
def test_broken_stream(written, named):
    with pytest.raises(SplError, match=named):
        read_chunk(io.BytesIO(written))


def test_multivalue_columns_stand_last():
    assert encode_rows([{"a": ["1", "2"], "b": "x"}]).splitlines()[0] == '"a","b","__mv_a","__mv_b"'


def test_rows_go_through(rows):
    (row,) = rows("* | echo add=hello", {"v": ["a", "b"], "w": "1"})
    assert row == {"v": ["a", "b"], "w": "1", "echo": "hello", "many": ["1", "two$", "3;"]}


def test_quoted_option_reaches_the_command_without_quotes(rows):
    assert rows('* | echo add="a b"', {"v": "1"})[0]["echo"] == "a b"


def test_no_rows_are_an_empty_chunk(rows):
    assert rows("v=2 | echo", {"v": "1"}) == []


def test_more_rows_than_a_chunk_come_in_order(search):
    count = CHUNK_ROWS + 3
    result = search(f"| makeresults count={count} | streamstats count AS n | echo | fields n")
    assert [row["n"] for row in result.rows] == list(range(1, count + 1))


def test_computed_numbers_stay_numbers(rows):
    (row,) = rows("* | eval n=v+1 | echo add=1.5", {"v": "007"})
    assert (row["v"], row["n"], row["echo"]) == ("007", 8, 1.5)


def test_new_columns_follow_the_known(search):
    result = search("* | table v | echo", {"v": "1"})
    assert result.columns == ["v", "echo", "many"]


def test_unknown_option_is_the_commands_own_error(search):
    with pytest.raises(SplError, match="Error in 'echo' command: Unrecognized option: nosuch=1"):
        search("* | echo nosuch=1", {"v": "1"})


def test_an_exception_is_an_error(search):
    with pytest.raises(SplError, match=r"command 2 \(echo\).*asked to fail"):
        search("* | echo", {"fail": "1"})


def test_a_command_that_cannot_start_tells_its_last_words(search):
    with pytest.raises(SplError, match=r"Error in 'broken' command: .*cannot start"):
        search("* | broken", {"v": "1"})


def test_a_warning_is_passed_on(app):
    events = Inputs(events=({"_time": 1.0, "warn": "1"},))
    outcome = run(spl=["* | echo"], inputs=events, app=app)
    assert outcome.warnings == ["echo: WARN: asked to warn"]


def test_an_error_that_the_command_survives_is_a_message(app):
    events = Inputs(events=({"_time": 1.0, "err": "1"}, {"_time": 2.0}))
    outcome = run(spl=["* | echo"], inputs=events, app=app)
    assert outcome.warnings == ["echo: ERROR: asked to err"]
    assert len(outcome.results[0].rows) == 2


def test_an_error_that_ends_the_command_is_an_error(search):
    with pytest.raises(SplError, match=r"asked to err .*asked to fail"):
        search("* | echo", {"err": "1"}, {"fail": "1"})


def test_a_command_that_asks_for_some_fields_only_is_refused(own_app):
    app = own_app(commands="[some]\nchunked = true\n")
    (app / "bin").mkdir()
    (app / "bin/some.py").write_text(ASKS_FOR_SOME, encoding="utf-8")
    with pytest.raises(SplError, match="'some' command: required_fields are not supported"):
        run(spl=["| makeresults | some"], app=app)


ASKS_FOR_SOME = """
import sys
sizes = sys.stdin.readline().split(",")
sys.stdin.read(int(sizes[1]))
answer = '{"type": "streaming", "required_fields": ["a"]}'
sys.stdout.write("chunked 1.0,%d,0\\n%s" % (len(answer), answer))
"""
