"""Rows that nobody would plan: odd tokens and fields, schedules cut up, merged and stamped anew."""

from __future__ import annotations

from random import Random

from .simulator import FIRST_MIDNIGHT

DAY = 86_400
ODD_TOKENS = ("x", "5:", "5::7", ":", "1e3", "-5:1", "9" * 400, "5:1:2:3", "nan", "17672336501:4")
ODD_FIELDS = {
    "utc_offset": ("+0200", "-03:30", "CET", "7200"),
    "window_start": (str(FIRST_MIDNIGHT - DAY), "soon"),
    "window_end": (str(FIRST_MIDNIGHT + 40 * DAY), "-1"),
    "senders": ("1", "3", "200", "few"),
    "population": ("240", "4", "many"),
    "first_seen": (str(FIRST_MIDNIGHT), str(FIRST_MIDNIGHT - 300 * DAY)),
    "listed": ("", "feed"),
    "dest_port": ("443", "123", "6667", "80,443", "http"),
    "app": ("", "ssl", "irc", "-"),
    "bytes_in": ("9000", "a few"),
    "bin_seconds": ("1", "60", "600", "3600", "300"),
}


def _series(rng: Random) -> list[float]:
    """A beat, bursts, nights, arrivals without memory, or all at once."""
    start = FIRST_MIDNIGHT + rng.uniform(0, 9) * DAY
    count = rng.choice((2, 3, 5, 9, 20, 60, 250))
    kind = rng.randrange(6)
    if kind == 0:
        period, jitter = 10 ** rng.uniform(0.3, 5.2), rng.choice((0, 0.01, 0.1, 0.3))
        return [start + period * (n + rng.uniform(-jitter, jitter)) for n in range(count)]
    if kind == 1:
        hour, spread = rng.uniform(0, 24), rng.choice((5, 300, 2_000))
        days = [day for day in range(min(count, 50)) if rng.random() < 0.8]
        return [start + (day + hour / 24) * DAY + rng.uniform(-spread, spread) for day in days]
    if kind == 2:
        scale = rng.choice((0.4, 5, 100))
        period = rng.uniform(200, 9_000)
        return [
            start + period * n + scale * again
            for n in range(min(count, 60))
            for again in range(rng.randint(1, 4))
        ]
    if kind == 3:
        mean, epochs, time = 10 ** rng.uniform(0.5, 4.5), [], start
        for _ in range(count):
            time += rng.expovariate(1 / mean)
            epochs.append(time)
        return epochs
    return _series(rng) + _series(rng)


def row(seed: int) -> list:
    """One row of observations and context; the same seed gives the same row."""
    rng = Random(f"row {seed}")
    epochs = _series(rng)
    step = rng.choice((1, 1, 1, 60, 600, 3_600))
    epochs = [epoch // step * step for epoch in epochs if rng.random() > rng.choice((0, 0.2))]
    counts = rng.choice(("", ":{}", ":{}:{}", "::{}"))
    most = 10 ** rng.uniform(0, 9)
    tokens = [
        f"{int(epoch)}" + counts.format(rng.randint(0, int(most)), rng.randint(0, 9_999))
        for epoch in sorted(epochs)
    ]
    if rng.random() < 0.1:
        tokens.insert(rng.randint(0, len(tokens)), rng.choice(ODD_TOKENS))
    if rng.random() < 0.2:
        rng.shuffle(tokens)
    fields = {name: rng.choice(texts) for name, texts in ODD_FIELDS.items() if rng.random() < 0.25}
    return [" ".join(tokens), fields]
