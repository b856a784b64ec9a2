"""The thefts of bench.clouds are drawn as they say, logged as they are, and ranked fairly."""

import pytest

from bench import clouds
from bench.clouds import ROUTES, SERVICES, SHAPES, Benign, Placed, cases, placed, site
from office.ground_truth import Truth
from office.network import ZSCALER
from office.services import hosting
from office.verdicts import Finding
from replay.readers import read_events
from replay.readers.source import Report

EVERY = cases(7, len(SERVICES) * len(ROUTES) * len(SHAPES))


def drawn(route):
    return next(site(case) for case in EVERY if case.route == route)


def test_no_theft_comes_twice_before_each_came_once():
    assert len({one[2:] for one in EVERY}) == len(EVERY)


def test_a_seed_draws_the_same_thefts_and_sites():
    assert cases(7, 9) == EVERY[:9] != cases(8, 9)
    assert site(EVERY[0]) == site(EVERY[0])


@pytest.mark.parametrize("case", EVERY[:12], ids=lambda case: f"{case.number}-{case.service}")
def test_a_theft_goes_to_changing_addresses_that_others_use_too(case):
    made = site(case)
    own = [flow for flow in made.flows if flow.name == made.name]
    others = {flow.dst for flow in made.flows if flow.name != made.name}
    assert {flow.machine.address for flow in own} == {made.attacker}
    assert {flow.dst for flow in own} <= set(hosting(made.name))
    assert len({flow.dst for flow in own}) > 3
    assert others & set(hosting(made.name))


@pytest.mark.parametrize("route", ROUTES)
def test_the_logs_hold_every_flow_and_tell_its_name(tmp_path, route):
    made = drawn(route)
    inputs = clouds.write_site(tmp_path, made)
    events = read_events(inputs, None, made.zone, Report())
    kinds = {event["sourcetype"] for event in events}
    flows = [one for one in events if one["sourcetype"] in ("zeek:conn", "zscalernss-web")]
    names = {
        event.get(field, "").partition(":")[0]
        for event in events
        for field in ("server_name", "http_host", "hostname")
    }
    assert len(flows) == len(made.flows)
    assert made.name in names
    assert ("zeek:http" in kinds, "zeek:ssl" in kinds, "zscalernss-web" in kinds) == (
        route == "proxy",
        route == "direct",
        ROUTES[route] == ZSCALER,
    )


MADE = drawn("direct")
THEFT = {"src": MADE.attacker, "dest_name": MADE.name, "risk_score": "9.2", "schedule": "daily"}
OTHER = {"src": "10.1.2.99", "dest_ip": "203.0.113.9", "risk_score": "9.0"}
RULE = "T1029 - One Schedule to Changing Destinations - Rule"


@pytest.mark.parametrize(
    ("rows", "rank", "is_first"),
    [
        pytest.param([THEFT, OTHER], 1, True, id="first"),
        pytest.param([OTHER], 0, False, id="not-found"),
        pytest.param([THEFT, {**OTHER, "risk_score": "9.2"}], 2, False, id="a-tie-is-lost"),
        pytest.param([{**THEFT, "risk_score": "8.9"}], 1, False, id="too-little-risk"),
        pytest.param([{**THEFT, "src": "10.1.2.98"}], 0, False, id="another-sender"),
        pytest.param([{**THEFT, "dest_name": "a.example"}], 0, False, id="another-name"),
        pytest.param([{**THEFT, "dest_name": ["a.example", MADE.name]}], 1, True, id="of-several"),
        pytest.param(
            [{**THEFT, "dest_name": None, "dest_domain": MADE.name.partition(".")[2]}],
            *(1, True),
            id="its-domain",
        ),
        pytest.param(
            [THEFT, {"src": "10.1.2.99", "risk_score": "9.9"}], 1, True, id="a-sender-is-no-pair"
        ),
    ],
)
def test_a_theft_is_ranked_among_the_other_pairs(rows, rank, is_first):
    found = placed(EVERY[0], "nightly", MADE, {RULE: rows})
    assert (found.rank, found.is_first) == (rank, is_first)


def test_the_table_says_how_many_are_first():
    one = Placed(EVERY[0], "nightly", MADE.name, 1, 9.2, "rule", "daily", 1, 8.8)
    missed = one._replace(rank=0, risk=0.0)
    table = clouds.table([one, missed])
    assert table.note.startswith("1 of 2 are the first of all findings")
    assert [row[4] for row in table.rows] == ["1", "not found"]


def test_rules_run_after_the_learning_of_every_night():
    class App:
        @staticmethod
        def rules():
            return ["a - Rule"]

    start = 1_767_571_200.0
    chosen = clouds.searches(start, start + 3 * 86400, App)
    assert [name for name, _ in chosen] == [*[clouds.LEARNED] * 2, "a - Rule"]
    assert [time for _, time in chosen] == sorted(time for _, time in chosen)


PLANTED = Truth("a", "b", "443", "nightly", "", RULE)


def finding(score, *truth):
    return Finding(RULE, {"src": "a", "dest_ip": "b", "risk_score": score}, truth)


@pytest.mark.parametrize(
    ("found", "counted"),
    [
        pytest.param(finding("7.0"), True, id="at-the-limit"),
        pytest.param(finding("6.9"), False, id="below"),
        pytest.param(finding("9.9", PLANTED), False, id="planted"),
    ],
)
def test_benign_alerts_are_counted(found, counted):
    assert clouds._is_benign_alert(found) is counted


def test_the_rate_is_for_a_host_and_day():
    assert Benign("office", 3, 60).rate == pytest.approx(0.05)


def test_an_office_without_services_has_no_names():
    flows = [flow._replace(name=name) for flow, name in zip(MADE.flows, ("", "a.example", ""))]
    office = clouds.Office(0.0, 1.0, MADE.zone, flows, [])
    assert [flow.name for flow in clouds.without_services(office).flows] == ["", ""]


def test_a_theft_is_planted_and_all_rules_run(tmp_path, monkeypatch):
    monkeypatch.setattr(clouds, "DAYS", 5)
    code = clouds.main(["--seed", "3", "--thefts", "1", "--out", str(tmp_path)])
    report = (tmp_path / "clouds.md").read_text()
    assert report.startswith("Seed 3.")
    assert (code, "1 of 1 are the first" in report) in ((0, True), (1, False))
