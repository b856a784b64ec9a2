"""The planted transfers are where the published thresholds say, and the rest is an office."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_network

import pytest

from office.ground_truth import LARGE_BYTES
from office.scenarios import RECURRING, SCENARIOS, VOLUME
from office.schedules import DAY, HOUR
from office.services import hosting
from office.simulation import only_planted, simulate

HOUR_BYTES = 100_000_000
OUTSIDE = [
    ip_network(network)
    for network in (
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "198.18.0.0/15",
    )
]
INSIDE = [ip_network(network) for network in ("10.0.0.0/8", "192.168.0.0/16", "fc00::/7")]


def qualifying_hours(office, scenario):
    """Count a scenario's qualifying hours of both published analytics in the last seven days.

    Written from the published definitions over the flows themselves, with no log in between.
    """
    last_week = [
        flow
        for flow in office.flows
        if flow.scenario == scenario.name and flow.start >= office.end - 7 * DAY
    ]
    volume: Counter = Counter()
    connections: Counter = Counter()
    for flow in last_week:
        counted = flow.machine.zeek or flow.machine.firewall or flow.machine.proxy
        destination = flow.name if flow.machine.proxy else flow.dst
        hour = (flow.src, destination, int(flow.start // HOUR))
        volume[hour] += flow.bytes_out if counted else 0
        connections[hour] += scenario.listed or (counted and flow.bytes_out > LARGE_BYTES)
    return (
        most_of_a_pair(hour for hour, sent in volume.items() if sent > HOUR_BYTES),
        most_of_a_pair(hour for hour, count in connections.items() if count > 3),
    )


def most_of_a_pair(hours):
    return max(Counter(hour[:2] for hour in hours).values(), default=0)


@pytest.fixture(scope="module", params=[1, 2, 20, 99])
def any_office(request):
    return only_planted(request.param)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
class TestScenario:
    def test_crosses_the_volume_threshold_only_where_meant(self, any_office, scenario):
        volume, _ = qualifying_hours(any_office, scenario)
        assert (volume >= 3) is (scenario.rule == VOLUME)

    def test_crosses_the_connection_threshold_only_where_meant(self, any_office, scenario):
        _, recurring = qualifying_hours(any_office, scenario)
        assert (recurring >= 3) is (scenario.rule == RECURRING)


def test_scenario_names_are_unique():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


def test_no_destination_belongs_to_two_scenarios():
    named = [address for scenario in SCENARIOS for address in scenario.destinations]
    assert len(set(named)) == len(named)


def test_only_the_planted_sender_talks_to_a_planted_destination(office):
    planted = {
        destination: scenario.name
        for scenario in SCENARIOS
        for destination in (scenario.host, *scenario.destinations)
        if destination
    }
    assert not [
        f
        for f in office.flows
        for destination in (f.name, f.dst)
        if planted.get(destination, f.scenario) != f.scenario
    ]


@pytest.mark.parametrize(
    ("side", "networks"),
    [pytest.param("src", INSIDE, id="senders-inside"), pytest.param("dst", OUTSIDE, id="outside")],
)
def test_addresses_stay_in_reserved_networks(office, side, networks):
    seen = {ip_address(getattr(flow, side)) for flow in office.flows}
    assert not [ip for ip in seen if not any(ip in network for network in networks)]


def test_some_of_it_is_ipv6(office):
    assert any(":" in flow.dst for flow in office.flows)


def test_every_sensor_alone_and_both_together_are_there(office):
    seen = {(bool(f.machine.zeek), bool(f.machine.firewall)) for f in office.flows}
    assert seen == {(True, True), (True, False), (False, True), (False, False)}


def test_every_machine_is_seen_by_a_sensor(office):
    unseen = {f.machine for f in office.flows} - {
        f.machine
        for f in office.flows
        if f.machine.zeek or f.machine.firewall or f.machine.sysmon or f.machine.proxy
    }
    assert not unseen


def test_flows_are_in_the_order_they_closed(office):
    assert office.flows == sorted(office.flows, key=lambda flow: flow.end)


def test_size_suits_a_demonstration(office):
    assert 80_000 < len(office.flows) < 300_000


def test_rotating_servers_change_every_three_days(office):
    days: dict = {}
    for flow in office.flows:
        if flow.scenario == "rotating servers":
            days.setdefault(flow.dst, []).append(flow.start)
    assert [len(times) for times in days.values()] == [3, 3, 3, 3, 2]


@pytest.mark.parametrize("host", [one.host for one in SCENARIOS if one.host])
def test_a_service_shares_its_changing_addresses_with_others(office, host):
    used = {flow.dst for flow in office.flows if flow.name == host}
    others = {flow.dst for flow in office.flows if flow.name != host}
    assert used <= set(hosting(host))
    assert len(used) > 5
    assert others & set(hosting(host))


def test_unexpected_process_begins_in_the_second_week(office):
    first = min(flow.start for flow in office.flows if flow.scenario == "unexpected process")
    assert first >= office.start + 7 * DAY


def test_ordinary_traffic_moves_no_planted_flow(office):
    names = {scenario.name for scenario in SCENARIOS}
    planted = [flow for flow in office.flows if flow.scenario in names]
    assert only_planted(20).flows == planted


def test_same_seed_same_office(office):
    assert simulate(20).flows == office.flows


def test_other_seed_other_office(office):
    assert simulate(21).flows != office.flows
