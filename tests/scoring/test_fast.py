"""Short cuts change no verdict."""

from random import Random

import pytest

from bench import fuzzed
from scheduled_transfer import fast, score
from scheduled_transfer.detectors import densest, once, time_of_day

DAY = 86_400


def night(seed):
    """A row near the limits of what can be told: few nights or parts of a day, amid noise."""
    rng = Random(f"night {seed}")
    days, part = rng.choice((2, 3, 4, 5, 6, 9)), rng.choice((1_800, 3_600, 7_200, 21_600))
    spread = rng.choice((30, 60, 300, 900))
    nights = [DAY * (400 + day) + 8_000 + rng.uniform(-spread, spread) for day in range(days)]
    parts = [DAY * 400 + part * (n + rng.random()) for n in range(min(40, days * DAY // part))]
    noise = [DAY * (400 + rng.uniform(0, days)) for _ in range(rng.choice((0, 2, 5, 12, 20)))]
    epochs = {int(epoch) for epoch in rng.choice((nights, parts, [])) + noise}
    return [" ".join(map(str, epochs)), {"bin_seconds": rng.choice(("", "60", "600"))}]


def verdicts(first):
    rows = [draw(seed) for seed in range(first, first + 100) for draw in (fuzzed.row, night)]
    return [score(text, None, fields) for text, fields in rows]


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_rows_are_judged_the_same_without_short_cuts(first, monkeypatch):
    quick = verdicts(first)
    every_slot = [(width, time_of_day.MIN_DAYS - 2) for width in time_of_day.SLOTS]
    monkeypatch.setattr(fast, "columns", lambda text: None)
    monkeypatch.setattr(once, "_too_many_empty", lambda *facts: False)
    monkeypatch.setattr(densest, "_none_is_narrow", lambda *facts: False)
    monkeypatch.setattr(time_of_day, "_asked", lambda *facts: every_slot)
    assert verdicts(first) == quick


def test_the_short_cut_is_taken():
    assert fast.columns("1767233650:150:20 1767320050:170") is not None
