"""Traffic of which the sensor saw one side: what was sent is unknown, and never looks small."""

import pytest

from tests.spl.events import NEW_YEAR, Event, at, zeek
from tests.spl.rules import DAILY, INTERVAL
from tests.spl.searches import rows_of

DAY_OF_BEATS = range(0, 24 * 60, 10)
SEEN = {"history": "ShADadFf"}
# A sensor that never saw the sender, and counted nothing for it.
UNSEEN = {"history": "^hdaf"}
UNCOUNTED = {"orig_bytes": None, "resp_bytes": None}
FETCHED = {"resp_bytes": 90_000}
LOOKED_AT = {
    "t1029_interval_risk": "0",
    "t1029_daily_risk": "0",
}


def beacon(*kinds: dict) -> list[Event]:
    """Return a call every ten minutes for a day, of these kinds in turn."""
    return [
        zeek(at(0, 60.0 * minute), 600, **FETCHED, **kinds[number % len(kinds)])
        for number, minute in enumerate(DAY_OF_BEATS)
    ]


def nightly(*kinds: dict) -> list[Event]:
    """Return a call of each kind in the same hour of seven nights."""
    return [
        zeek(at(24 * day + 2, 60.0 * number), 600, **FETCHED, **kind)
        for day in range(7)
        for number, kind in enumerate(kinds)
    ]


@pytest.fixture
def risk(tmp_path):
    """Return a function that gives the risk of the one row of a rule."""

    def of(rule, events: list[Event]) -> float:
        (row,) = rows_of(events, rule.search, folder=tmp_path, macros=LOOKED_AT)[0]
        return float(row["risk_score"])

    return of


def without_bytes(events: list[Event]) -> list[Event]:
    return [{name: one for name, one in event.items() if name not in UNCOUNTED} for event in events]


@pytest.mark.parametrize(
    ("rule", "seen", "unseen"),
    [
        pytest.param(INTERVAL, beacon(SEEN), beacon(UNSEEN), id="every-call"),
        pytest.param(INTERVAL, beacon(SEEN), beacon(SEEN, UNSEEN), id="every-second-call"),
        pytest.param(DAILY, nightly(SEEN, SEEN), nightly(SEEN, UNSEEN), id="one-call-of-an-hour"),
    ],
)
def test_what_was_not_seen_is_scored_as_without_bytes(risk, rule, seen, unseen):
    assert risk(rule, unseen) == risk(rule, without_bytes(seen)) > risk(rule, seen)


def test_a_few_calls_that_were_not_seen_change_nothing(risk):
    few = beacon(SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, SEEN, UNSEEN)
    assert risk(INTERVAL, few) == risk(INTERVAL, beacon(SEEN))


def test_a_session_that_was_not_seen_is_no_small_one(risk):
    """A flow that goes on into the next hour is counted by its session."""
    longer = [
        zeek(NEW_YEAR + 3600 * hour + 3000, 600, duration=1200, uid=f"C{hour}", **FETCHED, **kind)
        for hour in range(22)
        for kind in [UNSEEN if hour % 2 else SEEN]
    ]
    seen = [{**event, **SEEN} for event in longer]
    assert risk(INTERVAL, longer) > risk(INTERVAL, seen)
