"""Logs of operating systems: syslog, auditd, Windows events of every channel, DHCP."""

import json
from zoneinfo import ZoneInfo

import pytest

from replay import InputError, Inputs
from replay.readers import Report, read_events

MOMENT = 1767233650.0  # 2026-01-01 02:14:10 UTC
DAY = 86400
UTC = ZoneInfo("UTC")


@pytest.fixture
def read():
    """Return a function from inputs to the events and the report."""

    def found(now=MOMENT + 60, tz=UTC, wanted=None, **inputs):
        report = Report()
        arguments = {kind: (given,) for kind, given in inputs.items()}
        return read_events(Inputs(**arguments), wanted, tz, report, now=now), report

    return found


def one(found):
    events, report = found
    assert report.messages() == []
    (event,) = events
    return event


# ---- syslog

CRON = "Jan  1 02:14:10 web1 CRON[99]: (root) CMD (/opt/sync.sh a=1 b=2)"
STAMPS = [
    pytest.param(CRON, id="rfc-3164"),
    pytest.param("<78>" + CRON, id="rfc-3164-with-priority"),
    pytest.param(CRON.replace("Jan  1 02:14:10", "2026-01-01T02:14:10+00:00"), id="iso"),
    pytest.param(CRON.replace("Jan  1 02:14:10", "2026-01-01T03:14:10.000+0100"), id="iso-zone"),
    pytest.param(
        "<78>1 2026-01-01T02:14:10Z web1 CRON 99 - - (root) CMD (/opt/sync.sh)", id="rfc-5424"
    ),
]


@pytest.mark.parametrize("line", STAMPS)
@pytest.mark.parametrize("sourcetype", ["syslog", "linux:cron"])
def test_syslog(read, log, sourcetype, line):
    path = log("cron.log", line + "\n")
    assert one(read(log=(sourcetype, path))) == {
        "_time": MOMENT,
        "_raw": line,
        "host": "web1",
        "process": "CRON",
        "pid": "99",
        "sourcetype": sourcetype,
        "source": path,
        "index": "main",
    }


def test_syslog_of_another_sourcetype_is_told_by_its_header(read, log):
    line = "Jan  1 02:14:10 mac1 launchd: started"
    assert one(read(log=("mine", log("x.log", line))))["process"] == "launchd"


def test_syslog_without_a_process(read, log):
    event = one(read(log=("syslog", log("x.log", "Jan  1 02:14:10 web1 -- MARK --"))))
    assert (event["host"], "process" in event) == ("web1", False)


YEARS = [
    pytest.param(MOMENT + 60, "Jan  1 02:14:10", MOMENT, id="this-year"),
    pytest.param(MOMENT, "Dec 31 02:14:10", MOMENT - DAY, id="last-year"),
    pytest.param(MOMENT - 3600, "Jan  1 02:14:10", MOMENT, id="a-clock-that-is-a-little-ahead"),
]


@pytest.mark.parametrize(("now", "stamp", "expected"), YEARS)
def test_year_of_a_stamp_without_one(read, log, now, stamp, expected):
    path = log("x.log", f"{stamp} web1 cron: x\n")
    assert one(read(now=now, log=("syslog", path)))["_time"] == expected


def test_a_stamp_without_a_year_needs_the_time_of_the_run(read, log):
    with pytest.raises(InputError, match="has no year: give the time of the run with --now"):
        read(now=None, log=("syslog", log("x.log", CRON)))


def test_bare_stamps_are_in_the_given_zone(read, log):
    path = log("x.log", CRON.replace("02:14", "03:14"))
    assert one(read(tz=ZoneInfo("Europe/Berlin"), log=("syslog", path)))["_time"] == MOMENT


def test_a_line_without_a_header_is_bad(read, log):
    path = log("x.log", CRON + "\nno header\n")
    events, report = read(log=("syslog", path))
    assert (len(events), report.shown) == (1, [f"{path}, line 2: no syslog header: 'no header'"])


# ---- auditd

EXECVE = 'type=EXECVE msg=audit(1767233650.123:456): argc=2 a0="curl" a1="-T"'
USER = (
    "node=web1 type=CRED_ACQ msg=audit(1767233650.123:457): pid=9 uid=0 "
    'msg=\'op=PAM:setcred acct="root" exe="/usr/sbin/cron" res=success\''
)


def test_audit(read, log):
    path = log("web2/audit.log", EXECVE + "\n")
    assert one(read(log=("linux_audit", path))) == {
        "_time": MOMENT + 0.123,
        "_raw": EXECVE,
        "host": "web2",
        "sourcetype": "linux_audit",
        "source": path,
        "index": "main",
        "type": "EXECVE",
        "msg": "audit(1767233650.123:456):",
        "argc": "2",
        "a0": "curl",
        "a1": "-T",
    }


def test_audit_of_a_user_space_program(read, log):
    event = one(read(log=("linux_audit", log("audit.log", USER))))
    found = [event[name] for name in ("host", "acct", "exe", "res", "msg")]
    assert found == ["web1", "root", "/usr/sbin/cron", "success", "audit(1767233650.123:457):"]


def test_audit_line_without_its_time_is_bad(read, log):
    path = log("audit.log", EXECVE + "\ntype=EXECVE a=1\n")
    assert read(log=("linux_audit", path))[1].shown == [
        f"{path}, line 2: no msg=audit(time:serial)"
    ]


# ---- DHCP

DHCP = (
    "\t\tMicrosoft DHCP Service Activity Log\n\nEvent ID  Meaning\n10\tA new lease.\n\n"
    "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID\n"
    "10,01/01/26,02:14:10,Assign,10.0.0.1,pc1.example,00005E005301,,7\n"
    "24,01/01/26,02:15:00,Database Cleanup Begin,,,,,0\n"
)


def test_dhcp_server_of_windows(read, log):
    path = log("dhcp1/DhcpSrvLog-Thu.log", DHCP)
    events, report = read(log=("DhcpSrvLog", path))
    raw = events[1].pop("_raw")
    assert (report.messages(), raw[:3], events[1]) == (
        [],
        "10,",
        {
            "_time": MOMENT,
            "host": "dhcp1",
            "source": path,
            "sourcetype": "DhcpSrvLog",
            "index": "main",
            "msdhcp_id": "10",
            "date": "01/01/26",
            "time": "02:14:10",
            "description": "Assign",
            "dest_ip": "10.0.0.1",
            "dest_nt_host": "pc1.example",
            "raw_mac": "00005E005301",
            "dest_mac": "00:00:5e:00:53:01",
            "TransactionID": "7",
        },
    )


def test_dhcp_without_its_header_is_refused(read, log):
    with pytest.raises(InputError, match="with its header ID,Date,Time"):
        read(log=("DhcpSrvLog", log("x.log", "10,01/01/26,02:14:10,Assign\n")))


def test_dhcp_line_with_a_bad_time(read, log):
    path = log("x.log", DHCP + "10,01/32/26,02:14:10,Assign\n")
    assert "line 9: time data" in read(log=("DhcpSrvLog", path))[1].shown[0]


ZEEK_DHCP = {
    "ts": MOMENT,
    "uids": ["C1"],
    "client_addr": "10.0.0.1",
    "mac": "00:00:5e:00:53:01",
    "host_name": "pc1",
    "assigned_addr": "10.0.0.1",
    "msg_types": ["REQUEST", "ACK"],
}


def test_dhcp_of_zeek(read, log):
    event = one(read(zeek=log("dhcp.log", json.dumps(ZEEK_DHCP))))
    names = ("sourcetype", "mac", "client_addr", "assigned_addr", "host_name", "msg_types{}")
    assert [event[name] for name in names] == [
        "bro:dhcp:json",
        "00:00:5e:00:53:01",
        "10.0.0.1",
        "10.0.0.1",
        "pc1",
        ["REQUEST", "ACK"],
    ]


# ---- Windows events

SYSMON = "Microsoft-Windows-Sysmon/Operational"
TASKS = "Microsoft-Windows-TaskScheduler/Operational"
EVENTS = [
    pytest.param(SYSMON, "1", {"ParentImage": "C:\\a.exe", "CommandLine": "a -b"}, id="sysmon-1"),
    pytest.param(SYSMON, "11", {"TargetFilename": "C:\\x.zip"}, id="sysmon-11"),
    pytest.param(SYSMON, "15", {"Hash": "MD5=0"}, id="sysmon-15"),
    pytest.param(SYSMON, "23", {"Archived": "true"}, id="sysmon-23"),
    pytest.param(SYSMON, "26", {"IsExecutable": "false"}, id="sysmon-26"),
    pytest.param("Security", "4663", {"ObjectName": "C:\\x", "ProcessId": "0x4"}, id="4663"),
    pytest.param("Security", "4698", {"TaskName": "\\sync", "TaskContent": "<Task/>"}, id="4698"),
    pytest.param("Security", "4702", {"TaskName": "\\sync"}, id="4702"),
    pytest.param(TASKS, "106", {"TaskName": "\\sync", "UserContext": "PC1\\a"}, id="task-106"),
    pytest.param(TASKS, "200", {"TaskName": "\\sync", "ActionName": "a.exe"}, id="task-200"),
]


def as_xml(channel, code, fields):
    parts = "".join(
        f'<Data Name="{name}">{value.replace("<", "&lt;")}</Data>' for name, value in fields.items()
    )
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f'<EventID>{code}</EventID><TimeCreated SystemTime="2026-01-01T02:14:10Z"/>'
        f"<Channel>{channel}</Channel><Computer>PC1</Computer></System>"
        f"<EventData>{parts}</EventData></Event>"
    )


def as_flat_json(channel, code, fields):
    about = {"EventID": int(code), "Channel": channel, "Hostname": "PC1"}
    return json.dumps({**about, "@timestamp": "2026-01-01T02:14:10Z", **fields})


def as_nested_json(channel, code, fields):
    about = {"EventID": int(code), "Channel": channel, "Computer": "PC1"}
    return json.dumps({**about, "SystemTime": "2026-01-01T02:14:10Z", "EventData": fields})


def as_winlogbeat(channel, code, fields):
    winlog = {"event_id": code, "channel": channel, "computer_name": "PC1", "event_data": fields}
    return json.dumps({"@timestamp": "2026-01-01T02:14:10Z", "winlog": winlog})


@pytest.mark.parametrize("written", [as_xml, as_flat_json, as_nested_json, as_winlogbeat])
@pytest.mark.parametrize(("channel", "code", "fields"), EVENTS)
def test_windows_events(read, log, written, channel, code, fields):
    event = one(read(sysmon=log("events.log", written(channel, code, fields))))
    about = {
        "_time": MOMENT,
        "EventCode": code,
        "host": "PC1",
        "sourcetype": "XmlWinEventLog",
        "source": f"XmlWinEventLog:{channel}",
    }
    assert {name: event.get(name) for name in {**about, **fields}} == {**about, **fields}


@pytest.mark.parametrize("written", [as_xml, as_flat_json])
def test_windows_events_under_their_sourcetype(read, log, written):
    path = log("events.log", written("Security", "4698", {"TaskName": "sync"}))
    event = one(read(log=("XmlWinEventLog", path)))
    assert (event["EventCode"], event["source"]) == ("4698", "XmlWinEventLog:Security")


def test_windows_events_of_several_channels_in_one_file(read, log):
    lines = [as_xml(SYSMON, "3", {"SourceIp": "10.0.0.1"}), as_xml("Security", "4698", {})]
    events, _ = read(sysmon=log("events.xml", "\n".join(lines)))
    assert sorted(event["source"].partition(":")[2] for event in events) == [SYSMON, "Security"]


def test_only_sysmon_has_the_fields_of_its_add_on(read, log):
    path = log("events.xml", as_xml("Security", "4663", {"ProcessId": "0x4"}))
    assert "process_id" not in one(read(sysmon=path))


def test_windows_user_data(read, log):
    event = as_xml(TASKS, "106", {}).replace(
        "<EventData></EventData>",
        "<UserData><Registered><TaskName>\\sync</TaskName></Registered></UserData>",
    )
    assert one(read(sysmon=log("events.xml", event)))["TaskName"] == "\\sync"
