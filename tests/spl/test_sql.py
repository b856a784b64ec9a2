"""The SQL itself, against what each case says must come out."""

from functools import cache
from typing import NamedTuple

import pytest

from tests.spl.cases import CASES, HighVolume, Recurring
from tests.spl.oracle import Oracle

BY_NAME = {case.name: case for case in CASES}
NAMES = [pytest.param(name, id=name) for name in BY_NAME]


class Answer(NamedTuple):
    high_volume: list
    recurring: list


@cache
def answer(name: str) -> Answer:
    case = BY_NAME[name]
    oracle = Oracle(case.events, case.settings, case.site_list + case.shipped_list)
    return Answer(oracle.high_volume(), oracle.recurring())


def told(rows: list, kind: type) -> list:
    return [kind(*(row[field] for field in kind._fields)) for row in rows]


def test_names_are_unique():
    assert len(BY_NAME) == len(CASES)


@pytest.mark.parametrize("name", NAMES)
def test_high_volume(name):
    assert told(answer(name).high_volume, HighVolume) == list(BY_NAME[name].high_volume)


@pytest.mark.parametrize("name", NAMES)
def test_recurring(name):
    assert told(answer(name).recurring, Recurring) == list(BY_NAME[name].recurring)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        pytest.param(name, field, expected, id=f"{name}-{field}")
        for name, case in BY_NAME.items()
        for field, expected in (
            ("host", case.hosts),
            ("process", case.processes),
            ("observations", case.observations),
        )
        if expected is not None
    ],
)
def test_values(name, field, expected):
    (row,) = answer(name).high_volume or answer(name).recurring
    assert list(row[field] or ()) == sorted(expected)
