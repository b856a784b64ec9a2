"""Activity on the machine before a planted transfer, and its benign counterparts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from office.events import AddressLeased, FileAccessed, JobCreated, JobStarted, ProcessStarted
from office.network import machines
from office.scenarios import HARDWARE, JOB, PROCESS, SCENARIOS, TRAVERSAL
from office.schedules import DAY
from office.simulation import BROWSERS, ZONE

BY_NAME = {machine.name: machine for machine in machines()}
LAST_WEEK = 7 * DAY


def meant_for(rule):
    return [scenario for scenario in SCENARIOS if scenario.rule == rule]


def ids(scenario):
    return scenario.name


def flows_of(office, scenario):
    return [flow for flow in office.flows if flow.scenario == scenario.name]


def events_of(office, kind, scenario):
    return [
        event
        for event in office.events
        if isinstance(event, kind)
        and (event.machine.name, event.image) == (scenario.sender, scenario.process)
    ]


def occasions(touched):
    """Split the accesses of a process at pauses of half an hour."""
    cut = [[touched[0]]]
    for event in touched[1:]:
        if event.time - cut[-1][-1].time > 1800:
            cut.append([])
        cut[-1].append(event)
    return cut


@pytest.mark.parametrize("scenario", meant_for(TRAVERSAL), ids=ids)
class TestFileSweep:
    def test_touches_dozens_of_files_each_time(self, office, scenario):
        swept = occasions(events_of(office, FileAccessed, scenario))
        assert min(len({event.path for event in files}) for files in swept) >= 36

    def test_touches_several_folders_each_time(self, office, scenario):
        swept = occasions(events_of(office, FileAccessed, scenario))
        folders = [{event.path.rpartition("\\")[0] for event in files} for files in swept]
        assert min(map(len, folders)) >= 5

    def test_touches_them_within_minutes(self, office, scenario):
        swept = occasions(events_of(office, FileAccessed, scenario))
        assert max(files[-1].time - files[0].time for files in swept) < 6 * 60

    def test_sends_within_minutes_after_each_run(self, office, scenario):
        swept = occasions(events_of(office, FileAccessed, scenario))
        ends = [files[-1].time for files in swept]
        sent = [flow.start for flow in flows_of(office, scenario)]
        assert all(0 < start - end < 900 for end, start in zip(ends, sent))

    def test_happens_at_least_four_times_in_the_last_week(self, office, scenario):
        sent = [flow for flow in flows_of(office, scenario) if flow.start > office.end - LAST_WEEK]
        assert len(sent) >= 4

    def test_the_process_that_sends_is_the_one_that_read_the_files(self, office, scenario):
        swept = {event.run for event in events_of(office, FileAccessed, scenario)}
        assert {flow.run for flow in flows_of(office, scenario)} <= swept

    def test_sends_5_to_30_megabytes(self, office, scenario):
        sizes = [flow.bytes_out for flow in flows_of(office, scenario)]
        assert 5_000_000 <= min(sizes) <= max(sizes) <= 30_000_000


def test_one_collector_keeps_running_and_the_others_start_anew(office):
    runs = {
        scenario.name: len({flow.run for flow in flows_of(office, scenario)})
        for scenario in meant_for(TRAVERSAL)
    }
    assert [name for name, count in runs.items() if count == 1] == ["file sweep at odd hours"]


@pytest.mark.parametrize("program", ["SearchIndexer.exe", "MSBuild.exe"])
def test_indexer_and_build_touch_many_files_and_send_nothing(office, program):
    touched = [
        e for e in office.events if isinstance(e, FileAccessed) and e.image.endswith(program)
    ]
    assert len(touched) > 500
    assert not [flow for flow in office.flows if flow.process.endswith(program)]


def test_the_browser_that_downloads_is_the_one_that_sends(office):
    sent = {(flow.machine.name, flow.process, flow.run) for flow in office.flows}
    downloads = [event for event in office.events if "\\Downloads\\" in getattr(event, "path", "")]
    same = {event for event in downloads if (event.machine.name, event.image, event.run) in sent}
    assert len(same) > 500


@pytest.mark.parametrize("scenario", meant_for(JOB), ids=ids)
class TestNewJob:
    def test_is_registered_once_in_the_second_week_before_its_first_run(self, office, scenario):
        registered = [
            event
            for event in office.events
            if isinstance(event, JobCreated) and event.job == scenario.via.name
        ]
        first_run = min(event.time for event in events_of(office, JobStarted, scenario))
        assert [office.start + 7 * DAY < event.time < first_run for event in registered] == [True]

    def test_every_run_is_followed_by_one_transfer(self, office, scenario):
        runs = {event.run: event.time for event in events_of(office, JobStarted, scenario)}
        lags = [flow.start - runs[flow.run] for flow in flows_of(office, scenario)]
        assert len(lags) >= 5
        assert 0 < min(lags) <= max(lags) < 120

    def test_the_process_that_sends_is_one_that_the_job_started(self, office, scenario):
        started = {event.run for event in events_of(office, ProcessStarted, scenario)}
        assert {flow.run for flow in flows_of(office, scenario)} <= started

    def test_its_destination_is_new_in_the_second_week(self, office, scenario):
        dates = [f.start for f in office.flows if f.dst == scenario.destinations[0]]
        assert min(dates) > office.start + 7 * DAY


def test_new_jobs_are_on_each_system():
    systems = {BY_NAME[scenario.sender].system for scenario in meant_for(JOB)}
    assert systems == {"windows", "linux", "macos"}


def test_benign_jobs_outnumber_the_planted_ones(office):
    planted = {scenario.via.name for scenario in meant_for(JOB)}
    runs = Counter(event.job in planted for event in office.events if isinstance(event, JobStarted))
    assert runs[False] > 100 * runs[True]


def test_benign_jobs_send_only_where_they_sent_on_the_first_day(office):
    planted = {scenario.name for scenario in SCENARIOS}
    benign = [flow for flow in office.flows if flow.run and flow.scenario not in planted]
    known = {flow.dst for flow in benign if flow.start < office.start + DAY}
    assert {flow.dst for flow in benign} == known


def test_a_benign_job_is_new_too_and_sends_nothing(office):
    (update,) = (
        event
        for event in office.events
        if isinstance(event, JobCreated) and event.job == r"\Reader\Update"
    )
    assert not [flow for flow in office.flows if flow.process == update.image]


def sightings(office):
    """Return for each hardware address that Zeek sees when it appears, and its addresses."""
    seen = defaultdict(set)
    first = {}
    for flow in sorted(office.flows, key=lambda flow: flow.start):
        if flow.machine.zeek:
            seen[flow.machine.link].add(flow.src)
            first.setdefault(flow.machine.link, flow.start)
    return seen, first


def test_only_the_stranger_and_the_listed_laptop_appear_in_the_second_week(office):
    _, first = sightings(office)
    new = {mac for mac, time in first.items() if time > office.start + 7 * DAY}
    assert new == {BY_NAME["stranger-01"].mac, BY_NAME["laptop-01"].mac}


def test_a_router_carries_the_addresses_of_a_whole_network(office):
    seen, _ = sightings(office)
    many = {mac: addresses for mac, addresses in seen.items() if len(addresses) > 2}
    assert [len(addresses) for addresses in many.values()] == [5]


def test_unknown_hardware_has_no_lease(office):
    leased = {event.machine.name for event in office.events if isinstance(event, AddressLeased)}
    assert not leased & {scenario.sender for scenario in meant_for(HARDWARE)}


def test_every_other_machine_that_zeek_sees_has_leases(office):
    leased = {event.machine.name for event in office.events if isinstance(event, AddressLeased)}
    assert {machine.name for machine in machines() if machine.zeek} - leased == {"stranger-01"}


def test_the_new_laptop_asks_for_an_address_before_it_renews(office):
    leases = [
        e for e in office.events if isinstance(e, AddressLeased) and e.machine.name == "laptop-01"
    ]
    assert [lease.renewed for lease in leases] == [False] + [True] * (len(leases) - 1)


def test_nothing_is_logged_of_a_machine_before_it_joins(office):
    since = office.start + BY_NAME["laptop-01"].joins
    seen = [one for one in office.events if one.machine.name == "laptop-01" and one.time < since]
    assert seen == []


@pytest.mark.parametrize("machine", sorted(BROWSERS))
def test_a_browser_moves_to_its_next_version_once_in_the_second_week(office, machine):
    visits = [f for f in office.flows if f.machine.name == machine and "Opera" in f.process]
    versions = [flow.process for flow in sorted(visits, key=lambda flow: flow.start)]
    assert sorted(versions) == versions
    first = next(flow.start for flow in visits if flow.process == versions[-1])
    assert (len(set(versions)), first > office.start + 7 * DAY) == (2, True)


def test_one_unexpected_process_lies_where_its_user_can_write():
    assert sum("\\Users\\" in scenario.process for scenario in meant_for(PROCESS)) == 1


def test_cron_keeps_to_its_minute(office):
    (scenario,) = (one for one in meant_for(JOB) if one.name == "new cron job")
    runs = events_of(office, JobStarted, scenario)
    zone = ZoneInfo(ZONE)
    assert {
        (m.hour % 6, m.minute) for m in (datetime.fromtimestamp(e.time, zone) for e in runs)
    } == {(0, 17)}
