import gzip
import json

import pytest

from bench import recordings
from bench.pairs import DAY
from bench.recordings import Flow, Scope, Truth

INSIDE, COLLEAGUE, OUTSIDE, ELSEWHERE = "10.0.0.5", "10.0.0.6", "203.0.113.9", "198.51.100.7"

ZEEK = """#separator \\x09
#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tservice\torig_bytes\tresp_bytes
#types\ttime\taddr\taddr\tport\tstring\tcount\tcount
100.5\t10.0.0.5\t203.0.113.9\t443\tssl\t700\t-
160.5\t10.0.0.5\t203.0.113.9\t443\t-\t-\t80
#close
"""


def flow(epoch, origin=INSIDE, responder=OUTSIDE, port="443", app="ssl", out=10, back=20):
    return Flow(epoch, origin, responder, port, app, out, back)


def four(**settings):
    """The least number of connections that makes a candidate, a minute apart."""
    return [flow(60 * beat, **settings) for beat in range(4)]


@pytest.fixture
def zeek_log(tmp_path):
    path = tmp_path / "conn.log.gz"
    with gzip.open(path, "wt") as log:
        log.write(ZEEK)
    return path


def test_zeek_log_is_read_to_its_last_record(zeek_log):
    assert {one.epoch for one in recordings.flows(zeek_log)} == {100.5, 160.5}


def test_zeek_dash_is_unknown(zeek_log):
    assert {one.epoch: one.origin_bytes for one in recordings.flows(zeek_log)}[160.5] is None


def test_json_lines_are_read(tmp_path):
    path = tmp_path / "conn.json"
    record = {"ts": 5.0, "id.orig_h": INSIDE, "id.resp_h": OUTSIDE, "id.resp_p": 53}
    path.write_text(json.dumps(record) + "\n")
    assert recordings.flows(path) == [Flow(5.0, INSIDE, OUTSIDE, "53", "", None, None)]


def test_sysmon_event_has_no_bytes(tmp_path):
    path = tmp_path / "sysmon.json"
    event = {
        "EventCode": 3,
        "UtcTime": "2026-01-01 00:01:00.500",
        "Computer": "pc1",
        "SourceIp": INSIDE,
        "DestinationIp": OUTSIDE,
        "DestinationPort": "443",
    }
    path.write_text(json.dumps(event) + "\n")
    assert recordings.flows(path) == [Flow(1_767_225_660.5, INSIDE, OUTSIDE, "443", "", None, None)]


def test_unreadable_line_is_reported(tmp_path, capsys):
    path = tmp_path / "conn.json"
    path.write_text('{"ts": 5.0, "id.orig_h": "10.0.0.5", "id.resp_h": "203.0.113.9"}\nbroken\n')
    recordings.flows(path)
    assert "line 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("origin", "responder", "direction"),
    [
        pytest.param(INSIDE, OUTSIDE, "outbound", id="outbound"),
        pytest.param(OUTSIDE, INSIDE, "inbound", id="inbound"),
        pytest.param(INSIDE, COLLEAGUE, "internal", id="internal"),
        pytest.param(INSIDE, "224.0.0.251", "internal", id="multicast-is-inside"),
        pytest.param("fe80::1", "ff02::fb", "internal", id="ipv6-link-local"),
        pytest.param(INSIDE, "2001:db8::9", "outbound", id="ipv6-outside"),
        pytest.param(OUTSIDE, ELSEWHERE, "external", id="external"),
        pytest.param("00:00:5e:00:53:01", OUTSIDE, "", id="no-ip-address"),
    ],
)
def test_direction(origin, responder, direction):
    assert recordings.OUTBOUND.direction(flow(0, origin, responder)) == direction


def test_own_address_counts_as_inside():
    assert Scope(own=frozenset({OUTSIDE})).direction(flow(0, ELSEWHERE, OUTSIDE)) == "inbound"


def test_inbound_pair_is_seen_from_inside():
    talk = recordings.seen_from_inside(flow(0, OUTSIDE, INSIDE, out=10, back=20), "inbound")
    assert (talk.src, talk.connection.bytes_out) == (INSIDE, 20)


def test_three_connections_are_no_candidate():
    assert recordings.traffic(four()[:3]).pairs == []


def test_four_connections_are_a_candidate():
    assert [pair.key for pair in recordings.traffic(four()).pairs] == [(INSIDE, OUTSIDE)]


def test_default_scope_leaves_internal_destinations_out():
    assert recordings.traffic(four(responder=COLLEAGUE)).pairs == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("senders", "2", id="senders"),
        pytest.param("population", "3", id="population"),
        pytest.param("dest_port", "443", id="commonest-port"),
        pytest.param("app", "ssl", id="commonest-app"),
        pytest.param(
            "expected", "ssl,quic,tls,https,http2,http3,web-browsing", id="services-of-that-port"
        ),
        pytest.param("window_end", str(float(DAY)), id="window-is-the-whole-recording"),
    ],
)
def test_context(name, expected):
    logged = [
        *four(),
        flow(300, port="80", app=""),
        flow(360, app=""),
        flow(DAY / 2, COLLEAGUE),
        flow(float(DAY), "10.0.0.7", ELSEWHERE),
    ]
    assert recordings.traffic(logged).pairs[0].context[name] == expected


def test_host_days_count_each_sender_and_day():
    logged = [flow(0), flow(DAY), flow(DAY + 1), flow(0, COLLEAGUE)]
    assert recordings.traffic(logged).sender_days == 3


@pytest.mark.parametrize(
    ("truth", "named"),
    [
        pytest.param(Truth(INSIDE, OUTSIDE, "malicious-c2"), True, id="exact"),
        pytest.param(Truth(INSIDE, "*", "malicious-c2"), True, id="any-destination"),
        pytest.param(Truth(OUTSIDE, INSIDE, "malicious-c2"), True, id="started-outside"),
        pytest.param(Truth(COLLEAGUE, "*", "malicious-c2"), False, id="another-sender"),
    ],
)
def test_truth_names_pair(truth, named):
    assert truth.names(recordings.traffic(four()).pairs[0]) is named


@pytest.mark.parametrize(
    ("verdict", "malicious"),
    [
        pytest.param("malicious-beacon", True, id="beacon"),
        pytest.param("malicious-ddos", False, id="ddos-is-no-transfer"),
        pytest.param("benign", False, id="benign"),
    ],
)
def test_truth_malicious(verdict, malicious):
    assert Truth(INSIDE, OUTSIDE, verdict).malicious is malicious


def test_folder_without_a_log_is_named(tmp_path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        recordings.log_of(tmp_path)
