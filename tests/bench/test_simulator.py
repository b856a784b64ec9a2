import pytest

from bench import simulator
from bench.pairs import DAY
from bench.simulator import DEVELOPMENT_SEED, FINAL_SEED
from office.malware import MALWARE

DRAWN = simulator.simulate(DEVELOPMENT_SEED, 1)


def test_at_least_22_malicious_schedules():
    assert len({case.scenario for case in DRAWN.malicious}) >= 22


def test_same_seed_draws_the_same_pair():
    assert simulator.case(MALWARE[0], "malicious", 5) == simulator.case(MALWARE[0], "malicious", 5)


def test_another_seed_draws_another_pair():
    first, second = (simulator.case(MALWARE[0], "malicious", seed).pair for seed in (5, 6))
    assert first.connections != second.connections


def test_development_never_reaches_the_final_seeds():
    assert FINAL_SEED - DEVELOPMENT_SEED > 100_000


@pytest.mark.parametrize("kind", ["malicious", "people", "random", "automation"])
def test_connections_lie_within_the_recording(kind):
    cases = getattr(DRAWN, kind)
    assert all(
        case.pair.start <= epoch < case.pair.end for case in cases for epoch in case.pair.epochs
    )


def test_people_outnumber_the_malicious():
    assert len(DRAWN.people) > len(DRAWN.malicious)


def test_some_people_work_at_night():
    assert any("night" in case.scenario for case in DRAWN.people)


def test_context_is_complete():
    names = set(DRAWN.malicious[0].pair.context)
    assert {"senders", "population", "first_seen", "dest_port", "app"} <= names


def test_weekly_schedule_has_more_than_two_transfers():
    weekly = next(case for case in DRAWN.malicious if case.scenario == "weekly")
    assert len(weekly.pair.connections) == 6


def test_some_people_get_as_many_weeks_as_the_weekly_schedule():
    spans = {(case.pair.end - case.pair.start) / DAY for case in DRAWN.people}
    assert spans == {14, 42}
