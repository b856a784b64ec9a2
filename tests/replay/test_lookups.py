"""Lookups: CSV files and KV Store collections."""

import pytest

from replay import InputError, SplError

MATCHES = [
    pytest.param("networks ip AS v OUTPUT note", "192.0.2.1", "first", id="cidr"),
    pytest.param(
        "networks ip AS v OUTPUT note",
        "192.0.2.200",
        ["first", "second"],
        id="several-in-file-order",
    ),
    pytest.param(
        "first_network ip AS v OUTPUT note",
        "192.0.2.200",
        "first",
        id="file-order-not-longest-prefix",
    ),
    pytest.param("networks ip AS v OUTPUT note", "2001:db8::9", "six", id="cidr-ipv6"),
    pytest.param(
        "networks ip AS v OUTPUT note", "198.51.100.7", "single", id="an-address-is-a-network"
    ),
    pytest.param("networks ip AS v OUTPUT note", "203.0.113.1", None, id="no-match-is-null"),
    pytest.param("networks ip AS v OUTPUT note", "host.example", None, id="no-address-is-null"),
    pytest.param("names name AS v OUTPUT kind AS note", "updater", "service", id="wildcard"),
    pytest.param("names name AS v OUTPUT kind AS note", "Updater", None, id="wildcard-case-counts"),
    pytest.param("strict_ports name AS v OUTPUT proto AS note", "https", "TCP", id="exact"),
    pytest.param("strict_ports name AS v OUTPUT proto AS note", "HTTPS", None, id="case-counts"),
    pytest.param("ports name AS v OUTPUT proto AS note", "HTTPS", "TCP", id="case-ignored"),
    pytest.param("ports port AS v OUTPUT name AS note", "53", "dns", id="an-empty-cell-is-null"),
    pytest.param("ports.csv port AS v OUTPUT proto AS note", "443", "TCP", id="by-file-name"),
    pytest.param("site ip AS v OUTPUT note", "192.0.2.1", None, id="kv-store-is-empty"),
]


@pytest.mark.parametrize(("arguments", "value", "expected"), MATCHES)
def test_match(rows, arguments, value, expected):
    assert rows(f"* | lookup {arguments}", {"v": value})[0].get("note") == expected


def test_two_fields_must_both_match(rows):
    event = {"p": "53", "t": "UDP"}
    assert rows("* | lookup ports port AS p, proto AS t OUTPUT name", event)[0]["name"] == "dns"


def test_without_output_all_other_fields_come(rows):
    assert rows("* | lookup ports port", {"port": "443"}) == [
        {"port": "443", "proto": "TCP", "name": "https"}
    ]


def test_output_replaces(rows):
    assert (
        rows("* | lookup ports port OUTPUT name", {"port": "443", "name": "old"})[0]["name"]
        == "https"
    )


def test_outputnew_keeps(rows):
    found = rows("* | lookup ports port OUTPUTNEW name", {"port": "443", "name": "old"})
    assert found[0]["name"] == "old"


def test_output_without_a_match_on_a_known_field_is_refused(search):
    with pytest.raises(SplError, match="OUTPUT to 'name'"):
        search("* | lookup ports port OUTPUT name", {"port": "1", "name": "old"})


def test_null_matches_nothing(rows):
    assert rows("* | lookup ports port OUTPUT name", {}) == [{}]


def test_inputlookup_keeps_file_order_and_columns(search):
    result = search("| inputlookup ports")
    assert (result.columns, result.rows[0]["name"]) == (["port", "proto", "name"], "https")


def test_inputlookup_append(rows):
    assert len(rows("* | inputlookup append=t ports", {"v": "1"})) == 4


GIVEN = [
    pytest.param("site", "site", id="a-collection"),
    pytest.param("networks", "networks", id="a-stanza"),
    pytest.param("networks.csv", "networks", id="a-file-name"),
]


@pytest.mark.parametrize(("name", "used"), GIVEN)
def test_given_rows_stand_in(rows, log, name, used):
    path = log("mine.csv", "ip,note\n203.0.113.0/24,mine\n203.0.113.1,mine\n")
    found = rows(f"| inputlookup {used} | head 1", lookups={name: path})
    assert found == [{"ip": "203.0.113.0/24", "note": "mine"}]


def test_given_rows_for_an_unknown_lookup_are_refused(rows, log):
    with pytest.raises(InputError, match="no lookup of that name"):
        rows("| inputlookup site", lookups={"nosuch": log("mine.csv", "ip\n")})


def test_given_rows_must_have_the_collections_fields(rows, log):
    with pytest.raises(InputError, match="no field 'color'"):
        rows("| inputlookup site", lookups={"site": log("mine.csv", "ip,color\n192.0.2.1,red\n")})


def test_bad_network_names_its_row(rows, log):
    path = log("mine.csv", "ip,note\n192.0.2.1,a\n192.0.2.300,b\n")
    with pytest.raises(InputError, match=r"row 2: '192\.0\.2\.300' is no network"):
        rows("* | lookup networks ip AS v", {"v": "192.0.2.1"}, lookups={"networks": path})


def test_a_row_too_long_names_its_line(rows, log):
    with pytest.raises(InputError, match="line 2: more cells"):
        rows(
            "| inputlookup ports", lookups={"ports": log("mine.csv", "port,proto,name\n1,2,3,4\n")}
        )


def test_host_bits_in_a_network_do_not_matter(rows, log):
    path = log("mine.csv", "ip,note\n192.0.2.77/24,a\n")
    found = rows(
        "* | lookup networks ip AS v OUTPUT note", {"v": "192.0.2.1"}, lookups={"networks": path}
    )
    assert found[0]["note"] == "a"
