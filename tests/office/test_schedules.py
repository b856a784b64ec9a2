"""Schedules have the specified counts, spread, hours and days, and depend only on the seed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import schedules
from office.benign import AUTOMATION, BENIGN
from office.malware import MALWARE
from office.schedules import DAY, HOUR, MINUTE, WEEKDAYS
from office.traffic_profiles import draw

BERLIN = ZoneInfo("Europe/Berlin")
# Monday, 5 January 2026, midnight in UTC: no change of clocks within the next weeks.
MONDAY = datetime(2026, 1, 5, tzinfo=timezone.utc).timestamp()
FORTNIGHT = (MONDAY, MONDAY + 14 * DAY)


def gaps(times):
    return [later - earlier for earlier, later in zip(times, times[1:])]


def local(time, zone=timezone.utc):
    return datetime.fromtimestamp(time, zone)


# A busy machine must not fail a test that measures no time.
@settings(deadline=None)
@given(
    period=st.floats(60, DAY),
    jitter=st.floats(0, 0.5),
    missed=st.floats(0, 0.9),
    drift=st.floats(-0.01, 0.01),
    seed=st.integers(),
)
def test_every_stays_sorted_and_inside_its_span(period, jitter, missed, drift, seed):
    times = schedules.every(Random(seed), *FORTNIGHT, period, jitter, missed, drift)
    assert times == sorted(time for time in times if FORTNIGHT[0] <= time < FORTNIGHT[1])


@pytest.mark.parametrize(
    ("jitter", "widest"),
    [
        pytest.param(0, 0, id="a-clock"),
        pytest.param(0.05, 0.1, id="five-percent-moves-a-gap-by-ten-at-most"),
        pytest.param(0.3, 0.6, id="a-third"),
    ],
)
def test_every_moves_a_gap_by_twice_its_jitter_at_most(jitter, widest):
    moved = gaps(schedules.every(Random(1), *FORTNIGHT, HOUR, jitter))
    assert max(abs(gap - HOUR) for gap in moved) <= widest * HOUR + 1e-3


def test_every_has_one_time_in_each_period():
    assert len(schedules.every(Random(1), *FORTNIGHT, HOUR)) == 14 * 24


def test_every_drops_the_missed_share():
    times = schedules.every(Random(1), *FORTNIGHT, MINUTE, missed=0.25)
    assert len(times) / (14 * 1440) == pytest.approx(0.75, abs=0.02)


def test_drift_stretches_every_gap():
    assert gaps(schedules.every(Random(1), *FORTNIGHT, HOUR, drift=0.01))[5] == pytest.approx(3636)


def test_sleep_only_shortens():
    slept = gaps(schedules.sleep(Random(1), *FORTNIGHT, MINUTE, 0.37))
    assert 0.63 * MINUTE <= min(slept) < max(slept) <= MINUTE


def test_sleep_has_no_grid():
    times = schedules.sleep(Random(1), *FORTNIGHT, MINUTE, 0.37)
    phases = [int(time % MINUTE) for time in times]
    assert min(phases.count(second) for second in range(60)) > len(times) / 120


def test_poisson_has_the_mean_gap():
    assert len(schedules.poisson(Random(1), *FORTNIGHT, MINUTE)) == pytest.approx(20160, rel=0.05)


def test_daily_keeps_its_quarter_hour():
    times = schedules.daily(Random(1), *FORTNIGHT, 2, 14, spread=120)
    assert all(
        abs(local(time).hour * HOUR + local(time).minute * 60 + local(time).second - 8040) <= 121
        for time in times
    )


def test_daily_runs_once_a_day():
    days = [local(time).date() for time in schedules.daily(Random(1), *FORTNIGHT, 2, 14, 120)]
    assert len(days) == len(set(days)) == 14


def test_daily_just_before_the_span_is_left_out():
    assert len(schedules.daily(Random(1), MONDAY + HOUR, MONDAY + DAY, 0, 30)) == 0


def test_daily_on_weekdays_rests_at_the_weekend():
    times = schedules.daily(Random(1), *FORTNIGHT, 23, 35, 240, WEEKDAYS)
    assert sorted({local(time).weekday() for time in times}) == [0, 1, 2, 3, 4]


def test_local_nightly_run_steps_by_an_hour_when_the_clocks_change():
    start = datetime(2026, 10, 23, tzinfo=BERLIN).timestamp()
    times = schedules.daily(Random(1), start, start + 4 * DAY, 4, 0, zone=BERLIN)
    assert [gap / HOUR for gap in gaps(times)] == [24, 25, 24]


def test_working_hours_are_nine_to_five_on_weekdays():
    times = schedules.working_hours(Random(1), *FORTNIGHT, 10 * MINUTE)
    kept = {(local(time).weekday(), local(time).hour) for time in times}
    assert kept == {(day, hour) for day in range(5) for hour in range(9, 17)}


def test_within_spans_midnight_and_belongs_to_the_evening():
    times = schedules.every(Random(1), *FORTNIGHT, 10 * MINUTE)
    kept = schedules.within(times, (22, 6), {4})
    assert {(local(time).weekday(), local(time).hour) for time in kept} == {
        *((4, hour) for hour in (22, 23)),
        *((5, hour) for hour in range(6)),
    }


def test_interrupted_keeps_the_active_share():
    times = schedules.every(Random(1), *FORTNIGHT, MINUTE)
    kept = schedules.interrupted(Random(2), times, 2 * HOUR, HOUR)
    assert len(kept) / len(times) == pytest.approx(2 / 3, abs=0.07)


def test_interrupted_falls_silent_for_long():
    times = schedules.every(Random(1), *FORTNIGHT, MINUTE)
    assert max(gaps(schedules.interrupted(Random(2), times, 2 * HOUR, HOUR))) > 0.7 * HOUR


def test_laptop_sleeps_at_night_and_weekends():
    times = schedules.laptop(Random(1), schedules.every(Random(1), *FORTNIGHT, MINUTE))
    assert {local(time).weekday() for time in times} == set(range(5))
    assert min(local(time).hour for time in times) >= 6


def test_laptop_that_never_closes_would_be_longer():
    times = schedules.every(Random(1), *FORTNIGHT, MINUTE)
    assert 0.15 < len(schedules.laptop(Random(1), times)) / len(times) < 0.35


def test_bursts_have_the_specified_number():
    assert len(schedules.bursts(Random(1), [0.0, 9000.0], (4, 4), (1, 2))) == 8


def test_merge_is_sorted():
    assert schedules.merge([1.0, 5.0], [2.0]) == [1.0, 2.0, 5.0]


def test_browsing_dips_at_lunch_and_stops_at_night():
    times = schedules.browsing(Random(1), MONDAY, MONDAY + 140 * DAY, 8, 10)
    hours = [local(time).hour for time in times]
    assert hours.count(3) < hours.count(12) < 0.7 * hours.count(10)


def test_browsing_is_rare_at_weekends():
    times = schedules.browsing(Random(1), MONDAY, MONDAY + 140 * DAY, 8, 10)
    weekend = sum(local(time).weekday() > 4 for time in times)
    assert 0 < weekend < 0.05 * len(times)


def test_night_shift_is_awake_at_night():
    times = schedules.browsing(Random(1), *FORTNIGHT, 8, 10, shift=12)
    assert sum(local(time).hour in (21, 22, 23, 0, 1, 2, 3, 4) for time in times) > len(times) / 2


@pytest.mark.parametrize("profile", [*MALWARE, *BENIGN], ids=lambda profile: profile.name)
class TestHabit:
    def test_is_the_same_for_the_same_seed(self, profile):
        once = profile.times(Random(7), *FORTNIGHT, BERLIN)
        assert once == profile.times(Random(7), *FORTNIGHT, BERLIN)

    def test_differs_for_another_seed(self, profile):
        once = profile.times(Random(7), *FORTNIGHT, BERLIN)
        assert once != profile.times(Random(8), *FORTNIGHT, BERLIN)

    def test_is_sorted_and_not_empty(self, profile):
        times = profile.times(Random(7), *FORTNIGHT, BERLIN)
        assert times == sorted(times) != []

    def test_sizes_stay_within_their_bounds(self, profile):
        rng = Random(7)
        sizes = [draw(rng, profile.bytes_out) for _ in range(100)]
        assert profile.bytes_out[0] <= min(sizes) <= max(sizes) <= profile.bytes_out[1]


@pytest.mark.parametrize("profile", [*MALWARE, *AUTOMATION], ids=lambda profile: profile.name)
def test_dense_means_hourly_around_the_clock(profile):
    times = profile.times(Random(7), *FORTNIGHT, BERLIN)
    hours = {int((time - MONDAY) // HOUR) for time in times}
    assert (len(hours) > 0.95 * 14 * 24) is profile.dense


def test_at_least_22_malicious_schedules():
    assert len({profile.name for profile in MALWARE}) == len(MALWARE) >= 22


def test_every_documented_tool_of_t1029_is_there():
    named = {profile.actor for profile in MALWARE}
    assert named >= {
        *("Higaisa", "ADVSTORESHELL", "Machete", "ShadowPad", "ComRAT", "Dipsind", "LightNeuron"),
        *("Ninja", "Cobalt Strike", "Kazuar", "TinyTurla", "jRAT", "Linfo", "Flagpro"),
        *("POWERSTATS", "Chrommme", "Shark", "ShimRat"),
    }


def test_only_malware_has_an_attack_id():
    assert all(profile.attack_id for profile in MALWARE)
    assert not any(profile.attack_id for profile in BENIGN)


def test_benign_automation_holds_the_same_shapes_as_malware():
    nightly = next(profile for profile in AUTOMATION if profile.name == "nightly-backup")
    times = nightly.times(Random(1), *FORTNIGHT, timezone.utc)
    assert max(gaps(times)) >= timedelta(days=1).total_seconds() - 180
