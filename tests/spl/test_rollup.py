"""Rules find the same in the rollup as in the events, however the rollup's runs cut the events."""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from detections.file_traversal_followed_by_transfer.cases import sweeps
from detections.transfer_at_the_times_of_a_new_job.cases import crontab
from replay import run
from tests.spl.case import Site
from tests.spl.drawn_flows import flow_bursts, flows
from tests.spl.events import (
    DAY,
    HOUR,
    IMPLANT,
    INSIDE,
    MAC,
    MB,
    NEW_YEAR,
    NOTEPAD,
    Event,
    at,
    bursts,
    conn_long,
    fortigate_session,
    minutely,
    night,
    nights,
    palo_alto,
    sysmon,
    vpc_flow,
    zeek,
)
from tests.spl.lists import devices, lookups
from tests.spl.name_cases import many_addresses
from tests.spl.named_events import FILES, PROXY, connect
from tests.spl.plain import plain
from tests.spl.rules import HIGH_VOLUME, RULES
from tests.spl.searches import STORED_WHOLE, opened, written

HOURLY, LATE = "T1029 - Hourly Rollup", "T1029 - Late Rollup"
DAILY, BACKFILL = "T1029 - Daily Rollup", "T1029 - Rollup Backfill"
# After the last of the week has been rolled up, also what came late.
AFTER = NEW_YEAR + 7 * DAY + 1800
SITE = Site(AFTER, devices())
# These read connections; the others read other events, or findings.
READS_CONNECTIONS = [
    pytest.param(rule, id=slug)
    for slug, rule in RULES.items()
    if re.search("t1029_(hour|flow)", rule.detection.search)
]


def runs(first: float = NEW_YEAR, last: float = AFTER) -> list[tuple[str, float]]:
    """Return the scheduled runs of the rollup between two times, in order."""
    hourly = [(HOURLY, when + 240) for when in range(int(first) + HOUR, int(last), HOUR)]
    days = range(int(first) + DAY, int(last), DAY)
    late = [(LATE, when + 1020) for when in days]
    daily = [(DAILY, when + 2400) for when in days]
    return sorted(hourly + late + daily, key=lambda one: one[1])


def week() -> list[Event]:
    """Return a week in which every rule that reads connections finds something."""
    return [
        *(
            make(night(day, 2400), 250 * MB, **lasts)
            for day in range(7)
            for make, lasts in TWO_LOGS
        ),
        *bursts(range(0, 160, 20), 5, 6 * MB, **{"id.resp_h": "203.0.113.20"}),
        *(zeek(at(150, 60 * n), 1000, **{"id.resp_h": "203.0.113.21"}) for n in range(200)),
        *minutely(20, sysmon, Image=NOTEPAD, DestinationIp="203.0.113.22"),
        *nights(7, zeek, MB, service="ssh", **{"id.resp_h": "203.0.113.23", "id.resp_p": 4444}),
        *nights(7, zeek, MB, orig_l2_addr=MAC, **{"id.resp_h": "203.0.113.24"}),
        *(
            zeek(night(day), 1000, **{"id.resp_h": f"203.0.{day}.9", "id.resp_p": 4443})
            for day in range(7)
        ),
        *conn_long(NEW_YEAR + 60, [50 * MB] * 100, **{"id.resp_h": "203.0.113.25"}),
        *fortigate_session(at(3, 30), [MB] * 400, dstip="203.0.113.26"),
        *(cron(night(day) - 10) for day in range(7)),
        {**crontab(night(1, 9 * HOUR), "41 4 * * * /opt/sync"), "host": INSIDE},
        *(zeek(night(day, 9_680), MB, **{"id.resp_h": "203.0.113.29"}) for day in range(2, 7)),
        *sweeps(3, Image=IMPLANT),
        *nights(7, zeek, MB, **{"id.resp_h": "203.0.113.27"}),
        *nights(7, zeek, MB, history="^hdaf", **{"id.resp_h": "203.0.113.28"}),
        *nights(7, zeek, 2 * MB, history="ShADadFf", **{"id.resp_h": "203.0.113.28"}),
        *(row for minute in range(180) for row in vpc_flow(at(30, 60 * minute + 7), 3 * MB)),
        *many_addresses(FILES, "other.example"),
        *(row for day in range(7) for row in through_proxy(night(day, 600), 49152 + day)),
    ]


def through_proxy(epoch: float, port: int) -> list[Event]:
    """Return two connections to the proxy inside, each to another name, one of them long."""
    proxy = {"id.resp_h": PROXY, "id.resp_p": 3128}
    return [
        zeek(epoch, 120 * MB, **proxy, **{"id.orig_p": port}),
        connect(epoch + 0.1, **{"id.orig_p": port}),
        zeek(
            epoch + 9, 200 * MB, duration=9000, uid=f"C{port}", **proxy, **{"id.orig_p": port + 99}
        ),
        connect(epoch + 9.1, "www.other.example:443", **{"id.orig_p": port + 99}),
    ]


TWO_LOGS = ((zeek, {"duration": 2400}), (palo_alto, {"duration": 30, "src_port": 49152}))


def cron(epoch: float) -> Event:
    """Return the start of a job of cron on the sender."""
    job = "CRON[411]: (root) CMD (/opt/sync -a)"
    return {
        "_time": epoch,
        "host": INSIDE,
        "source": "cron",
        "sourcetype": "linux:cron",
        "_raw": job,
    }


def found(rules, events, folder, stored=(), lists=SITE.lists, macros=STORED_WHOLE):
    """Return the rows of each rule before any threshold of the score, after runs of the rollup."""
    outcome = run(
        searches=list(stored),
        spl=[opened(rule) for rule in rules],
        inputs=written(events, folder),
        now=AFTER,
        lookups=lookups(lists, folder),
        macros=macros,
    )
    results = outcome.results[len(stored) :]
    return [sorted((plain(row) for row in one.rows), key=repr) for one in results]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return what every rule finds in a week of events, and in the rollup of that week."""

    @cache
    def result():
        rules = [param.values[0] for param in READS_CONNECTIONS]
        folder, events = tmp_path_factory.mktemp("week"), week()
        ways = [found(rules, events, folder, stored) for stored in ((), runs())]
        return {rule.slug: rows for rule, *rows in zip(rules, *ways)}

    return result


@pytest.mark.parametrize("rule", READS_CONNECTIONS)
def test_rules_find_the_same_in_the_rollup(both, rule):
    by_events, by_rollup = both()[rule.slug]
    assert by_events
    assert by_rollup == by_events


def hours(events, folder, stored=()) -> list[dict]:
    outcome = run(
        searches=list(stored), spl=["| `t1029_hourly`"], inputs=written(events, folder), now=AFTER
    )
    return sorted((plain(row) for row in outcome.results[-1].rows), key=repr)


@pytest.mark.parametrize(
    "strategy",
    [
        pytest.param(flows((1000, 600 * MB)), id="long-flows"),
        pytest.param(flow_bursts((5 * MB, 6 * MB, 600 * MB)), id="bursts"),
    ],
)
def test_hours_of_the_rollup_are_those_of_the_events(tmp_path, strategy):
    @settings(
        max_examples=5,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(events=strategy)
    def agree(events):
        by_events = hours(events, tmp_path)
        assert by_events
        assert hours(events, tmp_path, runs(last=NEW_YEAR + 3 * DAY + HOUR)) == by_events

    agree()


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(
            [(name, when + late) for name, when in runs() for late in (0, 300)], id="runs-twice"
        ),
        pytest.param([one for one in runs() if one[0] != DAILY], id="days-are-not-packed"),
        pytest.param(
            [*runs(), (HOURLY, NEW_YEAR + 2 * DAY + 30 * HOUR + 240)],
            id="an-hour-of-a-packed-day-again",
        ),
        pytest.param(runs(first=NEW_YEAR + 2 * DAY), id="rollup-begins-later"),
        pytest.param(
            [*runs(first=NEW_YEAR + 2 * DAY)[:26], (BACKFILL, NEW_YEAR + 3 * DAY + 7200)]
            + runs(first=NEW_YEAR + 2 * DAY)[26:],
            id="backfill",
        ),
    ],
)
def test_runs_may_be_repeated_and_begin_late(tmp_path, stored):
    events = [zeek(night(day, 3000), 150 * MB, duration=30) for day in range(7)]
    events += fortigate_session(at(3, 30), [MB] * 900)
    assert hours(events, tmp_path, stored) == hours(events, tmp_path)


def test_a_nightly_burst_inside_one_connection_of_twelve_days_is_found(tmp_path):
    """conn_long is stamped with the begin of the connection, before any look-back."""
    begins = AFTER - 1800 - 12 * DAY
    burst = [200 * MB if hour == 2 else MB for hour in range(24)]
    even = [sum(burst) // 24] * 24
    rules = [HIGH_VOLUME]
    stored = runs(begins, AFTER)
    (rows,) = found(rules, conn_long(begins, burst * 12), tmp_path, stored)
    assert [(row["hours"], row["risk_score"] >= 9) for row in rows] == [(7, True)]
    assert found(rules, conn_long(begins, even * 12), tmp_path, stored) == [[]]


def test_a_packed_row_can_be_read_back(tmp_path):
    """In every hour of a day as many contacts with long names as are packed."""
    events = [
        zeek(at(hour, 400.123456 * n), 4_000_000_000 + n, **{"id.orig_p": None, "uid": "C" * 18})
        for hour in range(24)
        for n in range(4)
    ]
    stored = runs(NEW_YEAR, NEW_YEAR + 26 * HOUR)
    assert hours(events, tmp_path, stored) == hours(events, tmp_path)
