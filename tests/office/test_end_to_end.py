"""The logs through the shipped rules: read back whole, and every planted transfer caught."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from office.demo import LEARNING
from office.generate import ALLOWED, ALLOWED_NAMES, write_lists, write_logs
from office.ground_truth import EXPECTED, allowed, truth
from office.network import FORTIGATE, PALO_ALTO
from office.scenarios import VOLUME
from office.simulation import ZONE, only_planted, simulate
from office.verdicts import REPOSITORY, bands, missed, run_rules, with_truth

FIRST_LOOK = {ALLOWED, ALLOWED_NAMES}
COUNT = """`t1029_events` | `t1029_normalize` | `t1029_scope`
| stats count, sum(bytes_out) AS bytes_out, dc(src) AS senders, dc(dest_ip) AS destinations"""


def replayed(option, path):
    command = [sys.executable, "-m", "replay", option, str(path), "--tz", ZONE]
    finished = subprocess.run(
        [*command, "--spl", COUNT, "--output", "json"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    )
    ((row,),) = (search["results"] for search in json.loads(finished.stdout))
    return {name: float(value) for name, value in row.items() if value is not None}


def summed(flows):
    return {
        "count": len(flows),
        "bytes_out": sum(flow.bytes_out for flow in flows),
        "senders": len({flow.src for flow in flows}),
        "destinations": len({flow.dst for flow in flows}),
    }


@pytest.mark.parametrize(
    ("option", "path", "sensor"),
    [
        pytest.param("--zeek", "zeek/conn.log.gz", ("zeek", "tsv"), id="zeek-tsv"),
        pytest.param("--zeek", "zeek/conn-servers.json", ("zeek", "json"), id="zeek-json"),
        pytest.param(
            "--firewall", "firewall/fortigate.log", ("firewall", FORTIGATE), id="fortigate"
        ),
        pytest.param(
            "--firewall", "firewall/paloalto.log", ("firewall", PALO_ALTO), id="palo-alto"
        ),
        pytest.param("--sysmon", "sysmon/workstations.json", ("sysmon", "json"), id="sysmon-json"),
        pytest.param(
            "--sysmon", "sysmon/servers-and-homes.xml", ("sysmon", "xml"), id="sysmon-xml"
        ),
    ],
)
def test_logs_read_back_as_they_were_sent(written, option, path, sensor):
    folder, result = written
    name, value = sensor
    # To the proxy inside, where no other log tells what is asked of it.
    direct = [f for f in result.office.flows if not f.machine.proxy]
    expected = summed([f for f in direct if getattr(f.machine, name) == value])
    if option == "--sysmon":
        del expected["bytes_out"]
    assert replayed(option, folder / path) == expected


@pytest.fixture(scope="module", params=[7, 42])
def verdict(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    office = only_planted(request.param)
    write_logs(office, folder)
    found = run_rules(folder, write_lists(folder), LEARNING)
    return found, with_truth(found, truth(office.flows))


def test_no_shipped_rule_misses_what_is_meant_for_it(verdict):
    found, findings = verdict
    assert [scenario.name for scenario in missed(findings, found)] == []


def test_nothing_but_planted_transfers_is_reported(verdict):
    assert [finding.row for finding in verdict[1] if not finding.planted] == []


@pytest.fixture(scope="module")
def severities(office, tmp_path_factory):
    """Return the findings of the whole office of a fortnight, with its lists and learning."""
    folder = tmp_path_factory.mktemp("severities")
    write_logs(office, folder)
    found = run_rules(folder, write_lists(folder), LEARNING)
    return with_truth(found, truth(office.flows))


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


@pytest.fixture(scope="module")
def backups(tmp_path_factory):
    """Return a folder of the logs of an office that sends only its expected backups."""
    folder = tmp_path_factory.mktemp("backups")
    office = simulate(7)
    flows = [flow for flow in office.flows if flow.scenario in EXPECTED]
    write_logs(office._replace(flows=flows), folder)
    return folder


@pytest.mark.parametrize(
    ("left_out", "senders"),
    [
        pytest.param((), set(), id="allowed"),
        pytest.param((ALLOWED, ALLOWED_NAMES), {entry.src for entry in allowed()}, id="first-look"),
    ],
)
def test_an_expected_backup_is_reported_until_it_is_allowed(backups, left_out, senders):
    lists = {name: path for name, path in write_lists(backups).items() if name not in left_out}
    found = run_rules(backups, lists, LEARNING)
    assert {row["src"] for rows in found.values() for row in rows} == senders
