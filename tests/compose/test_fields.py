"""Every spelling of fields.yml is read by the shipped normalisation."""

import pytest

from compose.sources import fields
from replay import Inputs, run
from tests.spl.events import write_json_lines

NOON = 1767268800
# A case for each spelling: the name in the log, what is logged, the field of fields.yml.
CASES = [
    ("id.orig_h", "10.1.2.3", "src"),
    ("id_orig_h", "10.1.2.3", "src"),
    ("SourceIp", "10.1.2.3", "src"),
    ("src_ip", "10.1.2.3", "src"),
    ("srcip", "10.1.2.3", "src"),
    ("c_ip", "10.1.2.3", "src"),
    ("ClientIP", "10.1.2.3", "src"),
    ("source_ip", "10.1.2.3", "src"),
    ("source_address", "10.1.2.3", "src"),
    ("src", "10.1.2.3", "src"),
    ("id.resp_h", "203.0.113.9", "dest"),
    ("id_resp_h", "203.0.113.9", "dest"),
    ("DestinationIp", "203.0.113.9", "dest"),
    ("dest_ip", "203.0.113.9", "dest"),
    ("dstip", "203.0.113.9", "dest"),
    ("dst_ip", "203.0.113.9", "dest"),
    ("destination_ip", "203.0.113.9", "dest"),
    ("dest_address", "203.0.113.9", "dest"),
    ("dst", "203.0.113.9", "dest"),
    ("dest", "203.0.113.9", "dest"),
    ("id.resp_p", "8443", "dest_port"),
    ("id_resp_p", "8443", "dest_port"),
    ("DestinationPort", "8443", "dest_port"),
    ("cs_uri_port", "8443", "dest_port"),
    ("dest_port", "8443", "dest_port"),
    ("dstport", "8443", "dest_port"),
    ("dst_port", "8443", "dest_port"),
    ("destination_port", "8443", "dest_port"),
    ("orig_bytes", "4200", "orig_bytes"),
    ("sentbyte", "4200", "orig_bytes"),
    ("bytes_sent", "4200", "orig_bytes"),
    ("sent_bytes", "4200", "orig_bytes"),
    ("cs_bytes", "4200", "orig_bytes"),
    ("requestsize", "4200", "orig_bytes"),
    ("bytes_out", "4200", "orig_bytes"),
    ("resp_bytes", "77", "resp_bytes"),
    ("rcvdbyte", "77", "resp_bytes"),
    ("bytes_received", "77", "resp_bytes"),
    ("received_bytes", "77", "resp_bytes"),
    ("sc_bytes", "77", "resp_bytes"),
    ("responsesize", "77", "resp_bytes"),
    ("bytes_in", "77", "resp_bytes"),
    ("proto", "UDP", "transport"),
    ("Protocol", "UDP", "transport"),
    ("transport", "UDP", "transport"),
    ("protocol", "UDP", "transport"),
    ("Image", "C:\\a.exe", "process"),
    ("process_exec", "C:\\a.exe", "process"),
    ("process_path", "C:\\a.exe", "process"),
    ("process_name", "C:\\a.exe", "process"),
    ("process", "C:\\a.exe", "process"),
    ("orig_l2_addr", "00-00-5E-00-53-01", "mac"),
    ("mac", "00-00-5E-00-53-01", "mac"),
    ("src_mac", "00-00-5E-00-53-01", "mac"),
    ("srcmac", "00-00-5E-00-53-01", "mac"),
    ("dest_mac", "00-00-5E-00-53-01", "mac"),
    ("raw_mac", "00-00-5E-00-53-01", "mac"),
    ("MAC Address", "00-00-5E-00-53-01", "mac"),
    ("server_name", "Files.Example.", "dest_name"),
    ("query", "Files.Example.", "dest_name"),
    ("QueryName", "Files.Example.", "dest_name"),
    ("http_host", "Files.Example.", "dest_name"),
    ("extracted_host", "Files.Example.", "dest_name"),
    ("dest_host", "Files.Example.", "dest_name"),
    ("cs_host", "Files.Example.", "dest_name"),
    ("hostname", "Files.Example.", "dest_name"),
    ("sni", "Files.Example.", "dest_name"),
    ("url_domain", "Files.Example.", "dest_name"),
    ("dest_name", "Files.Example.", "dest_name"),
    ("dest_hostname", "Files.Example.", "dest_name"),
    ("s_hostname", "Files.Example.", "dest_name"),
    ("ReferencedHost", "Files.Example.", "dest_name"),
    ("uri", "https://files.example/up", "url"),
    ("url", "https://files.example/up", "url"),
    ("cs_url", "https://files.example/up", "url"),
    ("URL", "https://files.example/up", "url"),
]
# The field of fields.yml, the field of a normalised row, and what it then holds.
BECOMES = {
    "src": ("src", "10.1.2.3"),
    "dest": ("dest_ip", "203.0.113.9"),
    "dest_port": ("dest_port", "8443"),
    "orig_bytes": ("bytes_out", 4200),
    "resp_bytes": ("bytes_in", 77),
    "transport": ("transport", "udp"),
    "process": ("process", "C:\\a.exe"),
    "mac": ("hardware", "00:00:5e:00:53:01"),
    "dest_name": ("dest_name", "files.example"),
    "url": ("dest_name", "files.example"),
}
# Names are read of sources that tell them.
NAMED_BY = {"dest_name": "proxy", "url": "proxy"}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """One normalised row for each case; addresses under common names where it has none."""
    path = tmp_path_factory.mktemp("events") / "events.json"
    write_json_lines(path, [event(number, *case) for number, case in enumerate(CASES)])
    spl = "sourcetype=* | `t1029_normalize` | eval hardware=`t1029_mac` | sort 0 number"
    return run(spl=[spl], inputs=Inputs(json=(str(path),)), now=NOON + 1).results[0].rows


def event(number, spelling, value, field):
    """A connection to outside in which one field has the spelling that is looked at."""
    rest = {"src": "10.1.2.3", "dest": "203.0.113.9"}
    rest.pop(field, None)
    sourcetype = NAMED_BY.get(field, "any")
    return {"_time": NOON, "sourcetype": sourcetype, "number": number, **rest, spelling: value}


@pytest.mark.parametrize(
    ("number", "field"), [pytest.param(n, case[2], id=case[0]) for n, case in enumerate(CASES)]
)
def test_spelling_is_read(rows, number, field):
    name, value = BECOMES[field]
    assert rows[number][name] == value


@pytest.mark.parametrize("field", BECOMES)
def test_every_spelling_has_its_case(field):
    assert fields().spellings(field) == [case[0] for case in CASES if case[2] == field]
