"""What is found of each kind at a site, what stays unseen, and what would close the gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median_low
from typing import NamedTuple

from bench.metrics import upper_bound
from bench.realsets import ALERT

from . import shortcut
from .kinds import DENSE, Kind
from .plants import SCRIPT_HOST, Plant, plants
from .rules import LONGER
from .site import Site

# The amounts a day that are tried (bytes), of one in so many of the plants that remedies are for.
FEWER = 5
LEAST, MOST, HALVINGS = 1e3, 1e10, 10
# The list was there before the plant; how much longer a dense schedule is watched, and another.
LONGER_DENSE, LONGER_OTHERS = 7, 2


def _names(one: Plant) -> Plant:
    """Names are seen: what has a name of its own at a shared address is told from the others."""
    return one if one.tie.named else one._replace(senders=1)


def _programs(one: Plant) -> Plant:
    return one._replace(process=SCRIPT_HOST)


def _both_sides(one: Plant) -> Plant:
    seen = one.tie._replace(sends=True, receives=True)
    return one._replace(tie=seen, lost=(False,) * len(one.lost))


def _list(one: Plant) -> Plant:
    """The list of destinations has learned for longer than the plant runs: a new one has an age."""
    return (
        one if one.is_shared or not one.contacts else one._replace(first_seen=one.contacts[0].epoch)
    )


REMEDY: dict[str, Callable[[Plant], Plant]] = {
    "names": _names,
    "programs": _programs,
    "bytes": _both_sides,
    "list": _list,
}
LATER = "later"


class Share(NamedTuple):
    """How many of some plants were found."""

    found: int
    of: int

    @property
    def value(self) -> float:
        return self.found / self.of

    @property
    def bounds(self) -> tuple[float, float]:
        """Exact bounds of the rate (Clopper and Pearson), 95 % two-sided."""
        missed = self.of - self.found
        return 1 - upper_bound(missed, self.of, 0.975), upper_bound(self.found, self.of, 0.975)


def share(risks: Sequence[float], least: float = ALERT) -> Share:
    """Return how many of these risks are high enough."""
    return Share(sum(one >= least for one in risks), len(risks))


class Closed(NamedTuple):
    """The share of some plants that is found as it is, and with a remedy."""

    before: Share
    after: Share

    @property
    def points(self) -> int:
        """The difference in points."""
        return round(100 * (self.after.value - self.before.value))


class Measured(NamedTuple):
    """One kind at one site.

    risks: of each plant; unseen: bytes a day of which half of the plants stay unseen; closed: by
    remedy, what it adds.
    """

    kind: Kind
    risks: list[float]
    shared: list[float]
    unseen: float | None
    closed: dict[str, Closed]

    @property
    def all_risks(self) -> list[float]:
        return [*self.risks, *self.shared]


def measure(kind: Kind, site: Site, seed: int, count: int, further: int) -> Measured:
    """Plant a kind so many times and look at what the rules would make of it.

    `further` plants are for what stays unseen and for remedies; with 0 neither is measured.
    """
    drawn = plants(kind, site, seed, count)
    risks = [shortcut.risk(one, site) for one in drawn]
    return Measured(
        kind,
        risks[::2],
        risks[1::2],
        median_low(unseen(one, site) for one in plants(kind, site, seed + 1, further // FEWER))
        if further
        else None,
        _closed(kind, site, seed + 2, further) if further else {},
    )


def unseen(one: Plant, site: Site) -> float:
    """Return the most bytes a day that a plant sends without being found: 0 none, MOST any."""
    low, high = LEAST, MOST
    if shortcut.risk(one.sending(low), site) >= ALERT:
        return 0.0
    if shortcut.risk(one.sending(high), site) < ALERT:
        return MOST
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        found = shortcut.risk(one.sending(middle), site) >= ALERT
        low, high = (low, middle) if found else (middle, high)
    return low


def _closed(kind: Kind, site: Site, seed: int, count: int) -> dict[str, Closed]:
    """Return what each remedy adds to what was found of the same plants; waiting is one too."""
    drawn = plants(kind, site, seed, count)
    missed = [one for one in drawn if shortcut.risk(one, site) < ALERT]
    before = len(drawn) - len(missed)
    closed = {}
    for name, remedy in REMEDY.items():
        changed = [after for one in missed if (after := remedy(one)) != one]
        found = sum(shortcut.risk(one, site) >= ALERT for one in changed)
        closed[name] = Closed(Share(before, len(drawn)), Share(before + found, len(drawn)))
    later = plants(kind, site, seed, count, longer(kind))
    after = share([shortcut.risk(one, site, LONGER) for one in later])
    closed[LATER] = Closed(Share(before, len(drawn)), after)
    return closed


def longer(kind: Kind) -> int:
    """How many times longer a kind is watched where that is tried."""
    return LONGER_DENSE if kind.days == DENSE else LONGER_OTHERS
