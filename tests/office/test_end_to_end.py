"""The logs through the shipped rules: read back whole, and every planted transfer caught."""

from __future__ import annotations

import pytest

from office.demo import LEARNING
from office.generate import ALLOWED, ALLOWED_NAMES, write_lists, write_logs
from office.ground_truth import EXPECTED, allowed, truth
from office.network import FORTIGATE, PALO_ALTO
from office.scenarios import VOLUME
from office.simulation import ZONE, only_planted, simulate
from office.verdicts import bands, missed, run_rules, with_truth
from replay import Inputs, run

FIRST_LOOK = {ALLOWED, ALLOWED_NAMES}
COUNT = """`t1029_events` | `t1029_normalize` | `t1029_scope`
| stats count, sum(bytes_out) AS bytes_out, dc(src) AS senders, dc(dest_ip) AS destinations"""


def replayed(kind, path):
    (found,) = run(spl=[COUNT], inputs=Inputs(**{kind: (str(path),)}), tz=ZONE).results
    return {name: value for name, value in found.rows[0].items() if value is not None}


def summed(flows):
    return {
        "count": len(flows),
        "bytes_out": sum(flow.bytes_out for flow in flows),
        "senders": len({flow.src for flow in flows}),
        "destinations": len({flow.dst for flow in flows}),
    }


@pytest.mark.parametrize(
    ("kind", "path", "sensor"),
    [
        pytest.param("zeek", "zeek/conn.log.gz", ("zeek", "tsv"), id="zeek-tsv"),
        pytest.param("zeek", "zeek/conn-servers.json", ("zeek", "json"), id="zeek-json"),
        pytest.param("firewall", "firewall/fortigate.log", ("firewall", FORTIGATE), id="fortigate"),
        pytest.param("firewall", "firewall/paloalto.log", ("firewall", PALO_ALTO), id="palo-alto"),
        pytest.param("sysmon", "sysmon/workstations.json", ("sysmon", "json"), id="sysmon-json"),
        pytest.param("sysmon", "sysmon/servers-and-homes.xml", ("sysmon", "xml"), id="sysmon-xml"),
    ],
)
def test_logs_read_back_as_they_were_sent(written, kind, path, sensor):
    folder, result = written
    name, value = sensor
    # To the proxy inside, where no other log tells what is asked of it.
    direct = [f for f in result.office.flows if not f.machine.proxy]
    expected = summed([f for f in direct if getattr(f.machine, name) == value])
    if kind == "sysmon":
        del expected["bytes_out"]
    assert replayed(kind, folder / path) == expected


def judged(office, folder):
    """Return what the rules find in an office with its lists and learning, and the findings."""
    write_logs(office, folder)
    found = run_rules(folder, write_lists(folder), LEARNING)
    return found, with_truth(found, truth(office.flows))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return judged(only_planted(7), tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def whole(office, tmp_path_factory):
    return judged(office, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def severities(whole):
    """Return the findings of the whole office of a fortnight."""
    return whole[1]


@pytest.mark.parametrize("verdict", ["planted", "whole"])
def test_no_shipped_rule_misses_what_is_meant_for_it(request, verdict):
    found, findings = request.getfixturevalue(verdict)
    assert [scenario.name for scenario in missed(findings, found)] == []


def test_nothing_but_planted_transfers_is_reported(planted):
    assert [finding.row for finding in planted[1] if not finding.planted] == []


def test_what_is_critical_is_planted_and_a_third_at_most(severities):
    counted = bands(severities)
    critical, others = counted["critical"]
    assert others == 0
    assert 2 <= critical <= len(severities) / 3
    assert sum(map(sum, counted.values())) == len(severities)


def test_planted_high_volume_is_high_or_above(severities):
    planted = [one.row["severity"] for one in severities if one.planted and one.rule == VOLUME]
    assert planted
    assert set(planted) <= {"critical", "high"}


def test_polling_of_a_site_that_has_learned_nothing_is_not_high(written):
    """Without the age of a destination, what is regular and small stays below high."""
    folder, result = written
    lists = {name: path for name, path in result.lists.items() if name not in FIRST_LOOK}
    findings = with_truth(run_rules(folder, lists), result.truth)
    pollers = [one.row for one in findings if not one.truth]
    assert pollers
    assert {row["severity"] for row in pollers} <= {"medium", "low"}
    reasons = {row.get("severity_reason") for row in pollers if float(row["risk_score"]) >= 8}
    assert reasons == {"Below high: the age of the destination is unknown"}


def test_an_expected_backup_is_reported_until_it_is_allowed(tmp_path, severities):
    office = simulate(7)
    flows = [flow for flow in office.flows if flow.scenario in EXPECTED]
    write_logs(office._replace(flows=flows), tmp_path)
    lists = {name: path for name, path in write_lists(tmp_path).items() if name not in FIRST_LOOK}
    found = run_rules(tmp_path, lists, LEARNING)
    senders = {entry.src for entry in allowed()}
    assert {row["src"] for rows in found.values() for row in rows} == senders
    told = {one.scenario for finding in severities for one in finding.truth}
    assert told & set(EXPECTED) == set()
