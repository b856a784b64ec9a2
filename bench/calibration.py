"""Calibration: how often a pair without a schedule gets a p-value below 0.01 (nominal: 1 %).

python -m bench.calibration [--pairs N] [--seed N] [--out DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console

from office import schedules
from scheduled_transfer import score

from .metrics import upper_bound
from .pairs import DAY, HOUR, Connection, binned, token
from .report import REPORT_HOME, Table, markdown, show
from .simulator import DAYS, FINAL_SEED, FIRST_MIDNIGHT

NOMINAL = 0.01
WANTED = 0.013
MIN_CONNECTIONS = 4
START, END = FIRST_MIDNIGHT, FIRST_MIDNIGHT + DAYS * DAY


class Null(NamedTuple):
    """A kind of traffic without a schedule, and the bins (seconds) that the scorer is given."""

    name: str
    times: Callable[[Random], list[float]]
    bin: int = 0


def memoryless(rng: Random) -> list[float]:
    """Poisson arrivals; the mean gap is between five minutes and two days."""
    return schedules.poisson(rng, START, END, 300 * (2 * DAY / 300) ** rng.random())


def dense_memoryless(rng: Random) -> list[float]:
    """Poisson arrivals in one hour, mean gap 5 to 120 s."""
    return schedules.poisson(rng, START, START + HOUR, rng.uniform(5, 120))


def in_office_hours(rng: Random) -> list[float]:
    """Poisson arrivals in office hours of working days."""
    arrivals = schedules.poisson(rng, START, END, rng.uniform(0.2, 4) * HOUR)
    return schedules.within(arrivals, (9, 17), schedules.WEEKDAYS)


def heavy_tailed(rng: Random) -> list[float]:
    """Independent lognormal gaps, from mild to very heavy tails."""
    spread, middle = rng.uniform(0.8, 2.5), 10 ** rng.uniform(1.5, 4.5)
    times, time = [], START + rng.random() * middle
    while time < END and len(times) < 2_000:
        times.append(time)
        time += middle * rng.lognormvariate(0, spread)
    return times


def with_rests(rng: Random) -> list[float]:
    """Independent gamma gaps, from memoryless to a relative spread of 0.6."""
    evenness, mean = rng.uniform(1, 2.8), 10 ** rng.uniform(2, 4.5)
    times, time = [], START + rng.random() * mean
    while time < END and len(times) < 2_000:
        times.append(time)
        time += rng.gammavariate(evenness, mean / evenness)
    return times


def sessions(rng: Random) -> list[float]:
    """Sessions at any time of day, with irregular clicks in them."""
    starts = schedules.poisson(rng, START, END, rng.uniform(0.3, 2) * DAY)
    return schedules.bursts(rng, starts, (1, 12), (1, 200))


def office_person(rng: Random) -> list[float]:
    """A person's visits in office hours."""
    return schedules.browsing(
        rng, START, END, rng.uniform(0.3, 4), rng.uniform(1.5, 12), rng.uniform(5, 60)
    )


def night_person(rng: Random) -> list[float]:
    """A person's visits on the night shift."""
    return schedules.browsing(
        rng, START, END, rng.uniform(0.3, 4), rng.uniform(1.5, 12), weekend=0.4, shift=12
    )


def one_visit_a_day(rng: Random) -> list[float]:
    """One visit on most days, at a usual time with a standard deviation of 90 minutes."""
    usual = rng.uniform(7, 18) * HOUR
    days = range(START, END, DAY)
    return sorted(d + usual + rng.gauss(0, 1.5 * HOUR) for d in days if rng.random() < 0.8)


def rounded(times: Callable[[Random], list[float]], seconds: int) -> Callable[[Random], list]:
    """The same times as a source of that resolution would log them."""
    return lambda rng: sorted({time // seconds * seconds for time in times(rng)})


NULLS = (
    Null("memoryless, 5 min to 2 days", memoryless),
    Null("memoryless, dense, one hour", dense_memoryless),
    Null("memoryless, stamped to the minute", rounded(memoryless, 60)),
    Null("memoryless, stamped to the hour", rounded(memoryless, HOUR)),
    Null("memoryless in office hours", in_office_hours),
    Null("memoryless, 5 min to 2 days, told seconds", memoryless, 1),
    Null("memoryless, 5 min to 2 days, told hours", memoryless, HOUR),
    Null("heavy-tailed gaps", heavy_tailed),
    Null("gaps with a rest in them", with_rests),
    Null("sessions at any time", sessions),
    Null("office people", office_person),
    Null("gaps with a rest in them, told seconds", with_rests, 1),
    Null("office people, told hours", office_person, HOUR),
    Null("night-shift people", night_person),
    Null("one visit a day, ±90 min habit", one_visit_a_day),
    Null("one visit a day, ±90 min habit, told hours", one_visit_a_day, HOUR),
)


def is_hit(times: Sequence[float], seconds: int) -> bool:
    """Return whether the scorer gives these times a p-value below the nominal level."""
    context = {"window_start": str(START), "window_end": str(END)}
    if seconds:
        context["bin_seconds"] = str(seconds)
    seen = binned(map(Connection, times), seconds or 1)
    observations = " ".join(map(token, seen))
    certainty = score(observations, None, context).log10_p
    return certainty is not None and 10**certainty < NOMINAL


def rate_of(null: Null, pairs: int, seed: int) -> list[str]:
    """One row of the table: hits among pairs with at least MIN_CONNECTIONS connections."""
    rng = Random(f"{null.name} {seed}")
    hits = tried = 0
    while tried < pairs:
        times = null.times(rng)
        if len(times) >= MIN_CONNECTIONS:
            tried += 1
            hits += is_hit(times, null.bin)
    bound = upper_bound(hits, tried)
    verdict = "calibrated" if bound <= WANTED else "not shown" if hits / tried <= NOMINAL else "NO"
    return [null.name, str(tried), str(hits), f"{hits / tried:.4f}", f"{bound:.4f}", verdict]


def table(pairs: int, seed: int) -> Table:
    """All kinds of traffic without a schedule."""
    return Table(
        "Calibration of the p-values on traffic without a schedule",
        f"From this project's simulator. Share of pairs with p < {NOMINAL} and its upper 95 % "
        f"bound (Clopper-Pearson). Calibrated: the bound is at most {WANTED:.1%}.",
        ["Kind", "pairs", "p < 0.01", "rate", "upper bound", "verdict"],
        [rate_of(null, pairs, seed) for null in NULLS],
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibration", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10_000, help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=FINAL_SEED)
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    chosen = parser.parse_args(arguments)
    measured = table(chosen.pairs, chosen.seed)
    chosen.out.mkdir(parents=True, exist_ok=True)
    show(measured, Console(width=140))
    (chosen.out / "calibration.md").write_text(markdown(measured))


if __name__ == "__main__":
    main()
