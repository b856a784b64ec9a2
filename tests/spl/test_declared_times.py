"""Jobs whose times are local: where the searches' owner, or the site, is in another time zone."""

import pytest

from detections.transfer_at_the_times_of_a_new_job.cases import (
    NEW,
    declared,
    sent,
    task_xml,
    trigger,
)
from tests.spl.events import HOUR
from tests.spl.lists import known_host
from tests.spl.rules import RULES
from tests.spl.searches import rows_of

RULE = RULES["transfer_at_the_times_of_a_new_job"]


@pytest.mark.parametrize(
    ("written", "zone", "macros", "reported"),
    [
        pytest.param("03:14:00", "Europe/Berlin", {}, True, id="as-the-owner-of-the-search"),
        pytest.param("02:14:00", "Europe/Berlin", {}, False, id="not-in-universal-time"),
        pytest.param("02:14:00Z", "Europe/Berlin", {}, True, id="said-to-be-in-universal-time"),
        pytest.param("07:44:00", "Asia/Kolkata", {}, True, id="half-an-hour-off"),
        pytest.param("21:14:00", "America/New_York", {}, True, id="west"),
        pytest.param(
            "05:14:00",
            "Europe/Berlin",
            {"t1029_host_zone(2)": str(3 * HOUR)},
            True,
            id="as-the-site-says",
        ),
    ],
)
def test_local_times_are_those_of_the_host(tmp_path, written, zone, macros, reported):
    content = task_xml(trigger(start=f"2026-01-02T{written}"))
    events = [declared(NEW, content), *sent(3, 4, 5)]
    (rows,) = rows_of(
        events, RULE.search, folder=tmp_path, lists=known_host(), tz=zone, macros=macros
    )
    assert [float(row["times"]) for row in rows] == ([3] if reported else [])
