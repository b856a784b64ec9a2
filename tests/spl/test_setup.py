"""What Set-up says of a site: each step, and what to do next."""

import re

import pytest

from replay import run
from tests.spl.events import DAY, fortigate
from tests.spl.sites import BACKFILL, HOURLY, NOW, TODAY, Site, receipt, receipts, sites
from tests.structure.app_files import conf

SITES = sites()
STEPS = "| `t1029_health` | `t1029_setup_steps`"
SENTENCE = f"{STEPS} | `t1029_setup_sentence`"


def asked(site, folder, spl=STEPS):
    """The rows of a search at a site; the app of a site without a schedule is the shipped one."""
    settings = {"app": site.app(folder / "app")} if site.scheduled else {}
    lists = site.lists(folder)
    asked = [(spl, "-15m", "now")]
    return run(spl=asked, inputs=site.inputs, now=NOW, lookups=lists, **settings).results[0].rows


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The steps of each site by name, each by its step."""
    return {
        name: {row["step"]: row for row in asked(site, tmp_path_factory.mktemp(name))}
        for name, site in SITES.items()
    }


@pytest.fixture
def step(tmp_path):
    """Return a function from a site to one of its steps."""
    return lambda site, name: {row["step"]: row for row in asked(site, tmp_path)}[name]


STATES = [
    ("full", "Connections", "ok"),
    ("full", "Endpoints", "ok"),
    ("full", "Proxies", "ok"),
    ("full", "Names of destinations", "ok"),
    ("full", "DHCP", "ok"),
    ("full", "Own networks", "ok"),
    ("full", "Hourly Rollup", "ok"),
    ("full", "Late Rollup", "ok"),
    ("full", "Daily Rollup", "ok"),
    ("full", "Rollup Backfill", "ok"),
    ("full", "Destinations - Learn", "ok"),
    ("full", "Host Addresses - Learn", "ok"),
    ("full", "Fixed Interval Connections", "ok"),
    ("full", "Unknown Hardware Sending Data", "ok"),
    ("full", "Several Signals for One Sender", "ok"),
    ("full", "Index of findings", "ok"),
    ("full", "Mail", "ok"),
    ("first-day", "Connections", "ok"),
    ("first-day", "Hourly Rollup", "to do"),
    ("first-day", "Rollup Backfill", "optional"),
    ("first-day", "Known Devices - Learn", "to do"),
    ("first-day", "Fixed Interval Connections", "to do"),
    ("first-day", "Several Signals for One Sender", "optional"),
    ("first-day", "Index of findings", "cannot tell"),
    ("first-day", "Mail", "optional"),
    ("half-blind", "Connections", "ok"),
    ("half-blind", "Endpoints", "optional"),
    ("half-blind", "Own networks", "to do"),
    ("half-blind", "Hourly Rollup", "to do"),
    ("half-blind", "Late Rollup", "ok"),
    ("half-blind", "Daily Rollup", "to do"),
    ("half-blind", "Destinations - Learn", "to do"),
    ("half-blind", "High Volume Transfer at Specific Intervals", "ok"),
    ("half-blind", "Non-standard Port or Unexpected Encryption", "to do"),
    ("half-blind", "Process That Normally Does Not Use the Network", "optional"),
    ("empty", "Connections", "to do"),
    ("empty", "Proxies", "optional"),
    ("empty", "Own networks", "cannot tell"),
    ("empty", "Late Rollup", "to do"),
    ("empty", "Fixed Interval Connections", "optional"),
]


@pytest.mark.parametrize(("site", "step", "state"), STATES, ids=map("-".join, STATES))
def test_state_of_a_step(seen, site, step, state):
    row = seen[site][step]
    assert (row["state"], row["reason"]) == (state, row["reason"])


@pytest.mark.parametrize("site", SITES)
def test_every_step_has_a_state_a_reason_and_a_page(seen, site):
    wanted = ("part", "state", "reason", "change", "_place", "_page", "_change")
    assert [row["step"] for row in seen[site].values() if not all(map(row.get, wanted))] == []


def test_every_rule_and_every_search_that_learns_has_a_step(seen):
    wanted = [name for name in conf("savedsearches") if re.search(" - (Rule|Learn)$", name)]
    assert len(wanted) > 12
    assert {re.sub("T1029 - | - Rule", "", name) for name in wanted} - set(seen["empty"]) == set()


def test_steps_are_the_same_everywhere(seen):
    assert {tuple(steps) for steps in seen.values()} == {tuple(seen["empty"])}


REASONS = [
    ("full", "Connections", "120 events in the last day: fortigate_traffic, zeek:conn:json."),
    ("full", "Hourly Rollup", "From 2026-01-11 00:00 to 2026-01-21 01:00, without a gap."),
    ("full", "Destinations - Learn", "3 rows, learning since 2026-01-09 02:10, trusted."),
    (
        "full",
        "Index of findings",
        "3 findings in the last 45 days; the newest row of the app is of 2026-01-21 01:00.",
    ),
    ("half-blind", "Rollup Backfill", "Done: what was indexed before 2026-01-18 00:00 is stored."),
    (
        "half-blind",
        "Destinations - Learn",
        "No longer scheduled. 3 rows, learning since 2026-01-19 02:10, trusted from "
        "2026-01-24 02:10.",
    ),
    (
        "half-blind",
        "Hourly Rollup",
        "From 2026-01-17 00:00 to 2026-01-21 01:00; 2 runs are missing, the first of "
        "2026-01-19 18:00. Run it again for these (Help > Deployment).",
    ),
    (
        "half-blind",
        "Own networks",
        "30 of 60 connections are between two outside addresses; 198.51.100.0/24 takes part in 30 "
        "of these. If it is yours, add it to t1029_own_networks(1), as its description shows.",
    ),
]


@pytest.mark.parametrize(("site", "step", "reason"), REASONS)
def test_reason_of_a_step(seen, site, step, reason):
    assert seen[site][step]["reason"] == reason


SENTENCES = [
    ("full", "Nothing is left to do. Open the Overview for findings."),
    ("first-day", "Next: Hourly Rollup. Not scheduled"),
    ("half-blind", "Next: Own networks. 30 of 60 connections"),
    ("empty", "Next: Connections. No event in the last day"),
]


@pytest.mark.parametrize(("site", "sentence"), SENTENCES)
def test_first_line_says_what_to_do_next(tmp_path, site, sentence):
    (row,) = asked(SITES[site], tmp_path, SENTENCE)
    assert row["sentence"].startswith(sentence)


def connections(outside, all_of_them=100):
    public = {"srcip": "198.51.100.23"}
    events = [fortigate(NOW - 1 - n, 1, **(public if n < outside else {})) for n in range(100)]
    return Site(tuple(events[:all_of_them]))


@pytest.mark.parametrize(("outside", "state"), [(9, "ok"), (10, "to do")])
def test_own_networks_are_asked_for_from_a_share_of_the_connections(step, outside, state):
    assert step(connections(outside), "Own networks")["state"] == state


@pytest.mark.parametrize(("hours", "state"), [(2, "ok"), (3, "to do")])
def test_rollup_that_has_stopped_is_to_do(step, hours, state):
    last = TODAY + 2 * 3600 - hours * 3600
    stored = tuple(receipt(HOURLY, last - n * 3600, 3600) for n in range(10))
    assert step(Site(stored, (HOURLY,)), "Hourly Rollup")["state"] == state


@pytest.mark.parametrize(
    ("learned_days", "stored_days", "state"),
    [(2, 30, "to do"), (2, 2, "ok"), (6, 30, "ok")],
    ids=["past-unread", "no-past", "trusted"],
)
def test_past_that_the_rollup_holds_is_to_be_learned(step, learned_days, stored_days, state):
    row = {**receipt(BACKFILL, NOW - stored_days * DAY, 0), "receipt_rows": None}
    site = Site((row,), ("T1029 - Destinations - Learn",), learned_days=learned_days)
    assert step(site, "Destinations - Learn")["state"] == state


def test_rollup_that_is_switched_off_is_to_do(step):
    row = step(Site(tuple(receipts(3)), ("T1029 - Late Rollup",)), "Hourly Rollup")
    assert (row["state"], row["reason"][:20]) == ("to do", "No longer scheduled.")


def test_test_alert_that_is_still_scheduled_is_to_do(step):
    assert step(Site((), ("T1029 - Test Alert",)), "Mail")["state"] == "to do"


def test_log_of_the_day_that_the_sample_misses_leaves_a_rule_open(step):
    lease = {"_time": NOW - DAY / 2, "sourcetype": "zeek:dhcp", "mac": "00:00:5e:00:53:01"}
    hardware = [fortigate(NOW - 9, 1, srcmac="00:00:5e:00:53:01")]
    row = step(Site((lease, *hardware)), "Unknown Hardware Sending Data")
    assert row["state"] == "cannot tell"


def test_finding_of_the_test_alert_is_a_row_of_the_documentation_s_addresses():
    (row,) = run(searches=["T1029 - Test Alert"], inputs=SITES["empty"].inputs).results[0].rows
    assert (row["src"], row["dest"], row["risk_score"]) == ("192.0.2.17", "203.0.113.9", 8)
