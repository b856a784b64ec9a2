"""Services of one host and beacons: drawn as they say, aged as the rules do, judged by the band."""

import pytest

from bench import newinstall
from bench.evasive import DEVELOPMENT_SEED
from bench.newinstall import BEACONS, HOUR, LEARNING, NOW, OLD, SERVICES, SEVERE, drawn, first_seen
from bench.pairs import DAY
from replay import run
from replay.app import APP
from replay.conf import read_conf

SEEDS = range(DEVELOPMENT_SEED, DEVELOPMENT_SEED + 2)
EACH = [pytest.param(one, id=one.name) for one in (*SERVICES, *BEACONS)]


def test_the_days_are_those_of_the_app():
    macros = read_conf(APP, "macros")
    days = (macros[f"t1029_{name}_days"]["definition"] for name in ("learning", "old"))
    assert tuple(map(int, days)) == (LEARNING, OLD)


@pytest.mark.parametrize("service", EACH)
def test_a_service_is_drawn_as_it_says(service):
    row = drawn(service, 1, 400)
    assert row.pair.connections == drawn(service, 1, 400).pair.connections
    sent = [one.bytes_out for one in row.pair.connections]
    assert service.sent[0] * 0.79 <= min(sent) <= max(sent) <= service.sent[1] * 1.25
    gap = (row.pair.epochs[-1] - row.pair.epochs[0]) / (len(sent) - 1)
    assert service.period[0] * 0.9 <= gap <= service.period[1] * 1.5
    assert row.bin == (HOUR if service.period[0] > 4 * HOUR else 1)


@pytest.mark.parametrize("reach", [1, 35, 60, 100])
@pytest.mark.parametrize("age", [1, 29, 31, 59, 61, 99, 400])
def test_an_age_is_known_as_the_rules_know_it(tmp_path, reach, age):
    """As T1029 - Destinations - Learn writes the past, and t1029_prevalence reads it."""
    listing = NOW - reach * DAY
    path = tmp_path / "known.csv"
    known = max(NOW - age * DAY, listing)
    path.write_text(f"dest,senders,first_seen\n*,9,{listing}\n203.0.113.9,1,{known}\n")
    spl = '| makeresults | eval dest="203.0.113.9" | `t1029_prevalence`'
    (row,) = run(spl=[spl], now=NOW, lookups={"t1029_destinations": path}).results[0].rows
    told = row.get("first_seen")
    assert (told and float(told)) == first_seen(NOW - age * DAY, NOW, reach)


@pytest.mark.parametrize("reach", [35, 100])
def test_services_are_seldom_severe_and_beacons_are(reach):
    services = newinstall.severities(newinstall.legitimate(SEEDS), reach)
    beacons = newinstall.severities(newinstall.beacons(SEEDS), reach)
    assert len(SERVICES) >= 40
    assert sum(one in SEVERE for one in services) <= len(services) / 8
    assert sum(one in SEVERE for one in beacons) >= len(beacons) / 2


def test_a_new_install_that_knows_no_age_is_quiet():
    found = newinstall.severities(newinstall.legitimate(SEEDS), 0)
    assert "critical" not in found
    assert found.count("medium") > len(found) / 2
