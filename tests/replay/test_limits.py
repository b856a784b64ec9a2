"""Where a search would pass one of Splunk's limits, replay stops and names it."""

import pytest

from replay import Inputs, limits, run
from replay.errors import SplError
from replay.limits import LIMITS

STORES = "T1029 - Hourly Rollup"
MANY = "| makeresults count={} | eval v=1"
PASSES = {
    limits.EVENTSTATS: (MANY + " | eventstats count BY v", 50_000),
    limits.APPEND: ("| makeresults | append [" + MANY + "] | stats count", 50_000),
    limits.SORT: (MANY + " | sort v", 10_000),
    limits.LIST: (MANY + " | stats list(v) AS v", 100),
}


@pytest.mark.parametrize("limit", [pytest.param(one, id=one.setting) for one in PASSES])
def test_a_search_stops_beyond_a_limit(limit):
    written, most = PASSES[limit]
    assert run(spl=[written.format(most)]).results[0].rows
    with pytest.raises(SplError) as stopped:
        run(spl=[written.format(most + 1)])
    assert limit.setting in str(stopped.value)
    assert limit.beyond in str(stopped.value)


def test_mvexpand_stops_where_its_copies_need_too_much():
    written = '| makeresults | eval a="{}", b=mvrange(0, {}) | mvexpand b | table a, b'
    assert run(spl=[written.format("x" * 1000, 1000)]).results[0].rows[999]["b"] == 999
    with pytest.raises(SplError, match=r"mvexpand.*max_mem_usage_mb"):
        run(spl=[written.format("x" * 1_000_000, 1000)])


def connection(port: int, name: str) -> dict:
    return {
        "_time": 1_767_225_600.0 + port,
        "sourcetype": "zeek:conn",
        "index": "main",
        "host": name,
        "id.orig_h": "10.0.0.5",
        "id.orig_p": str(port),
        "id.resp_h": "203.0.113.9",
        "orig_bytes": "100",
    }


@pytest.mark.parametrize("longer", [0, 10_240])
def test_a_row_that_splunk_could_not_read_back_is_not_stored(longer):
    inputs = Inputs(events=(connection(1, "z" + "x" * longer),))
    ran = [(STORES, 1_767_225_600 + 3840.0)]
    if longer:
        with pytest.raises(SplError, match="maxchars"):
            run(ran, inputs=inputs)
    else:
        assert len(run(ran, inputs=inputs).results[0].rows) == 2


def test_every_limit_is_tried():
    tried = {*PASSES, limits.MVEXPAND, limits.EVENT_CHARACTERS, limits.EVENT_FIELDS}
    assert tried == set(LIMITS)


def test_a_stored_row_has_so_many_fields():
    limits.EVENT_FIELDS.hold(100, "a row")
    with pytest.raises(SplError, match=r"a row: 101 fields of a stored row.*\[kv\] limit = 100"):
        limits.EVENT_FIELDS.hold(101, "a row")
