import pytest

from bench.pairs import Connection, Pair, binned, joined, token, without_bytes, without_context

PAIR = Pair(
    "10.0.0.1",
    "203.0.113.9",
    (Connection(10.0, 5, 6), Connection(20.0, None, 7)),
    0.0,
    30.0,
    {"senders": "1", "dest_port": "443"},
)


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        pytest.param(Connection(10.9, 5, 6), "10:5:6", id="both-ways"),
        pytest.param(Connection(10.9, 5), "10:5", id="no-bytes-in"),
        pytest.param(Connection(10.9, None, 6), "10::6", id="no-bytes-out"),
        pytest.param(Connection(10.9), "10", id="no-bytes"),
        pytest.param(Connection(10.9, 0, 0), "10:0:0", id="zero-is-not-unknown"),
    ],
)
def test_token(connection, expected):
    assert token(connection) == expected


def test_connections_of_one_second_are_one_observation():
    assert joined([Connection(10.1, 5), Connection(10.8, 6), Connection(11.0, 7)]) == "10:11 11:7"


def test_bin_keeps_its_first_start():
    assert binned([Connection(61.5), Connection(119.0)], 60)[0].epoch == 61.5


def test_unknown_bytes_do_not_count_as_zero():
    assert binned([Connection(1.1, None), Connection(1.2, 5)])[0].bytes_out == 5


def test_without_bytes_keeps_the_times():
    assert without_bytes(PAIR).epochs == PAIR.epochs


def test_without_bytes_leaves_no_counts():
    assert {c[1:] for c in without_bytes(PAIR).connections} == {(None, None)}


def test_without_context_removes_only_the_named_fields():
    assert without_context(PAIR, "senders").context == {"dest_port": "443"}
