"""Evasive schedules and what resembles them: drawn alike from a seed, and told apart."""

import pytest

from bench import evasive, limits
from bench.constants import PAGE
from bench.evasive import DEVELOPMENT_SEED, FINAL_SEED, KINDS, LOOKALIKES
from bench.pairs import DAY

BY_NAME = {kind.name: kind for kind in (*KINDS, *LOOKALIKES)}


@pytest.mark.parametrize("name", BY_NAME)
def test_fewer_days_are_the_beginning_of_more(name):
    kind = BY_NAME[name]
    short, long = (evasive.pair(kind, 1, days) for days in (kind.days[-3], kind.days[-1]))
    assert long.connections[: len(short.connections)] == short.connections
    assert len(long.connections) > len(short.connections) > 1
    assert all(long.start <= epoch < long.end for epoch in long.epochs)


def test_development_never_reaches_the_final_seeds():
    assert FINAL_SEED - DEVELOPMENT_SEED > 100_000


def test_once_a_day_is_once_in_each_day():
    drawn = evasive.pair(BY_NAME["once a day, at any time"], 1, 14)
    assert [int((epoch - drawn.start) // DAY) for epoch in drawn.epochs] == list(range(14))


def test_a_nightly_job_is_found_within_days():
    row = limits.row(BY_NAME["nightly, ±2 min"], range(DEVELOPMENT_SEED, DEVELOPMENT_SEED + 5))
    assert row[1:3] == ["4 d", "4 d"]


def test_what_is_never_found_says_how_long_it_was_sought():
    assert limits.row(BY_NAME["visits at home, about one a day"], range(3))[2] == "not in 60 d"


def test_a_share_of_none_is_none():
    assert (
        limits.false_row(BY_NAME["visits at home, about one a day"], range(3))[2:] == ["0.0000"] * 2
    )


def test_the_page_has_room_for_the_tables():
    kept = limits.composed(PAGE.read_text(), [])
    assert kept.count(limits.BEGIN) == kept.count(limits.END) == 1
