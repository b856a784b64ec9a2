"""Uploads to servers that change, or by hosts in turn: what is planted is what its name says."""

import pytest

from bench import turns

DAYS = 10


def stolen(theft: str) -> list:
    return [one for one in turns.flows(theft, 5, DAYS) if one.scenario == "theft"]


@pytest.mark.parametrize(
    ("theft", "hosts", "servers"),
    [
        pytest.param("a new server every night, ±20 min", 1, DAYS, id="anew"),
        pytest.param("8 servers in turn, ±2 min", 1, 8, id="in-turn"),
    ],
)
def test_servers_change(theft, hosts, servers):
    found = stolen(theft)
    assert abs(len(found) - DAYS) <= 1
    assert len({one.src for one in found}) == hosts
    assert abs(len({one.dst for one in found}) - servers) <= 1


def test_hosts_take_turns():
    found = stolen("one of 6 hosts every night, ±2 min")
    assert len({one.dst for one in found}) == 1
    assert 2 < len({one.src for one in found}) <= 6


def test_every_legitimate_kind_is_there():
    made = {one.scenario for one in turns.flows("8 servers in turn, ±2 min", 5, DAYS)}
    assert made == {"theft", *(draw.__name__.replace("_", " ") for draw in turns.LEGITIMATE)}
