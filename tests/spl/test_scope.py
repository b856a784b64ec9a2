"""The macros by which a site says what to search, with a condition of several terms in each."""

import pytest

from replay import Inputs, run
from tests.spl.events import INSIDE, NEW_YEAR, OUTSIDE, write_json_lines

ELSEWHERE = "203.0.113.77"


def in_scope(folder, macros, **fields: object) -> bool:
    """Whether t1029_scope keeps one connection, with a site's own macros."""
    event = {"_time": NEW_YEAR, "sourcetype": "fgt_traffic", "src": INSIDE, "dest": OUTSIDE}
    write_json_lines(folder / "events.json", [{**event, **fields}])
    outcome = run(
        spl=["sourcetype=* | `t1029_normalize` | `t1029_scope`"],
        inputs=Inputs(json=(str(folder / "events.json"),)),
        macros=macros,
    )
    return bool(outcome.results[0].rows)


@pytest.mark.parametrize(
    ("dest", "kept"),
    [
        pytest.param(OUTSIDE, False, id="first-term"),
        pytest.param("198.51.100.9", False, id="second-term"),
        pytest.param(ELSEWHERE, True, id="no-term"),
    ],
)
def test_allowed_is_left_out_by_either_of_two_terms(tmp_path, dest, kept):
    allowed = f'dest_ip="{OUTSIDE}" OR cidrmatch("198.51.100.0/24", dest_ip)'
    assert in_scope(tmp_path, {"t1029_allowed": allowed}, dest=dest) is kept


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        pytest.param({}, True, id="first-term"),
        pytest.param({"src": OUTSIDE, "dest": INSIDE}, True, id="second-term"),
        pytest.param({"action": "blocked"}, False, id="blocked-under-the-first-term"),
        pytest.param({"dest": INSIDE}, False, id="no-term"),
    ],
)
def test_direction_of_two_terms_keeps_the_rest_of_the_scope(tmp_path, fields, kept):
    direction = 'direction="outbound" OR direction="inbound"'
    assert in_scope(tmp_path, {"t1029_direction": direction}, **fields) is kept


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        pytest.param("close", False, id="first-term"),
        pytest.param("timeout", False, id="second-term"),
        pytest.param("accept", True, id="no-term"),
    ],
)
def test_blocked_is_left_out_by_either_of_two_terms(tmp_path, action, kept):
    blocked = 'action="close" OR action="timeout"'
    assert in_scope(tmp_path, {"t1029_blocked": blocked}, action=action) is kept


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        pytest.param("Drop", False, id="check-point-drop"),
        pytest.param("Reject", False, id="check-point-reject"),
        pytest.param("Prevent", False, id="check-point-prevent"),
        pytest.param("Deny Session", False, id="sophos"),
        pytest.param("Block with reset", False, id="cisco-with-reset"),
        pytest.param("Interactive Block", False, id="cisco-interactive"),
        pytest.param("Block Drop", False, id="zscaler"),
        pytest.param("REJECT", False, id="aws"),
        pytest.param("reset-client", False, id="palo-alto"),
        pytest.param("drop ICMP", False, id="palo-alto-icmp"),
        pytest.param("Detect", True, id="check-point-detect"),
        pytest.param("Monitor", True, id="cisco-monitor"),
        pytest.param("Fastpath", True, id="cisco-fastpath"),
        pytest.param("client-rst", True, id="fortigate-reset-by-the-client"),
        pytest.param("teardown", True, id="asa"),
        pytest.param("pass", True, id="pfsense"),
    ],
)
def test_a_word_for_stopped_is_known(tmp_path, word, kept):
    assert in_scope(tmp_path, {}, action=word) is kept


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        pytest.param("100.63.255.255", False, id="below"),
        pytest.param("100.64.0.0", True, id="first"),
        pytest.param("100.127.255.255", True, id="last"),
        pytest.param("100.128.0.0", False, id="above"),
    ],
)
def test_addresses_that_providers_share_are_inside(tmp_path, address, inside):
    assert in_scope(tmp_path, {}, src=address) is inside


@pytest.mark.parametrize(
    ("dest", "kept"),
    [
        pytest.param("10.1.2.4", True, id="another-host"),
        pytest.param("fe80::7", True, id="neighbour"),
        pytest.param("223.255.255.255", True, id="below-multicast"),
        pytest.param("224.0.0.1", False, id="multicast"),
        pytest.param("239.255.255.255", False, id="last-of-multicast"),
        pytest.param("240.0.0.1", True, id="above-multicast"),
        pytest.param("FF02::FB", False, id="multicast-of-ipv6"),
        pytest.param("255.255.255.255", False, id="broadcast"),
        pytest.param("127.0.0.53", False, id="loopback"),
        pytest.param("::1", False, id="loopback-of-ipv6"),
        pytest.param("::2", True, id="no-loopback-of-ipv6"),
        pytest.param("0.0.0.0", False, id="unspecified"),
        pytest.param("::", False, id="unspecified-of-ipv6"),
        pytest.param(INSIDE, False, id="itself"),
    ],
)
def test_what_no_other_host_receives_is_out_of_any_scope(tmp_path, dest, kept):
    everywhere = {"t1029_direction": 'direction IN ("outbound", "inbound", "internal")'}
    assert in_scope(tmp_path, everywhere, dest=dest) is kept


def test_own_networks_of_two_terms_count_as_inside(tmp_path):
    own = f'cidrmatch("{OUTSIDE}/32", $address$) OR cidrmatch("{ELSEWHERE}/32", $address$)'
    assert not in_scope(tmp_path, {"t1029_own_networks(1)": own}, dest=ELSEWHERE)
