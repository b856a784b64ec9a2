"""The command over the wire: what goes in comes out, with every field of the verdict."""

import pytest

from replay.chunked import Chunk

from .session import answered, converse, executed, getinfo, session, spoken

NIGHTS = "1767233650:150000000 1767320050:150000000 1767406450:150000000"
FIELDS = [
    "regularity",
    "schedule",
    "period",
    "jitter",
    "beats",
    "expected_beats",
    "log10_p",
    "risk_score",
    "reasons",
]


def rows_of(count):
    """Rows that can be told apart."""
    return [{"src": f"10.0.0.{place}", "observations": NIGHTS} for place in range(count)]


def test_a_row_keeps_its_fields_and_gains_the_verdict():
    [row] = executed([[{"src": "10.1.2.3", "observations": NIGHTS, "floor": "8"}]]).rows
    assert (row["src"], row["observations"]) == ("10.1.2.3", NIGHTS)
    assert set(FIELDS) <= set(row)


def test_the_worked_example():
    [row] = executed([[{"observations": NIGHTS, "floor": "8"}]]).rows
    assert row["schedule"] == "daily 02:14 ±0 min"
    assert 8 <= float(row["risk_score"]) <= 10


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([rows_of(7)], id="one-chunk"),
        pytest.param([rows_of(1), rows_of(3), rows_of(2)], id="chunks-of-any-size"),
        pytest.param([rows_of(2), [], rows_of(2)], id="an-empty-chunk-between"),
        pytest.param([[], rows_of(2)], id="an-empty-chunk-first"),
        pytest.param([rows_of(2), []], id="the-last-chunk-without-rows"),
        pytest.param([[]], id="no-row-at-all"),
    ],
)
def test_every_row_comes_back_in_order(batches):
    sent = [row["src"] for batch in batches for row in batch]
    assert [row["src"] for row in executed(batches).rows] == sent


def test_rows_do_not_depend_on_how_they_are_cut_into_chunks():
    whole = executed([rows_of(6)]).rows
    assert executed([rows_of(6)[:1], rows_of(6)[1:4], rows_of(6)[4:]]).rows == whole


def test_each_chunk_gets_one_answer():
    assert len(executed([rows_of(1), rows_of(2), []]).chunks) == 4


@pytest.mark.parametrize(
    "first",
    [
        pytest.param({"src": "a"}, id="no-observations-field"),
        pytest.param({"src": "a", "observations": "nonsense"}, id="unreadable"),
        pytest.param({"src": "a", "observations": "", "floor": "7"}, id="empty"),
    ],
)
def test_a_first_row_without_a_verdict_drops_no_column(first):
    answer = executed([[first, {"src": "b", "observations": NIGHTS}]])
    assert set(FIELDS) <= set(answer.columns)
    assert answer.rows[1]["schedule"].startswith("daily 02:14")


@pytest.mark.parametrize("observations", ["", " ", "nonsense"])
def test_a_row_without_an_observation_has_the_floor_and_a_reason(observations):
    row = {"src": "a", "observations": observations, "floor": "7"}
    *_, row = executed([[*rows_of(1), row]]).rows
    assert float(row["risk_score"]) == 7
    assert row["reasons"] != ""


@pytest.mark.parametrize("observations", ["", " ", "nonsense"])
def test_a_row_without_an_observation_keeps_what_it_has(observations):
    known = {"risk_score": "6.5", "schedule": "daily 02:14 ±0 min", "reasons": ["one", "two"]}
    row = {"src": "a", "observations": observations, "floor": "7", **known}
    *_, row = executed([[*rows_of(1), row]]).rows
    assert {name: row[name] for name in known} == known


def test_a_row_with_observations_gets_a_new_verdict():
    [row] = executed([[{"observations": NIGHTS, "schedule": "weekly", "risk_score": "1"}]]).rows
    assert row["schedule"] == "daily 02:14 ±0 min"


RAW = [
    {"_raw": "a, b", "src": "a", "floor": "7"},
    {"_raw": "c", "risk_score": "6.5", "schedule": "weekly", "reasons": ["one", "two"]},
]


def test_raw_events_pass_unchanged():
    assert executed([RAW]).rows == RAW


def test_raw_events_are_one_error_that_names_the_field_and_a_macro():
    answer = executed([RAW, RAW, [], RAW])
    assert [level for level, _ in answer.levels] == ["ERROR"]
    assert "'observations'" in answer.messages[0]
    assert "`t1029_pairs(60)`" in answer.messages[0]
    assert not answer.stderr


def test_a_missing_field_is_named_as_in_the_search():
    answer = executed([rows_of(2)], ["observations=times"])
    assert "'times'" in answer.messages[0]
    assert answer.rows == rows_of(2)


def test_a_chunk_of_raw_events_costs_no_other_its_verdict():
    answer = executed([rows_of(1), RAW, rows_of(1)])
    first, *raw, last = answer.rows
    assert raw == RAW
    assert first == last
    assert first["schedule"] == "daily 02:14 ±0 min"


def test_no_row_is_no_error():
    assert not executed([[], []]).messages


def test_one_bad_row_costs_no_other():
    bad = {"src": "bad", "observations": "nan inf -1:-5 ::: 9e999:x", "floor": "seven"}
    answer = executed([[*rows_of(2), bad, *rows_of(2)]])
    assert len(answer.rows) == 5
    assert not answer.stderr.strip()


@pytest.mark.parametrize(
    "observations",
    [
        pytest.param(NIGHTS, id="joined"),
        pytest.param(NIGHTS.split(), id="multivalue"),
        pytest.param(NIGHTS.split()[::-1], id="newest-first"),
        pytest.param([*NIGHTS.split(), NIGHTS.split()[0]], id="a-duplicate"),
    ],
)
def test_observations_joined_or_multivalue_score_alike(observations):
    [row] = executed([[{"observations": observations, "floor": "8"}]]).rows
    assert (row["beats"], row["schedule"]) == ("3", "daily 02:14 ±0 min")


def test_fields_can_be_named():
    rows = [{"beats_seen": NIGHTS, "least": "9"}]
    [row] = executed([rows], ["observations=beats_seen", "floor=least"]).rows
    assert float(row["risk_score"]) >= 9


def test_text_of_any_script_comes_back():
    [row] = executed([[{"note": 'ทt "quoted", ; $5 ü\nnext line', "observations": NIGHTS}]]).rows
    assert row["note"] == 'ทt "quoted", ; $5 ü\nnext line'


def test_reasons_are_multivalue():
    [row] = executed([[{"observations": NIGHTS, "floor": "8", "senders": "1"}]]).rows
    assert isinstance(row["reasons"], list)


def test_a_cell_of_a_million_characters_survives():
    many = " ".join(str(1767225600 + 97 * beat) for beat in range(100_000))
    [row] = executed([[{"observations": many}]]).rows
    assert row["beats"] == "100000"


@pytest.mark.parametrize(
    ("args", "named"),
    [
        pytest.param(["observation=beats"], "observation", id="an-unknown-option"),
        pytest.param(["observations"], "observations", id="an-argument-without-a-value"),
        pytest.param(["{beats}"], "{beats}", id="braces-in-an-argument"),
        pytest.param(["observations=1bad name"], "1bad name", id="not-a-field-name"),
        pytest.param(["floor="], "floor", id="an-empty-value"),
        pytest.param(["observations={"], "observations={", id="a-brace-in-a-value"),
        pytest.param(["observations=a", "observations=b"], "observations", id="an-option-twice"),
        pytest.param(["floor=a", "observations=b", "floor=a"], "floor", id="twice-the-same"),
    ],
)
def test_a_syntax_error_is_one_message_that_names_it(args, named):
    messages = converse([Chunk(getinfo(args), "")]).messages
    assert len(messages) == 1
    assert named in messages[0]


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"action": "getinfo"}, id="no-searchinfo"),
        pytest.param({"action": "getinfo", "searchinfo": None}, id="null"),
        pytest.param({"action": "getinfo", "searchinfo": {}}, id="empty"),
        *(
            pytest.param(
                {**getinfo(), "searchinfo": {**getinfo()["searchinfo"], name: None}},
                id=f"null-{name}",
            )
            for name in getinfo()["searchinfo"]
        ),
    ],
)
def test_missing_metadata_do_not_end_it(metadata):
    answer = converse([Chunk(metadata, ""), *session([rows_of(2)])[1:]])
    assert [row["beats"] for row in answer.rows] == ["3", "3"]
    assert not answer.messages


def test_arguments_are_read_from_metadata_without_anything_else():
    metadata = {"action": "getinfo", "searchinfo": {"args": ["observations=times"]}}
    rows = [{"times": NIGHTS}]
    answer = converse([Chunk(metadata, ""), *session([rows])[1:]])
    assert [row["beats"] for row in answer.rows] == ["3"]


@pytest.mark.parametrize("missing", [1, 20, 70])
def test_a_chunk_cut_short_is_told_and_loses_no_whole_row(missing):
    answer = answered(spoken(session([rows_of(2), rows_of(3)]))[:-missing])
    whole = executed([rows_of(2), rows_of(3)]).rows
    assert answer.rows[:3] == whole[:3]
    assert len(answer.rows) >= 4
    assert len(answer.messages) == 1
    assert "ended within a chunk" in answer.messages[0]


def test_rows_with_too_few_cells_cost_no_other_a_column():
    getinfo, chunk = session([rows_of(3)])
    header, first, *rest = chunk.body.splitlines(keepends=True)
    body = "".join([header, first.split(",")[0] + "\n", "\n", *rest])
    answer = converse([getinfo, chunk._replace(body=body)])
    sources = [row.get("src") for row in answer.rows]
    assert sources == ["10.0.0.0", None, "10.0.0.1", "10.0.0.2"]
    assert answer.rows[-1] == executed([rows_of(3)]).rows[-1]


def test_it_declares_itself_streaming():
    answer = converse([Chunk(getinfo(), "")])
    assert answer.chunks[0].metadata["type"] == "streaming"
