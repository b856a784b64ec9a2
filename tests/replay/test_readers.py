"""Log files of every dialect, and what is wrong with some."""

import bz2
import gzip
import json
import lzma
import re
import sys
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replay import InputError
from replay.fields import spellings
from tests.replay.logs import MOMENT, one

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZEEK_HEADER = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
    "#fields\tts\tuid\tid.orig_h\tid.resp_h\tid.resp_p\tservice\torig_bytes\ttunnel_parents\n"
    "#types\ttime\tstring\taddr\taddr\tport\tstring\tcount\tset[string]\n"
)
ZEEK_ROW = "1767233650.0\tC1\t10.0.0.1\t192.0.2.1\t443\t-\t5\t(empty)\n"
ZEEK_JSON = {
    "ts": MOMENT,
    "id.orig_h": "10.0.0.1",
    "id.resp_p": 443,
    "orig_bytes": 5,
    "proto": "tcp",
}

SYSMON = {
    "EventCode": 3,
    "UtcTime": "2026-01-01 02:14:10.000",
    "Computer": "PC1",
    "Image": "C:\\Windows\\a.exe",
    "SourceIp": "10.0.0.1",
    "DestinationIp": "192.0.2.1",
    "DestinationPort": "443",
    "Protocol": "tcp",
}

XML = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
    '<Provider Name="Microsoft-Windows-Sysmon"/><EventID>3</EventID>'
    '<TimeCreated SystemTime="2026-01-01T02:14:10.0000000Z"/><Computer>PC1</Computer></System>'
    '<EventData><Data Name="Image">C:\\Windows\\a.exe</Data><Data Name="SourceIp">10.0.0.1</Data>'
    '<Data Name="DestinationIp">192.0.2.1</Data><Data Name="RuleName">-</Data></EventData></Event>'
)

FORTIGATE = (
    'date=2026-01-01 time=02:14:10 devname="fw1" devid="FG1" logid="0000000013" type="traffic" '
    'subtype="forward" srcip=10.0.0.1 srcport=5 dstip=192.0.2.1 dstport=443 proto=6 action="close" '
    "sentbyte=5 rcvdbyte=7"
)

PALO_ALTO = (
    "Jan  1 02:14:11 fw1 1,2026/01/01 02:14:11,001,TRAFFIC,end,2305,2026/01/01 02:14:10,10.0.0.1,"
    "192.0.2.1,0.0.0.0,0.0.0.0,rule1,,,ssl,vsys1,in,out,e1,e2,fwd,2026/01/01 02:14:10,1,1,5,443,0,"
    "0,0x19,tcp,allow,12,5,7,3,2026/01/01 02:14:00,9,any,0,1,0x0,A,B,0,1,2,aged-out,0,0,0,0,"
    ",PA-1,from"
)


# ---- Zeek


def test_zeek_tsv(read, log):
    event = one(read(zeek=log("sensor/conn.log", ZEEK_HEADER + ZEEK_ROW)))
    assert event == {
        "_time": MOMENT,
        "host": "sensor",
        "source": event["source"],
        "sourcetype": "zeek:conn",
        "index": "main",
        "ts": "1767233650.0",
        "uid": "C1",
        "id.orig_h": "10.0.0.1",
        "id.resp_h": "192.0.2.1",
        "id.resp_p": "443",
        "orig_bytes": "5",
    }


def test_zeek_second_header_counts(read, log):
    second = "#fields\tts\tid.orig_h\n1767233660\t10.0.0.2\n"
    events, _ = read(zeek=log("conn.log", ZEEK_HEADER + ZEEK_ROW + second))
    assert [event["id.orig_h"] for event in events] == ["10.0.0.2", "10.0.0.1"]


def test_zeek_next_header_forgets_the_last(read, log):
    other = ZEEK_HEADER.replace("unset_field\t-", "unset_field\tNULL").replace("\tuid", "\tzzz")
    events, _ = read(zeek=log("conn.log", other + ZEEK_ROW + ZEEK_HEADER + ZEEK_ROW))
    assert [(event.get("uid"), event.get("service")) for event in events] == [
        (None, "-"),
        ("C1", None),
    ]


def test_nothing_is_said_of_them_where_the_time_of_the_run_is_given(read, log):
    rows = ZEEK_ROW * 3 + ZEEK_ROW.replace("1767233650.0", "4102444800")
    assert read(zeek=log("conn.log", ZEEK_HEADER + rows), now=MOMENT + 1)[1].notes == []


TWO = [ZEEK_JSON, {**ZEEK_JSON, "orig_bytes": 6}]
LAYOUTS = {
    "lines": "\n".join(map(json.dumps, TWO)),
    "one-line": "".join(map(json.dumps, TWO)),
    "lines-with-commas": ",\n".join(map(json.dumps, TWO)),
    "many-lines-each": "\n".join(json.dumps(each, indent=2) for each in TWO),
    "array": json.dumps(TWO),
    "array-of-many-lines": json.dumps(TWO, indent=2),
    "begins-in-a-line": 'cut off": 1}\n' + "\n".join(map(json.dumps, TWO)),
    "ends-in-a-line": "\n".join(map(json.dumps, TWO)) + '\n{"ts": 17',
    "array-ends-in-an-object": json.dumps(TWO)[:-1] + ', {"ts": 17',
    "array-with-a-broken-object": "[{]},\n" + json.dumps(TWO)[1:],
}


@pytest.mark.parametrize("content", LAYOUTS.values(), ids=LAYOUTS)
def test_json_layouts(read, log, content):
    events, _ = read(zeek=log("conn.log", content))
    assert [event["orig_bytes"] for event in events] == ["5", "6"]


def test_json_broken_element_is_told_with_its_line(read, log):
    path = log("conn.log", f"[\n{json.dumps(ZEEK_JSON)},\n{{broken}},\n{json.dumps(ZEEK_JSON)}\n]")
    events, report = read(zeek=path)
    assert (len(events), report.shown[0].startswith(f"{path}, line 3: not JSON")) == (2, True)


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "content", [ZEEK_HEADER + ZEEK_ROW, json.dumps(ZEEK_JSON)], ids=["tsv", "json"]
)
def test_encodings(read, log, content, encoding):
    event = one(read(zeek=log("conn.log", content.encode(encoding))))
    assert (event["_time"], event["orig_bytes"]) == (MOMENT, "5")


def test_nulls_that_a_crash_leaves_cost_nothing(read, log):
    content = ZEEK_HEADER + ZEEK_ROW + "\0" * 512 + "\n" + "\0" * 9 + ZEEK_ROW
    events, report = read(zeek=log("conn.log", content))
    assert (len(events), report.messages()) == (2, [])


def test_only_wanted_fields_are_kept(read, log):
    event = one(read(wanted={"uid"}, zeek=log("conn.log", ZEEK_HEADER + ZEEK_ROW)))
    assert set(event) == {"_time", "host", "source", "sourcetype", "index", "uid"}


def test_folder_means_its_logs(read, log, tmp_path):
    log("a/conn.log", ZEEK_HEADER + ZEEK_ROW)
    log("b/conn.log.gz", gzip.compress((ZEEK_HEADER + ZEEK_ROW).encode()))
    log("README.md", "not a log")
    events, _ = read(zeek=str(tmp_path))
    assert [event["host"] for event in events] == ["a", "b"]


PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress}


@pytest.mark.parametrize("ending", PACK)
def test_compressed_files_in_a_folder_are_read(read, log, tmp_path, ending):
    # Two parts, as of a file that is appended to.
    parts = PACK[ending](ZEEK_HEADER.encode()), PACK[ending](ZEEK_ROW.encode())
    log(f"conn.log.{ending}", b"".join(parts))
    assert one(read(zeek=str(tmp_path)))["uid"] == "C1"


@pytest.mark.parametrize("ending", PACK)
def test_damage_to_a_compressed_file_costs_what_comes_after_it(read, log, ending):
    rows = "".join(ZEEK_ROW.replace("C1", f"C{n * n}") for n in range(60_000))
    packed = PACK[ending]((ZEEK_HEADER + rows).encode())
    events, report = read(zeek=log("conn.log", packed[: len(packed) * 3 // 4]))
    assert 0 < len(events) < 60_000
    assert "damaged after line" in report.notes[0]


ROTATED = [
    "conn.log.1",
    "conn.log-20260101.gz",
    "conn.2026-01-01-00-00-00.log",
    "conn.2026-01-01-00",
    "conn.00:00:00-01:00:00.log.gz",
    "CONN.LOG",
]


@pytest.mark.parametrize("name", ROTATED)
def test_folder_means_its_rotated_logs_too(read, log, tmp_path, name):
    log(name, ZEEK_HEADER + ZEEK_ROW)
    assert len(read(zeek=str(tmp_path))[0]) == 1


def test_folder_tells_which_files_are_not_named_as_logs(read, log, tmp_path):
    log("conn.log", ZEEK_HEADER + ZEEK_ROW)
    log("capture.pcap", "x")
    log("README", "x")
    notes = read(zeek=str(tmp_path))[1].notes
    assert notes == [
        f"left out: 2 files of {tmp_path} that are not named as logs are (README, capture.pcap)"
    ]


def test_glob_of_folders(read, log, tmp_path):
    log("2026-01-01/conn.log", ZEEK_HEADER + ZEEK_ROW)
    log("2026-01-02/conn.log", ZEEK_HEADER + ZEEK_ROW)
    assert len(read(zeek=str(tmp_path / "2026-*"))[0]) == 2


def test_glob(read, log, tmp_path):
    log("conn.1.log", ZEEK_HEADER + ZEEK_ROW)
    log("conn.2.log", ZEEK_HEADER + ZEEK_ROW)
    assert len(read(zeek=str(tmp_path / "conn.*.log"))[0]) == 2


def test_events_are_newest_first(read, log):
    rows = "".join(ZEEK_ROW.replace("1767233650.0", str(1767233650 + n)) for n in (2, 0, 1))
    events, _ = read(zeek=log("conn.log", ZEEK_HEADER + rows))
    assert [event["_time"] - MOMENT for event in events] == [2, 1, 0]


# ---- Sysmon

EVENT_DATA = {name: SYSMON[name] for name in ("Image", "SourceIp", "DestinationIp", "UtcTime")}
STAMP = "2026-01-01T02:14:10.000Z"
BEAT = {"computer_name": "PC1", "event_data": EVENT_DATA}
WINLOGBEAT = {"@timestamp": STAMP, "winlog": {**BEAT, "event_id": 3}}
DOTTED = {f"winlog.event_data.{name}": value for name, value in EVENT_DATA.items()}
LISTED = [{"@Name": name, "#text": value} for name, value in EVENT_DATA.items()]


def as_xml_in_json(code, created, data):
    system = {"EventID": code, "Computer": "PC1", "TimeCreated": created}
    return {"Event": {"System": system, "EventData": data}}


DIALECTS = {
    "flat": SYSMON,
    "flat-EventID": {**SYSMON, "EventCode": None, "EventID": 3},
    "flat-code-with-a-point": {**SYSMON, "EventCode": 3.0},
    "flat-with-a-field-event": {**SYSMON, "event": "x"},
    "splunk-export": {"result": {**SYSMON, "EventCode": "3"}},
    "winlogbeat": WINLOGBEAT,
    "elasticsearch-export": {"_source": WINLOGBEAT},
    "winlogbeat-event-code": {"@timestamp": STAMP, "event": {"code": "3"}, "winlog": BEAT},
    "winlogbeat-dotted": {
        "@timestamp": STAMP,
        "winlog.event_id": "3",
        "winlog.computer_name": "PC1",
        **DOTTED,
    },
    "evtx-dump": as_xml_in_json(3, {"#attributes": {"SystemTime": STAMP}}, EVENT_DATA),
    "xml-to-json": as_xml_in_json({"#text": "3"}, {"@SystemTime": STAMP}, {"Data": LISTED}),
    "nxlog": {**EVENT_DATA, "EventID": 3, "Hostname": "PC1", "EventTime": "2026-01-01 03:14:10"},
    "ecs": {
        "@timestamp": STAMP,
        "event": {"code": "3", "provider": "Microsoft-Windows-Sysmon"},
        "host": {"name": "PC1"},
        "source": {"ip": "10.0.0.1"},
        "destination": {"ip": "192.0.2.1"},
        "process": {"executable": "C:\\Windows\\a.exe"},
    },
}


@pytest.mark.parametrize("record", DIALECTS.values(), ids=DIALECTS)
def test_sysmon_json(read, log, record):
    event = one(read(sysmon=log("sysmon.json", json.dumps(record))))
    known = ("_time", "EventCode", "host", "src_ip", "dest_ip", "process_name")
    assert [event[name] for name in known] == [MOMENT, "3", "PC1", "10.0.0.1", "192.0.2.1", "a.exe"]


def test_sysmon_connection_without_addresses_is_bad(read, log):
    bad = {"EventCode": 3, "UtcTime": SYSMON["UtcTime"], "EventData": "not read"}
    path = log("sysmon.json", json.dumps(SYSMON) + "\n" + json.dumps(bad))
    events, report = read(sysmon=path)
    assert (len(events), "without SourceIp and DestinationIp" in report.shown[0]) == (1, True)


XML_FILES = {
    "one-line": XML.encode(),
    "many-lines": XML.replace("><", ">\n<").encode(),
    "with-a-root": f"<?xml version='1.0'?>\n<Events>\n{XML}\n</Events>".encode(),
    "root-on-the-same-line": f"<Events>{XML}</Events>".encode(),
    "utf-16": XML.encode("utf-16"),
    "utf-8-mark": b"\xef\xbb\xbf" + XML.encode(),
    "utf-16-without-a-mark": XML.encode("utf-16-le"),
    "without-a-namespace": re.sub(" xmlns=[^>]*", "", XML).encode(),
    "with-a-prefix": re.sub("(</?)", r"\1e:", XML).replace("xmlns=", "xmlns:e=").encode(),
    "prefix-of-the-root": ("<e:Events>" + re.sub("(</?)", r"\1e:", XML)).encode(),
    "syslog-before-it": ("Jan  1 02:14:10 pc1 " + XML).encode(),
    "control-character": XML.replace("-</Data>", "\x01</Data>").encode(),
}


@pytest.mark.parametrize("content", XML_FILES.values(), ids=XML_FILES)
def test_sysmon_xml(read, log, content):
    event = one(read(sysmon=log("sysmon.xml", content)))
    assert (event["_time"], event["EventCode"], event["Image"]) == (
        MOMENT,
        "3",
        "C:\\Windows\\a.exe",
    )


def test_two_xml_events_on_one_line(read, log):
    assert len(read(sysmon=log("sysmon.xml", XML + XML))[0]) == 2


BAD_XML = {
    "tag-not-closed": XML.replace("</Computer>", ""),
    "event-not-closed": XML.replace("</Event>", ""),
    "no-event-id": XML.replace("<EventID>3</EventID>", ""),
    "no-system": "<Event><EventData/></Event>",
    "text-between-events": "stray text",
}


@pytest.mark.parametrize("bad", BAD_XML.values(), ids=BAD_XML)
def test_bad_xml_event_costs_nothing_else(read, log, bad):
    path = log("sysmon.xml", f"{XML}\n{bad}\n{XML}\n")
    events, report = read(sysmon=path)
    assert (len(events), report.counts) == (2, {path: 1})


# ---- firewalls


def test_palo_alto_time_is_local(read, log):
    event = one(read(tz=ZoneInfo("Europe/Berlin"), firewall=log("pan.log", PALO_ALTO)))
    assert event["_time"] == MOMENT - 3600


def test_palo_alto_other_types_are_bad_lines(read, log):
    path = log("pan.log", PALO_ALTO + "\n" + PALO_ALTO.replace("TRAFFIC", "THREAT"))
    events, report = read(firewall=path)
    assert (len(events), report.counts) == (1, {path: 1})


JUNIPER = (
    "<14>1 2026-01-01T02:14:10Z srx RT_FLOW - RT_FLOW_SESSION_CLOSE [junos@2636.1.1.1.2.40 "
    'reason="TCP FIN" source-address="10.0.0.1" source-port="5" destination-address="192.0.2.1" '
    'destination-port="443" protocol-id="6" bytes-from-client="5" bytes-from-server="7"]'
)
CHECK_POINT = (
    '<134>1 2026-01-01T02:14:11Z gw CheckPoint 1 - [action:"Accept"; src:"10.0.0.1"; '
    's_port:"5"; dst:"192.0.2.1"; service:"443"; proto:"6"; sent_bytes:"5"; '
    'received_bytes:"7"; rule_name:"a; b=c"; time:"1767233650"]'
)
ECS = {
    "@timestamp": "2026-01-01T02:15:00Z",
    "event": {"start": "2026-01-01T02:14:10Z"},
    "source": {"ip": "10.0.0.1", "bytes": 5},
    "destination": {"ip": "192.0.2.1", "port": 443, "bytes": 7},
    "network": {"transport": "tcp"},
}
CIM = {
    "_time": "2026-01-01 02:14:10.000 UTC",
    "src_ip": "10.0.0.1",
    "dest_ip": "192.0.2.1",
    "dest_port": 443,
    "transport": "tcp",
    "bytes_out": 5,
    "bytes_in": 7,
}
CIM_CSV = ",".join(CIM) + "\n" + ",".join(map(str, CIM.values())) + "\n"
CIM_PAIRS = [f"{name}={value}" for name, value in CIM.items() if name != "_time"]
LIKE_THE_MODEL = {
    "juniper-structured": JUNIPER,
    "check-point-exporter": CHECK_POINT,
    "bars-between-pairs": "time=1767233650|hostname=fw|product=VPN-1 & FireWall-1|src=10.0.0.1"
    "|dst=192.0.2.1|service=443|proto=6|bytes_out=5|bytes_in=7",
    "commas-between-pairs": ", ".join(["_time=1767233650", *CIM_PAIRS]),
    "fortigate-with-commas": FORTIGATE.replace(" ", ","),
    "fortigate-with-marks-in-quotes": FORTIGATE + ' msg="a, b=c|d=e"',
    "begins-without-its-priority": JUNIPER[6:],
    "begins-in-a-line": "cut=off\n" + FORTIGATE,
    "json": json.dumps(CIM),
    "json-array": json.dumps([CIM]),
    "json-from-splunk": json.dumps({"preview": False, "result": CIM}),
    "json-ecs": json.dumps(ECS),
    "csv": CIM_CSV,
    "csv-semicolons": CIM_CSV.replace(",", ";"),
    "csv-tabs": CIM_CSV.replace(",", "\t"),
    "csv-comma-at-the-end": CIM_CSV.replace("\n", ",\n"),
    "csv-after-a-comment": "# exported\n" + CIM_CSV,
    "csv-odd-name": "number (of rows)," + CIM_CSV.replace("\n", "\n1,", 1),
    "palo-alto-without-syslog": PALO_ALTO.partition("fw1 ")[2],
    "palo-alto-with-a-header": "Domain,Receive Time,Serial #\n" + PALO_ALTO,
}


@pytest.mark.parametrize("content", LIKE_THE_MODEL.values(), ids=LIKE_THE_MODEL)
def test_firewall_dialects_come_under_the_names_of_the_data_model(read, log, content):
    (event,), _ = read(firewall=log("fw.log", content))
    known = ("_time", "bytes_out", "bytes_in", "transport", "src", "dest_ip", "dest_port")
    found = [event[name] for name in known]
    assert found == [MOMENT, "5", "7", "tcp", "10.0.0.1", "192.0.2.1", "443"]


@pytest.mark.parametrize("name", spellings("src", "dest"))
def test_firewall_log_with_any_spelling_of_an_address_is_read(read, log, name):
    record = {"time": "2026-01-01T02:14:10Z", name: "10.0.0.1"}
    assert one(read(firewall=log("fw.json", json.dumps(record))))[name] == "10.0.0.1"


def test_syslog_time_without_a_year_is_of_the_run(read, log):
    path = log("fw.log", "Jan  1 02:14:10 fw1 src=10.0.0.1 dst=192.0.2.1\n")
    event = one(read(firewall=path, now=MOMENT + 99))
    assert (event["_time"], event["host"]) == (MOMENT, "fw1")


CELLS = {
    "closed": ('"two\nlines"', 2, 0),
    "never-closed": ('"never closed', 1, 1),
    "text-after-the-quote": ('"closed" elsewhere', 1, 1),
}


@pytest.mark.parametrize(("cell", "count", "bad"), CELLS.values(), ids=CELLS)
def test_csv_cell_over_several_lines_costs_no_other_row(read, log, cell, count, bad):
    content = f"time,src,note\n2026-01-01T02:14:10Z,a,{cell}\n2026-01-01T02:14:10Z,b,\n"
    path = log("fw.csv", content)
    events, report = read(firewall=path)
    assert (len(events), sum(report.counts.values())) == (count, bad)


# ---- one event of each dialect

# What one line becomes: how it is given, the name of the file, its content, fields of the event.

TSV = ZEEK_HEADER + ZEEK_ROW
LIST = json.dumps({**ZEEK_JSON, "tunnel_parents": ["C1", "C2"]})
SEPARATED = TSV.replace(",", ";").split("\n", 1)[1]
ZEEK_RESPONDER = {"id.resp_h": "192.0.2.1", "orig_bytes": "5"}
JSON_CONN = {"sourcetype": "bro:conn:json"}
UNDERSCORES = {name.replace(".", "_"): value for name, value in ZEEK_JSON.items()}
SYSMON_SOURCE = "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"
FIREWALL = {
    "_time": MOMENT, "sourcetype": "firewall", "source": "firewall_logs", "src": "10.0.0.1",
    "bytes_out": "5",
}  # fmt: skip
MINE = {"_time": MOMENT, "sourcetype": "mine", "a": "1"}
ECS_START = "2026-01-01T02:14:10Z"
RECORD = {"_time": MOMENT, "sourcetype": "s", "source": "o", "host": "h", "many": ["a", "b"]}
NESTED = {"_time": ECS_START, "sourcetype": "s", "a": {"b": True, "c": [{"d": 1}, {"d": 2}]}}


def _ecs_direction(direction):
    record = {
        "@timestamp": "2026-01-01T02:14:10.000Z", "event": {"code": 3},
        "source": {"ip": "10.0.0.1"}, "network": {"direction": direction},
    }  # fmt: skip
    return json.dumps(record)


READ = {
    "zeek-gzip": ("zeek", "conn.log.gz", gzip.compress(TSV.encode()), {"_time": MOMENT}),
    "zeek-gzip-by-content": ("zeek", "conn.log", gzip.compress(TSV.encode()), {"_time": MOMENT}),
    **{
        f"zeek-separator-{name}": (
            "zeek", "conn.log", f"#separator {written}\n" + SEPARATED.replace("\t", separator),
            ZEEK_RESPONDER,
        )
        for name, written, separator in (
            ("comma", "\\x2c", ","), ("space", "\\x20", " "), ("itself", "|", "|"),
            ("backslash-t", "\\t", "\t"),
        )
    },
    "zeek-separator-not-declared": (
        "zeek", "x.log", "#path,conn\n#fields,ts,uid\n1767233650,C1\n",
        {"uid": "C1", "sourcetype": "zeek:conn"},
    ),
    "zeek-unset-of-the-header": (
        "zeek", "conn.log",
        ZEEK_HEADER.replace("(empty)", "EMPTY").replace("unset_field\t-", "unset_field\tNULL")
        + ZEEK_ROW.replace("C1", "NULL").replace("(empty)", "EMPTY"),
        {"uid": None, "service": "-", "tunnel_parents": None},
    ),
    "zeek-milliseconds": (
        "zeek", "conn.log", ZEEK_HEADER + ZEEK_ROW.replace("1767233650.0", "1767233650000"),
        {"_time": MOMENT},
    ),
    "zeek-_node_name": (
        "zeek", "x.log", "#fields\t_node_name\tts\nworker-1\t1767233650\n", {"host": "worker-1"}
    ),
    "zeek-_system_name": (
        "zeek", "x.log", "#fields\t_system_name\tts\nworker-1\t1767233650\n",
        {"host": "worker-1"},
    ),
    "zeek-other-path": (
        "zeek", "x.log",
        "#separator \\x09\n#path\tdhcp\n#fields\tts\tmac\n1767233650\t02:00:00:00:00:01\n",
        {"sourcetype": "zeek:dhcp"},
    ),
    "zeek-line-ends-of-windows": (
        "zeek", "conn.log", TSV.replace("\n", "\r\n").encode(), {"tunnel_parents": None}
    ),
    "zeek-json": ("zeek", "conn.log", json.dumps(ZEEK_JSON), {**JSON_CONN, "orig_bytes": "5"}),
    "zeek-json-_path": (
        "zeek", "x.log", json.dumps({**ZEEK_JSON, "_path": "ssl"}), {"sourcetype": "bro:ssl:json"}
    ),
    "zeek-json-name-of-the-file": (
        "zeek", "dns.02:00.log", json.dumps({"ts": MOMENT}), {"sourcetype": "bro:dns:json"}
    ),
    "zeek-json-start-of-the-name": (
        "zeek", "conn_derived.json", json.dumps({"ts": MOMENT}), JSON_CONN
    ),
    "zeek-json-fields-of-a-connection": ("zeek", "export.json", json.dumps(ZEEK_JSON), JSON_CONN),
    "zeek-json-fields-with-underscores": ("zeek", "x.json", json.dumps(UNDERSCORES), JSON_CONN),
    "zeek-json-tagged-with-its-path": (
        "zeek", "x.json", json.dumps({"ssl": {"ts": MOMENT}}), {"sourcetype": "bro:ssl:json"}
    ),
    "zeek-json-iso-time": (
        "zeek", "conn.log", json.dumps({**ZEEK_JSON, "ts": "2026-01-01T02:14:10.000000Z"}),
        {"_time": MOMENT},
    ),
    "zeek-json-list": ("zeek", "conn.log", LIST, {"tunnel_parents{}": ["C1", "C2"]}),
    "zeek-json-numbers-as-written": (
        "zeek", "conn.log",
        '{"ts": 1767233650.10, "proto": "tcp", "id.orig_h": "10.0.0.1", "orig_bytes": 5.0}',
        {"orig_bytes": "5.0"},
    ),
    "sysmon-names-of-the-add-on": (
        "sysmon", "sysmon.json", json.dumps(SYSMON),
        {"sourcetype": "XmlWinEventLog", "source": SYSMON_SOURCE},
    ),
    **{
        f"sysmon-ecs-{direction}": (
            "sysmon", "s.json", _ecs_direction(direction), {"Initiated": initiated}
        )
        for direction, initiated in (
            ("egress", "true"), ("outbound", "true"), ("ingress", "false"), ("unknown", None),
        )
    },
    "fortigate": (
        "firewall", "fw.log", FORTIGATE,
        {
            "_time": MOMENT, "sourcetype": "fortigate_traffic", "host": "fw1",
            "src_ip": "10.0.0.1", "dest_ip": "192.0.2.1", "bytes_out": "5", "bytes_in": "7",
            "action": "allowed", "transport": "tcp",
        },
    ),
    **{
        f"fortigate-{name}": ("firewall", "fw.log", f"{FORTIGATE} {written}", {"_time": MOMENT})
        for name, written in (
            ("nanoseconds", "eventtime=1767233650000000000"), ("seconds", "eventtime=1767233650"),
            ("zone", 'tz="+0000"'),
        )
    },
    "fortigate-denied": (
        "firewall", "fw.log", FORTIGATE.replace('"close"', '"deny"'), {"action": "blocked"}
    ),
    "palo-alto": (
        "firewall", "pan.log", PALO_ALTO,
        {
            "_time": MOMENT, "sourcetype": "pan:traffic", "host": "PA-1", "src_ip": "10.0.0.1",
            "dest_ip": "192.0.2.1", "dest_port": "443", "bytes_out": "5", "bytes_in": "7",
            "transport": "tcp", "action": "allowed", "app": "ssl",
        },
    ),
    "firewall-key-value": (
        "firewall", "fw.log", "timestamp=2026-01-01T02:14:10Z src=10.0.0.1 bytes_out=5", FIREWALL
    ),
    "firewall-syslog-time": (
        "firewall", "fw.log", "2026-01-01T02:14:10+00:00 fw1 src=10.0.0.1 bytes_out=5", FIREWALL
    ),
    "firewall-csv": (
        "firewall", "fw.log", "timestamp,src,bytes_out\n2026-01-01 02:14:10,10.0.0.1,5", FIREWALL
    ),
    "firewall-date-and-time": (
        "firewall", "fw.log", "date=2026-01-01 time=02:14:10 src=10.0.0.1 bytes_out=5", FIREWALL
    ),
    "juniper-denied": (
        "firewall", "fw.log", JUNIPER.replace("SESSION_CLOSE", "SESSION_DENY"),
        {"action": "blocked", "host": "srx"},
    ),
    "ecs-denied": (
        "firewall", "fw.json",
        json.dumps({**ECS, "event": {"start": ECS_START, "type": ["connection", "denied"]}}),
        {"action": "blocked"},
    ),
    "json-names-of-the-record": ("json", "x.json", json.dumps(RECORD), {**RECORD, "index": "main"}),
    "json-iso-time-and-nested-fields": (
        "json", "x.json", json.dumps(NESTED),
        {"_time": MOMENT, "a.b": "true", "a.c{}.d": ["1", "2"]},
    ),
    "log-json": ("log", "x.log", '{"time": "2026-01-01T02:14:10Z", "a": "1"}', MINE),
    "log-key-value": ("log", "x.log", "time=2026-01-01T02:14:10Z a=1", MINE),
    "log-csv": ("log", "x.log", "time,a\n2026-01-01T02:14:10Z,1", MINE),
    "log-windows-events": (
        "log", "x.xml", XML.replace(">3<", ">4698<"), {"EventCode": "4698", "host": "PC1"}
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "content", "expected"), READ.values(), ids=READ)
def test_one_event(read, log, kind, name, content, expected):
    path = log(name, content)
    event = one(read(**{kind: ("mine", path) if kind == "log" else path}))
    assert {field: event.get(field) for field in expected} == expected
    assert kind != "zeek" or event["source"] == path


FOREIGN = {
    "CEF": "Jan  1 02:14:10 a CEF:0|V|P|1|1|n|3|src=10.0.0.1 dst=192.0.2.1",
    "netfilter": "2026-01-01T02:14:10Z k: IN= OUT=e SRC=10.0.0.1 DST=192.0.2.1 PROTO=TCP SPT=5",
    "filterlog": "Jan  1 02:14:10 p filterlog[1]: 4,,,1,igb1,match,pass,in,4",
    "Windows Firewall": "#Version: 1.5\n#Software: Microsoft Windows Firewall\n",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_formats_that_are_not_read_are_named(read, log, name):
    with pytest.raises(InputError, match=f"{name}.*, a format that is not supported"):
        read(firewall=log("fw.log", FOREIGN[name]))


# ---- any sourcetype


def test_json_array(read, log):
    records = [{"_time": MOMENT, "sourcetype": "s"}] * 2
    assert len(read(json=log("x.json", json.dumps(records)))[0]) == 2


@pytest.mark.parametrize("name", ["_time", "sourcetype"])
def test_json_record_without_its_name_is_bad(read, log, name):
    record = {"_time": MOMENT, "sourcetype": "s"}
    del record[name]
    good = {"_time": MOMENT, "sourcetype": "s"}
    path = log("x.json", json.dumps(record) + "\n" + json.dumps(good))
    assert read(json=path)[1].shown == [f"{path}, line 1: no field {name}"]


# ---- what is wrong

BAD_LINES = {
    "zeek-columns": ("zeek", ZEEK_HEADER + ZEEK_ROW, "1767233650.0\tC1\n", "2 columns"),
    "zeek-time": (
        "zeek",
        ZEEK_HEADER + ZEEK_ROW,
        ZEEK_ROW.replace("1767233650.0", "x"),
        "time stamp",
    ),
    "zeek-json": ("zeek", json.dumps(ZEEK_JSON) + "\n", "{broken\n", "not JSON"),
    "no-object": ("zeek", json.dumps(ZEEK_JSON) + "\n", "[1]\n", "not a JSON object"),
    "zeek-json-time": ("zeek", json.dumps(ZEEK_JSON) + "\n", "{}\n", "no field ts"),
    "sysmon-time": ("sysmon", json.dumps(SYSMON) + "\n", '{"EventCode": 3}\n', "no field UtcTime"),
    "sysmon-code": ("sysmon", json.dumps(SYSMON) + "\n", '{"EventCode": "x"}\n', "no number"),
    "firewall-text": ("firewall", FORTIGATE + "\n", "garbage\n", "no key=value"),
    "firewall-time": ("firewall", FORTIGATE + "\n", "a=1 b=2\n", "no time"),
    "firewall-address": ("firewall", FORTIGATE + "\n", "ts=1767233650 b=2\n", "no address"),
    "csv-cells": ("firewall", "time,src\n2026-01-01T00:00:00Z,a\n", "a,b,c\n", "3 cells"),
}


@pytest.mark.parametrize(("kind", "good", "bad", "reason"), BAD_LINES.values(), ids=BAD_LINES)
def test_bad_line_is_reported_and_costs_nothing_else(read, log, kind, good, bad, reason):
    path = log("conn.log", good + bad + good.splitlines(keepends=True)[-1])
    events, report = read(**{kind: path})
    line = good.count("\n") + 1
    assert (
        len(events),
        f"{path}, line {line}: " in report.shown[0],
        reason in report.shown[0],
    ) == (
        2,
        True,
        True,
    )


def test_many_bad_lines_are_counted(read, log):
    path = log("conn.log", ZEEK_HEADER + ZEEK_ROW + "x\n" * 9)
    report = read(zeek=path)[1]
    assert (len(report.shown), report.messages()[-1]) == (
        5,
        f"{path}: 9 bad lines in all, the first 5 are shown",
    )


TSV_ROWS = "".join(ZEEK_ROW.replace("C1", f"C{n * 7919}") for n in range(5000))
ZIPPED = gzip.compress((ZEEK_HEADER + TSV_ROWS).encode())
TOLD = {
    **{
        f"separator-{name}": (
            f"#separator {written}\n#path\tconn\n#fields\tts\tuid\n1767233650\tC1\n",
            range(1, 2),
            "not a #separator",
        )
        for name, written in (("cut", "\\x"), ("damaged", "\\\x01x09"), ("no-escape", "\\q"))
    },
    "header-without-ts": (TSV + "#fields\tuid\tx\nC2\t1\n", range(1, 2), "lacks the field ts"),
    "header-alone": (ZEEK_HEADER + "#close\t2026-01-02-00-00-00\n", range(1), "holds no event"),
    "an-event-long-after-all-others": (
        ZEEK_HEADER + ZEEK_ROW * 3 + ZEEK_ROW.replace("1767233650.0", "4102444800"),
        range(4, 5),
        "the newest 1 of 4 events lie 27028 days after the others",
    ),
    "another-encoding": (
        (TSV.replace("C1", "caf\u00e9") + ZEEK_ROW).encode("latin-1"),
        range(2, 3),
        "1 lines are not in UTF-8",
    ),
    "cut-gzip": (ZIPPED[: len(ZIPPED) // 2], range(1000, 5000), "damaged after line"),
    **{
        written[:4]: (TSV + ZEEK_ROW.replace("1767233650.0", written), range(1, 2), "bad line")
        for written in ("nan", "inf", "-inf", "-1", "9" * 30, "-")
    },
}


@pytest.mark.parametrize(("content", "count", "told"), TOLD.values(), ids=TOLD)
def test_what_is_wrong_is_told_and_costs_nothing_else(read, log, content, count, told):
    events, report = read(zeek=log("x.log", content))
    assert (len(events) in count, told in " ".join(report.messages())) == (True, True)


WRONG = {
    "empty": ("zeek", "", "is empty"),
    "blank": ("zeek", "   \n\n", "is empty"),
    "pcap": ("zeek", b"\xd4\xc3\xb2\xa1\x02\x00", "packet capture"),
    "evtx": ("sysmon", b"ElfFile\x00\x00", "evtx"),
    "binary": ("zeek", b"\x00\x01\x02\x03", "binary"),
    "csv-as-zeek": ("zeek", "ts,src\n1,2\n", "expected a Zeek log"),
    "zeek-without-time": ("zeek", "#separator \\x09\n#fields\ta\tb\n1\t2\n", "the field ts"),
    "firewall-as-sysmon": ("sysmon", FORTIGATE, "expected Windows events"),
    "text-as-firewall": ("firewall", "just words\n", "expected a firewall log"),
    "csv-without-a-time": ("firewall", "a,b\n1,2\n", "expected a firewall log"),
    "no-line-of-its-own": ("firewall", "#\x0btime,src\n1,2\n", "expected a fire"),
    "key-value-as-json": ("json", "a=1", "expected JSON"),
    "broken-array": ("json", "[{]", "line 1: not JSON"),
    "asa": (
        "firewall",
        "2026-01-01T00:00:00Z fw : %ASA-6-302014: Teardown TCP connection 1",
        "Cisco ASA syslog, a format that is not supported",
    ),
}


@pytest.mark.parametrize(("kind", "content", "named"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_not_what_it_was_said_to_be(read, log, kind, content, named):
    path = log("some.log", content)
    with pytest.raises(InputError, match=named) as error:
        read(**{kind: path})
    assert path in str(error.value)


@pytest.mark.parametrize("kind", ["zeek", "sysmon", "firewall", "json"])
def test_a_file_without_one_good_line_is_refused(read, log, kind):
    content = {"firewall": "a=1 b=2\n", "sysmon": '{"EventCode": 3}\n'}.get(kind, '{"a": 1}\n')
    path = log("conn.log", content * 2)
    with pytest.raises(InputError, match=r"no line of it can be read; line 1: no (field|time)"):
        read(**{kind: path})


def test_what_is_no_such_log_in_a_folder_is_left_out(read, log, tmp_path):
    log("conn.log", ZEEK_HEADER + ZEEK_ROW)
    log("stderr.log", "warning: something\n")
    events, report = read(zeek=str(tmp_path))
    assert (len(events), report.notes[0].startswith("left out: ")) == (1, True)


def test_a_folder_of_other_logs_only_is_refused(read, log, tmp_path):
    log("stderr.log", "warning: something\n")
    with pytest.raises(InputError, match="expected a Zeek log"):
        read(zeek=str(tmp_path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
NAMES = st.sampled_from(
    [
        "ts", "_time", "sourcetype", "_path", "EventCode", "EventID", "UtcTime", "Image",
        "Computer", "winlog", "event_data", "event_id", "Event", "System", "EventData", "Data",
        "TimeCreated", "#text", "result", "@timestamp",
    ]
)  # fmt: skip
RECORDS = st.recursive(
    st.dictionaries(NAMES, JSON, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner | JSON, max_size=3),
    max_leaves=3,
)
ANY_INPUT = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
GOOD = {
    "zeek": json.dumps(ZEEK_JSON),
    "sysmon": json.dumps(SYSMON),
    "json": json.dumps({"_time": MOMENT, "sourcetype": "s"}),
}


@pytest.mark.parametrize("kind", sorted(GOOD))
@ANY_INPUT
@given(records=st.lists(RECORDS, max_size=3))
def test_no_record_costs_another(read, log, kind, records):
    lines = [json.dumps(record) for record in records] + [GOOD[kind]]
    events, report = read(**{kind: log("conn.log", "\n".join(lines))})
    assert len(events) + sum(report.counts.values()) == len(lines)


@pytest.mark.parametrize(
    "content", [ZEEK_HEADER + ZEEK_ROW, XML + "\n", FORTIGATE + "\n", PALO_ALTO + "\n"]
)
@ANY_INPUT
@given(noise=st.text(st.characters(exclude_categories=["Cs"])))
def test_no_line_costs_another(read, log, content, noise):
    kind = {"#": "zeek", "<": "sysmon"}.get(content[0], "firewall")
    noise = noise.replace("#", "").replace("<", "")
    path = log("conn.log", content + noise + "\n" + content.splitlines()[-1] + "\n")
    assert len(read(**{kind: path})[0]) >= 2


AWKWARD = st.sampled_from(
    [b"\n", b'"', b"{", b"[", b"\0", b"<", b"<Event ", b"</Event>", b"#fields\t", b"#separator \\x",
     b"|", b",", b"\xff", b"=", b"null", b"1e999", b"\x0b", b"\r"]
)  # fmt: skip
WHOLE = {
    "any": "time,src,bytes_out\n" + '2026-01-01T00:00:00Z,"a",1\n' * 3,
    "zeek": ZEEK_HEADER + ZEEK_ROW,
    "sysmon": XML,
    "firewall": CIM_CSV,
    "json": GOOD["json"],
}


@pytest.mark.parametrize("kind", sorted(WHOLE))
@ANY_INPUT
@given(place=st.integers(0, 400), length=st.integers(0, 20), noise=st.binary(max_size=3) | AWKWARD)
def test_damage_anywhere_is_refused_or_told(read, log, kind, place, length, noise):
    content = WHOLE[kind].encode() * 2
    damaged = content[:place] + noise + content[place + length :]
    try:
        events, _ = read(**{kind: log("conn.log", damaged)})
    except InputError:
        return
    assert all(0 <= event["_time"] < 1e11 for event in events)


def test_no_name_is_no_folder(read):
    with pytest.raises(InputError, match="'': no such"):
        read(zeek="")


def test_missing_file_is_named(read):
    with pytest.raises(InputError, match=r"nosuch\.log: no such"):
        read(zeek="nosuch.log")


def test_folder_without_logs_is_named(read, tmp_path):
    with pytest.raises(InputError, match="no such log file"):
        read(zeek=str(tmp_path))
