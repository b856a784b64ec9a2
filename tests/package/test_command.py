"""The packaged command on the Pythons that Splunk carries: no cell costs a row."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay.chunked import decode_rows, encode_rows
from scheduled_transfer.parsing import parse
from tests.interpreters import PYTHONS, interpreter
from tests.protocol.session import answered, executed, session, spoken
from tests.protocol.test_command import FIELDS, NIGHTS, RAW, rows_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('\0\ue000\r\n",$; x')
CELLS = TEXTS | st.lists(TEXTS, min_size=2)
NAMES = st.sampled_from(["floor", "senders", "app", 'a "name",\0 ü', *FIELDS])
OBSERVATIONS = st.sampled_from([NIGHTS, NIGHTS.split(), "", f"{NIGHTS}\0"]) | CELLS
RAW_ROWS = st.lists(st.dictionaries(NAMES, CELLS))
ROWS = st.lists(st.dictionaries(NAMES | st.just("observations"), CELLS | OBSERVATIONS))
CHUNKS = st.lists(RAW_ROWS | ROWS, min_size=1)
# Beyond the SDK's limit of 10 MB.
HUGE = 11_000_000


@pytest.fixture(params=PYTHONS)
def command(package, request):
    """How the unpacked package's command is started, on each Python."""
    script = str(package.unpacked / "bin/schedulescore.py")
    return [interpreter(request.param), "-S", "-E", "-B", script]


@settings(
    derandomize=True,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chunks=CHUNKS)
def test_every_row_comes_back_in_order_with_its_cells(command, chunks):
    numbered = [
        [{"place": f"{chunk}.{place}", **row} for place, row in enumerate(rows)]
        for chunk, rows in enumerate(chunks)
    ]
    sent = [row for rows in numbered for row in decode_rows(encode_rows(rows))[1]]
    answer = executed(numbered, command=command)
    assert [kept(row, came) for row, came in zip(sent, answer.rows)] == sent
    assert len(answer.rows) == len(sent)
    assert not answer.stderr


def kept(sent, came):
    """What a row must keep: all, and of the fields of a verdict those that no verdict replaces."""
    judged = parse(sent.get("observations")).epochs
    return {
        name: value if judged and name in FIELDS else came.get(name) for name, value in sent.items()
    }


def test_raw_events_pass_unchanged(command):
    answer = executed([RAW, RAW], command=command)
    assert answer.rows == [*RAW, *RAW]
    assert len(answer.messages) == 1


@pytest.mark.parametrize("name", ["note", "observations", "app"])
def test_a_cell_beyond_the_limit_of_the_sdk_survives(command, name):
    huge = {**rows_of(1)[0], name: "x" * HUGE}
    answer = executed([[*rows_of(1), huge, *rows_of(1)]], command=command)
    assert [len(row.get(name, "")) for row in answer.rows][1] == HUGE
    assert [row["src"] for row in answer.rows] == ["10.0.0.0"] * 3
    assert not answer.messages


@pytest.mark.parametrize("name", ["note", "observations", "app", "a\0"])
def test_a_nul_byte_comes_back(command, name):
    odd = {**rows_of(1)[0], name: "a\0b\ue000"}
    answer = executed([[*rows_of(1), odd], rows_of(1)], command=command)
    assert answer.rows[1][name] == "a\0b\ue000"
    assert answer.rows[0] == answer.rows[2]
    assert not answer.messages


def test_a_chunk_cut_short_loses_no_whole_row(command):
    whole = executed([rows_of(3)], command=command).rows
    answer = answered(spoken(session([rows_of(3)]))[:-20], command)
    assert answer.rows[:2] == whole[:2]
    assert len(answer.messages) == 1


def test_an_option_given_twice_is_named(command):
    [message] = executed([[]], ["observations=a", "observations=b"], command).messages
    assert "observations" in message
