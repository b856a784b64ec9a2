"""Pauses that vary within bounds, as malware can be set to vary them: the interval rule's floor."""

from random import Random

import pytest

from tests.spl.events import Event, at, zeek
from tests.spl.rules import INTERVAL
from tests.spl.searches import rows_of

PERIOD = 80
REASON = "pauses vary on purpose"


def calls(contacts: int, spread: float, astray: int = 0) -> list[Event]:
    """Return calls that fetch, at pauses spread evenly by a share of the period.

    The last so many pauses are longer, each by another length.
    """
    rng, time, events = Random(1), at(5), []
    for number in range(contacts):
        events.append(zeek(time, 0, resp_bytes=250))
        kept = number < contacts - 1 - astray
        time += PERIOD * (rng.uniform(1 - spread, 1 + spread) if kept else rng.uniform(2, 9))
    return events


@pytest.fixture
def printed(tmp_path):
    """Return a function that gives the rows of the interval rule with every score let through."""

    def rows(events: list[Event]) -> list[dict]:
        macros = {"t1029_interval_risk": "0"}
        return rows_of(events, INTERVAL.search, folder=tmp_path, macros=macros)[0]

    return rows


@pytest.mark.parametrize(
    ("events", "raised"),
    [
        pytest.param(calls(1000, 0.25), True, id="varies-by-a-quarter"),
        pytest.param(calls(1000, 0.1), False, id="varies-by-a-tenth"),
        pytest.param(calls(1000, 0), False, id="does-not-vary"),
        pytest.param(calls(1000, 0.25, 60), True, id="with-some-stragglers"),
        pytest.param(calls(1000, 0.25, 200), False, id="with-many-stragglers"),
        pytest.param(calls(49, 0.25), False, id="too-few-contacts"),
    ],
)
def test_pauses_that_vary_within_bounds_reach_the_alert_line(printed, events, raised):
    (row,) = printed(events)
    assert (REASON in row["reasons"], float(row["risk_score"]) == 7) == (raised, raised)


def test_a_schedule_below_even_odds_is_not_raised(printed):
    events = [{**event, "resp_bytes": 0} for event in calls(100, 0.25)]
    (row,) = printed(events)
    assert REASON not in row["reasons"]
