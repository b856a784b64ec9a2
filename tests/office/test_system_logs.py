"""Processes, files, tasks, cron, audit, launchd and DHCP as the systems would log them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from office.events import AddressLeased, FileAccessed, JobCreated, JobStarted, ProcessStarted
from office.jobs import AGENT_FOLDER
from office.logs import sysmon_entries
from office.network import machines
from office.scenarios import JOB, SCENARIOS
from office.system_logs import DHCP_FIELDS, write_system_logs

EVENT = "{http://schemas.microsoft.com/win/2004/08/events/event}"
TASK, CRON, LAUNCHD = (scenario for scenario in SCENARIOS if scenario.rule == JOB)
AUDITED = re.compile(r"node=(\S+) type=(\w+) msg=audit\((\d+\.\d{3}):(\d+)\): (.*)")


@pytest.fixture(scope="module")
def folder(office, tmp_path_factory):
    """Write what the systems log in the whole fortnight; the connections are left out."""
    folder = tmp_path_factory.mktemp("systems")
    write_system_logs(office.events, folder, office.zone)
    return folder


@pytest.fixture(scope="module")
def sysmon(office):
    flows = [flow for flow in office.flows if flow.scenario]
    return sysmon_entries(flows, office.events)


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def windows_events(path):
    for line in lines_of(path):
        event = ElementTree.fromstring(line)
        system = {part.tag.replace(EVENT, ""): part for part in event.find(f"{EVENT}System")}
        values = {part.get("Name"): part.text for part in event.iter(f"{EVENT}Data")}
        yield int(system["EventID"].text), system["Computer"].text, system["Channel"].text, values


def planted(entries, code, scenario):
    return [
        entry.values
        for entry in entries
        if (entry.code, entry.values["Image"]) == (code, scenario.process)
    ]


def count(office, kind, wanted):
    return sum(isinstance(event, kind) and wanted(event.machine) for event in office.events)


# ---- Sysmon --------------------------------------------------------------------------------


def test_a_task_starts_the_process_that_sends(sysmon):
    started = {values["ProcessGuid"] for values in planted(sysmon, 1, TASK)}
    assert {values["ProcessGuid"] for values in planted(sysmon, 3, TASK)} <= started


def test_one_process_has_one_id_in_all_its_events(sysmon):
    ids = {}
    for entry in sysmon:
        ids.setdefault(entry.values["ProcessGuid"], set()).add(entry.values["ProcessId"])
    assert max(map(len, ids.values())) == 1


def test_the_parent_of_a_tasks_process_is_the_schedule_service(sysmon):
    parents = {(v["ParentImage"], v["ParentCommandLine"]) for v in planted(sysmon, 1, TASK)}
    assert parents == {
        (
            r"C:\Windows\System32\svchost.exe",
            r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule",
        )
    }


def test_programs_that_people_start_have_another_parent(sysmon):
    parents = {entry.values["ParentImage"] for entry in sysmon if entry.code == 1}
    assert r"C:\Windows\explorer.exe" in parents


def test_sysmon_is_in_order_of_time(sysmon):
    times = [entry.time for entry in sysmon]
    assert times == sorted(times)


# ---- Windows -------------------------------------------------------------------------------


def test_files_are_in_sysmon_or_in_the_security_log_but_not_in_both(sysmon, folder):
    audited = {host for code, host, *_ in windows_events(folder / "windows" / "security.xml")}
    hosts = {entry.machine.name for entry in sysmon if entry.code == 11}
    assert "server-07" in audited - hosts


def test_security_logs_the_files_of_the_audited_host(office, folder):
    logged = [e for e in windows_events(folder / "windows" / "security.xml") if e[0] == 4663]
    assert len(logged) == count(office, FileAccessed, lambda machine: machine.audits) > 0


def test_security_names_the_process_by_the_number_that_sysmon_shows(sysmon, folder):
    share = next(scenario for scenario in SCENARIOS if scenario.sender == "server-07")
    numbers = {int(values["ProcessId"]) for values in planted(sysmon, 3, share)}
    swept = [v for _, _, _, v in windows_events(folder / "windows" / "security.xml")]
    named = [v["ProcessId"] for v in swept if v.get("ProcessName") == share.process]
    assert numbers <= {int(number, 16) for number in named}


def test_a_new_task_says_what_it_runs(folder):
    events = windows_events(folder / "windows" / "security.xml")
    (content,) = (v["TaskContent"] for _, _, _, v in events if v.get("TaskName") == TASK.via.name)
    # ElementTree refuses a text that declares an encoding.
    task = ElementTree.fromstring(content.partition("?>")[2])
    command = task.find(".//{*}Exec/{*}Command")
    assert command.text == TASK.process


@pytest.mark.parametrize(
    ("code", "kind"),
    [pytest.param(106, JobCreated, id="new"), pytest.param(200, JobStarted, id="run")],
)
def test_task_scheduler_logs_each_task(office, folder, code, kind):
    logged = [e for e in windows_events(folder / "windows" / "taskscheduler.xml") if e[0] == code]
    assert len(logged) == count(office, kind, lambda machine: machine.system == "windows") > 0


def test_windows_events_name_their_channel(folder):
    channels = {e[2] for e in windows_events(folder / "windows" / "taskscheduler.xml")}
    assert channels == {"Microsoft-Windows-TaskScheduler/Operational"}


def test_windows_events_have_whole_versions(folder):
    versions = {
        re.search("<Version>(.*?)</Version>", line).group(1)
        for path in (folder / "windows").iterdir()
        for line in lines_of(path)
    }
    assert versions == {"0", "1"}


# ---- Linux ---------------------------------------------------------------------------------


def cron_lines(folder):
    form = re.compile(r"(\S+) (\S+) CRON\[(\d+)\]: \((\S+)\) CMD \((.*)\)")
    found = (form.fullmatch(line) for line in lines_of(folder / "linux" / "cron.log"))
    return [one.groups() for one in found if one]


def audit_records(folder):
    return [AUDITED.fullmatch(line).groups() for line in lines_of(folder / "linux" / "audit.log")]


def test_cron_logs_every_run(office, folder):
    runs = count(office, JobStarted, lambda machine: machine.system == "linux")
    assert len(cron_lines(folder)) == runs > 0


def test_cron_shows_the_wall_clock_of_the_office(folder):
    own = [line for line in cron_lines(folder) if line[4] == CRON.via.command]
    stamps = [datetime.fromisoformat(stamp) for stamp, *_ in own]
    assert {(stamp.hour % 6, stamp.minute, stamp.utcoffset().seconds) for stamp in stamps} == {
        (0, 17, 3600)
    }


def test_a_new_crontab_is_an_edit_of_its_owner(folder):
    edits = [line for line in lines_of(folder / "linux" / "cron.log") if " crontab[" in line]
    assert [re.sub(r".*\]: ", "", line) for line in edits] == [
        "(www-data) BEGIN EDIT (www-data)",
        "(www-data) REPLACE (www-data)",
        "(www-data) END EDIT (www-data)",
    ]


def test_the_shell_that_cron_names_is_the_one_in_the_audit_log(folder):
    shells = {
        (node, re.search(r" pid=(\d+) ", rest).group(1))
        for node, kind, _, _, rest in audit_records(folder)
        if kind == "SYSCALL" and 'comm="sh"' in rest
    }
    assert {(host, number) for _, host, number, *_ in cron_lines(folder)} <= shells


def test_both_records_of_one_execution_carry_one_mark(folder):
    marks = [(node, time, serial) for node, _, time, serial, _ in audit_records(folder)]
    assert marks[::2] == marks[1::2]


def test_audit_serials_are_unique_on_a_host(folder):
    marks = [(node, serial) for node, _, _, serial, _ in audit_records(folder)][::2]
    assert len(set(marks)) == len(marks)


def test_audit_writes_unsafe_arguments_in_hexadecimal(folder):
    executed = [rest for _, kind, _, _, rest in audit_records(folder) if kind == "EXECVE"]
    coded = {
        found.group(1) for found in (re.search(r"a2=([0-9A-F]+)$", r) for r in executed) if found
    }
    assert "cd / && run-parts --report /etc/cron.hourly" in {
        bytes.fromhex(text).decode() for text in coded
    }


def test_audit_names_the_script_of_the_planted_job(folder):
    executed = [rest for _, kind, _, _, rest in audit_records(folder) if kind == "EXECVE"]
    assert f'argc=2 a0="/bin/bash" a1="{CRON.via.command}"' in executed


# ---- macOS ---------------------------------------------------------------------------------


def launchd_records(folder):
    return [json.loads(line) for line in lines_of(folder / "macos" / "launchd.json")]


def test_records_name_what_a_collector_adds(folder):
    assert all(
        {"sourcetype", "source", "host", "_time"} <= set(record)
        for record in launchd_records(folder)
    )


def test_jobs_are_children_of_launchd(office, folder):
    started = [
        record["event"]["exec"]["target"]["ppid"]
        for record in launchd_records(folder)
        if record["event_type"] == 9
    ]
    assert started == [1] * count(office, ProcessStarted, lambda machine: machine.system == "macos")


def test_the_planted_agent_is_added_where_it_then_runs(folder):
    (added,) = (
        record["event"]["btm_launch_item_add"]
        for record in launchd_records(folder)
        if record["event_type"] == 124
    )
    assert added["item"]["item_url"].startswith("file://" + AGENT_FOLDER.format("studio-02"))
    assert added["executable_path"] in {
        record["event"]["exec"]["target"]["executable"]["path"]
        for record in launchd_records(folder)
        if record["event_type"] == 9
    }


# ---- DHCP ----------------------------------------------------------------------------------


def leases(folder):
    lines = lines_of(folder / "zeek" / "dhcp.log")
    return [dict(zip(DHCP_FIELDS, line.split("\t"))) for line in lines if not line.startswith("#")]


def test_dhcp_logs_every_lease(office, folder):
    assert len(leases(folder)) == count(office, AddressLeased, lambda machine: True)


def test_leases_tell_which_name_has_which_address(folder):
    named = {(row["host_name"], row["assigned_addr"], row["mac"]) for row in leases(folder)}
    assert named == {(m.name, m.address, m.mac) for m in machines() if m.leases}


def test_a_client_without_address_sends_from_none(folder):
    first = [row for row in leases(folder) if row["msg_types"].startswith("DISCOVER")]
    assert {row["client_addr"] for row in first} == {"-"}


def test_dhcp_says_what_it_is(folder):
    lines = lines_of(folder / "zeek" / "dhcp.log")
    assert ("#path\tdhcp" in lines, len(lines[6].split("\t")), len(lines[7].split("\t"))) == (
        *(True, 16, 16),
    )
