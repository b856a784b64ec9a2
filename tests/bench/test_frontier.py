"""Plants at a site: drawn from what it is, judged as the shipped rules judge, counted as found."""

import json
from datetime import datetime, timezone

import pytest

from bench.frontier import __main__, measure, replayed, shortcut, tables, verified
from bench.frontier import site as sites
from bench.frontier.kinds import KINDS
from bench.frontier.plants import SCRIPT_HOST, plants
from bench.frontier.rules import LEAST, LONGER, RULES, limit, lowered
from bench.frontier.site import ALWAYS, Host, Site, Tie
from bench.pairs import DAY, HOUR
from bench.realsets import ALERT

NOW = 1_769_792_400.0  # a Friday, 17:00 UTC
OFFICE = Host(frozenset(range(8, 18)), frozenset(range(5)))
DAYTIME = Host(frozenset(range(8, 18)), ALWAYS.days)
TIES = (
    Tie("10.0.0.1", "203.0.113.1", 1, False, True, True, 0.0, False),
    Tie("10.0.0.1", "203.0.113.2", 9, True, True, True, 0.3, False),
    Tie("10.0.0.2", "203.0.113.2", 9, False, True, False, 1.0, True),
    Tie("10.0.0.3", "203.0.113.2", 9, False, False, False, 0.0, True),
)
HOSTS = {"10.0.0.1": ALWAYS, "10.0.0.2": OFFICE, "10.0.0.3": DAYTIME}
SEEN = [NOW - 20 * DAY, *[NOW - 3 * DAY] * 9, *[NOW - HOUR] * 30]
SITE = Site(TIES, HOSTS, SEEN, 30.0, NOW, timezone.utc, {})
BY_NAME = {kind.name: kind for kind in KINDS}
NIGHTLY, WEEKLY = BY_NAME["nightly, ±10 min"], BY_NAME["weekly, ±30 min"]
NONE = measure.Share(0, 3)
EVERY_5_MIN = next(kind for kind in KINDS if kind.name.startswith("TinyTurla"))


def of_all_sorts():
    """Two plants of each kind, others with a remedy, and those that a learned list knows."""
    drawn = [one for kind in KINDS for one in plants(kind, SITE, 3_000, 2)]
    known = [measure.REMEDY["list"](one) for one in plants(NIGHTLY, SITE, 3_000, 4)]
    large = [one.sending(1e9) for one in plants(EVERY_5_MIN, SITE, 3_000, 4)]
    return [*drawn, *map(measure.REMEDY["programs"], drawn[::2]), *known, *large]


def reported(risks):
    return [risk if risk >= ALERT else 0.0 for risk in risks]


def test_the_shortcut_is_what_the_shipped_rules_say():
    drawn = of_all_sorts()
    told = replayed.alone(drawn, SITE)
    assert reported(shortcut.risk(one, SITE) for one in drawn) == told
    assert len({one.tie for one in drawn}) == len(TIES)
    assert sum(one.first_seen is not None for one in drawn) == 2
    assert 10 < sum(map(bool, told)) < len(told) - 10


def test_the_rules_are_those_that_the_app_ships_and_the_limits_its_macros():
    assert set(LONGER) == set(RULES) == set(shortcut.JUDGES)
    assert [limit(name.replace("t1029_", "")) for name in LEAST] == [ALERT] * len(LEAST)
    assert lowered(4) == dict.fromkeys(LEAST, "4")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_plant_runs_while_its_sender_is_on(kind):
    drawn = plants(kind, SITE, 3_000, 6)
    assert drawn == plants(kind, SITE, 3_000, 6) != plants(kind, SITE, 3_001, 6)
    for one in drawn:
        assert all(HOSTS[one.tie.src].is_on(each.epoch) for each in one.contacts)
        assert all(SITE.end - kind.days * DAY <= each.epoch < SITE.end for each in one.contacts)
    assert any(one.contacts for one in drawn)


def test_senders_come_evenly_and_every_second_plant_is_shared():
    drawn = plants(NIGHTLY, SITE, 3_000, 30)
    assert {src: sum(one.tie.src == src for one in drawn) for src in HOSTS} == dict.fromkeys(
        HOSTS, 10
    )
    assert [one.is_shared for one in drawn] == [False, True] * 15


def test_a_plant_shows_what_the_sensor_sees():
    by_tie = {one.tie: one for one in plants(EVERY_5_MIN, SITE, 3_000, 40)}
    for tie, one in by_tie.items():
        assert all((each.bytes_out is not None) == tie.sends for each in one.seen())
        lost = [each.bytes_in is None for each in one.seen()]
        assert any(lost) == (tie.one_sided > 0 or not tie.receives)
        assert all(lost) == (not tie.receives)
    assert len(by_tie) == len(TIES)


def test_days_at_the_end_of_a_week_are_judged_on_its_friday():
    sunday = SITE._replace(now=NOW + 2 * DAY)
    office = next(kind for kind in KINDS if kind.name.startswith("ComRAT"))
    assert all(one.contacts for one in plants(office, sunday, 3_000, 6))


def test_the_amount_that_stays_unseen_is_the_last_one():
    (one,) = plants(NIGHTLY, SITE, 3_000, 1)
    most = measure.unseen(one, SITE)
    assert measure.LEAST < most < measure.MOST
    assert (
        shortcut.risk(one.sending(most), SITE)
        < ALERT
        <= shortcut.risk(one.sending(most * 1.05), SITE)
    )
    assert one.sending(5e6).nightly == pytest.approx(5e6, rel=1e-3)


def test_a_remedy_changes_what_it_says_and_nothing_else():
    drawn = plants(NIGHTLY, SITE, 3_000, 12)
    names, programs, both, known = (
        [change(one) for one in drawn] for change in measure.REMEDY.values()
    )
    assert [one.senders == 1 for one in names] == [
        not (one.tie.named and one.is_shared) for one in drawn
    ]
    assert {one.process for one in programs} == {SCRIPT_HOST}
    assert all(one.bytes_out and one.bytes_in for plant in both for one in plant.seen())
    assert {one.first_seen for one in known if one.is_shared} == {None}
    for changed in (names, programs, both, known):
        assert [one.contacts for one in changed] == [one.contacts for one in drawn]


def test_a_share_has_exact_bounds():
    low, high = measure.share([7.0, 9.0, 6.9, 0.0]).bounds
    assert (round(low, 3), round(high, 3)) == (0.068, 0.932)


def test_a_host_seen_on_working_days_is_off_at_the_weekend():
    moments = [datetime(2026, 1, day, hour) for day in range(5, 16) for hour in (9, 16)]
    office = sites.host([moment for moment in moments if moment.weekday() < 5])
    assert office == Host(frozenset(range(9, 17)), frozenset(range(5)))
    assert sites.host(moments).days == ALWAYS.days


def log_of_a_site(folder):
    """Five senders that browse for two days, one of which is malicious with 198.51.100.9."""
    lines = []
    for number in range(300):
        at = NOW - 2 * DAY + number * 560 + number % 7
        sender, site = number % 5 + 1, number % 3 + 1
        lines.append(_line(at, f"10.0.0.{sender}", f"203.0.113.{site}", 900))
        lines += [_line(at + 5, "10.0.0.1", "198.51.100.9", 90_000)] * (number % 2)
    (folder / "conn.log").write_text("\n".join(lines))
    (folder / "truth.csv").write_text("src,dst,verdict\n10.0.0.1,198.51.100.9,malicious-c2\n")


def _line(at, src, dest, sent):
    names = "ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "orig_bytes"
    row = dict(zip(names, (at, src, 40_000, dest, 443, "tcp", sent)))
    return json.dumps({**row, "resp_bytes": 4_000, "duration": 0.5, "service": "ssl"})


def test_a_site_is_read_and_plants_in_it_are_found_as_the_shortcut_says(tmp_path):
    log_of_a_site(tmp_path)
    site = sites.read(tmp_path)
    assert [(tie.src, tie.dest) for tie in site.ties if tie.senders == 1] == [
        ("10.0.0.1", "198.51.100.9")
    ]
    assert {tie.sees for tie in site.ties} == {"bytes out, bytes in"}
    assert tables.of_site(site).startswith("5 senders, 16 pairs, 1.9 days. What is seen")
    assert not site.risks.keys() & sites.planted(tmp_path)
    found = verified.in_place(tmp_path, site, 1)
    assert found.by_rules == found.by_scorer
    assert not found.apart
    assert len(KINDS) / 2 < found.by_rules.found < found.plants == 2 * len(KINDS)


def test_a_truth_beside_the_logs_tells_what_is_malicious(tmp_path):
    log_of_a_site(tmp_path)
    assert sites.planted(tmp_path) == {("10.0.0.1", "198.51.100.9")}
    assert not sites.planted(tmp_path / "elsewhere")


@pytest.mark.parametrize(("fresh", "code"), [(NIGHTLY, 0), (WEEKLY, 1)])
def test_a_prediction_that_does_not_hold_fails(tmp_path, monkeypatch, capsys, fresh, code):
    monkeypatch.setattr(__main__, "read", lambda *_: SITE)
    monkeypatch.setattr(__main__, "in_place", lambda *_: verified.InPlace(3, NONE, NONE, []))
    monkeypatch.setattr(verified, "plants", lambda *_: plants(fresh, SITE, 1, 6))
    monkeypatch.setattr(
        replayed, "alone", lambda ones, site: [shortcut.risk(one, site) for one in ones]
    )
    options = ["--only", NIGHTLY.name, "--plants", "6", "--further", "6", "--verify", "6"]
    assert __main__.main(["--data", "any", "--out", str(tmp_path), *options]) == code
    shown = " ".join(capsys.readouterr().out.split())
    assert "6 of the fresh plants were judged by the shipped rules too" in shown
    assert "What this site would miss" in (tmp_path / "frontier.md").read_text()
