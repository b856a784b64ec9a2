"""Schedules to score: epochs in seconds, drawn with a seed."""

from random import Random

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
MONDAY = 1_767_571_200  # 5 January 2026, 00:00 UTC


def tokens(epochs, counts=""):
    return " ".join(f"{int(epoch)}{counts}" for epoch in epochs)


def every(period, times, start=MONDAY + 37, jitter=0.0, seed=1):
    rng = Random(seed)
    return [start + period * (beat + rng.uniform(-jitter, jitter)) for beat in range(times)]


def nights(days, at=2.25 * HOUR, spread=0.0, keep=lambda day: True, seed=1):
    rng = Random(seed)
    return [
        MONDAY + day * DAY + at + rng.uniform(-spread, spread) for day in range(days) if keep(day)
    ]


def memoryless(rng, mean, times, start=MONDAY):
    epochs, epoch = [], start
    for _ in range(times):
        epoch += rng.expovariate(1 / mean)
        epochs.append(epoch)
    return epochs


def person(rng, days=14):
    """Sessions at a person's hours, with pauses between clicks."""
    epochs = []
    for day in range(days):
        for _ in range(rng.randint(0, 4)):
            epoch = MONDAY + day * DAY + rng.gauss(13, 3) * HOUR
            for _ in range(rng.randint(1, 15)):
                epochs.append(epoch)
                epoch += rng.lognormvariate(3, 1.2)
    return sorted(epochs)


def first_of_bins(epochs, size):
    firsts = {}
    for epoch in epochs:
        firsts.setdefault(epoch // size, epoch)
    return sorted(firsts.values())
