"""Each source of fields.yml is searched by default, and its events are read as its manual says."""

import pytest

from compose.sources import fields
from replay import Inputs, run
from tests.spl.census import CENSUS, NOON
from tests.spl.events import INSIDE, write_json_lines

TABLE = fields()
SOURCES = list(TABLE.sources)
BLOCKED = [name for name, read in CENSUS.items() if read.blocked]
OPENING = [name for name, read in CENSUS.items() if read.opening]
READ_BY_MACRO = {"service", "bytes", "Application"}
LOOKED_AT = (
    "src", "dest_ip", "dest_port", "dest_name", "bytes_out", "bytes_in", "begin", "end",
    "transport", "process", "product", "interim", "opening",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """What is read of the event of each source, of a stopped and of an announced connection."""
    path = tmp_path_factory.mktemp("census") / "events.json"
    variants = {
        (name, kind): {**read.event, **changes}
        for name, read in CENSUS.items()
        for kind, changes in (("", {}), ("blocked", read.blocked), ("opening", read.opening))
        if changes or not kind
    }
    write_json_lines(path, [{**event, "case": " ".join(key)} for key, event in variants.items()])
    told = 'eval told=if(`t1029_blocked`, "blocked", "passed")'
    spl = f"`t1029_logs` | `t1029_normalize` | {told} | table case, told, {', '.join(LOOKED_AT)}"
    found = run(spl=[spl], inputs=Inputs(json=(str(path),)), now=NOON + 60).results[0].rows
    assert len(found) == len(variants)
    return {tuple(row["case"].split(" ")): row for row in found}


def test_each_source_has_its_event():
    assert list(CENSUS) == SOURCES


@pytest.mark.parametrize("name", SOURCES)
def test_an_event_is_searched_and_read(rows, name):
    row, read = rows[name, ""], CENSUS[name]
    found = {field: row.get(field) for field in LOOKED_AT}
    assert found == {
        "src": INSIDE,
        "dest_ip": read.dest_ip,
        "dest_port": read.port,
        "dest_name": read.name,
        "bytes_out": read.sent,
        "bytes_in": read.back,
        "begin": NOON + read.begin,
        "end": NOON + read.end,
        "transport": read.transport,
        "process": read.process,
        "product": TABLE.sources[name]["product"] or None,
        "interim": 1 if read.interim else None,
        "opening": None,
    }
    assert row["told"] == "passed"


@pytest.mark.parametrize("name", BLOCKED)
def test_a_stopped_connection_is_known_as_such(rows, name):
    assert rows[name, "blocked"]["told"] == "blocked"


@pytest.mark.parametrize("name", OPENING)
def test_an_announced_connection_is_known_as_such(rows, name):
    assert rows[name, "opening"]["opening"] == 1


@pytest.mark.parametrize("name", SOURCES)
def test_what_the_table_says_is_read_stands_in_the_event(name):
    reads, event = TABLE.sources[name]["reads"], CENSUS[name].event
    assert [one for one in reads if one not in event] == []


@pytest.mark.parametrize("name", SOURCES)
def test_what_the_table_says_is_read_is_a_spelling(name):
    assert [one for one in TABLE.sources[name]["reads"] if not TABLE.field_of(one)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_marks_are_tried(name):
    source = TABLE.sources[name]
    tried = {"opening": CENSUS[name].opening, "blocked": CENSUS[name].blocked}
    assert [mark for mark, changes in tried.items() if mark in source and not changes] == []
