"""Predictions beside fresh plants, and the shortcut beside the shipped rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.realsets import ALERT

from . import replayed, shortcut
from .kinds import KINDS
from .measure import Measured, Share, share
from .plants import by_sender, plant, plants
from .site import Site

# How many of a kind's fresh plants replay judges too.
REPLAYED = 100


class Verified(NamedTuple):
    """A kind's share as predicted and as observed of fresh plants.

    replayed: how many of these replay judged; apart: by how much the risk of each differs.
    """

    name: str
    predicted: Share
    observed: Share
    replayed: int
    apart: list[float]

    @property
    def off(self) -> float:
        return self.observed.value - self.predicted.value


def verify(every: Sequence[Measured], site: Site, seed: int, count: int) -> list[Verified]:
    """Plant each kind anew, and run the shipped rules on some of these plants."""
    found, chosen, judged = [], [], []
    for one in every:
        fresh = plants(one.kind, site, seed, count)
        risks = [shortcut.risk(each, site) for each in fresh]
        step = max(1, count // REPLAYED)
        chosen.append(fresh[::step])
        judged.append(risks[::step])
        found.append((one.kind.name, share(one.all_risks), share(risks)))
    told = iter(replayed.alone([one for some in chosen for one in some], site))
    return [
        Verified(*named, len(some), apart([next(told) for _ in some], some))
        for named, some in zip(found, judged)
    ]


def apart(told: Iterable[float], short: Iterable[float]) -> list[float]:
    """Return by how much the shortcut's risk differs from the rules' (0: not reported), if it does.

    >>> apart([7.0, 0.0, 0.0], [6.5, 6.9, 8.0])
    [0.5, 8.0]
    """
    pairs = list(zip(told, short))
    return [abs(one - other) for one, other in pairs if one != other and max(one, other) >= ALERT]


class InPlace(NamedTuple):
    """Plants among the site's own events: how many, how many of them rules and scorer report."""

    plants: int
    by_rules: Share
    by_scorer: Share
    apart: list[float]


def in_place(folder: Path, site: Site, seed: int) -> InPlace:
    """Plant schedules at the senders in turn, and run the rules on all events."""
    rng, ties = Random(f"in place {seed}"), by_sender(site)
    count = max(len(ties), 2 * len(KINDS))
    planted = [
        plant(KINDS[number % len(KINDS)], site, rng, rng.choice(ties[number % len(ties)]))
        for number in range(count)
    ]
    told = replayed.in_place(planted, folder, site)
    short = [shortcut.risk(one, site) for one in planted]
    return InPlace(len(planted), share(told), share(short), apart(told, short))
