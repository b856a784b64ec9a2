"""The logs have the format and order of real sensors, and each flow once in each of its logs."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import shlex
from collections import Counter
from datetime import datetime
from xml.etree import ElementTree

import pytest

from office import logs
from office.generate import write_office
from office.network import FORTIGATE, PALO_ALTO, SQUID, ZSCALER

EVENT = "{http://schemas.microsoft.com/win/2004/08/events/event}"


def lines_of(path):
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()


def zeek_rows(folder):
    lines = lines_of(folder / "zeek" / "conn.log.gz")
    fields = next(line.split("\t")[1:] for line in lines if line.startswith("#fields"))
    return [dict(zip(fields, line.split("\t"))) for line in lines if not line.startswith("#")]


def key_values(folder):
    lines = lines_of(folder / "firewall" / "fortigate.log")
    return [dict(pair.split("=", 1) for pair in shlex.split(line)) for line in lines[:2000]]


def json_rows(path):
    return [json.loads(line) for line in lines_of(path)]


def sysmon_codes(path):
    found = re.compile(r'<EventID>(\d+)<|"EventCode": (\d+),')
    return [int("".join(filter(None, found.search(line).groups()))) for line in lines_of(path)]


def seen(written, **sensor):
    ((name, value),) = sensor.items()
    return [flow for flow in written.office.flows if getattr(flow.machine, name) == value]


@pytest.mark.parametrize(
    ("path", "sensor"),
    [
        pytest.param("zeek/conn.log.gz", {"zeek": "tsv"}, id="zeek-tsv"),
        pytest.param("zeek/conn-servers.json", {"zeek": "json"}, id="zeek-json"),
        pytest.param("sysmon/workstations.json", {"sysmon": "json"}, id="sysmon-json"),
        pytest.param("sysmon/servers-and-homes.xml", {"sysmon": "xml"}, id="sysmon-xml"),
        pytest.param("firewall/fortigate.log", {"firewall": FORTIGATE}, id="fortigate"),
        pytest.param("firewall/paloalto.log", {"firewall": PALO_ALTO}, id="palo-alto"),
        pytest.param("proxy/zscaler.log", {"proxy": ZSCALER}, id="zscaler"),
        pytest.param("zeek/http.log.gz", {"proxy": SQUID}, id="zeek-http"),
    ],
)
def test_every_flow_of_a_sensor_is_one_record(written, path, sensor):
    folder, result = written
    others = 0
    if "sysmon" in sensor:
        others = sum(code != 3 for code in sysmon_codes(folder / path))
    assert result.records[folder / path] - others == len(seen(result, **sensor)) > 0


def test_zeek_tsv_says_what_it_is(written):
    lines = lines_of(written[0] / "zeek" / "conn.log.gz")
    assert [line.split("\t")[0].split(" ")[0] for line in lines if line.startswith("#")] == [
        *("#separator", "#set_separator", "#empty_field", "#unset_field"),
        *("#path", "#open", "#fields", "#types", "#close"),
    ]


def test_zeek_tsv_carries_the_flow(written):
    flow = seen(written[1], zeek="tsv")[0]
    row = zeek_rows(written[0])[0]
    assert (float(row["ts"]), row["id.orig_h"], row["id.resp_h"], int(row["orig_bytes"])) == (
        *(flow.start, flow.src, flow.dst, flow.bytes_out),
    )


def test_zeek_uids_are_unique(written):
    assert max(Counter(row["uid"] for row in zeek_rows(written[0])).values()) == 1


def test_zeek_logs_a_connection_when_it_closes(written):
    closed = [float(row["ts"]) + float(row["duration"]) for row in zeek_rows(written[0])]
    assert closed == pytest.approx(sorted(closed), abs=1e-5)


def test_zeek_unset_is_a_dash(written):
    assert {row["tunnel_parents"] for row in zeek_rows(written[0])} == {"-"}


def test_zeek_json_leaves_unset_fields_out(written):
    rows = json_rows(written[0] / "zeek" / "conn-servers.json")
    assert not [row for row in rows if "tunnel_parents" in row]


def test_zeek_and_firewall_log_the_same_flow(written):
    row = next(row for row in key_values(written[0]) if row["srcip"].startswith("10.20.1."))
    ends = [
        float(one["ts"]) + float(one["duration"])
        for one in zeek_rows(written[0])
        if (one["id.orig_h"], one["id.orig_p"]) == (row["srcip"], row["srcport"])
    ]
    assert pytest.approx(int(row["eventtime"]) / 1e9, abs=1e-5) in ends


def test_fortigate_clock_agrees_with_its_epoch(written):
    row = key_values(written[0])[0]
    shown = f"{row['date']} {row['time']} {row['tz']}"
    moment = datetime.strptime(shown, "%Y-%m-%d %H:%M:%S %z")
    assert int(moment.timestamp()) == int(row["eventtime"]) // 10**9


def test_palo_alto_fields_stand_where_pan_os_puts_them(written):
    flow = seen(written[1], firewall=PALO_ALTO)[0]
    row = next(csv.reader(lines_of(written[0] / "firewall" / "paloalto.log")))
    places = {3: "TRAFFIC", 7: flow.src, 8: flow.dst, 14: flow.app, 25: str(flow.dst_port)}
    places.update({29: "tcp", 30: "allow", 32: str(flow.bytes_out), 33: str(flow.bytes_in)})
    places[52] = PALO_ALTO
    assert {place: row[place] for place in places} == places


@pytest.mark.parametrize("path", ["sysmon/workstations.json", "sysmon/servers-and-homes.xml"])
def test_sysmon_logs_processes_connections_and_files(written, path):
    assert set(sysmon_codes(written[0] / path)) == {1, 3, 11}


def test_sysmon_knows_no_byte_counts(written):
    rows = json_rows(written[0] / "sysmon" / "workstations.json")
    assert not [name for row in rows for name in row if "bytes" in name.lower()]


def test_sysmon_xml_events_parse_one_by_one(written):
    lines = lines_of(written[0] / "sysmon" / "servers-and-homes.xml")
    ids = {ElementTree.fromstring(line).findtext(f"{EVENT}System/{EVENT}EventID") for line in lines}
    assert ids == {"1", "3", "11"}


def test_sysmon_xml_escapes_what_xml_reserves(written):
    flow = seen(written[1], sysmon="xml")[0]._replace(process=r"C:\R&D <x>.exe")
    event = ElementTree.fromstring(next(logs.windows_xml(logs.sysmon_entries([flow], []))))
    image = next(part for part in event.iter(f"{EVENT}Data") if part.get("Name") == "Image")
    assert image.text == r"C:\R&D <x>.exe"


def test_home_machines_are_on_no_sensor_of_the_network(written):
    seen_by_all = ("sysmon", "windows")
    network = [path for path in written[1].records if path.parent.name not in seen_by_all]
    assert not [path for path in network if "192.168.178." in "".join(lines_of(path))]


def digests(folder, seed):
    result = write_office(folder, seed, days=1)
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in result.records]


def test_same_seed_same_bytes(tmp_path):
    assert digests(tmp_path / "first", 3) == digests(tmp_path / "second", 3)


def test_other_seed_other_bytes(tmp_path):
    assert not set(digests(tmp_path / "first", 3)) & set(digests(tmp_path / "second", 4))
