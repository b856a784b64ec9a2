"""The volume bench: what it writes, measures and compares, on small inputs."""

import gzip
import json
import sys

import pytest

from bench import connections, pair_hours, volume
from bench.connections import BEGIN, HOUR, Shape
from bench.grouped import grouped
from bench.resources import Used, used
from bench.volume import GROUPED, Run
from replay import Inputs, run

SMALL = Shape(connections=600, pairs=20, hours=168)
HOURLY = "`t1029_hourly` | stats sum(connections) AS connections, count AS hours"


@pytest.fixture
def log(tmp_path):
    place = tmp_path / "conn.json.gz"
    connections.write(place, SMALL)
    return place


def test_a_made_up_log_has_its_connections_pairs_and_hours(log):
    with gzip.open(log, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    assert len(rows) == SMALL.connections
    assert len({(row["id.orig_h"], row["id.resp_h"]) for row in rows}) == SMALL.pairs
    assert rows[0]["ts"] == BEGIN
    assert 167 * HOUR < rows[-1]["ts"] - BEGIN < 168 * HOUR


def test_no_connection_lasts_beyond_its_hour(log):
    with gzip.open(log, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    assert all(row["ts"] // HOUR == (row["ts"] + row["duration"]) // HOUR for row in rows)


def test_replay_and_duckdb_group_the_same_log_alike(log):
    (result,) = run(spl=[HOURLY], inputs=Inputs(zeek=(str(log),))).results
    (row,) = result.rows
    assert (row["hours"], row["connections"]) == grouped(str(log), 1)


def test_a_command_is_measured_with_what_it_begins(tmp_path):
    held = "held = bytearray(60_000_000); held[::4096] = b'x' * len(held[::4096])"
    child = f"import time; {held}; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    found = used([sys.executable, "-c", parent], tmp_path / "output", tmp_path)
    assert found.peak > 60_000_000
    assert found.wall > 1
    assert found.cpu > 0


def test_the_table_compares_with_duckdb_on_the_same_log():
    made = volume.table(
        [
            Run("a", GROUPED, Used(1, 2, 10**6), 5),
            Run("a", volume.BOTH, Used(5, 8, 2 * 10**9), 1),
        ],
        "here",
    )
    assert made.rows[1] == ["a: both published rules", "5.0", "8.0", "4.0", "2,000", "1"]


def test_a_rule_over_many_pair_hours_finds_what_its_sql_finds():
    found = pair_hours.compared(Shape(connections=20_000, pairs=600, hours=168))
    assert found.equal
    assert found.result.rows
    assert found.pair_hours == 20_000
