"""An address is found in each form in which a source writes it."""

import json

import pytest

from compose.sources import fields
from replay import Inputs, run

NOON = 1767268800
SENDER, SERVER = "10.1.2.3", "203.0.113.9"

# The source in fields.yml, its sourcetype, and the text of an event from 10.1.2.3 to 203.0.113.9.
WRITTEN = {
    "zeek-names": (
        "zeek_names",
        "zeek:ssl:json",
        '{"ts":1.5,"id.orig_h":"10.1.2.3","id.resp_h":"203.0.113.9","server_name":"files.example"}',
    ),
    "palo-alto-url": (
        "palo_alto_names",
        "pan:threat",
        "1,2026/01/01 12:00:00,0123,THREAT,url,2562,x,10.1.2.3,203.0.113.9,0.0.0.0,files.example/",
    ),
    "fortigate-web-filter": (
        "fortigate_names",
        "fgt_utm",
        'type="utm" srcip=10.1.2.3 srcport=49152 dstip=203.0.113.9 hostname="files.example"',
    ),
    "squid": (
        "squid",
        "squid:access",
        "1.123 200 10.1.2.3 TCP_TUNNEL/200 42 CONNECT files.example:443 - HIER_DIRECT/203.0.113.9",
    ),
    "squid-recommended": (
        "squid_recommended",
        "squid:access:recommended",
        '1.123 duration=200 src_ip="10.1.2.3" dest_ip="203.0.113.9" url="files.example:443"',
    ),
    "blue-coat": (
        "blue_coat",
        "bluecoat:proxysg:access:file",
        "2026-01-01 12:00:00 200 10.1.2.3 - 200 TCP_TUNNELED 4249 900 files.example 203.0.113.9",
    ),
    "zscaler": (
        "zscaler",
        "zscalernss-web",
        "ClientIP=10.1.2.3\tserverip=203.0.113.9\trequestsize=9",
    ),
    "cisco-wsa": (
        "cisco_wsa",
        "cisco:wsa:w3c",
        "1.123 200 10.1.2.3 TCP_CONNECT/200 39 CONNECT files.example - DIRECT/203.0.113.9 -",
    ),
    "umbrella": (
        "umbrella",
        "cisco:umbrella:proxylogs",
        '"2026-01-01 12:00:00","desk-3","10.1.2.3","198.51.100.1","203.0.113.9","","ALLOWED"',
    ),
    "proxy": ("proxy", "proxy", 'src="10.1.2.3" dest="files.example" dest_ip="203.0.113.9"'),
    "zeek-tsv": ("zeek", "zeek:conn", "1.5\tCx\t10.1.2.3\t49152\t203.0.113.9\t443\ttcp"),
    "zeek-json": (
        "zeek",
        "zeek:conn:json",
        '{"ts":1.5,"id.orig_h":"10.1.2.3","id.orig_p":49152,"id.resp_h":"203.0.113.9"}',
    ),
    "corelight": (
        "corelight",
        "corelight_conn",
        '{"_path": "conn", "id.orig_h": "10.1.2.3", "id.resp_h": "203.0.113.9"}',
    ),
    "corelight-long": (
        "corelight_long",
        "corelight_conn_long",
        '{"_path": "conn_long", "id.orig_h": "10.1.2.3", "id.resp_h": "203.0.113.9"}',
    ),
    "corelight-reduced": (
        "corelight_red",
        "corelight_conn_red",
        '{"_path": "conn_red", "id.orig_h": "10.1.2.3", "id.resp_h": "203.0.113.9"}',
    ),
    "sysmon-linux": (
        "sysmon_linux",
        "sysmon:linux",
        '<Data Name="SourceIp">10.1.2.3</Data><Data Name="DestinationIp">203.0.113.9</Data>',
    ),
    "sysmon-xml": (
        "sysmon",
        "XmlWinEventLog",
        "<Data Name='SourceIp'>10.1.2.3</Data><Data Name='DestinationIp'>203.0.113.9</Data>",
    ),
    "sysmon-text": (
        "sysmon",
        "WinEventLog",
        "Message=Network connection detected:\nSourceIp: 10.1.2.3\nDestinationIp: 203.0.113.9\n",
    ),
    "palo-alto": (
        "palo_alto",
        "pan:traffic",
        "1,2026/01/01 12:00:00,0123,TRAFFIC,end,2562,x,10.1.2.3,203.0.113.9,0.0.0.0,0.0.0.0,out",
    ),
    "fortigate": (
        "fortigate",
        "fgt_traffic",
        'logid="0000000013" type="traffic" srcip=10.1.2.3 srcport=49152 dstip=203.0.113.9',
    ),
    "check-point-syslog": (
        "check_point",
        "cp_log:syslog",
        '[action:"Accept"; src:"10.1.2.3"; dst:"203.0.113.9"; proto:"6"]',
    ),
    "check-point-without-quotes": (
        "check_point",
        "cp_log",
        "action:Accept; src:10.1.2.3; dst:203.0.113.9; proto:6",
    ),
    "check-point-bars": (
        "check_point",
        "cp_log",
        "time=1767268800|action=Accept|src=10.1.2.3|dst=203.0.113.9|proto=6",
    ),
    "stream": ("stream", "stream:tcp", '{"src_ip":"10.1.2.3","dest_ip":"203.0.113.9"}'),
    "vpc": (
        "vpc",
        "aws:cloudwatchlogs:vpcflow",
        "2 123456789010 eni-1 10.1.2.3 203.0.113.9 49152 443 6 20 4249 1 2 ACCEPT OK",
    ),
    "juniper-structured": (
        "juniper",
        "juniper:junos:firewall:structured",
        'RT_FLOW_SESSION_CLOSE [x source-address="10.1.2.3" destination-address="203.0.113.9"]',
    ),
    "juniper-text": (
        "juniper",
        "juniper:junos:firewall",
        "RT_FLOW_SESSION_CLOSE: session closed TCP FIN: 10.1.2.3/49152->203.0.113.9/443 0x0",
    ),
    "cisco-ftd": (
        "cisco_ftd",
        "cisco:ftd",
        "%FTD-6-430003: SrcIP: 10.1.2.3, DstIP: 203.0.113.9, SrcPort: 49152",
    ),
    "cisco-ftd-as-asa": (
        "cisco_ftd",
        "cisco:ftd",
        "%FTD-6-302014: Teardown TCP for inside:10.1.2.3/49152 to outside:203.0.113.9/443",
    ),
    "any-firewall": ("firewall", "firewall", "from:10.1.2.3/49152 to:203.0.113.9/443"),
}


def found(raw, sourcetype, src=SENDER, dest=SERVER, macro="t1029_terms_of_pair"):
    asked = f"eval asked_src={json.dumps(src)}, asked_dest={json.dumps(dest)}"
    spl = f"sourcetype=* [| makeresults | {asked} | `{macro}`]"
    event = {"_time": NOON, "_raw": raw, "sourcetype": sourcetype}
    (result,) = run(spl=[spl], inputs=Inputs(events=(event,)), now=NOON + 1).results
    return bool(result.rows)


EACH_FORM = pytest.mark.parametrize(
    ("sourcetype", "raw"), [written[1:] for written in WRITTEN.values()], ids=WRITTEN
)


@EACH_FORM
def test_pair_is_found_in_the_text_of_each_source(sourcetype, raw):
    assert found(raw, sourcetype)
    assert found(raw, sourcetype, dest="*")
    assert found(raw, sourcetype, macro="t1029_terms_of_neighbours")


@EACH_FORM
def test_longer_address_is_not_found(sourcetype, raw):
    assert not found(raw.replace(SENDER, SENDER + "4"), sourcetype)


def test_source_with_known_forms_is_not_searched_for_a_phrase():
    raw = "from:10.1.2.3/49152 to:203.0.113.9/443"
    assert [found(raw, sourcetype) for sourcetype in ("zeek:conn", "firewall")] == [False, True]


def test_source_that_the_site_adds_is_searched_for_a_phrase():
    assert found("x10:10.1.2.3/49152 y:203.0.113.9/443", "our:proxy")


def test_stored_row_is_found():
    assert found('orig_sourcetype="x", src_ip="10.1.2.3", dest_ip="203.0.113.9"', "stash")


def test_wildcard_is_a_phrase():
    assert found(WRITTEN["zeek-json"][2], "zeek:conn", src="10.1.*")


def test_each_source_with_known_forms_has_its_text():
    known = {name for name, source in fields().sources.items() if "addresses" in source}
    assert known - {source for source, _, _ in WRITTEN.values()} == set()


def test_lines_of_a_file_are_searched_as_they_are_written(tmp_path):
    """A firewall's fields lose their names in no reader: the text of the line counts."""
    log = tmp_path / "fortigate.log"
    line = 'eventtime={} logid="0000000013" type="traffic" srcip={} dstip=203.0.113.9 sentbyte=9\n'
    log.write_text("".join(line.format(NOON, src) for src in (SENDER, "10.1.2.34")))
    asked = f'eval asked_src="{SENDER}", asked_dest="*"'
    spl = f"`t1029_events` [| makeresults | {asked} | `t1029_terms_of_pair`] | `t1029_normalize`"
    (result,) = run(spl=[spl], inputs=Inputs(firewall=(str(log),))).results
    assert [row["src"] for row in result.rows] == [SENDER]
    assert f"srcip={SENDER} " in result.rows[0]["_raw"]
