"""Logs of web proxies and of what else names a destination, as Splunk's add-ons would show them."""

import json

import pytest

from tests.replay.logs import MOMENT, one

SQUID = "1767233650.250    740 10.0.0.1 TCP_TUNNEL/200 5120 CONNECT drive.example:443 - "
SQUID_EVENT = {
    "_time": MOMENT + 0.25, "src": "10.0.0.1", "duration": "740", "bytes": "5120",
    "http_method": "CONNECT", "url": "drive.example:443", "dest_ip": "192.0.2.1",
    "action": "allowed", "bytes_in": None, "bytes_out": None,
}  # fmt: skip
RECOMMENDED = (
    "1767233650.000 logformat=splunk_recommended_squid duration=740 src_ip=10.0.0.1 src_port=5 "
    'dest_ip=192.0.2.1 dest_port=443 user="-" local_time=[01/Jan/2026:02:14:10 +0000] '
    'http_method=CONNECT url="drive.example:443" status=200 vendor_action=TCP_TUNNEL bytes=12 '
    "bytes_in=9 bytes_out=3"
)
W3C = (
    "#Software: SGOS 6.7\n#Version: 1.0\n#Date: 2026-01-01 02:00:00\n"
    "#Fields: date time time-taken c-ip cs-username s-action sc-status cs-method cs-uri-scheme "
    "cs-host cs-uri-port cs-uri-path cs-uri-query cs(User-Agent) cs-ip s-port sc-bytes cs-bytes\n"
)
W3C_ROW = (
    "2026-01-01 02:14:10 20706 10.0.0.1 - TCP_NC_MISS 200 PUT http files.example 80 /a ?b=1 "
    '"curl 8" 10.9.9.9 8080 396 577\n'
)
CISCO_W3C = (
    "#Fields: timestamp x-elapsed-time c-ip x-resultcode-httpstatus sc-bytes cs-method cs-url "
    "cs-username s-computerName\n"
    "1767233650.0 97 10.0.0.1 TCP_DENIED/403 8187 GET http://files.example/ - files.example\n"
)
ZSCALER = {
    "reason": "Not allowed to upload", "action": "Blocked", "ClientIP": "10.0.0.1",
    "requestsize": "577", "responsesize": "396", "transactionsize": "973",
    "serverip": "192.0.2.1", "hostname": "files.example", "url": "files.example/a",
    "useragent": "curl 8",
}  # fmt: skip
ZSCALER_EVENT = {
    "_time": MOMENT, "src": "10.0.0.1", "dest": "files.example", "dest_ip": "192.0.2.1",
    "bytes_out": "577", "bytes_in": "396", "bytes": "973", "action": "blocked",
    "reason": "Not allowed to upload", "http_user_agent": "curl 8",
}  # fmt: skip
ZSCALER_TABS = "2026-01-01 02:14:10\t" + "\t".join(f"{n}={v}" for n, v in ZSCALER.items())
ZSCALER_NSS = {"datetime": "2026-01-01 02:14:10", **ZSCALER}
CIM = {
    "_time": MOMENT, "src": "10.0.0.1", "dest": "files.example", "bytes_in": 3, "bytes_out": 9,
    "url": "https://files.example/a",
}  # fmt: skip

PROXIES = {
    "squid": ("squid:access", SQUID + "HIER_DIRECT/192.0.2.1 -", SQUID_EVENT),
    "squid-denied": (
        "squid:access", SQUID.replace("TUNNEL/200", "DENIED/403") + "HIER_NONE/- text/html",
        {"action": "blocked", "dest_ip": "-", "status": "403"},
    ),
    "squid-after-a-syslog-header": (
        "squid:access", "Jan  1 02:14:10 proxy squid[7]: " + SQUID + "HIER_DIRECT/192.0.2.1 -",
        SQUID_EVENT,
    ),
    "squid-recommended": (
        "squid:access:recommended", RECOMMENDED,
        {"_time": MOMENT, "src": "10.0.0.1", "bytes_in": "9", "bytes_out": "3", "user": "-",
         "action": "allowed", "url": "drive.example:443"},
    ),
    "cisco-squid": (
        "cisco:wsa:squid",
        '1767233650.250 97 10.0.0.1 TCP_MISS/200 8187 GET http://a.example/ "A\\b@c" '
        "DIRECT/a.example text/plain DEFAULT_CASE_11-A-B-C <IW_comp,6.9> -",
        {"src": "10.0.0.1", "user": "A\\b@c", "dest_ip": "a.example", "bytes": "8187"},
    ),
    "bluecoat": (
        "bluecoat:proxysg:access:file", W3C + W3C_ROW,
        {"_time": MOMENT, "src": "10.0.0.1", "bytes_in": "396", "bytes_out": "577",
         "cs_bytes": "577", "duration": "20706", "cs_host": "files.example", "dest": "10.9.9.9",
         "url": "http://files.example/a?b=1", "http_user_agent": "curl 8", "user": "-"},
    ),
    "bluecoat-key-value": (
        "bluecoat:proxysg:access:kv",
        "date=2026-01-01 time=02:14:10 c-ip=10.0.0.1 cs-host=files.example cs-bytes=577 sc-bytes=3",
        {"_time": MOMENT, "src": "10.0.0.1", "bytes_out": "577", "dest": "files.example"},
    ),
    "cisco-w3c": (
        "cisco:wsa:w3c", CISCO_W3C,
        {"_time": MOMENT, "action": "blocked", "status": "403", "dest": "files.example",
         "bytes_in": "8187", "bytes_out": None, "duration": "97", "url": "http://files.example/"},
    ),
    "zscaler-tabs": ("zscalernss-web", ZSCALER_TABS, ZSCALER_EVENT),
    "zscaler-json": ("zscalernss-web", json.dumps(ZSCALER_NSS), ZSCALER_EVENT),
    "zscaler-event-collector": (
        "zscalernss-web", json.dumps({"sourcetype": "zscalernss-web", "event": ZSCALER_NSS}),
        ZSCALER_EVENT,
    ),
    "names-of-the-data-model": ("my:proxy", json.dumps(CIM), {"bytes_out": "9", "bytes_in": "3"}),
}  # fmt: skip


@pytest.mark.parametrize(("sourcetype", "content", "expected"), PROXIES.values(), ids=PROXIES)
def test_one_request(read, log, sourcetype, content, expected):
    event = one(read(log=(sourcetype, log("access.log", content))))
    assert {name: event.get(name) for name in expected} == expected
    assert event["sourcetype"] == sourcetype


def test_w3c_next_header_counts(read, log):
    second = "#Fields: date time c-ip cs-bytes\n2026-01-01 02:14:11 10.0.0.2 5\n"
    events, _ = read(log=("bluecoat:x", log("access.log", W3C + W3C_ROW + second)))
    assert [(event["src"], event["bytes_out"]) for event in events] == [
        ("10.0.0.2", "5"),
        ("10.0.0.1", "577"),
    ]


BAD = {
    "squid": (SQUID + "HIER_DIRECT/192.0.2.1 -\n", "words\n", "not a line of Squid"),
    "w3c-columns": (W3C + W3C_ROW, "2026-01-01 02:14:10 5\n", "3 columns where the header names"),
    "w3c-time": (W3C + W3C_ROW, "#Fields: c-ip sc-bytes\n10.0.0.1 5\n", "no time"),
}


@pytest.mark.parametrize(("good", "bad", "reason"), BAD.values(), ids=BAD)
def test_bad_line_is_told(read, log, good, bad, reason):
    events, report = read(log=("squid:access", log("access.log", good + bad)))
    assert (len(events), reason in " ".join(report.messages())) == (1, True)


PALO_ALTO_URL = (
    "Jan  1 02:14:11 fw1 1,2026/01/01 02:14:11,001,THREAT,url,2561,2026/01/01 02:14:10,10.0.0.1,"
    "192.0.2.1,0.0.0.0,0.0.0.0,rule1,,,ssl,vsys1,in,out,e1,e2,fwd,2026/01/01 02:14:10,77,1,5,443,"
    '0,0,0x19,tcp,alert,"drive.example:443/",(9999),online-storage,informational,client-to-server'
)


def test_palo_alto_url(read, log):
    event = one(read(firewall=log("fw.log", PALO_ALTO_URL)))
    expected = {
        "_time": MOMENT, "sourcetype": "pan:threat", "log_subtype": "url", "src": "10.0.0.1",
        "dest_ip": "192.0.2.1", "dest_port": "443", "session_id": "77", "action": "allowed",
        "url": "drive.example:443/", "dest_hostname": "drive.example:443",
        "dest_name": "drive.example", "bytes_out": None,
    }  # fmt: skip
    assert {name: event.get(name) for name in expected} == expected


# ---- Zeek's logs that name a destination

DNS = (
    "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
    "#fields\tts\tid.orig_h\tquery\tanswers\tTTLs\n"
    "#types\ttime\taddr\tstring\tvector[string]\tvector[interval]\n"
    "1767233650.0\t10.0.0.1\tdrive.example\tedge.example,192.0.2.1,192.0.2.2\t60.0\n"
)
HTTP = (
    "#separator \\x09\n#unset_field\t-\n#path\thttp\n#fields\tts\tid.orig_h\tmethod\thost\turi\n"
    "1767233650.0\t10.0.0.1\tCONNECT\tdrive.example:443\tdrive.example:443\n"
)
NAMED = {
    "dns": (
        "dns.log", DNS,
        {"sourcetype": "zeek:dns", "answers": ["edge.example", "192.0.2.1", "192.0.2.2"],
         "TTLs": "60.0"},
    ),
    "dns-json": (
        "dns.log", json.dumps({"ts": MOMENT, "query": "a.example", "answers": ["1", "2"]}),
        {"sourcetype": "bro:dns:json", "answers{}": ["1", "2"]},
    ),
    "http": (
        "http.log", HTTP,
        {"sourcetype": "zeek:http", "http_host": "drive.example:443", "host": "sensor"},
    ),
    "http-json": (
        "http.log", json.dumps({"ts": MOMENT, "method": "GET", "host": "a.example"}),
        {"sourcetype": "bro:http:json", "http_host": "a.example", "host": "sensor"},
    ),
    "quic": (
        "quic.log",
        "#path\tquic\n#fields\tts\tid.orig_h\tserver_name\n1767233650.0\t10.0.0.1\ta.example\n",
        {"sourcetype": "zeek:quic", "server_name": "a.example"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected"), NAMED.values(), ids=NAMED)
def test_zeek(read, log, name, content, expected):
    event = one(read(zeek=log(f"sensor/{name}", content)))
    assert {field: event.get(field) for field in expected} == expected


def test_zeek_only_the_wanted_name_is_kept(read, log):
    event = one(read(wanted={"http_host"}, zeek=log("sensor/http.log", HTTP)))
    assert (event["http_host"], event["host"], "method" in event) == (
        "drive.example:443",
        "sensor",
        False,
    )


def test_zeek_logs_that_no_search_reads_are_left_out_of_a_folder(read, log, tmp_path):
    for name in ("dns.log", "weird.log", "x509.log.gz", "known_hosts.log", "files.02:00.log"):
        log(name, DNS)
    events, report = read(zeek=str(tmp_path))
    assert (len(events), report.notes) == (
        1,
        [
            f"left out: 4 files of {tmp_path} that are logs that no search reads "
            "(files.02:00.log, known_hosts.log, weird.log, ...)"
        ],
    )


def test_zeek_log_that_no_search_reads_is_read_where_it_is_named(read, log):
    event = one(read(zeek=log("weird.log", DNS.replace("dns", "weird"))))
    assert event["sourcetype"] == "zeek:weird"
