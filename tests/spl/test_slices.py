"""What the slices of the senders find is together what one search of all of them finds."""

from itertools import chain

import pytest

from tests.spl.events import INSIDE, MAC, Event
from tests.spl.lists import LONG_AGO, Lists, devices
from tests.spl.named_events import FILES
from tests.spl.searches import STORED_WHOLE
from tests.spl.test_rollup import AFTER, READS_CONNECTIONS, found, runs, week

SENDERS = (INSIDE, "10.1.2.4", "fd00::7")
SLICES = [f'coalesce(tonumber(mvindex(split($address$, "."), 3)), 0) % 2={n}' for n in (0, 1)]
RULES = [param.values[0] for param in READS_CONNECTIONS]
WAYS = {"events": (), "rollup": runs()}


def traffic() -> list[Event]:
    """Return a week in which each sender does what every rule finds, on a device of its own."""
    return [
        {name: moved(value, sender, MAC[:-1] + str(n)) for name, value in event.items()}
        for n, sender in enumerate(SENDERS, 2)
        for event in week()
    ]


def moved(value: object, sender: str, mac: str) -> object:
    return {INSIDE: sender, MAC: mac}.get(value, value) if isinstance(value, str) else value


def learned(events: list[Event]) -> Lists:
    """Return lists that know how many hosts connect to each destination, which no slice sees."""
    servers = {event.get(name) for event in events for name in ("id.resp_h", "dest_ip", "dstip")}
    servers |= {FILES, "www.other.example", "store.example", "other.example"}
    servers |= {event.get("DestinationIp") for event in events} | {"*"}
    rows = [
        {"dest": server, "senders": 9, "first_seen": LONG_AGO, "last_seen": AFTER}
        for server in sorted(servers - {None})
    ]
    return devices()._replace(destinations=tuple(rows))


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS)
def all_and_slices(request, tmp_path_factory):
    """Return the rows of each rule: of all senders, then of each slice."""
    events, folder = traffic(), tmp_path_factory.mktemp("slices")

    sites = [{}, *({"t1029_slice(1)": definition} for definition in SLICES)]
    results = [
        found(RULES, events, folder, request.param, learned(events), {**STORED_WHOLE, **site})
        for site in sites
    ]
    return {rule.slug: rows for rule, *rows in zip(RULES, *results)}


@pytest.mark.parametrize("rule", READS_CONNECTIONS)
def test_slices_find_together_what_all_find(all_and_slices, rule):
    whole, *slices = all_and_slices[rule.slug]
    assert [{row["src"] for row in rows} for rows in (whole, *slices)] == [
        set(SENDERS),
        {"10.1.2.4", "fd00::7"},
        {INSIDE},
    ]
    assert sorted(chain.from_iterable(slices), key=repr) == whole
