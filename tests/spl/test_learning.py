"""Lists are learned in one week and used in the next, as scheduled searches would do it."""

import pytest

from tests.spl.events import (
    DAY,
    IMPLANT,
    INSIDE,
    MAC,
    NEW_YEAR,
    SYNC,
    Event,
    at,
    fortigate,
    palo_alto,
    sysmon,
    zeek,
)
from tests.spl.plain import plain
from tests.spl.rules import DAILY, DEVICE, PROCESS, ROTATION
from tests.spl.searches import SEARCHES, rows_of

LEARN_PROCESSES = "T1029 - Network Processes - Learn"
LEARN_DEVICES = "T1029 - Known Devices - Learn"
LEARN_DESTINATIONS = "T1029 - Destinations - Learn"
LEARN_HOSTS = "T1029 - Host Addresses - Learn"
LEARN_USERS = "T1029 - Host Users - Learn"
NOW = NEW_YEAR + 10 * DAY + 8 * 3600


def learned(search: str, days: range) -> list[tuple[str, float]]:
    """Return the daily runs in which these days, counted from New Year, are learned."""
    return [(search, NEW_YEAR + (day + 1) * DAY + 3600) for day in days]


@pytest.fixture
def outcome(tmp_path):
    """Return a function that runs searches, each as of a time, over events."""

    def results(events: list[Event], *searches: object, **settings: object) -> list:
        return rows_of(events, *searches, folder=tmp_path, **{"now": NOW, **settings})

    return results


def called(day: int, image: str, minutes: int = 5, **fields: object) -> list[Event]:
    return [sysmon(at(24 * day + 6, 60.0 * n), Image=image, **fields) for n in range(minutes)]


def every_day(image: str, days: range, **fields: object) -> list[Event]:
    return [event for day in days for event in called(day, image, 1, **fields)]


def reported(results: list) -> list[str]:
    return sorted(row["process"] for row in results[-1])


WEEK = range(7)


def test_a_program_that_was_not_learned_is_reported(outcome):
    events = every_day(SYNC, WEEK) + called(10, SYNC) + called(10, IMPLANT)
    results = outcome(events, *learned(LEARN_PROCESSES, WEEK), (PROCESS.search, NOW))
    assert reported(results) == [IMPLANT]


def test_nothing_is_reported_while_little_is_learned(outcome):
    late = range(6, 10)
    events = every_day(SYNC, late) + called(10, IMPLANT)
    results = outcome(events, *learned(LEARN_PROCESSES, late), (PROCESS.search, NOW))
    assert reported(results) == []


def test_a_program_stays_new_for_the_days_of_learning(outcome):
    events = every_day(SYNC, WEEK) + called(7, IMPLANT) + called(10, IMPLANT)
    runs = learned(LEARN_PROCESSES, range(10))
    assert reported(outcome(events, *runs, (PROCESS.search, NOW))) == [IMPLANT]


def test_a_program_is_known_after_the_days_of_learning(outcome):
    somewhere = "c:\\program files\\new\\new.exe"
    events = every_day(SYNC, WEEK) + called(4, somewhere) + called(10, somewhere)
    runs = learned(LEARN_PROCESSES, range(10))
    assert reported(outcome(events, *runs, (PROCESS.search, NOW))) == []


def test_learning_a_day_twice_changes_nothing(outcome):
    events = every_day(SYNC, WEEK) + every_day(IMPLANT, WEEK, host="ws-8")
    once, twice = (outcome(events, *learned(LEARN_PROCESSES, WEEK) * times)[-1] for times in (1, 2))
    assert once == twice


def test_hosts_are_those_of_the_busiest_day(outcome):
    events = [
        event
        for day, hosts in enumerate((1, 3, 2))
        for host in range(hosts)
        for event in called(day, SYNC, 1, host=f"ws-{host}")
    ]
    results = outcome(events, *learned(LEARN_PROCESSES, range(3)))
    hosts = {row["process"]: row["hosts"] for row in map(plain, results[-1])}
    assert hosts == {"*": 3, SYNC: 3}


def lease(day: int, mac: str, **fields: object) -> Event:
    return {
        "_time": at(24 * day),
        "host": "zeek-1",
        "source": "dhcp.log",
        "sourcetype": "zeek:dhcp:json",
        "mac": mac,
        **fields,
    }


def sent(day: int, mac: str) -> list[Event]:
    return [zeek(at(24 * day + hour), 1_000_000, orig_l2_addr=mac) for hour in range(6)]


OTHER_MAC = "00:00:5e:00:53:02"


def test_a_device_that_was_never_served_is_reported(outcome):
    events = [lease(day, MAC) for day in WEEK] + sent(10, MAC) + sent(10, OTHER_MAC)
    results = outcome(events, *learned(LEARN_DEVICES, WEEK), (DEVICE.search, NOW))
    assert [row["mac"] for row in results[-1]] == [OTHER_MAC]


def test_a_device_that_was_served_lately_is_reported(outcome):
    events = [lease(day, MAC) for day in WEEK] + [lease(8, OTHER_MAC)] + sent(10, OTHER_MAC)
    results = outcome(events, *learned(LEARN_DEVICES, range(10)), (DEVICE.search, NOW))
    assert [row["mac"] for row in results[-1]] == [OTHER_MAC]


def test_devices_are_learned_in_one_spelling(outcome):
    events = [lease(day, "00-00-5E-00-53-01") for day in WEEK] + sent(10, MAC)
    results = outcome(events, *learned(LEARN_DEVICES, WEEK), (DEVICE.search, NOW))
    assert results[-1] == []


def senders(day: int, number: int, dest_ip: str = "203.0.113.9") -> list[Event]:
    return [
        zeek(at(24 * day + 2), 1, **{"id.orig_h": f"10.1.2.{n}", "id.resp_h": dest_ip})
        for n in range(number)
    ]


def destinations(rows: list) -> dict:
    return {row["dest"]: row["senders"] for row in map(plain, rows)}


def test_senders_are_those_of_the_busiest_day(outcome):
    events = senders(0, 2) + senders(1, 4) + senders(2, 1) + senders(2, 6, "203.0.113.10")
    results = outcome(events, *learned(LEARN_DESTINATIONS, range(3)))
    assert destinations(results[-1]) == {"*": 6, "203.0.113.9": 4, "203.0.113.10": 6}


def test_senders_are_learned_of_all_slices(outcome):
    events = [
        zeek(at(30, 60 * n), 1, **{"id.orig_h": f"10.1.2.{n}", "id.resp_h": "203.0.113.7"})
        for n in range(1, 4)
    ]
    none_of_them = {"t1029_slice(1)": "false()"}
    runs = learned(LEARN_DESTINATIONS, range(1, 2))
    rows = outcome(events, *runs, macros=none_of_them)[-1]
    assert {row["dest"]: int(row["senders"]) for row in rows} == {"203.0.113.7": 3, "*": 3}


def test_a_destination_is_known_since_its_first_day(outcome):
    results = outcome(senders(0, 1) + senders(2, 1), *learned(LEARN_DESTINATIONS, range(3)))
    (row,) = [row for row in map(plain, results[-1]) if row["dest"] != "*"]
    assert (row["first_seen"], row["last_seen"]) == (at(2), at(24 * 2 + 2))


def uploads(first: int = 0, **fields: object) -> list[Event]:
    return [zeek(at(24 * day + 2), 200_000_000, **fields) for day in range(first, 10)]


def printed(results: list) -> dict:
    (row,) = [row for row in results[-1] if row["src"] == "10.1.2.3"]
    return row


def gives_age(reasons: list) -> bool:
    return any(reason.startswith("destination first seen") for reason in reasons)


@pytest.mark.parametrize(
    ("first", "is_given"),
    [
        pytest.param(4, False, id="within-the-first-days-of-learning"),
        pytest.param(5, True, id="after-the-days-of-learning"),
    ],
)
def test_the_age_of_a_destination_is_given_if_it_came_while_the_list_was_trusted(
    outcome, first, is_given
):
    others = uploads(**{"id.orig_h": "10.1.2.4", "id.resp_h": "203.0.113.10"})
    runs = learned(LEARN_DESTINATIONS, range(10))
    row = printed(outcome(uploads(first) + others, *runs, (DAILY.search, NOW)))
    assert gives_age(row["reasons"]) is is_given


@pytest.mark.parametrize(
    ("days", "is_given"),
    [
        pytest.param(60, True, id="known-for-sixty-days"),
        pytest.param(59, False, id="known-for-a-day-less"),
    ],
)
def test_what_was_there_when_learning_began_is_old_one_day(outcome, tmp_path, days, is_given):
    path = tmp_path / "known.csv"
    since = NOW - days * DAY
    path.write_text(f"dest,first_seen\n203.0.113.9,{since:.0f}\n*,{since:.0f}\n")
    given = {"t1029_destinations": path}
    row = printed(outcome(uploads(), (DAILY.search, NOW), given=given))
    assert gives_age(row["reasons"]) is is_given


def test_the_age_of_an_unknown_destination_is_unknown(outcome):
    row = printed(outcome(uploads(), (DAILY.search, NOW)))
    assert row["severity_reason"] == "Below critical: the age of the destination is unknown"


def test_the_larger_of_what_is_learned_and_what_is_counted_stands(outcome, tmp_path):
    path = tmp_path / "known.csv"
    path.write_text("dest,senders\n203.0.113.9,1\n*,100\n")
    events = uploads() + senders(9, 50)
    given = {"t1029_destinations": path}
    row = plain(printed(outcome(events, (DAILY.search, NOW), given=given)))
    assert (row["senders"], row["population"]) == (50, 100)


BY_DAY = {
    LEARN_DESTINATIONS: [event for day in WEEK for event in senders(day, 1 + 2 * day % 5)],
    LEARN_PROCESSES: [
        event
        for day, number in enumerate((1, 3, 2))
        for host in range(number)
        for event in called(day, SYNC, 1, host=f"ws-{host + day}")
    ],
}
# Rollup since the ninth day, and what was there before.
ROLLED = [
    *(("T1029 - Hourly Rollup", at(24 * 8 + hour, 240)) for hour in range(1, 25)),
    ("T1029 - Late Rollup", NEW_YEAR + 9 * DAY + 1020),
    ("T1029 - Rollup Backfill", NEW_YEAR + 9 * DAY + 7200),
]


def of_the_past(search: str) -> tuple[str, str, str]:
    """Return a learning search as it is run once over the past."""
    return SEARCHES[search]["search"], "-180d@d", "@d"


@pytest.mark.parametrize("search", BY_DAY)
@pytest.mark.parametrize("rollup", [[], ROLLED], ids=["events", "rollup"])
def test_the_past_is_learned_in_one_run_as_day_by_day(outcome, search, rollup):
    events = BY_DAY[search]
    daily = list(map(plain, outcome(events, *learned(search, WEEK))[-1]))
    once, twice = outcome(events, *rollup, spl=[of_the_past(search)] * 2)[-2:]
    assert daily
    assert list(map(plain, once)) == list(map(plain, twice)) == daily


def test_the_past_is_learned_from_the_rollup_alone(outcome):
    unread = {**senders(3, 1, "203.0.113.77")[0], "_indextime": NEW_YEAR + 9 * DAY + 8000}
    events = [*senders(3, 2), unread]
    rows = outcome(events, *ROLLED, spl=[of_the_past(LEARN_DESTINATIONS)])[-1]
    assert destinations(rows) == {"*": 2, "203.0.113.9": 2}


def test_a_new_install_knows_at_once_what_is_new(outcome):
    others = uploads(**{"id.orig_h": "10.1.2.4", "id.resp_h": "203.0.113.10"})
    past = of_the_past(LEARN_DESTINATIONS)
    rule = SEARCHES[DAILY.search]
    asked = (rule["search"], rule["dispatch.earliest_time"], rule["dispatch.latest_time"])
    events = uploads(5) + others
    new, old = (outcome(events, spl=[past, asked])[-1][n] for n in range(2))
    assert {row["src"]: gives_age(row["reasons"]) for row in (new, old)} == {
        "10.1.2.3": True,
        "10.1.2.4": False,
    }


POOL = ("203.0.113.1", "203.0.113.2", "198.51.100.3")


def pooled(hosts: int = 1) -> list[Event]:
    """Return an upload a night to one after another of a pool, by the first of so many hosts."""
    asked = [(f"10.1.3.{host}", address) for host in range(hosts) for address in POOL]
    return [
        *(zeek(at(24 * day + 2), 200_000_000, **{"id.resp_h": POOL[day % 3]}) for day in range(10)),
        *(zeek(at(5), 1, **{"id.orig_h": host, "id.resp_h": one}) for host, one in asked[3:]),
    ]


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        pytest.param((400, 300, 200), "199", id="all-of-old"),
        pytest.param((400, 300, 20), None, id="one-new"),
        pytest.param((400, 300), None, id="one-unknown"),
        pytest.param((9, 8, 7), None, id="all-new"),
    ],
)
def test_a_pool_is_as_old_as_its_newest_destination(outcome, tmp_path, ages, told):
    path = tmp_path / "known.csv"
    known = "".join(f"{one},1,{NOW - age * DAY:.0f}\n" for one, age in zip(POOL, ages))
    path.write_text(f"dest,senders,first_seen\n*,1,{NOW - 500 * DAY:.0f}\n{known}")
    given = {"t1029_destinations": path}
    macros = {"t1029_rotation_risk": "0"}
    row = printed(outcome(pooled(), (ROTATION.search, NOW), given=given, macros=macros))
    said = [reason for reason in row["reasons"] if reason.startswith("destination first seen")]
    assert said == ([f"destination first seen {told} days ago"] if told else [])


@pytest.mark.parametrize(
    ("hosts", "senders"),
    [pytest.param(1, None, id="rare-since-it-changes"), pytest.param(30, 30, id="common")],
)
def test_a_pool_is_as_common_as_its_rarest_destination(outcome, hosts, senders):
    others = [zeek(at(6), 1, **{"id.orig_h": f"10.1.4.{n}"}) for n in range(30)]
    macros = {"t1029_rotation_risk": "0"}
    row = printed(outcome(pooled(hosts) + others, (ROTATION.search, NOW), macros=macros))
    assert plain(row).get("senders") == senders


@pytest.mark.parametrize("search", [LEARN_PROCESSES, LEARN_DESTINATIONS])
def test_what_is_not_seen_again_is_forgotten(outcome, search):
    events = called(0, IMPLANT, DestinationIp="203.0.113.77")
    events += called(170, SYNC) + called(185, SYNC)
    runs = [run for day in (0, 170, 185) for run in learned(search, range(day, day + 1))]
    known = outcome(events, *runs, now=NEW_YEAR + 187 * DAY)
    assert [len(rows) for rows in known] == [2, 3, 2]


def hosts(rows: list) -> dict:
    return {row["name"]: (row["address"], row.get("held")) for row in rows}


def test_of_two_hosts_the_last_one_holds_an_address(outcome):
    events = [
        sysmon(at(2), host="ws-1.corp.example"),
        sysmon(at(24 + 2), host="WS-2"),
        sysmon(at(24 + 3), host="ws-1", SourceIp="10.1.2.4"),
        sysmon(at(24 + 4), host="ws-3", SourceIp="10.1.2.4"),
    ]
    first, second = outcome(events, *learned(LEARN_HOSTS, range(2)))
    assert hosts(first) == {"ws-1": (INSIDE, INSIDE)}
    assert hosts(second) == {
        "ws-1": ("10.1.2.4", None),
        "ws-2": (INSIDE, INSIDE),
        "ws-3": ("10.1.2.4", "10.1.2.4"),
    }


def test_who_connects_to_a_host_does_not_lend_it_an_address(outcome):
    events = [
        sysmon(at(2), host="srv-1", SourceIp="10.1.2.9"),
        sysmon(at(3), host="srv-1", SourceIp="10.1.7.7", Initiated="false"),
    ]
    (rows,) = outcome(events, *learned(LEARN_HOSTS, range(1)))
    assert hosts(rows) == {"srv-1": ("10.1.2.9", "10.1.2.9")}


# Within the ten minutes that a run at 02:52 reads.
IN_TIME = at(2, 35 * 60)
USERS_RUN = (LEARN_USERS, at(2, 52 * 60))


def users(outcome, *events: Event, runs: object = (USERS_RUN,), **settings: object) -> dict:
    rows = outcome(list(events), *runs, **settings)[-1]
    return {row["address"]: row.get("user") for row in rows}


def test_users_are_learned_from_endpoints_and_firewalls(outcome):
    assert users(
        outcome,
        sysmon(IN_TIME, User="CORP\\ann"),
        palo_alto(IN_TIME, 1, src_ip="10.1.2.4", src_user="corp\\bob"),
        fortigate(IN_TIME, 1, srcip="10.1.2.6", unauthuser="dan"),
        zeek(IN_TIME, 1, **{"id.orig_h": "10.1.2.7"}),
        palo_alto(IN_TIME, 1, src_ip="198.51.100.7", src_user="outside"),
        palo_alto(at(2, 30 * 60), 1, src_ip="10.1.2.8", src_user="before"),
    ) == {INSIDE: "CORP\\ann", "10.1.2.4": "corp\\bob", "10.1.2.6": "dan"}


def test_a_machine_s_account_does_not_hide_its_user(outcome):
    accounts = ["NT AUTHORITY\\SYSTEM", "CORP\\WS-7$", "NT AUTHORITY\\LOCAL SERVICE"]
    later = [sysmon(IN_TIME + 60, User=account) for account in accounts]
    assert users(outcome, sysmon(IN_TIME, User="ann"), *later) == {INSIDE: "ann"}


def test_who_connects_to_a_host_is_not_its_user(outcome):
    assert users(outcome, sysmon(IN_TIME, User="ann", Initiated="false")) == {}


def test_the_newest_user_stands(outcome):
    next_run = (LEARN_USERS, at(3, 52 * 60))
    events = [sysmon(IN_TIME, User="ann"), sysmon(IN_TIME + 3600, User="bob")]
    assert users(outcome, *events, runs=(USERS_RUN, next_run)) == {INSIDE: "bob"}
    assert users(outcome, *events, runs=(next_run, USERS_RUN)) == {INSIDE: "bob"}


@pytest.mark.parametrize(("number", "user"), [(3, "user-2"), (4, None)])
def test_nobody_is_named_at_an_address_that_many_share(outcome, number, user):
    events = [sysmon(IN_TIME + n, User=f"user-{n}") for n in range(number)]
    assert users(outcome, *events) == {INSIDE: user}


@pytest.mark.parametrize(("days", "kept"), [(6, {INSIDE: "ann"}), (8, {})])
def test_a_user_who_is_not_seen_again_is_forgotten(outcome, days, kept):
    other = sysmon(IN_TIME + days * DAY, User="bob", SourceIp="10.1.2.4")
    runs = (USERS_RUN, (LEARN_USERS, USERS_RUN[1] + days * DAY))
    events = [sysmon(IN_TIME, User="ann"), other]
    assert users(outcome, *events, runs=runs) == {**kept, "10.1.2.4": "bob"}


def test_users_are_learned_though_the_events_are_rolled_up(outcome):
    rollup = [("T1029 - Hourly Rollup", at(hour, 240)) for hour in range(1, 4)]
    assert users(outcome, sysmon(IN_TIME, User="ann"), runs=(*rollup, USERS_RUN)) == {INSIDE: "ann"}
