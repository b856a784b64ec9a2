"""Schedules that are found, and traffic without one that is left alone."""

import re
from random import Random

import pytest

from scheduled_transfer import score

from .schedules import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    every,
    first_of_bins,
    memoryless,
    nights,
    person,
    tokens,
)


def merged(*kinds):
    return sorted(epoch for kind in kinds for epoch in kind)


def with_bursts(epochs, size):
    return [epoch + 3 * extra for epoch in epochs for extra in range(size)]


def working(epochs):
    return [e for e in epochs if 9 <= e % DAY / HOUR < 17 and (e // DAY + 3) % 7 < 5]


def without(epochs, seed, share):
    rng = Random(seed)
    return [epoch for epoch in epochs if rng.random() > share]


def summer_time(epochs, change):
    return [epoch - HOUR * (epoch >= change) for epoch in epochs]


NOISE = memoryless(Random(5), 5 * MINUTE, 280)
MARCH_NIGHTS = nights(21, spread=MINUTE)


@pytest.mark.parametrize(
    ("epochs", "schedule"),
    [
        pytest.param(every(600, 40, jitter=0.01), r"every 10 min ±[0-3] %", id="ten-minutes"),
        pytest.param(every(60, 300, jitter=0.15), r"every (1 min|\d+(\.\d)? s) ±", id="jitter"),
        pytest.param(every(60, 900, MONDAY + 7, 0), r"every 60 s ±0 %", id="a-minute"),
        pytest.param(every(8 * HOUR, 42, jitter=0.01), r"every 8 h ±", id="three-times-a-day"),
        pytest.param(without(every(900, 200), 1, 0.25), r"every 15 min ±0 %", id="missed-beats"),
        pytest.param(with_bursts(every(1_800, 60), 5), r"every 30 min ±0 %", id="bursts"),
        pytest.param(
            working(every(20 * MINUTE, 1_000)),
            r"every 20 min ±0 %, weekdays 09 to 17 h",
            id="working-hours",
        ),
        pytest.param(
            [e for e in every(900, 2_688) if (e // DAY + 3) % 7 > 4],
            r"every 15 min ±0 %, Saturdays and Sundays",
            id="weekend-beacon",
        ),
        pytest.param(
            [e for e in every(12 * HOUR, 56, MONDAY + 2 * HOUR) if (e // DAY + 3) % 7 < 5],
            r"every 12 h ±0 %, weekdays",
            id="twice-a-working-day",
        ),
        pytest.param(
            every(12 * HOUR, 20) + every(12 * HOUR, 20, MONDAY + 14 * DAY),
            r"every 12 h ±0 %(?!, daily)",
            id="twice-a-day-with-an-outage",
        ),
        pytest.param(
            [e for e in every(300, 288) if not 36_000 < e % DAY < 50_000],
            r"every 5 min ±0 %",
            id="interrupted",
        ),
        pytest.param(
            merged(every(600, 200), every(600, 200, MONDAY + 240)),
            r"every 10 min ±0 %, 2 times",
            id="two-in-one-another",
        ),
        pytest.param(merged(every(300, 280), NOISE), r"every 5 min ±0 %.*", id="under-noise"),
        pytest.param(
            merged(every(600, 140), every(840, 100, MONDAY + 91)),
            r"every 10 min ±0 %, amid other contacts",
            id="two-implants-of-periods-that-share-a-divisor",
        ),
        pytest.param(nights(5, spread=3 * MINUTE), r"daily 02:1\d ±[1-3] min", id="five-nights"),
        pytest.param(
            nights(28, spread=MINUTE, keep=lambda day: day % 7 < 5),
            r"weekdays 02:1[45] ±1 min",
            id="weekdays",
        ),
        pytest.param(
            nights(70, keep=lambda day: day % 7 == 6), r"Sundays 02:15 ±0 min", id="weekly"
        ),
        pytest.param(
            nights(28, spread=MINUTE, keep=lambda day: day % 7 in (0, 2, 4)),
            r"Mondays, Wednesdays and Fridays 02:1[45] ±1 min",
            id="three-days-a-week",
        ),
        pytest.param(
            nights(21, keep=lambda day: day % 7 in (0, 2, 4)),
            r"Mondays, Wednesdays and Fridays 02:15 ±0 min",
            id="three-days-a-week-to-the-second",
        ),
        pytest.param(
            nights(28, spread=20 * MINUTE, keep=lambda day: day % 2),
            r"every 2 d ±1 %",
            id="odd-nights-scattered",
        ),
        pytest.param(
            nights(28, keep=lambda day: day % 7 > 4),
            r"Saturdays and Sundays 02:15 ±0 min",
            id="weekends",
        ),
        pytest.param(
            nights(28, at=30, spread=50, keep=lambda day: day % 7 != 6),
            r"Mondays to Saturdays 00:0[01] ±1 min",
            id="six-days-a-week-about-midnight",
        ),
        pytest.param(
            [MONDAY + day * DAY + day % 3 * HOUR + 14 * MINUTE for day in range(30)],
            r"daily 01:14 ±60 min",
            id="three-hours-in-turn",
        ),
        pytest.param(nights(10, keep=lambda day: day % 2), r"every 2 d ±0 %", id="odd-nights"),
        pytest.param(nights(5, spread=9 * MINUTE), r"daily 02:\d\d ±\d min", id="five-late-nights"),
        pytest.param(
            nights(14, spread=29 * MINUTE), r"daily 02:\d\d ±2\d min", id="an-hour-of-random-delay"
        ),
        pytest.param(
            nights(30, spread=HOUR, seed=3),
            r"daily 02:1\d ±59 min",
            id="two-hours-of-random-delay",
        ),
        pytest.param(
            summer_time(MARCH_NIGHTS, MONDAY + 12 * DAY),
            r"daily 01:1[45] ±1 min",
            id="clock-change",
        ),
        pytest.param(
            merged(nights(14), memoryless(Random(2), 9 * HOUR, 35)),
            r"daily 02:1[3-7] ±\d min",
            id="nightly-under-noise",
        ),
        pytest.param(
            [e + minute * 60 for e in nights(10) for minute in range(25)],
            r"(daily 02:15|every 60 s) .*",
            id="nightly-in-pieces",
        ),
    ],
)
def test_found(epochs, schedule):
    assert re.fullmatch(schedule + ".*", score(tokens(epochs)).schedule)


@pytest.mark.parametrize(
    "epochs",
    [
        pytest.param(memoryless(Random(1), 600, 500), id="memoryless"),
        pytest.param(person(Random(1)), id="person"),
        pytest.param([e // 60 * 60 for e in person(Random(2))], id="stamped-to-the-minute"),
        pytest.param(
            sorted({e // HOUR * HOUR for e in memoryless(Random(3), 600, 2_000)}),
            id="stamped-to-the-hour",
        ),
        pytest.param(first_of_bins(memoryless(Random(4), 60, 9_000), HOUR), id="first-of-hours"),
        pytest.param(
            [e + again * 7 for e in person(Random(6))[::9] for again in range(4)], id="retries"
        ),
        pytest.param([MONDAY + second for second in range(0, 100, 5)], id="over-in-two-minutes"),
        pytest.param([MONDAY + at for at in (0, 600, 1_643, 2_242, 2_942)], id="as-chance-does"),
    ],
)
def test_left_alone(epochs):
    assert score(tokens(epochs)).schedule == "no schedule found"


@pytest.mark.parametrize(
    "told", [pytest.param({}, id="untold"), pytest.param({"bin_seconds": "1"}, id="seconds")]
)
@pytest.mark.parametrize("minutes", [pytest.param(n, id=f"{n}-min") for n in (5, 10, 15, 20, 30)])
def test_a_job_on_the_stroke_of_the_clock_is_no_matter_of_bins(minutes, told):
    verdict = score(tokens(range(MONDAY, MONDAY + DAY, minutes * MINUTE)), None, told)
    assert verdict.schedule == f"every {minutes} min ±0 %"
    assert verdict.regularity > 0.9


@pytest.mark.parametrize("hours", [pytest.param(n, id=f"{n}-h") for n in (2, 6, 24)])
def test_told_bins_are_the_only_reason_for_stamps_on_the_hour(hours):
    epochs = tokens(range(MONDAY, MONDAY + 14 * DAY, hours * HOUR))
    told, untold = score(epochs, None, {"bin_seconds": "60"}), score(epochs)
    assert told.schedule == untold.schedule
    assert told.log10_p < 2 * untold.log10_p


@pytest.mark.parametrize(
    ("period", "schedule"),
    [
        pytest.param(MINUTE, "every 60 s", id="minutely"),
        pytest.param(5 * MINUTE, "every 5 min", id="five-minutes"),
        pytest.param(20 * MINUTE, "every 20 min", id="twenty-minutes"),
        pytest.param(HOUR, "every 60 min", id="hourly"),
    ],
)
def test_what_a_crontab_starts_is_no_artefact_of_bins(period, schedule):
    rng = Random(period)
    started = [MONDAY + beat * period + rng.randint(0, 2) for beat in range(30)]
    assert score(tokens(started)).schedule.startswith(schedule)


@pytest.mark.parametrize("period", [pytest.param(m * MINUTE, id=f"{m}-min") for m in (2, 5, 10)])
def test_stamps_of_whole_minutes_hide_no_crontab(period):
    assert score(tokens(every(period, 40, MONDAY))).regularity > 0.9


@pytest.mark.parametrize("size", [pytest.param(s, id=f"{s}-s") for s in (60, 600, HOUR)])
def test_busy_traffic_in_bins_of_unknown_width_is_left_alone(size):
    assert score(tokens(first_of_bins(memoryless(Random(4), 10, 9_000), size))).log10_p > -2


@pytest.mark.parametrize("nights_kept", [pytest.param(n, id=f"{n}-nights") for n in (7, 10)])
def test_a_nightly_job_on_the_full_hour_is_found_in_bins_of_an_hour(nights_kept):
    epochs = tokens(range(MONDAY + 2 * HOUR, MONDAY + nights_kept * DAY, DAY))
    found = score(epochs, None, {"bin_seconds": "3600"})
    assert found.schedule == "daily 02:00 ±0 min"
    assert found.regularity > 0.9


def test_beats_that_a_fortnightly_schedule_misses_are_counted():
    kept = [MONDAY + fortnight * 14 * DAY for fortnight in range(12) if fortnight != 5]
    found = score(tokens(kept))
    assert (found.beats, found.expected_beats) == (11, 12)


def test_local_time_follows_the_offset():
    assert score(tokens(nights(10)), None, {"utc_offset": "+0200"}).schedule.startswith("daily 04")


@pytest.mark.parametrize("before", [pytest.param(n, id=f"{n}-nights-before") for n in (7, 14)])
@pytest.mark.parametrize(
    ("step", "offset"),
    [pytest.param(-HOUR, "+0200", id="spring"), pytest.param(HOUR, "+0100", id="autumn")],
)
def test_a_change_of_the_clock_leaves_the_time_of_day_that_holds_now(before, step, offset):
    newest = 2 * HOUR + 14 * MINUTE - (2 * HOUR if offset == "+0200" else HOUR)
    starts = [
        epoch - step * (day < before) for day, epoch in enumerate(nights(21, newest, spread=20))
    ]
    found = score(tokens(starts), None, {"utc_offset": offset})
    assert re.fullmatch(r"daily 02:1[34] ±0 min", found.schedule)
    assert found.beats == 21


BEACON = every(10 * MINUTE, 2_016, MONDAY + 37, jitter=0.05)


def in_bins(epochs, size):
    return score(tokens(first_of_bins(sorted(epochs), size)), None, {"bin_seconds": str(size)})


@pytest.mark.parametrize(
    ("epochs", "size", "schedule"),
    [
        pytest.param(BEACON, HOUR, "at least every 60 min", id="shorter-than-a-bin"),
        pytest.param(every(90 * MINUTE, 90), HOUR, "at least every 1.5 h", id="hardly-longer"),
        pytest.param(every(2 * HOUR, 90), HOUR, "every 2 h ±0 %", id="two-bins"),
        pytest.param(BEACON, 30, "every 10 min ±10 %", id="many-bins"),
        pytest.param(
            working(every(10 * MINUTE, 2_016, MONDAY + 1)),
            HOUR,
            "weekdays 09:00 ±0 min",
            id="working-hours",
        ),
        pytest.param(
            [e + minute * 60 for e in nights(10) for minute in range(0, 200, 10)],
            HOUR,
            "daily 02:15 ±0 min",
            id="nightly-for-hours",
        ),
        pytest.param(person(Random(1)), HOUR, "no schedule found", id="person"),
        pytest.param(memoryless(Random(4), 60, 9_000), HOUR, "no schedule found", id="memoryless"),
    ],
)
def test_bins_of_known_width_make_no_schedule(epochs, size, schedule):
    assert in_bins(epochs, size).schedule == schedule


def test_what_bins_hide_is_never_called_rare():
    assert in_bins(BEACON, HOUR).log10_p > -2


def test_window_tells_how_many_beats_to_expect():
    window = {"window_start": str(MONDAY), "window_end": str(MONDAY + 2 * DAY)}
    assert score(tokens(every(600, 144)), None, window).expected_beats == 289


def test_only_the_days_of_the_week_that_are_kept_are_expected():
    verdict = score(tokens(nights(28, keep=lambda day: day % 7 in (1, 3))))
    assert (verdict.beats, verdict.expected_beats) == (8, 8)


def test_a_week_is_too_short_to_name_its_days():
    starts = nights(9, keep=lambda day: day not in (2, 5))
    assert score(tokens(starts)).schedule.startswith("daily")


def test_missed_beats_are_counted():
    verdict = score(tokens(every(600, 50)[:20] + every(600, 50)[22:]))
    assert (verdict.beats, verdict.expected_beats) == (48, 50)


HOURS, SECONDS = {"bin_seconds": "3600"}, {"bin_seconds": "1"}


def once_in(cell, count, kept=lambda _: True, seed=1):
    """One contact at any time in each cell (seconds) from the second on."""
    rng = Random(seed)
    begins = (MONDAY + (number + 1) * cell for number in range(count))
    return [begin + rng.random() * cell for begin in begins if kept(begin)]


def is_working(epoch):
    return (epoch // DAY + 3) % 7 < 5


def sleeping(period, jitter, count, seed=1):
    rng, epochs = Random(seed), [MONDAY]
    for _ in range(count):
        epochs.append(epochs[-1] + period * (1 - jitter * rng.random()))
    return epochs


@pytest.mark.parametrize(
    ("epochs", "told", "schedule", "period"),
    [
        pytest.param(once_in(DAY, 45), HOURS, "once a day, at varying times", DAY, id="daily"),
        pytest.param(
            merged(once_in(DAY, 60, seed=4), once_in(DAY, 60, seed=5)),
            SECONDS,
            "twice a day, at varying times",
            DAY,
            id="twice-a-day",
        ),
        pytest.param(
            once_in(DAY, 63, is_working),
            HOURS,
            "weekdays once a day, at varying times",
            DAY,
            id="working-days",
        ),
        pytest.param(
            nights(60, at=3 * HOUR, spread=2 * HOUR),
            HOURS,
            "once a day, between 01:0[0-9] and 04:[45][0-9]",
            DAY,
            id="four-hours-of-the-night",
        ),
        pytest.param(
            nights(14 * 7, spread=5 * MINUTE, keep=lambda day: day % 14 == 6),
            HOURS,
            r"every 14 d(, Sundays 02:1\d ±[1-5] min| ±0 %)",
            14 * DAY,
            id="fortnightly",
        ),
        pytest.param(
            nights(28, spread=2 * MINUTE, keep=lambda day: day % 7 == 6),
            HOURS,
            r"Sundays 02:1\d ±[12] min",
            7 * DAY,
            id="four-sundays",
        ),
        pytest.param(
            nights(20 * 7, at=4 * HOUR, spread=3 * HOUR, keep=lambda day: day % 7 == 6),
            HOURS,
            r"Sundays, between \d\d:\d\d and \d\d:\d\d",
            7 * DAY,
            id="sundays-within-six-hours",
        ),
        pytest.param(
            once_in(HOUR, 72), SECONDS, "once an hour, at varying minutes", HOUR, id="hourly"
        ),
        pytest.param(
            once_in(6 * HOUR, 90), HOURS, "once in 6 h, at varying times", 6 * HOUR, id="six-hours"
        ),
    ],
)
def test_a_transfer_at_a_time_drawn_anew_is_found(epochs, told, schedule, period):
    verdict = score(tokens(epochs), None, told)
    assert re.fullmatch(schedule, verdict.schedule)
    assert verdict.period == pytest.approx(period, rel=0.001)
    assert 0.9 * len(epochs) <= verdict.beats <= verdict.expected_beats <= len(epochs) + 2


def test_times_within_a_day_are_its_jitter():
    verdict = score(tokens(nights(60, at=3 * HOUR, spread=2 * HOUR)), None, HOURS)
    assert verdict.jitter == pytest.approx(2 / 24, abs=0.005)


@pytest.mark.parametrize("jitter", [pytest.param(j, id=f"{j:.0%}") for j in (0.6, 0.8, 0.9)])
def test_a_sleep_that_is_cut_by_most_of_it_is_found(jitter):
    verdict = score(tokens(sleeping(1_200, jitter, 400)), None, SECONDS)
    assert re.match(r"every \d\d min ±", verdict.schedule)
    assert verdict.regularity > 0.5
    assert verdict.period == pytest.approx(1_200 * (1 - jitter / 2), rel=0.05)


def test_a_period_that_no_clock_divides_is_found_under_noise():
    timed = merged(every(1_013, 300, jitter=0.01), memoryless(Random(8), 1_000, 300))
    assert re.match("every 16.9 min", score(tokens(timed), None, SECONDS).schedule)


def test_a_visit_on_most_days_is_no_schedule():
    rng = Random(3)
    visits = [
        MONDAY + day * DAY + rng.gauss(13, 2.5) * HOUR for day in range(45) if rng.random() < 0.8
    ]
    assert score(tokens(visits), None, HOURS).log10_p > -2


@pytest.mark.parametrize("size", [pytest.param(s, id=f"{s}-s") for s in (60, HOUR)])
def test_one_contact_a_bin_is_not_once_in_each(size):
    busy = first_of_bins(memoryless(Random(4), 600, 3_000), size)
    for told in ({}, {"bin_seconds": str(size)}):
        assert "once" not in score(tokens(busy), None, told).schedule


NULLS = {
    "memoryless": lambda rng: memoryless(rng, 10 ** rng.uniform(2, 4.5), rng.randint(4, 200)),
    "person": person,
    "first-of-hours": lambda rng: first_of_bins(memoryless(rng, 400, 1_500), HOUR),
}


@pytest.mark.parametrize("kind", [pytest.param(kind, id=name) for name, kind in NULLS.items()])
def test_chance_is_called_rare_no_more_often_than_it_is(kind):
    rng = Random(11)
    verdicts = [score(tokens(kind(rng))) for _ in range(400)]
    assert sum(one.log10_p is not None and one.log10_p < -2 for one in verdicts) <= 8


@pytest.mark.parametrize("seed", range(20))
def test_scattered_weekday_nights_are_found_across_a_change_of_the_clock(seed):
    rng = Random(seed)
    kept = [
        MONDAY + (7 * week + day) * DAY + (21.6 + week) * HOUR + rng.uniform(-240, 240)
        for week in range(2)
        for day in range(5)
    ]
    verdict = score(tokens(kept), None, {"utc_offset": "+0100"})
    assert re.match(r"weekdays 23:3\d", verdict.schedule)


def test_a_few_mondays_on_either_side_of_a_change_of_the_clock_are_found():
    mondays = [MONDAY + 7 * DAY * week + (3 + (week < 2)) * HOUR - 5 * MINUTE for week in range(4)]
    other_days = [MONDAY + 3.4 * DAY, MONDAY + 19.8 * DAY, MONDAY + 23.9 * DAY]
    assert score(tokens(sorted(mondays + other_days))).schedule == "Mondays 02:55 ±0 min"


def test_a_beat_of_short_bursts_keeps_its_jitter():
    starts = [0, 600, 1_230, 1_845, 2_460, 3_090, 3_675, 4_305, 4_935, 5_535]
    repeated = [starts[at] + 5 for at in (1, 3, 4, 5, 6, 8)]
    verdict = score(tokens(MONDAY + second for second in merged(starts, repeated)))
    assert (verdict.schedule, verdict.beats) == ("every 10.3 min ±3 %", 9)


def test_a_bin_left_out_every_night_is_an_interval_of_a_day():
    awake = [MONDAY + 600 * at + at % 7 for at in range(576) if at % 144 != 18]
    assert in_bins(awake, 600).schedule == "every 24 h ±0 %"


@pytest.mark.parametrize("cycle", [4, 5, 12])
def test_a_long_row_is_not_judged_in_step_with_its_own_cycle(cycle):
    rng = Random(cycle)
    late = [rng.randrange(80, 160) if at % cycle == 0 else 60 for at in range(200 * cycle + 50)]
    epochs = [MONDAY + sum(late[:at]) for at in range(len(late))]
    assert score(tokens(epochs)).schedule == "every 60 s ±0 %"


def test_a_long_row_has_the_jitter_of_a_short_one():
    long = score(tokens(every(600, 1_000, jitter=0.1)))
    assert long.beats == 1_000
    assert long.regularity > 0.9
    assert 0.15 < long.jitter <= 0.2
