"""truth.csv and the address list say what was planted, and nothing that was not."""

from __future__ import annotations

import csv
from datetime import date

from office.generate import ALLOWED, ALLOWED_NAMES, DEVICES, SUSPICIOUS
from office.ground_truth import EXPECTED, TRUTH_COLUMNS, Peaks, allowed, peaks, truth
from office.network import Flow, machines
from office.scenarios import SCENARIOS


def read(path):
    with path.open(newline="") as rows:
        return list(csv.DictReader(rows))


def flow(start, sent, scenario="nightly exfiltration", dst="203.0.113.41"):
    sender = machines()[0]
    return Flow(
        *(start + 1.0, start, sender, sender.address, 50000, dst, 443),
        *("tcp", "ssl", sent, 10, "", scenario),
    )


def test_columns(written):
    assert (written[0] / "truth.csv").read_text().splitlines()[0] == ",".join(TRUTH_COLUMNS)


def test_every_scenario_that_ran_has_its_pairs(written):
    folder, result = written
    ran = {
        (flow.src, "" if flow.machine.proxy else flow.dst, flow.name, flow.scenario)
        for flow in result.office.flows
        if flow.scenario
    }
    columns = ("src", "dst", "dest_name", "scenario")
    rows = read(folder / "truth.csv")
    assert {tuple(row[column] for column in columns) for row in rows} == ran


def test_every_scenario_runs_within_a_fortnight(office):
    planted = {row.scenario for row in truth(office.flows) if row.rule}
    assert planted == {scenario.name for scenario in SCENARIOS}


def test_a_rule_means_planted(office):
    rules = {row.scenario: row.rule for row in truth(office.flows)}
    assert {name for name, rule in rules.items() if not rule} == {
        *(
            "nightly-backup",
            "unix-backup",
            "video-calls",
            "cloud-sync",
            "large-uploads",
            "cloud-backup",
        ),
    }


def test_benign_rows_say_so(office):
    assert all(row.what.startswith("benign: ") for row in truth(office.flows) if not row.rule)


def test_list_names_the_listed_scenarios_for_ever(written):
    rows = read(written[1].lists[SUSPICIOUS])
    assert {row["ip"] for row in rows if not row["expires"]} == {
        f"{scenario.destinations[0]}/32" for scenario in SCENARIOS if scenario.listed
    }


def test_list_has_an_expired_row_with_traffic(written):
    result = written[1]
    (expired,) = (row for row in read(result.lists[SUSPICIOUS]) if row["expires"])
    first_day = date.fromtimestamp(result.office.start).isoformat()
    assert expired["expires"] < first_day
    assert expired["ip"].split("/")[0] in {flow.dst for flow in result.office.flows}


def test_devices_list_the_new_laptop_and_nothing_unknown(written):
    (laptop,) = (machine for machine in machines() if machine.name == "laptop-01")
    assert [row["mac"] for row in read(written[1].lists[DEVICES])] == [laptop.mac]


def test_allow_list_is_written_as_it_is_told(written):
    lists = written[1].lists
    rows = read(lists[ALLOWED]) + read(lists[ALLOWED_NAMES])
    assert [tuple(row.values()) for row in rows] == allowed()
    assert [row["name"] for row in read(lists[ALLOWED_NAMES])] == ["*.backup-eu.storage.example"]


def test_allow_list_names_exactly_the_expected_pairs(office):
    entries = {(entry.src, entry.destination, entry.dest_port) for entry in allowed()}
    named = [
        row
        for row in truth(office.flows)
        for destination in (f"{row.dst}/32", f"*.{row.dest_name}")
        if (row.src, destination, row.dst_port) in entries
    ]
    assert {row.scenario for row in named} == set(EXPECTED)


def test_allow_list_gives_reasons_and_ends_after_the_fortnight(office):
    last_day = date.fromtimestamp(office.end).isoformat()
    assert all(entry.reason and entry.expires > last_day for entry in allowed())


def test_peaks_sum_one_hour_of_one_pair():
    assert peaks([flow(3600, 4_000_000), flow(7199, 6_000_000), flow(7200, 1)]) == {
        "nightly exfiltration": Peaks(10_000_000, 1),
    }


def test_peaks_keep_destinations_apart():
    assert peaks([flow(0, 3, dst="192.0.2.1"), flow(1, 4, dst="192.0.2.2")]) == {
        "nightly exfiltration": Peaks(4, 0),
    }


def test_peaks_ignore_ordinary_traffic():
    assert peaks([flow(0, 3, scenario="")]) == {}
