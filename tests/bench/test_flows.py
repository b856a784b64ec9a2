"""The ledger of flows on hand-made sets, the rows of each product, and the comparison itself."""

import math
from random import Random

import pytest

from bench.flows import compare, generate, ledger, reader, shrink, writings
from bench.flows.__main__ import main
from bench.flows.model import Counter, Flow, Known
from bench.flows.products import rows
from bench.flows.sensors import Sensor, arrived, sessions

SRC, DEST = "10.1.2.3", "203.0.113.9"
# 2026-01-01T02:00:00Z.
TWO = 1767232800
HOUR = 3600
MB = 1_000_000
ZEEK = {"whole": False, "ip_bytes": False}


def flow(begin, lasts, sent, received=1000, port=50000, shape=()):
    return Flow(SRC, DEST, port, 443, begin, begin + lasts, sent, received, shape)


def known(begin, lasts, sent, reporter="zeek-1", interim=(), **settings):
    """What a sensor knows of a flow; `interim` are counters of interim rows."""
    counters = (Counter(begin, 0, 0), *interim, Counter(begin + lasts, sent, 0))
    return Known(reporter, SRC, DEST, counters, **settings)


def only(flows):
    """The one ledger of the one pair."""
    ((one,),) = ledger.ledgers(flows).values()
    return one


def by_hour(one):
    """(bytes_out, contacts) by the number of the hour after 02:00."""
    return {
        (start - TWO) // HOUR: (hour.bytes_out and round(hour.bytes_out), hour.contacts)
        for start, hour in one.hours.items()
    }


def written(sensor, *flows):
    return [row.event for row in rows(sensor, sessions(sensor, flows))]


# ---- The ledger ----------------------------------------------------------------------------------


def test_bytes_lie_in_each_hour_by_its_seconds_and_the_contact_at_the_begin():
    # 02:59:50 to 03:05:00 is 310 s, 10 of them before three.
    one = only([known(TWO + 3590, 310, 31 * MB)])
    assert by_hour(one) == {0: (1 * MB, 1), 1: (30 * MB, 0)}


def test_a_flow_that_ends_on_the_full_hour_does_not_reach_into_the_next():
    assert by_hour(only([known(TWO, HOUR, 5)])) == {0: (5, 1)}


def test_a_flow_without_duration_lies_in_one_hour():
    assert by_hour(only([known(TWO + HOUR, 0, 7)])) == {1: (7, 1)}


def test_interim_counters_place_bytes_when_they_flowed():
    interim = (Counter(TWO + HOUR, 10, 0), Counter(TWO + 2 * HOUR, 210, 0))
    one = only([known(TWO, 4 * HOUR, 230, interim=interim)])
    assert by_hour(one) == {0: (10, 1), 1: (200, 0), 2: (10, 0), 3: (10, 0)}


def test_an_open_flow_has_the_bytes_reported_so_far_and_its_contact_is_counted_apart():
    counters = (Counter(TWO, 0, 0), Counter(TWO + HOUR, 60, 0))
    hour = only([Known("fw", SRC, DEST, counters, closed=False)]).hours[TWO]
    assert (hour.bytes_out, hour.contacts, hour.open_contacts) == (60, 0, 1)


def test_a_start_row_alone_gives_no_bytes():
    hour = only([Known("fw", SRC, DEST, (Counter(TWO, 0, 0),), closed=False)]).hours[TWO]
    assert (hour.bytes_out, hour.contacts, hour.open_contacts) == (None, 0, 1)


def test_the_sensor_with_most_bytes_speaks_though_another_has_more_contacts():
    one = only([known(TWO, 60, 90, "fw"), known(TWO, 9, 40), known(TWO + 9, 9, 40)])
    assert (one.speakers, by_hour(one)) == (("fw", "zeek-1"), {0: (90, 1)})


def test_hours_in_which_the_speaker_has_nothing_are_added():
    flows = [known(TWO + n * HOUR, 60, 5, "tap-2") for n in (0, 1, 2, 4)]
    one = only([known(TWO, 60, 100, "tap-1"), *flows])
    assert by_hour(one) == {0: (100, 1), 1: (5, 1), 2: (5, 1), 4: (5, 1)}


def test_what_another_clock_puts_behind_the_full_hour_is_not_added():
    late = [known(TWO + HOUR - 2, 1, 100, "tap-1"), known(TWO + HOUR + 1, 1, 90, "tap-2")]
    assert by_hour(only(late)) == {0: (100, 1)}


def test_sensors_of_one_group_add():
    flows = [known(TWO, 60, 60, "group-1"), known(TWO + 5, 60, 70, "group-1")]
    assert by_hour(only(flows)) == {0: (130, 2)}


def test_where_two_sensors_tie_either_may_speak():
    flows = [known(TWO + HOUR - 1, 60, 60, "tap-1"), known(TWO + HOUR + 1, 60, 60, "tap-2")]
    (ties,) = ledger.ledgers(flows).values()
    assert [by_hour(one) for one in ties] == [{0: (1, 1), 1: (59, 0)}, {1: (60, 1)}]


def test_a_sensor_that_counts_no_bytes_leaves_them_unknown():
    flows = [known(TWO, 60, 9), known(TWO + 3 * HOUR, 0, 0, "ws-1", counts=False)]
    assert by_hour(only(flows)) == {0: (9, 1), 3: (None, 1)}


def test_the_worked_example_of_high_volume():
    """150 MB at 02:14:10 on three nights in two logs, 90 MB at noon: 8, 450 MB in three hours."""
    begins = (1767233650, 1767320050, 1767406450)
    flows = [known(begin, 60, 150 * MB, name) for begin in begins for name in ("zeek-1", "fw-1")]
    noon = known(TWO + 3 * 24 * HOUR + 10 * HOUR, 60, 90 * MB)
    row = ledger.volume(only([*flows, noon]))
    assert row == (SRC, DEST, 3, 450 * MB, 150 * MB, 8, begins)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [(100 * MB, None), (100 * MB + 1, 8), (500 * MB, 8), (500 * MB + 1, 9)],
)
def test_high_volume_at_its_thresholds(sent, expected):
    row = ledger.volume(only([known(TWO + n * HOUR, 60, sent) for n in range(3)]))
    assert (row and row.floor) == expected


def test_an_hour_in_which_no_flow_began_counts_from_its_start():
    row = ledger.volume(only([known(TWO + 1800, 3 * HOUR, 450 * MB)]))
    assert row is None
    row = ledger.volume(only([known(TWO + 1800, 3 * HOUR, 700 * MB)]))
    epochs = (TWO + 1800, TWO + HOUR, TWO + 2 * HOUR, TWO + 3 * HOUR)
    assert (row.hours, row.floor, row.epochs) == (4, 8, epochs)


@pytest.mark.parametrize(
    ("hours", "each", "sent", "expected"),
    [
        (3, 4, 5 * MB, None),
        (3, 3, 5 * MB + 1, None),
        (2, 4, 5 * MB + 1, None),
        (3, 4, 5 * MB + 1, 7),
        (4, 4, 5 * MB + 1, 7),
        (5, 4, 5 * MB + 1, 9),
    ],
)
def test_recurring_at_its_thresholds(hours, each, sent, expected):
    flows = [known(TWO + h * HOUR + 60 * n, 9, sent) for h in range(hours) for n in range(each)]
    row, _ = ledger.recurring_rows(only(flows))
    assert (row and row.floor) == expected


def test_recurring_takes_a_connection_by_its_whole_bytes_in_the_hour_it_began():
    """Six MB from 02:59:56 on are nearly all sent after three; the connection is of two."""
    flows = [known(TWO + h * HOUR + 3596 + n, 60, 6 * MB) for h in (0, 2, 4) for n in range(4)]
    row, _ = ledger.recurring_rows(only(flows))
    assert (row.hours, row.floor) == (3, 7)
    assert row.epochs == tuple(TWO + h * HOUR + 3596 for h in (0, 2, 4))


def test_open_flows_give_two_readings_of_recurring():
    flows = [known(TWO + h * HOUR + n, 9, 6 * MB) for h in (0, 1) for n in range(4)]
    flows += [known(TWO + 2 * HOUR + n, 9, 6 * MB, closed=n > 0) for n in range(4)]
    without, with_open = ledger.recurring_rows(only(flows))
    assert (without, with_open.hours) == (None, 3)


def test_hours_are_what_passed_between_their_ends():
    """The ledger of one exact sensor, beside the flow's own rate at both ends of each hour."""
    rng = Random(7)
    for kind in ("short", "full_hour", "nightly", "long"):
        flows = generate.draw(kind, 1, rng)
        exact = Sensor("zeek", "zeek-1", **ZEEK)
        found = [session.known for session in sessions(exact, flows)]
        for (src, dest), (one,) in ledger.ledgers(found).items():
            between = [made for made in flows if (made.src, made.dest_ip) == (src, dest)]
            for start, hour in one.hours.items():
                passed = sum(
                    made.bytes_out * (made.share(start + HOUR) - made.share(start))
                    for made in between
                    if made.begin < made.end
                )
                passed += sum(
                    made.bytes_out
                    for made in between
                    if made.begin == made.end and start <= made.begin < start + HOUR
                )
                assert math.isclose(hour.bytes_out or 0, passed, rel_tol=1e-6, abs_tol=1)


# ---- Flows and sensors ---------------------------------------------------------------------------


def test_a_burst_passes_within_its_minutes():
    shape = ((TWO + 600, 0.1), (TWO + 1200, 0.9))
    one = flow(TWO, 3600, 100, shape=shape)
    shares = [one.share(TWO + second) for second in (-1, 0, 300, 900, 2400, 3600)]
    assert shares == pytest.approx([0, 0, 0.05, 0.5, 0.95, 1])


def test_a_clock_that_runs_ahead_moves_a_flow_over_the_full_hour():
    ahead = Sensor("zeek", "zeek-1", offset=5.0, **ZEEK)
    (session,) = sessions(ahead, [flow(TWO - 3, 60, 100)])
    assert session.known.begin == TWO + 2


def test_a_sensor_of_whole_seconds_counts_headers():
    (session,) = sessions(Sensor("fortigate", "fw-1"), [flow(TWO + 0.9, 60, 2800, 0)])
    begin, end = session.known.counters
    assert begin == (TWO, 0, 0)
    assert end == (TWO + 60, 2800 + 52 * (2 + 3), 0)


def test_a_restart_forgets_open_flows_and_starts_session_ids_again():
    sensor = Sensor("palo_alto", "pan-1", start_rows=True, restart=TWO + 100, first_session=7)
    found = sessions(sensor, [flow(TWO, 10, 5), flow(TWO + 50, 60, 5), flow(TWO + 200, 9, 5)])
    assert [(one.number, one.known.closed) for one in found] == [(7, True), (8, False), (7, True)]


def test_copies_arrive_within_the_hour_of_their_original_and_late_rows_hours_later():
    sensor = Sensor("zeek", "zeek-1", **ZEEK)
    made = rows(sensor, sessions(sensor, [flow(TWO + n, 5, 9, port=n) for n in range(200)]))
    doubled = arrived(made, Random(1), duplicated=True)
    once = {tuple(sorted(event.items())) for event in doubled}
    assert (len(once), len(doubled) > 240) == (200, True)
    late = arrived(made, Random(1), late=True)
    waits = [event["_indextime"] - event["_time"] for event in late]
    assert sum(wait > HOUR for wait in waits) > 30
    assert min(waits) >= 5
    assert [event["_time"] for event in late] != sorted(event["_time"] for event in late)


# ---- The rows of each product --------------------------------------------------------------------


def part(event, *names):
    return {name: event.get(name) for name in names}


def test_zeek_stamps_the_begin():
    (event,) = written(Sensor("zeek", "zeek-1", packets=True, **ZEEK), flow(TWO + 0.25, 9.5, 2800))
    assert part(event, "_time", "ts", "duration", "orig_bytes", "resp_bytes", "id.orig_h") == {
        "_time": TWO + 0.25,
        "ts": TWO + 0.25,
        "duration": 9.5,
        "orig_bytes": 2800,
        "resp_bytes": 1000,
        "id.orig_h": SRC,
    }
    assert (event["missed_bytes"], event["orig_ip_bytes"]) == (0, 2800 + 52 * event["orig_pkts"])


def test_zeek_gives_no_duration_to_a_flow_of_one_moment():
    (event,) = written(Sensor("zeek", "zeek-1", **ZEEK), flow(TWO, 0, 5))
    assert "duration" not in event


def test_conn_long_repeats_an_open_connection_and_conn_closes_it_under_the_same_uid():
    sensor = Sensor("conn_long", "zeek-1", schedule=(600, 1800), period=3600, **ZEEK)
    events = written(sensor, flow(TWO, 7200, 7200))
    assert [(e["sourcetype"], e["duration"], e["orig_bytes"]) for e in events] == [
        ("corelight_conn_long", 600, 600),
        ("corelight_conn_long", 1800, 1800),
        ("corelight_conn_long", 5400, 5400),
        ("corelight_conn", 7200, 7200),
    ]
    assert len({(e["uid"], e["host"], e["_time"], e["ts"]) for e in events}) == 1


def test_fortigate_counts_from_the_begin_in_statistics_and_at_close():
    sensor = Sensor("fortigate", "fw-1", period=120, ip_bytes=False, first_session=77)
    events = written(sensor, flow(TWO, 300, 3000, 300))
    names = ("logid", "action", "_time", "duration", "sentbyte", "sentdelta", "rcvddelta")
    assert [tuple(part(event, *names).values()) for event in events] == [
        ("0000000020", "accept", TWO + 120, 120, 1200, 1200, 120),
        ("0000000020", "accept", TWO + 240, 240, 2400, 1200, 120),
        ("0000000013", "close", TWO + 300, 300, 3000, 600, 60),
    ]
    assert {event["sessionid"] for event in events} == {77}


def test_palo_alto_gives_the_first_packets_at_the_start_and_all_at_the_end():
    sensor = Sensor("palo_alto", "pan-1", start_rows=True, ip_bytes=False)
    start, end = written(sensor, flow(TWO, 60, 5000))
    names = ("log_subtype", "_time", "duration", "bytes_out", "bytes_in", "action")
    assert tuple(part(start, *names).values()) == ("start", TWO, 0, 300, 0, "allowed")
    assert tuple(part(end, *names).values()) == ("end", TWO + 60, 60, 5000, 1000, "allowed")
    assert start["session_id"] == end["session_id"]


def test_a_firewall_under_cim_names_stamps_the_end():
    (event,) = written(Sensor("cim_firewall", "fw-9", ip_bytes=False), flow(TWO, 60, 5000))
    names = ("sourcetype", "_time", "duration", "bytes_out", "bytes_in", "src_port")
    assert tuple(part(event, *names).values()) == ("firewall", TWO + 60, 60, 5000, 1000, 50000)


def test_vpc_flow_writes_a_record_a_window_and_direction():
    sensor = Sensor("vpc_flow", "vpc", period=60, ip_bytes=False)
    events = written(sensor, flow(TWO, 90, 900, 90))
    names = ("src_ip", "dest_ip", "bytes", "start_time", "end_time", "_time")
    assert [tuple(part(event, *names).values()) for event in events] == [
        (SRC, DEST, 600, TWO, TWO + 60, TWO),
        (DEST, SRC, 60, TWO, TWO + 60, TWO),
        (SRC, DEST, 300, TWO + 60, TWO + 90, TWO + 60),
        (DEST, SRC, 30, TWO + 60, TWO + 90, TWO + 60),
    ]


def test_sysmon_has_no_bytes():
    (event,) = written(Sensor("sysmon", "ws-1", whole=False, counts=False), flow(TWO, 60, 5000))
    assert (event["EventCode"], event["_time"], event["SourceIp"]) == (3, TWO, SRC)
    assert not [name for name in event if "byte" in name]


# ---- Sets and the comparison ---------------------------------------------------------------------


def test_the_rows_of_every_kind_of_writing_give_the_same_ledger():
    for case in writings.cases(2 * len(writings.kinds()), seed=2):
        expected, again = ledger.ledgers(case.known), ledger.ledgers(reader.read(case.events))
        assert expected.keys() == again.keys(), case.kind
        for pair, ties in expected.items():
            assert [summed(one) for one in again[pair]] == [summed(one) for one in ties], case.kind


def summed(one):
    """A ledger without the last bytes, which are rounded in another order."""
    hours = {
        start: (
            hour.bytes_out and round(hour.bytes_out / 100),
            hour.contacts,
            hour.open_contacts,
            sorted(hour.large),
        )
        for start, hour in one.hours.items()
    }
    return one.speakers, hours


def test_a_seed_gives_the_same_sets():
    assert list(writings.cases(20, seed=4)) == list(writings.cases(20, seed=4))
    assert list(writings.cases(3, seed=4)) != list(writings.cases(3, seed=5))


def test_no_two_sets_share_an_address():
    used = [address for n in range(20_000) for address in generate.addresses(n)[1]]
    used += [generate.addresses(n)[0] for n in range(20_000)]
    assert len(set(used)) == 60_000


def test_flows_of_an_hour_in_one_log_agree_with_the_searches():
    found = []
    for kind in ("short / zeek_packets", "bursts / zeek_packets"):
        cases = list(writings.cases(12, 6, kind))
        verdicts = compare.check_batch(cases)
        assert [verdict.differences for verdict in verdicts] == [[]] * 12
        found += [one for case in cases for (one,) in ledger.ledgers(case.known).values()]
    assert any(ledger.volume(one) for one in found)
    assert any(ledger.recurring_rows(one)[0] for one in found)


def test_a_row_with_more_bytes_a_lost_row_and_an_unknown_pair_are_reported():
    more, lost, strange = writings.cases(3, 9, "bursts / zeek_packets")
    more.events[0]["orig_bytes"] = int(1.2 * more.events[0]["orig_bytes"])
    del lost.events[0]
    strange.events[0]["id.resp_h"] = "198.51.100.7"
    found = [" ".join(one.differences) for one in compare.check_batch([more, lost, strange])]
    assert ("bytes_out" in found[0], "connections" in found[0]) == (True, False)
    assert "connections" in found[1]
    assert "is no pair of the set" in found[2]


def test_a_failing_set_shrinks_to_what_it_takes_to_fail():
    """Where one qualifying hour is enough for the search, four connections are enough to fail."""
    wrong = compare.Settings(macros=(("t1029_recurring_hours", "1"),))
    cases = list(writings.cases(12, 6, "bursts / zeek_packets"))
    failed = [one for one in compare.check_batch(cases, wrong) if one.differences]
    smaller = shrink.shrunk(failed[:2], wrong)
    assert [len(one.case.flows) for one in smaller] == [4, 4]
    assert all("recurring" in one.differences[0] for one in smaller)


def test_findings_that_differ_are_failures(capsys):
    given = ["--sets", "12", "--kind", "bursts / zeek_packets"]
    assert main(given) == 0
    assert main([*given, "--macro", "t1029_volume_hours=99"]) == 1
    assert "high volume: [], ledger Finding(" in capsys.readouterr().out


# As a site would name them: the hosts group-1-a and group-1-b divide the traffic.
GROUPS = r'replace(sensor, "^(group-\d+)-[a-z]+ ", "\1 ")'


def test_two_hundred_sets_agree_with_the_ledger():
    settings = compare.Settings(macros=(("t1029_sensor_group", GROUPS),))
    verdicts = compare.check(writings.cases(200, seed=1), settings)
    assert len(verdicts) == 200
    assert [(one.case.kind, one.differences) for one in verdicts if one.differences] == []
