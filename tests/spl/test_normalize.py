"""What the one set of names makes of the words of each product."""

import ipaddress
from itertools import product

import pytest

from replay import Inputs, run
from tests.spl.census import CENSUS, NOON
from tests.spl.events import DAY, INSIDE, NEW_YEAR, OUTSIDE, write_json_lines
from tests.spl.oracle import address


def normalized(folder, **fields: object) -> dict:
    event = {
        "_time": NEW_YEAR,
        "sourcetype": "fgt_traffic",
        "src": INSIDE,
        "dest": OUTSIDE,
        **fields,
    }
    write_json_lines(
        folder / "events.json", [{name: one for name, one in event.items() if one is not None}]
    )
    inputs = Inputs(json=(str(folder / "events.json"),))
    outcome = run(spl=["sourcetype=* | `t1029_normalize`"], inputs=inputs, now=NEW_YEAR + DAY)
    (row,) = outcome.results[0].rows
    return row


@pytest.mark.parametrize(
    ("fields", "app"),
    [
        pytest.param({"service": "HTTPS"}, "HTTPS", id="service"),
        pytest.param({"service": "443"}, None, id="port-for-a-service"),
        pytest.param({"service": "tcp/8443"}, None, id="transport-and-port-for-a-service"),
        pytest.param({"service": "443", "app": "ssl"}, "ssl", id="app-beside-a-port"),
        pytest.param({"service": "quic", "app": "ssl"}, "quic", id="service-before-app"),
        pytest.param({"app": "C:\\a.exe", "process": "C:\\a.exe"}, None, id="app-of-a-process"),
    ],
)
def test_a_service_that_is_but_a_port_is_none(tmp_path, fields, app):
    assert normalized(tmp_path, **fields).get("app") == app


def spellings(one: str) -> list[str]:
    """Every way to leave out a run of zeros of an IPv6 address, short, long and in capitals."""
    groups = ipaddress.IPv6Address(one).exploded.split(":")
    short = [group.lstrip("0") or "0" for group in groups]
    written = [groups, short, [group.upper() for group in short]]
    runs = [
        (start, end)
        for start, end in product(range(8), range(1, 9))
        if start < end and all(group == "0" for group in short[start:end])
    ]
    return [":".join(one) for one in written] + [
        ":".join(one[:start]) + "::" + ":".join(one[end:]) for one in written for start, end in runs
    ]


V6 = (
    "2001:db8::9",
    "2001:db8:0:0:7::",
    "::1",
    "::",
    "2001:db8:0:1:0:0:0:1",
    "fe80::a:0:b",
    "0:0:7::",
)
MAPPED = [
    *spellings("::ffff:203.0.113.9"),
    *spellings("64:ff9b::203.0.113.9"),
    "::FFFF:203.0.113.9",
    "0:0:0:0:0:ffff:203.0.113.9",
    "64:ff9b::203.0.113.9",
]
AROUND = [
    " 203.0.113.9",
    "203.0.113.9 ",
    "203.0.113.9/32",
    "fe80::1%12",
    "fe80::1%eth0",
    "2001:db8::9/128",
]
NONE = [
    "203.000.113.009", "203.0.113.900", "203.0.113.0/24", "2001:db8::/32", "a::b::c", ":::",
    "host.example", "00:53:00:12:34:56", "unknown", "", "::ffff:203.0.113.900",
]  # fmt: skip
WRITTEN = list(
    dict.fromkeys([*(text for one in V6 for text in spellings(one)), *MAPPED, *AROUND, *NONE])
)


def test_every_spelling_of_an_address_is_one(tmp_path):
    events = [
        {"_time": NEW_YEAR, "sourcetype": "any", "number": number, "written": text}
        for number, text in enumerate(WRITTEN)
    ]
    write_json_lines(tmp_path / "events.json", events)
    spl = "sourcetype=* | eval read=`t1029_address(written)` | sort 0 number | table written, read"
    inputs = Inputs(json=(str(tmp_path / "events.json"),))
    rows = run(spl=[spl], inputs=inputs, now=NEW_YEAR + 1).results[0].rows
    assert {row["written"]: row.get("read") for row in rows} == {
        text: address(text) for text in WRITTEN
    }


def test_an_address_that_talks_to_itself_is_no_pair(tmp_path):
    row = normalized(tmp_path, src="0:0:0:0:0:0:0:1", dest="::1")
    assert (row.get("dest_ip"), row.get("direction")) == (None, None)


ACCEPTED = {"sourcetype": "sysmon", "EventCode": 3, "Initiated": "false", "src": None, "dest": None}


@pytest.mark.parametrize(
    "sides",
    [
        pytest.param((INSIDE, 445, "10.9.9.9", 50123), id="this-machine-named-first"),
        pytest.param(("10.9.9.9", 50123, INSIDE, 445), id="the-other-named-first"),
    ],
)
def test_who_began_between_two_machines_inside(tmp_path, sides):
    names = ("SourceIp", "SourcePort", "DestinationIp", "DestinationPort")
    row = normalized(tmp_path, **ACCEPTED, **dict(zip(names, sides)))
    told = (row["src"], row["dest_ip"], str(row["dest_port"]), row["direction"])
    assert told == ("10.9.9.9", INSIDE, "445", "internal")


ACCEPTED_LOCALLY = {
    "defender": {"ActionType": "InboundConnectionAccepted"},
    "defender_hub": {"properties.ActionType": "InboundConnectionAccepted"},
    "crowdstrike": {"ConnectionDirection": "1"},
    "carbon_black": {"netconn_inbound": "true"},
    "carbon_black_edr": {"direction": "inbound"},
}


@pytest.mark.parametrize("name", ACCEPTED_LOCALLY)
def test_a_connection_that_this_machine_accepted_is_inbound(tmp_path, name):
    row = normalized(
        tmp_path, src=None, dest=None, **{**CENSUS[name].event, **ACCEPTED_LOCALLY[name]}
    )
    assert (row["src"], row["dest_ip"], row["direction"]) == (INSIDE, OUTSIDE, "inbound")
    assert str(row["dest_port"]) == "49152"
    assert (row.get("bytes_out"), row.get("bytes_in")) == (CENSUS[name].sent, CENSUS[name].back)


READ = (
    "src", "dest_ip", "dest_port", "bytes_out", "bytes_in", "begin", "end", "transport", "process",
    "action", "direction", "interim", "flow",
)  # fmt: skip
NOT_DOUBLED = {"_time", "host", "source", "sourcetype", "_raw"}


@pytest.mark.parametrize(
    "name", [name for name, read in CENSUS.items() if read.dest_ip and not read.name]
)
def test_fields_that_came_twice_are_read_once(tmp_path, name):
    event = CENSUS[name].event
    twice = {field: one if field in NOT_DOUBLED else [str(one)] * 2 for field, one in event.items()}
    write_json_lines(tmp_path / "events.json", [event, twice])
    inputs = Inputs(json=(str(tmp_path / "events.json"),))
    spl = "sourcetype=* | `t1029_normalize` | table " + ", ".join(READ)
    once, doubled = run(spl=[spl], inputs=inputs, now=NOON + 1).results[0].rows
    assert {field: str(one) for field, one in once.items()} == {
        field: str(one) for field, one in doubled.items()
    }


@pytest.mark.parametrize(
    ("dest", "port"),
    [
        pytest.param("203.0.113.9:443:X1", "443", id="address-port-and-interface"),
        pytest.param("203.0.113.9:443", "443", id="address-and-port"),
        pytest.param("203.0.113.9", None, id="address-alone"),
        pytest.param("2001:0DB8::9", None, id="ipv6-has-no-port-in-it"),
    ],
)
def test_a_port_that_stands_after_its_address_is_read(tmp_path, dest, port):
    row = normalized(tmp_path, dest=dest)
    assert (row["dest_ip"], row.get("dest_port")) == (address(dest.split(":443")[0]), port)
