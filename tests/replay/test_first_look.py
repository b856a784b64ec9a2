"""What a newcomer sees of some logs: what was read, what hides it from the rules, the pairs."""

import io
import json
import re

import pytest

from replay import cli
from replay.first_look import suggested

START = 1767225600
HOUR = 3600


def connection(time, src, dest, sent=50_000, received=900):
    return {
        "ts": time,
        "id.orig_h": src,
        "id.resp_h": dest,
        "id.resp_p": 443,
        "proto": "tcp",
        "orig_bytes": sent,
        "resp_bytes": received,
    }


@pytest.fixture(scope="module")
def look(tmp_path_factory):
    """Return a function from connections and options to exit code and output, by all rules."""

    def looked(connections, *options):
        path = tmp_path_factory.mktemp("logs") / "conn.log"
        path.write_text("\n".join(map(json.dumps, connections)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdout", out := io.StringIO())
            code = cli.main([str(path), *options])
        return code, out.getvalue()

    return looked


@pytest.fixture(scope="module")
def outside(look):
    """Return what is printed of a site whose own addresses are public."""
    hosts = [f"203.0.113.{host}" for host in range(20, 40)]
    pairs = [
        (START + HOUR * hour, host, f"{('192.0.2', '198.51.100')[place % 2]}.{place}")
        for hour in range(8)
        for place, host in enumerate(hosts, 1)
    ]
    return look([connection(*pair) for pair in pairs])[1]


def test_it_says_what_was_read(outside):
    assert outside.startswith(
        "Read 160 events: bro:conn:json 160\n"
        "From 2026-01-01 00:00 to 2026-01-01 07:00 UTC, 7.0 hours\n"
        "Connections: 0 inside to outside (searched), "
    )


def test_what_hides_connections_comes_with_the_option_that_mends_it(outside):
    told = " ".join(outside.split())
    assert "! 160 of 160 connections are outside to outside: name your networks, such as" in told
    assert "--own 203.0.113.0/24 (100 % of them begin or end there)" in told


def test_no_finding_is_told_with_the_number_of_events(outside):
    assert "0 findings in 160 events, executed by the project's SPL interpreter" in outside


def test_it_names_the_rules_that_lack_data(outside):
    assert "\nScheduled Job Followed by Transfer: no Schedulers and processes\n" in outside
    assert "Fixed Interval Connections: no" not in outside


@pytest.fixture(scope="module")
def uploads():
    """Return nightly uploads of one sender, and downloads of others every hour."""
    nightly = [
        connection(START + 24 * HOUR * day, "203.0.113.5", "198.51.100.9", 6e8) for day in range(7)
    ]
    hourly = [
        connection(START + HOUR * hour, f"203.0.113.{host}", "198.51.100.10", 300, 90_000)
        for hour in range(150)
        for host in range(6, 12)
    ]
    return nightly + hourly


@pytest.fixture(scope="module")
def found(look, uploads):
    return look(uploads, "--own", "203.0.113.0/24", "--exit-code")


def test_own_networks_bring_the_pairs_into_scope(found):
    code, shown = found
    assert (code, "907 inside to outside (searched)" in shown) == (1, True)


def test_a_pair_of_several_rules_is_one_row(found):
    (row,) = [line for line in found[1].splitlines() if "203.0.113.5 " in line]
    assert "198.51.100.9" in row.split()


def test_the_next_pairs_stand_below_the_line(found):
    above, below = found[1].split("Not reported by a rule")
    assert ("203.0.113.6" in above, "203.0.113.6" in below) == (False, True)


def test_no_line_is_wider_than_a_page(found):
    assert max(map(len, found[1].splitlines())) <= 100


def test_other_directions_are_searched_where_asked_for(look, uploads):
    _, shown = look(uploads[:20], "--own", "203.0.113.5", "--direction", "any")
    told = "7 inside to outside (searched), 0 outside to inside (searched),"
    assert told in " ".join(shown.split())


@pytest.fixture(scope="module")
def chatter(look):
    """Return what is printed of one pair, and of three times as many announcements to a group."""
    times = [START + 60 * minute for minute in range(30)]
    asked = [connection(time, "10.0.0.5", "198.51.100.9") for time in times]
    announced = [
        connection(time + n, "10.0.0.5", "224.0.0.251") for time in times for n in (1, 2, 3)
    ]
    return look(asked + announced)[1]


def test_what_no_other_host_receives_is_counted(chatter):
    told = "Connections: 30 inside to outside (searched), 90 to no other host (multicast,"
    assert told in " ".join(chatter.split())


def test_what_no_other_host_receives_blinds_no_rule(chatter):
    assert "Fixed Interval Connections: " not in chatter


def test_findings_are_counted_with_their_pairs(found):
    assert re.search(r"^\d+ findings about 1 pair in 907 events, ", found[1], re.M)


def rows(*pairs):
    return [{"src": src, "dest_ip": dest, "count": count} for src, dest, count in pairs]


SUGGESTED = {
    "one-address": (
        rows(("192.0.2.1", "203.0.113.9", 5), ("198.51.100.2", "203.0.113.9", 4)),
        "203.0.113.9/32",
    ),
    "network": (
        rows(("203.0.113.1", "192.0.2.7", 5), ("203.0.113.2", "198.51.100.7", 5)),
        "203.0.113.0/24",
    ),
    "few-elsewhere": (
        rows(("203.0.113.9", "192.0.2.7", 95), ("203.0.113.8", "192.0.2.8", 5)),
        "203.0.113.9/32",
    ),
    "six": (
        rows(("2001:db8:1::5", "2001:db8:2::9", 1), ("2001:db8:1::6", "2001:db8:3::9", 1)),
        "2001:db8:1::/64",
    ),
}


@pytest.mark.parametrize(("pairs", "network"), SUGGESTED.values(), ids=SUGGESTED)
def test_the_network_that_most_connections_share_is_suggested(pairs, network):
    assert suggested(pairs)[0] == network
