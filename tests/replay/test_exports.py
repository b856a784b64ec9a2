"""Files that products, tools and shippers make of logs: one event of each, given without an option.

The event is the same one throughout: 2026-01-01 02:14:10 UTC, from 10.0.0.1 to 192.0.2.1, port 443.
"""

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay import InputError
from tests.replay.logs import MOMENT, one

STAMP = "2026-01-01T02:14:10.000Z"
BERLIN = ZoneInfo("Europe/Berlin")


def lines(*records):
    return "\n".join(map(json.dumps, records))


def table(record, separator=","):
    return f"{separator.join(record)}\n{separator.join(map(str, record.values()))}\n"


# ---- Zeek

ZEEK = {
    "ts": MOMENT, "uid": "C1", "id.orig_h": "10.0.0.1", "id.orig_p": 5, "id.resp_h": "192.0.2.1",
    "id.resp_p": 443, "proto": "tcp", "service": "ssl", "orig_bytes": 5, "resp_bytes": 7,
}  # fmt: skip
# pandas numbers the rows, and writes whole numbers as fractions where some are missing.
PANDAS = table({"": 0, **ZEEK, "id.resp_p": 443.0, "orig_bytes": 5.0}).replace("ssl", "nan")
ZEEK_ECS = {
    "@timestamp": STAMP,
    "event": {"dataset": "zeek.connection", "module": "zeek", "duration": 2_000_000_000},
    "source": {"ip": "10.0.0.1", "port": 5, "bytes": 5},
    "destination": {"ip": "192.0.2.1", "port": 443, "bytes": 7},
    "network": {"transport": "tcp", "protocol": "ssl"},
    "zeek": {"session_id": "C1"},
}
SECURITY_ONION = {
    **ZEEK_ECS, "event": {"dataset": "conn"}, "zeek": {}, "log": {"id": {"uid": "C1"}},
    "client": {"bytes": 5}, "server": {"bytes": 7}, "message": json.dumps(ZEEK),
    "source": {"ip": "10.0.0.1", "port": 5, "bytes": 900},
}  # fmt: skip
SHIPPED = {"@timestamp": "2026-01-01T02:20:00Z", "message": json.dumps(ZEEK)}
TSV = "#fields\tts\tuid\tid.orig_h\tid.resp_h\tid.resp_p\torig_bytes\tresp_bytes\n"
TSV_ROW = "1767233650.0\tC1\t10.0.0.1\t192.0.2.1\t443\t5\t7"
TSV_MESSAGES = [{"message": line} for line in (TSV.strip(), TSV_ROW, "#close\t2026-01-01")]
ZEEK_FILES = {
    "csv": ("conn.csv", table(ZEEK)),
    "csv-in-another-order": ("export.csv", table(dict(reversed(ZEEK.items())))),
    "csv-tabs": ("conn.tsv.txt", table(ZEEK, "\t")),
    "csv-of-pandas": ("frame.csv", PANDAS),
    "csv-without-bytes-or-a-name": (
        "export.csv", table({**ZEEK, "proto": "", "resp_bytes": 7}).replace("proto,", "x,")
    ),
    "csv-iso-time": ("x.csv", table({**ZEEK, "ts": "2026-01-01T02:14:10+0000"})),
    "ecs-filebeat": ("x.ndjson", lines(ZEEK_ECS)),
    "ecs-exported": ("x.json", lines({"_index": "i", "_source": ZEEK_ECS})),
    "ecs-answer": ("x.json", json.dumps({"took": 1, "hits": {"hits": [{"_source": ZEEK_ECS}]}})),
    "ecs-security-onion": ("x.json", lines(SECURITY_ONION)),
    "ecs-by-its-service": (
        "x.json",
        lines({
            **ZEEK_ECS, "event": {}, "service": {"type": "zeek"}, "fileset": {"name": "connection"}
        }),
    ),
    "filebeat-decoded": ("x.json", lines({"@timestamp": STAMP, "json": ZEEK})),
    "ecs-csv": (
        "x.csv",
        table({
            "@timestamp": STAMP, "event.dataset": "zeek.connection", "source.ip": "10.0.0.1",
            "destination.ip": "192.0.2.1", "destination.port": 443, "source.bytes": 5,
            "destination.bytes": 7, "zeek.session_id": "C1",
        }),
    ),
    "logstash": (
        "x.json",
        lines({"@timestamp": STAMP, **{k: v for k, v in ZEEK.items() if k != "ts"}}),
    ),
    "filebeat": ("x.json", lines(SHIPPED)),
    "filebeat-array": ("x.json", json.dumps([SHIPPED], indent=1)),
    "filebeat-tab-separated": ("conn.json", lines(*TSV_MESSAGES)),
    "docker": ("x-json.log", lines({"log": json.dumps(ZEEK) + "\n", "stream": "stdout"})),
    "syslog-bsd": ("x.log", f"<14>Jan  1 02:14:11 s1 zeek_conn: {json.dumps(ZEEK)}"),
    "syslog-5424": ("x.log", f"<14>1 2026-01-01T02:14:11Z s1 zeek 7 - - {json.dumps(ZEEK)}"),
    "syslog-counted": ("x.log", f"91 <14>1 2026-01-01T02:14:11Z s1 zeek - - - {json.dumps(ZEEK)}"),
    "syslog-tab-separated": (
        "conn.log",
        "".join(f"Jan  1 02:14:11 s1 zeek: {line}\n" for line in (TSV.strip(), TSV_ROW)),
    ),
    "syslog-in-filebeat": (
        "x.json", lines({"message": f"Jan  1 02:14:11 s1 zeek_conn: {json.dumps(ZEEK)}"})
    ),
}  # fmt: skip


@pytest.mark.parametrize("option", ["any", "zeek"])
@pytest.mark.parametrize(("name", "content"), ZEEK_FILES.values(), ids=ZEEK_FILES)
def test_zeek(read, log, name, content, option):
    event = one(read(tz=BERLIN, **{option: log(name, content)}))
    known = ("_time", "uid", "id.orig_h", "id.resp_h", "id.resp_p", "orig_bytes", "resp_bytes")
    found = [event[name] for name in known]
    assert found == [MOMENT, "C1", "10.0.0.1", "192.0.2.1", "443", "5", "7"]
    assert event["sourcetype"] in ("zeek:conn", "bro:conn:json")
    assert event.get("service") != "nan"


def test_the_file_that_a_shipper_names_tells_the_log(read, log):
    def shipped(name, **fields):
        message = json.dumps({"ts": MOMENT, "id.orig_h": "10.0.0.1", **fields})
        return {"message": message, "log": {"file": {"path": f"/nsm/zeek/{name}.log"}}}

    records = lines(shipped("ssl", server_name="a.example"), shipped("dns", query="b.example"))
    events, _ = read(any=log("x.json", records))
    assert {event["sourcetype"] for event in events} == {"bro:ssl:json", "bro:dns:json"}


def test_duration_of_ecs_is_in_seconds(read, log):
    assert one(read(any=log("x.json", lines(ZEEK_ECS))))["duration"] == "2.0"


# ---- Windows

DATA = {
    "UtcTime": "2026-01-01 02:14:10.000", "Image": "C:\\Apps\\a.exe", "Protocol": "tcp",
    "Initiated": "true", "SourceIp": "10.0.0.1", "SourcePort": "5", "DestinationIp": "192.0.2.1",
    "DestinationPort": "443", "User": "LAB\\u", "ProcessId": "77",
}  # fmt: skip
SYSMON = "Microsoft-Windows-Sysmon/Operational"
EXPLAINED = "\n".join(["Network connection detected:", *(f"{k}: {v}" for k, v in DATA.items())])
WAZUH = {
    "system": {
        "eventID": "3", "channel": SYSMON, "computer": "pc1.example",
        "systemTime": "2026-01-01T02:14:10.0000000Z",
    },
    "eventdata": {k[0].lower() + k[1:]: v.replace("\\", "\\\\") for k, v in DATA.items()},
}  # fmt: skip
WAZUH_ALERT = {
    "timestamp": "2026-01-01T03:20:00.000+0100", "agent": {"name": "pc1"}, "data": {"win": WAZUH}
}  # fmt: skip
WAZUH_CSV = {
    "_source.@timestamp": "Jan 1, 2026 @ 03:14:10.000",
    **{f"_source.data.win.system.{k}": v for k, v in WAZUH["system"].items()},
    **{f"_source.data.win.eventdata.{k}": v for k, v in WAZUH["eventdata"].items()},
}
IN_XML = {
    "Event_attributes": {"xmlns": "x"},
    "Event": {
        "System": {
            "EventID": 3, "Computer": "pc1.example", "Channel": SYSMON,
            "TimeCreated_attributes": {"SystemTime": STAMP},
        },
        "EventData": DATA,
    },
}  # fmt: skip
CHAINSAW = {
    "group": "Sigma", "kind": "individual", "name": "a rule", "timestamp": STAMP,
    "document": {"kind": "evtx", "path": "a.evtx", "data": IN_XML},
}  # fmt: skip
HAYABUSA_DETAILS = {
    "Proto": "tcp", "SrcIP": "10.0.0.1", "SrcPort": 5, "TgtIP": "192.0.2.1", "TgtPort": 443,
    "User": "LAB\\u", "Proc": "C:\\Apps\\a.exe", "PID": 77,
}  # fmt: skip
HAYABUSA = {
    "Timestamp": "2026-01-01 03:14:10.000 +01:00", "RuleTitle": "Net Conn", "Level": "info",
    "Computer": "pc1.example", "Channel": "Sysmon", "EventID": 3, "RecordID": 9,
}  # fmt: skip
HAYABUSA_CSV = {**HAYABUSA, "Details": " ¦ ".join(f"{k}: {v}" for k, v in HAYABUSA_DETAILS.items())}
PAYLOAD = {"EventData": {"Data": [{"@Name": k, "#text": v} for k, v in DATA.items()]}}
EVTXECMD = {
    "RecordNumber": 1, "EventRecordId": "1", "TimeCreated": "2026-01-01 02:14:10.0000000",
    "EventId": 3, "Provider": "Microsoft-Windows-Sysmon", "Channel": SYSMON, "ProcessId": 2220,
    "Computer": "pc1.example", "Payload": json.dumps(PAYLOAD),
}  # fmt: skip
POWERSHELL = {
    "Message": EXPLAINED, "Id": 3, "ProviderName": "Microsoft-Windows-Sysmon", "LogName": SYSMON,
    "ProcessId": 2220, "MachineName": "pc1.example", "TimeCreated": "/Date(1767233650000)/",
}  # fmt: skip
LIST = (
    "\n\nTimeCreated  : 1/1/2026 3:14:10 AM\nProviderName : Microsoft-Windows-Sysmon\n"
    "Id           : 3\nMachineName  : pc1.example\nMessage      : "
    + EXPLAINED.replace("\n", "\n               ")
    + "\n\n"
)
WINEVENTLOG = (
    f"01/01/2026 03:14:10 AM\nLogName={SYSMON}\nEventCode=3\nComputerName=pc1.example\n"
    f"User=NOT_TRANSLATED\nMessage={EXPLAINED}\n"
)
WEVTUTIL = (
    f"Event[0]:\n  Log Name: {SYSMON}\n  Source: Microsoft-Windows-Sysmon\n"
    "  Date: 2026-01-01T02:14:10.0000000Z\n  Event ID: 3\n  Computer: pc1.example\n"
    f"  Description: \n{EXPLAINED}\n"
)


def quoted(record):
    cells = ('"' + str(value).replace('"', '""') + '"' for value in record.values())
    return f"{','.join(record)}\n{','.join(cells)}\n"


WINDOWS_FILES = {
    "wazuh": lines(WAZUH_ALERT),
    "wazuh-archives": lines({**WAZUH_ALERT, "full_log": json.dumps({"win": WAZUH})}),
    "winlogbeat-6": lines(
        {
            "@timestamp": STAMP,
            "event_id": 3,
            "computer_name": "pc1",
            "log_name": SYSMON,
            "event_data": DATA,
        }
    ),
    "velociraptor": lines(
        {
            "System": {
                "EventID": {"Value": 3},
                "TimeCreated": {"SystemTime": MOMENT},
                "Channel": SYSMON,
            },
            "EventData": DATA,
        }
    ),
    "wazuh-exported": lines({"_source": WAZUH_ALERT}),
    "wazuh-csv": quoted(WAZUH_CSV),
    "chainsaw-hunt": json.dumps([CHAINSAW]),
    "chainsaw-search": lines(IN_XML),
    "hayabusa-json": json.dumps({**HAYABUSA, "Details": HAYABUSA_DETAILS}, indent=4),
    "hayabusa-csv": quoted(HAYABUSA_CSV),
    "hayabusa-all-fields": lines({**HAYABUSA, "AllFieldInfo": DATA}),
    "evtxecmd-csv": quoted(EVTXECMD),
    "evtxecmd-json": lines(EVTXECMD),
    "get-winevent-json": json.dumps([POWERSHELL]),
    "get-winevent-csv": "#TYPE Selected.EventLogRecord\n" + quoted(POWERSHELL),
    "get-winevent-list": LIST,
    "wineventlog": WINEVENTLOG,
    "wevtutil": WEVTUTIL,
    "json-behind-syslog": f"<14>Jan  1 02:14:11 pc1 nxlog: {lines({'EventID': 3, **DATA})}",
}


@pytest.mark.parametrize("option", ["any", "sysmon"])
@pytest.mark.parametrize("content", WINDOWS_FILES.values(), ids=WINDOWS_FILES)
def test_windows_events(read, log, content, option):
    event = one(read(tz=BERLIN, **{option: log("sysmon.txt", content)}))
    known = ("_time", "EventCode", "src_ip", "dest_ip", "dest_port", "Image", "user", "process_id")
    assert [event[name] for name in known] == [
        MOMENT, "3", "10.0.0.1", "192.0.2.1", "443", "C:\\Apps\\a.exe", "LAB\\u", "77",
    ]  # fmt: skip
    assert event["source"].partition(":")[2] == SYSMON


def test_sysmon_for_linux(read, log):
    data = "".join(f'<Data Name="{name}">{value}</Data>' for name, value in DATA.items())
    event = one(read(any=log("syslog", (
        "Jan  1 02:14:11 pc1 sysmon: <Event><System><EventID>3</EventID><TimeCreated "
        f'SystemTime="{STAMP}"/><Channel>Linux-Sysmon/Operational</Channel></System><EventData>'
        f"{data}</EventData></Event>"
    ))))  # fmt: skip
    assert [event[name] for name in ("sourcetype", "source", "src_ip")] == [
        "sysmon:linux", "Syslog:Linux-Sysmon/Operational", "10.0.0.1",
    ]  # fmt: skip


def test_text_events_are_told_apart(read, log):
    other = WINEVENTLOG.replace("10.0.0.1", "10.0.0.2")
    events, _ = read(sysmon=log("sysmon.txt", f"cut off\n{WINEVENTLOG}\n{other}"))
    assert sorted(event["SourceIp"] for event in events) == ["10.0.0.1", "10.0.0.2"]


def test_an_event_that_fits_two_rules_of_hayabusa_is_one(read, log):
    rows = [{**HAYABUSA, "RuleTitle": rule, "Details": HAYABUSA_DETAILS} for rule in "ab"]
    assert len(read(sysmon=log("h.jsonl", lines(*rows)))[0]) == 1


# ---- firewalls and flows

PAN_CSV = {
    "Domain": 1, "Receive Time": "2026/01/01 02:14:12", "Serial #": "01", "Type": "TRAFFIC",
    "Threat/Content Type": "end", "Config Version": 1, "Generate Time": "2026/01/01 02:14:10",
    "Source address": "10.0.0.1", "Destination address": "192.0.2.1", "Rule": "r",
    "Application": "ssl", "Source Port": 5, "Destination Port": 443, "IP Protocol": "tcp",
    "Action": "allow", "Bytes": 12, "Bytes Sent": 5, "Bytes Received": 7, "Elapsed Time (sec)": 9,
}  # fmt: skip
FORTI_CSV = {
    "itime": "2026-01-01 02:14:12", "date": "2026-01-01", "time": "02:14:10", "devname": "fw1",
    "srcip": "10.0.0.1", "srcport": 5, "dstip": "192.0.2.1", "dstport": 443, "proto": 6,
    "action": "close", "sentbyte": 5, "rcvdbyte": 7, "type": "traffic", "logid": "0000000013",
}  # fmt: skip
FORTI_CELLS = ",".join(f'"{name}={value}"' for name, value in FORTI_CSV.items())
FORTI_PAIRS = FORTI_CELLS.replace('"', "")
NFDUMP_OLD = {
    "ts": "2026-01-01 02:14:10", "te": "2026-01-01 02:14:19", "td": "9.000", "sa": "10.0.0.1",
    "da": "192.0.2.1", "sp": 5, "dp": 443, "pr": "TCP", "ipkt": 1, "ibyt": 5, "opkt": 1, "obyt": 7,
}  # fmt: skip
NFDUMP_NEW = {
    "firstSeen": "2026-01-01 02:14:10.000", "duration": "9.0", "proto": "TCP",
    "srcAddr": "10.0.0.1", "srcPort": 5, "dstAddr": "192.0.2.1", "dstPort": 443, "inBytes": 5,
    "outBytes": 7, "flows": 1,
}  # fmt: skip
NFDUMP_JSON = {
    "type": "FLOW", "t_first": "2026-01-01T02:14:10.000", "t_last": "2026-01-01T02:14:19.000",
    "proto": 6, "src4_addr": "10.0.0.1", "dst4_addr": "192.0.2.1", "src_port": 5, "dst_port": 443,
    "in_bytes": 5, "out_bytes": 7,
}  # fmt: skip
GCP = {
    "logName": "projects/p/logs/compute.googleapis.com%2Fvpc_flows",
    "jsonPayload": {
        "connection": {
            "src_ip": "10.0.0.1", "src_port": 5, "dest_ip": "192.0.2.1", "dest_port": 443,
            "protocol": 6,
        },
        "bytes_sent": "5", "reporter": "SRC", "start_time": STAMP,
        "end_time": "2026-01-01T02:14:20Z",
    },
    "timestamp": "2026-01-01T02:15:00Z",
}  # fmt: skip
NSG = {
    "time": "2026-01-01T02:15:00Z",
    "properties": {
        "Version": 2,
        "flows": [{"rule": "r", "flows": [{"mac": "00", "flowTuples": [
            "1767233650,10.0.0.1,192.0.2.1,5,443,T,O,A,E,1,5,1,7"
        ]}]}],
    },
}  # fmt: skip
VNET = {
    "time": "2026-01-01T02:15:00Z", "flowLogVersion": 4,
    "flowRecords": {"flows": [{"aclID": "a", "flowGroups": [{"rule": "r", "flowTuples": [
        "1767233650000,10.0.0.1,192.0.2.1,5,443,6,O,E,NX,1,5,1,7"
    ]}]}]},
}  # fmt: skip
ORACLE = {
    "time": STAMP,
    "data": {
        "sourceAddress": "10.0.0.1", "sourcePort": 5, "destinationAddress": "192.0.2.1",
        "destinationPort": 443, "protocol": 6, "protocolName": "TCP", "bytesOut": 5,
        "startTime": 1767233650, "endTime": 1767233710, "action": "ACCEPT",
    },
}  # fmt: skip
IBM = {
    "start_time": STAMP, "initiator_ip": "10.0.0.1", "target_ip": "192.0.2.1", "target_port": 443,
    "initiator_port": 5, "transport_protocol": 6, "bytes_from_initiator": 5,
    "bytes_from_target": 7,
}  # fmt: skip
SURICATA = {
    "timestamp": "2026-01-01T03:15:00.000000+0100", "flow_id": 1, "event_type": "flow",
    "src_ip": "10.0.0.1", "src_port": 5, "dest_ip": "192.0.2.1", "dest_port": 443, "proto": "TCP",
    "flow": {
        "bytes_toserver": 5, "bytes_toclient": 7, "start": "2026-01-01T03:14:10.000000+0100"
    },
}  # fmt: skip
ESTREAMER = {
    "EventType": "ConnectionEvent", "FirstPacketSecond": 1767233650, "InitiatorIP": "10.0.0.1",
    "ResponderIP": "192.0.2.1", "ResponderPort": 443, "Protocol": "tcp", "InitiatorBytes": 5,
    "ResponderBytes": 7, "AC_RuleAction": "Allow",
}  # fmt: skip
SONICWALL = (
    '<134>id=firewall sn=01 time="2026-01-01 02:14:10 UTC" fw=192.0.2.9 m=537 n=1 '
    "src=10.0.0.1:5:X0 dst=192.0.2.1:443:X1 proto=tcp sent=5 rcvd=7"
)
ECS = {
    "@timestamp": "2026-01-01T02:15:00Z", "event": {"start": STAMP, "module": "fortinet"},
    "source": {"ip": "10.0.0.1", "bytes": 5}, "network": {"transport": "tcp"},
    "destination": {"ip": "192.0.2.1", "port": 443, "bytes": 7},
    "message": FORTI_CELLS.replace('"', "").replace(",", " "),
}  # fmt: skip
FLOW_FILES = {
    "pan-os": (table(PAN_CSV), "pan:traffic"),
    "pan-os-in-another-order": (table(dict(reversed(PAN_CSV.items()))), "pan:traffic"),
    "pan-os-cloud": (
        table(
            {
                "Time Generated": "2026-01-01 02:14:10",
                "Source Address": "10.0.0.1",
                "Bytes Sent": 5,
                "Destination Address": "192.0.2.1",
                "Destination Port": 443,
                "IP Protocol": "tcp",
                "Bytes Received": 7,
                "Action": "allow",
            }
        ),
        "pan:firewall_cloud",
    ),
    "fortianalyzer": (table(FORTI_CSV), "fortigate_traffic"),
    "fortianalyzer-cells-of-pairs": (FORTI_CELLS, "fortigate_traffic"),
    "fortianalyzer-few-columns": (
        table({k: v for k, v in FORTI_CSV.items() if k not in ("type", "logid", "itime")}),
        "fortigate_traffic",
    ),
    "fortigate-in-filebeat": (
        lines({"message": FORTI_CELLS.replace('"', "")}),
        "fortigate_traffic",
    ),
    "nfdump-1.6": (table(NFDUMP_OLD) + "Summary\nflows,bytes\n1,12\n", "netflow"),
    "nfdump-1.7": (table(NFDUMP_NEW), "netflow"),
    "nfdump-1.7-padded": (table(NFDUMP_NEW).replace(",", ",   "), "netflow"),
    "nfdump-json": (json.dumps([NFDUMP_JSON], indent=1), "netflow"),
    "azure-nsg": (json.dumps({"records": [NSG]}), "mscs:nsg:flow"),
    "azure-vnet": (json.dumps({"records": [VNET]}), "mscs:vnet:flow"),
    "ibm": (lines(IBM), "firewall"),
    "suricata": (lines({**SURICATA, "event_type": "tls"}, SURICATA), "suricata"),
    "cisco-estreamer": (lines(ESTREAMER), "cisco:sfw:estreamer"),
    "sonicwall": (SONICWALL, "dell:sonicwall"),
    "ecs": (lines(ECS), "firewall"),
}


def value(event, *names):
    return next((event[name] for name in names if name in event), None)


@pytest.mark.parametrize("option", ["any", "firewall"])
@pytest.mark.parametrize(("content", "sourcetype"), FLOW_FILES.values(), ids=FLOW_FILES)
def test_flows(read, log, content, sourcetype, option):
    event = one(read(**{option: log("flows.txt", content)}))
    found = [event[name] for name in ("_time", "src_ip", "dest_ip", "dest_port")]
    assert found == [MOMENT, "10.0.0.1", "192.0.2.1", "443"]
    assert value(event, "bytes_out", "flow.bytes_toserver", "sent") == "5"
    assert value(event, "bytes_in", "flow.bytes_toclient", "rcvd") == "7"
    assert (event["transport"], event["sourcetype"]) == ("tcp", sourcetype)


def test_connection_events_of_cisco_ftd(read, log):
    told = "SrcIP: 10.0.0.1, DstIP: 192.0.2.1, URL: http://a.example/?b, c, InitiatorBytes: 5"
    path = log("ftd.log", f"<113>2026-01-01T02:14:10Z fw1  %FTD-1-430003: {told}")
    event = one(read(any=path))
    known = ("_time", "host", "message_id", "SrcIP", "DstIP", "InitiatorBytes", "URL")
    assert [event[name] for name in known] == [
        MOMENT, "fw1", "430003", "10.0.0.1", "192.0.2.1", "5", "http://a.example/?b, c",
    ]  # fmt: skip


ENDPOINTS = {
    "DeviceNetworkEvents": quoted({
        "Timestamp": "2026-01-01T02:14:10.0000000Z", "DeviceId": "d", "DeviceName": "pc1.example",
        "ActionType": "ConnectionSuccess", "RemoteIP": "192.0.2.1", "LocalIP": "10.0.0.1",
    }),
    "crowdstrike:events:sensor": lines({
        "event_simpleName": "NetworkConnectIP4", "RemoteAddressIP4": "192.0.2.1",
        "LocalAddressIP4": "10.0.0.1", "timestamp": "1767233650000",
    }),
}  # fmt: skip


@pytest.mark.parametrize("sourcetype", ENDPOINTS)
def test_connections_of_endpoints_keep_their_own_names(read, log, sourcetype):
    event = one(read(any=log("e.csv", ENDPOINTS[sourcetype])))
    assert (event["_time"], event["sourcetype"]) == (MOMENT, sourcetype)
    assert value(event, "LocalIP", "LocalAddressIP4") == "10.0.0.1"


LINES_OF_PRODUCTS = {
    "sophos": 'device_name="XG" date=2026-01-01 time=02:14:10 log_type="Firewall" src_ip=10.0.0.1',
    "watchguard": 'time="2026-01-01 02:14:10" msg_id="3000-0148" src_ip=10.0.0.1 dst_ip=192.0.2.1',
}


@pytest.mark.parametrize("product", LINES_OF_PRODUCTS)
def test_lines_of_a_product_get_the_sourcetype_of_its_add_on(read, log, product):
    event = one(read(any=log("fw.log", LINES_OF_PRODUCTS[product])))
    assert (event["_time"], event["sourcetype"].partition(":")[0]) == (MOMENT, product)


VPC = {
    "version": 2, "account_id": "123456789012", "interface_id": "eni-1", "srcaddr": "10.0.0.1",
    "dstaddr": "192.0.2.1", "srcport": 5, "dstport": 443, "protocol": 6, "packets": 1, "bytes": 5,
    "start": 1767233650, "end": 1767233710, "action": "ACCEPT", "log_status": "OK",
}  # fmt: skip
VPC_LINE = " ".join(map(str, VPC.values()))
VPC_DASHES = {name.replace("_", "-"): value for name, value in VPC.items()}
CHOSEN = ("dstaddr", "srcaddr", "bytes", "start", "dstport", "protocol", "action")
AWS, GOOGLE = "aws:cloudwatchlogs:vpcflow", "google:gcp:compute:vpc_flows"
ONE_WAY_FILES = {
    "aws-json": (lines(VPC), AWS),
    "aws-json-dashes": (lines(VPC_DASHES), AWS),
    "aws-csv": (table(VPC), AWS),
    "aws-text": (VPC_LINE, AWS),
    "aws-text-header": (table(VPC_DASHES, " "), AWS),
    "aws-text-other-fields": (table({name: VPC[name] for name in CHOSEN}, " "), AWS),
    "aws-text-of-cloudwatch": (f"{STAMP} {VPC_LINE}", AWS),
    "aws-events": (json.dumps({"events": [{"timestamp": 1767233650, "message": VPC_LINE}]}), AWS),
    "aws-insights": (table({"@timestamp": STAMP, "@message": VPC_LINE}), AWS),
    "google": (lines(GCP), GOOGLE),
    "google-array": (json.dumps([GCP]), GOOGLE),
    "oracle": (lines(ORACLE), "firewall"),
}


@pytest.mark.parametrize("option", ["any", "firewall"])
@pytest.mark.parametrize(("content", "sourcetype"), ONE_WAY_FILES.values(), ids=ONE_WAY_FILES)
def test_flows_of_one_direction(read, log, content, sourcetype, option):
    event = one(read(**{option: log("flows.txt", content)}))
    found = [event[name] for name in ("_time", "src_ip", "dest_ip", "dest_port")]
    assert found == [MOMENT, "10.0.0.1", "192.0.2.1", "443"]
    assert (event.get("bytes", event.get("bytes_out")), event.get("bytes_in")) == ("5", None)
    assert (event["transport"], event["sourcetype"]) == ("tcp", sourcetype)


def test_other_types_in_an_export_of_pan_os_are_bad_lines(read, log):
    path = log(
        "pan.csv", table(PAN_CSV) + ",".join(map(str, {**PAN_CSV, "Type": "SYSTEM"}.values()))
    )
    events, report = read(any=path)
    assert (len(events), "(SYSTEM)" in report.shown[0]) == (1, True)


def test_what_a_cloud_rejects_is_blocked(read, log):
    path = log("flows.json", lines({**VPC, "action": "REJECT"}))
    assert one(read(any=path))["action"] == "blocked"


def test_each_flow_of_an_azure_record_is_an_event(read, log):
    flows = "1767233650,10.0.0.1,192.0.2.1,5,443,T,O,D,B,,,,"
    denied = json.loads(json.dumps(NSG).replace('"flowTuples": [', f'"flowTuples": ["{flows}", '))
    events, _ = read(any=log("flows.json", json.dumps({"records": [denied]})))
    assert [(event["action"], event.get("bytes_out")) for event in events] == [
        ("blocked", None),
        ("allowed", "5"),
    ]


# ---- exports of Splunk

EXPORTED = {
    "_time": "2026-01-01T02:14:10.000+0000", "sourcetype": "pan:traffic", "host": "fw",
    "source": "udp:514", "src_ip": "10.0.0.1", "dest_ip": "192.0.2.1", "bytes_out": 5,
    "bytes_in": 7,
}  # fmt: skip
META = {name: EXPORTED[name] for name in ("_time", "sourcetype", "host", "source")}
RAW_PAIRS = 'date=2026-01-01 srcip=10.0.0.1 dstip=192.0.2.1 msg="a, b" src_ip=10.0.0.1'
RAW_PAIRS += " dest_ip=192.0.2.1 bytes_out=5 bytes_in=7"
RAW_JSON = json.dumps({k: v for k, v in EXPORTED.items() if k not in META})
SPLUNK_FILES = {
    "csv": quoted(EXPORTED),
    "csv-in-another-order": quoted(dict(reversed(EXPORTED.items()))),
    "csv-of-raw-events": quoted({**META, "_raw": RAW_PAIRS}),
    "csv-of-raw-json": quoted({"_serial": 0, **META, "_raw": RAW_JSON}),
    "json-lines": lines({"preview": False, "result": EXPORTED}),
    "json-results": json.dumps({"preview": False, "fields": [], "results": [EXPORTED]}),
    "event-collector": lines({
        "time": 1767233650, "sourcetype": "pan:traffic", "host": "fw", "source": "udp:514",
        "event": json.loads(RAW_JSON),
    }),
    "event-collector-text": lines({
        "time": 1767233650, "sourcetype": "pan:traffic", "host": "fw", "source": "udp:514",
        "event": RAW_PAIRS,
    }),
}  # fmt: skip


@pytest.mark.parametrize("option", ["any", "json"])
@pytest.mark.parametrize("content", SPLUNK_FILES.values(), ids=SPLUNK_FILES)
def test_exports_of_splunk(read, log, content, option):
    event = one(read(**{option: log("export.txt", content)}))
    known = ("_time", "sourcetype", "host", "source", "src_ip", "dest_ip", "bytes_out", "bytes_in")
    assert [event[name] for name in known] == [
        MOMENT, "pan:traffic", "fw", "udp:514", "10.0.0.1", "192.0.2.1", "5", "7",
    ]  # fmt: skip


def test_an_export_given_as_a_firewall_keeps_the_sourcetype_that_the_app_knows(read, log):
    assert one(read(firewall=log("x.csv", quoted(EXPORTED))))["sourcetype"] == "pan:traffic"
    other = quoted({**EXPORTED, "sourcetype": "my:own"})
    assert one(read(firewall=log("y.csv", other)))["sourcetype"] == "firewall"


@pytest.mark.parametrize("more", [{}, {"host": "fw"}])
def test_an_export_of_nothing_but_texts(read, log, more):
    texts = quoted({"_raw": FORTI_CELLS.replace('"', "").replace(",", " "), **more})
    assert one(read(any=log("x.csv", texts)))["sourcetype"] == "fortigate_traffic"


def test_lines_in_a_cell_of_an_export_are_values(read, log):
    path = log("export.csv", quoted({**EXPORTED, "user": "a\nb"}))
    assert one(read(any=path))["user"] == ["a", "b"]


# ---- time zones

PAN_LINE = (
    "1,2026/01/01 02:14:10,001,TRAFFIC,end,2305,2026/01/01 02:14:10,10.0.0.1,192.0.2.1,,,r,,,ssl,v,"
    "a,b,c,d,f,2026/01/01 02:14:10,1,1,5,443,0,0,0x19,tcp,allow,12,5,7,3,2026/01/01 02:14:00,9"
)
PAIRS = "src=10.0.0.1 dst=192.0.2.1 bytes_out=5"
ZONED = {
    "header-with-an-offset": (f"<14>1 2026-01-01T02:14:10-05:00 fw1 - - - - {PAN_LINE}", -5),
    "counted-header": (f"577 <14>1 2026-01-01T02:14:10+01:00 fw1 - - - - {PAN_LINE}", 1),
    "header-in-utc": (f"<14>1 2026-01-01T02:14:10Z fw1 - - - - {PAN_LINE}", 0),
    "rsyslog-header": (f"2026-01-01T02:14:10+09:00 fw1 {PAN_LINE}", 9),
    "high-resolution-time": (PAN_LINE + ",,2026-01-01T02:14:10.123-08:00", -8),
    "csv-high-resolution-time": (
        table({**PAN_CSV, "High Res Timestamp": "2026-01-01T02:14:10.000+09:00"}), 9
    ),
    "field-tz": (f'date=2026-01-01 time=02:14:10 tz="+0200" logid=1 type=traffic {PAIRS}', 2),
    "field-timezone": (f"time=2026-01-01T02:14:10 timezone=Asia/Tokyo {PAIRS}", 9),
    "column-tz": (table({"date": "2026-01-01", "time": "02:14:10", "TZ": "CEST", "src": "a"}), 2),
    "name-after-the-time": (f'time="2026-01-01 02:14:10 EST" {PAIRS}', -5),
    "name-of-summer": (f'time="2026-01-01 02:14:10 CEST" {PAIRS}', 2),
    "pairs-behind-a-header": (f"<5>1 2026-01-01T02:14:10-03:00 fw app - - - date=2026-01-01 "
                              f"time=02:14:10 {PAIRS}", -3),
    "ecs": (lines({"time": "2026-01-01 02:14:10", "event": {"timezone": "+05:30"},
                   "source": {"ip": "10.0.0.1"}}), 5.5),
    "cisco-header": (f"<166>Jan 01 2026 02:14:10 CET: fw1 : {PAIRS}", 1),
    "none": (PAN_LINE, -4),
}  # fmt: skip


@pytest.mark.parametrize(("content", "hours"), ZONED.values(), ids=ZONED)
def test_a_zone_in_the_line_goes_before_that_of_the_run(read, log, content, hours):
    halifax = ZoneInfo("America/Halifax")
    event = one(read(tz=halifax, firewall=log("fw.log", content)))
    assert event["_time"] // 1 == MOMENT - hours * 3600


def test_a_zone_of_an_export_counts_too(read, log):
    path = log("x.csv", quoted({**EXPORTED, "_time": "2026-01-01 03:14:10", "TZ": "CET"}))
    assert one(read(json=path))["_time"] == MOMENT


def test_a_zone_that_is_not_known_makes_a_bad_line(read, log):
    path = log("fw.log", f'time="2026-01-01 02:14:10 XXT" {PAIRS}\ntime=1767233650 {PAIRS}\n')
    events, report = read(firewall=path)
    assert (len(events), "unknown time zone 'XXT'" in report.shown[0]) == (1, True)


# ---- what is recognised, what is not, and what the report says


def test_a_folder_of_many_formats(read, log, tmp_path):
    log("a/conn.log", TSV + TSV_ROW)
    log("a/ntp.log", "#fields\tts\tuid\n1767233650\tC1\n")
    log("b/sysmon.txt", WINEVENTLOG)
    log("b/flows.csv", table(NFDUMP_NEW))
    log("b/notes.txt", "buy milk\n")
    events, report = read(any=str(tmp_path))
    assert sorted(event["sourcetype"] for event in events) == [
        "WinEventLog", "netflow", "zeek:conn",
    ]  # fmt: skip
    assert [note.partition(": ")[0] for note in report.notes] == ["left out"] * 2


LOG_TYPES = {
    "squid": ("1767233650.000 9 10.0.0.1 TCP_MISS/200 7 GET http://a.example/ - DIRECT/192.0.2.1 -",
              "squid:access"),
    "blue-coat": ("#Software: SGOS 7\n#Fields: date time c-ip cs-host sc-bytes\n"
                  "2026-01-01 02:14:10 10.0.0.1 a.example 7", "bluecoat:proxysg:access:file"),
    "cisco-wsa": ("#Fields: timestamp c-ip cs-url x-elapsed-time\n1767233650 10.0.0.1 http://a/ 7",
                  "cisco:wsa:w3c"),
    "auditd": ("type=SYSCALL msg=audit(1767233650.000:1): pid=1 uid=0", "linux_audit"),
    "cron": ("2026-01-01T02:14:10Z h CRON[7]: (root) CMD (x)", "cron"),
    "syslog": ("2026-01-01T02:14:10Z h sshd[7]: session opened", "syslog"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "sourcetype"), LOG_TYPES.values(), ids=LOG_TYPES)
def test_other_logs_are_recognised(read, log, content, sourcetype):
    event = one(read(any=log("some.log", content)))
    assert (event["_time"], event["sourcetype"]) == (MOMENT, sourcetype)


UNREAD = {
    "Cisco ASA": "Jan  1 02:14:10 fw %ASA-6-302014: Teardown TCP connection 1",
    "CEF": "CEF:0|V|P|1|1|n|3|src=10.0.0.1 dst=192.0.2.1",
    "nfdump's text": "Date first seen          Duration Proto      Src IP Addr:Port\n",
    "SmartConsole": '"Time","Blade","Source"\n"2026-01-01T02:14:10Z","Firewall","10.0.0.1"\n',
    "OCSF": lines({"class_uid": 4001, "time": 1767233650000, "src_endpoint": {"ip": "10.0.0.1"}}),
    "Chainsaw's CSV": "timestamp,detections,path,Event ID\n2026-01-01T02:14:10Z,a,b,3\n",
    "IIS": "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip\n",
    "CloudTrail": lines({"eventTime": STAMP, "eventSource": "s3.amazonaws.com"}),
    "web server": '10.0.0.1 - - [01/Jan/2026:02:14:10 +0000] "GET / HTTP/1.1" 200 7',
    "Parquet": "PAR1\x15\x04",
    "7-Zip": b"7z\xbc\xaf\x27\x1c",
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_is_named_by_its_product(read, log, name):
    with pytest.raises(InputError, match=name):
        read(any=log("some.log", UNREAD[name]))


@pytest.mark.parametrize("before", ["x" * 200_000, "a\0b,c"], ids=["long", "null"])
def test_what_stands_before_a_header_costs_nothing(read, log, before):
    path = log("flows.csv", "# exported\n" + table(NFDUMP_NEW).replace("\n", f"\n{before}\n", 1))
    events, report = read(any=path)
    assert (len(events), sum(report.counts.values())) == (1, 1)


def test_a_cut_line_costs_no_other(read, log):
    whole = quoted(EXPORTED)
    path = log("export.csv", whole + whole.splitlines()[1][:60] + "\n" + whole.splitlines()[1])
    events, report = read(any=path)
    assert (len(events), sum(report.counts.values())) == (2, 1)


LACKING = {
    "no-bytes": ("zeek", "conn.log", TSV + TSV_ROW + "\n" + TSV_ROW.replace("5\t7", "-\t-"),
                 "2 events, of which 1 have no bytes"),
    "no-pair": ("firewall", "f.json", lines(VPC, {**VPC, "srcaddr": "-", "dstaddr": "-"}),
                "2 events, of which 1 name no pair"),
    "both": ("json", "x.json", lines(EXPORTED, META, {**META, "src": "a", "dest": "b"}),
             "3 events, of which 1 name no pair and 1 have no bytes"),
    "nothing": ("firewall", "f.csv", table(FORTI_CSV), ""),
    "sysmon-has-none": ("sysmon", "s.txt", WINEVENTLOG, ""),
    "no-connections": ("zeek", "dns.log", TSV + TSV_ROW.replace("5\t7", "-\t-"),
                       ""),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "content", "told"), LACKING.values(), ids=LACKING)
def test_the_report_says_what_events_lack(read, log, kind, name, content, told):
    path = log(name, content)
    _, report = read(wanted={"x"}, **{kind: path})
    assert report.messages() == ([f"{path}: {told}"] if told else [])


EVERY_FILE = [
    *(content for _, content in ZEEK_FILES.values()),
    *WINDOWS_FILES.values(),
    *(content for content, _ in (*FLOW_FILES.values(), *ONE_WAY_FILES.values())),
    *SPLUNK_FILES.values(),
    *(content for content, _ in LOG_TYPES.values()),
]
NOISE = st.sampled_from(
    [b"\n", b'"', b"{", b"[", b"]", b"\0", b"<", b",", b":", b"=", b"\xff", b"null"]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)
@given(st.sampled_from(EVERY_FILE), st.integers(0, 999), st.integers(0, 20), NOISE)
def test_damage_to_any_file_is_refused_or_told(read, log, content, place, length, noise):
    written = content.encode() * 2
    place %= len(written)
    try:
        path = log("x.log", written[:place] + noise + written[place + length :])
        events, _ = read(any=path)
    except InputError:
        return
    assert all(0 <= event["_time"] < 1e11 for event in events)
