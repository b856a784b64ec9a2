"""A schedule at one of the site's senders, as its sensor would see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from bench.pairs import DAY, HOUR, Connection
from office import schedules

from .kinds import Kind
from .site import ALWAYS, Host, Site, Tie

# What a plant runs as where the sensor sees programs: its own, or a script host.
OWN_PROGRAM = "c:\\programdata\\agent\\agent.exe"
SCRIPT_HOST = "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe"

FRIDAY = 4
# An hour at which the sender is always off is chosen if all are.
SELDOM = 1e-9


class Plant(NamedTuple):
    """One planted schedule, in what the rules can see of it.

    lost: of which contacts the sensor missed the answer; senders: hosts that talk to the
    destination, this one too; first_seen: since when the list of destinations knows it (epoch),
    None where it cannot tell.
    """

    kind: Kind
    tie: Tie
    contacts: tuple[Connection, ...]
    lost: tuple[bool, ...]
    senders: int
    first_seen: float | None = None
    process: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether others talk to the destination too."""
        return self.senders > 1

    @property
    def nightly(self) -> float:
        """Bytes that it sends on a day on which it sends, on average, seen or not."""
        days = {one.epoch // DAY for one in self.contacts}
        return sum(one.bytes_out for one in self.contacts) / max(1, len(days))

    def sending(self, nightly: float) -> Plant:
        """Return the same schedule with so many bytes a day, the answers as they were."""
        factor = nightly / max(1.0, self.nightly)
        return self._replace(
            contacts=tuple(
                one._replace(bytes_out=max(1, round(one.bytes_out * factor)))
                for one in self.contacts
            )
        )

    def seen(self) -> list[Connection]:
        """Return the contacts with the bytes that the sensor sees."""
        return [
            Connection(
                one.epoch,
                one.bytes_out if self.tie.sends else None,
                one.bytes_in if self.tie.receives and not is_lost else None,
            )
            for one, is_lost in zip(self.contacts, self.lost)
        ]


def by_sender(site: Site) -> list[list[Tie]]:
    """Return the pairs of each sender."""
    senders: dict[str, list[Tie]] = {}
    for tie in site.ties:
        senders.setdefault(tie.src, []).append(tie)
    return list(senders.values())


def plants(kind: Kind, site: Site, seed: int, count: int, stretch: int = 1) -> list[Plant]:
    """Draw plants, evenly over the senders of the site; every second one is shared."""
    senders, drawn = by_sender(site), []
    for number in range(count):
        rng = Random(f"{kind.name} {seed} {number} {stretch}")
        ties = senders[int((number + rng.random()) / count * len(senders))]
        drawn.append(plant(kind, site, rng, rng.choice(ties), number % 2 == 1, stretch))
    return drawn


def plant(
    kind: Kind, site: Site, rng: Random, tie: Tie, is_shared: bool = False, stretch: int = 1
) -> Plant:
    """Draw a plant that is seen as a pair of the site is, for so many times the kind's days.

    A shared one goes to a destination that as many others use as one of the site's, at random.
    """
    times = _times(kind, site, site.hosts[tie.src], rng, kind.days * stretch)
    contacts = tuple(Connection(round(time, 3), *kind.sizes(rng)) for time in times)
    lost = tuple(rng.random() < tie.one_sided for _ in contacts)
    senders = 1 + (rng.choice(site.ties).senders if is_shared else 0)
    return Plant(kind, tie, contacts, lost, senders, None, OWN_PROGRAM if tie.process else "")


def _times(kind: Kind, site: Site, host: Host, rng: Random, days: int) -> list[float]:
    """Starts in the days before the site's end, in the hours in which the sender is on.

    Who plants it chooses an hour at which the sender is on, and it does not run while that is off.
    What is seen on the evening of a Friday is what is judged, if the site's logs end at a weekend.
    """
    rested = max(0, datetime.fromtimestamp(site.end - 1, site.zone).weekday() - FRIDAY) * DAY
    end = site.end - rested
    start = end - days * DAY
    day = datetime.fromtimestamp(start, site.zone).date() - timedelta(days=1)
    drawn = list(kind.times(rng, schedules.at(day, 0, site.zone), end + DAY, site.zone))
    shifts = [0] if host == ALWAYS else range(24)
    kept = [
        [
            moved
            for moved in (time + shift * HOUR for time in drawn)
            if start <= moved < end and host.is_on(moved + site.offset)
        ]
        for shift in shifts
    ]
    (chosen,) = rng.choices(kept, [len(one) + SELDOM for one in kept])
    return [time + rested for time in chosen]
