"""Programs that touch many files within minutes: thieves, indexers, builds, downloads."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from office.events import Event, Touched
from office.network import Machine

CONTRACTS = tuple(
    rf"\Documents\{folder}"
    for folder in ("Contracts", "Offers", "Personnel", "Board", "Customers", "Drawings", "Prices")
)
SHARES = tuple(
    rf"D:\Shares\{folder}"
    for folder in ("Finance", "Sales", "Personnel", "Legal", "Development", "Board", "Projects")
)


class Sweep(NamedTuple):
    """Many files in a short time; all pairs are the least and the most of one occasion.

    `folders` that begin with a backslash lie in the user's profile; `spend` and `lag` are in
    seconds: how long it touches files, and when after its start it sends.
    """

    folders: tuple[str, ...]
    name: str
    files: tuple[int, int] = (40, 90)
    spend: tuple[float, float] = (120, 330)
    lag: tuple[float, float] = (360, 900)

    def set_up(self, machine: Machine, image: str, first_day: float) -> Iterator[Event]:
        """Yield nothing: files need no preparation."""
        return iter(())

    def trail(
        self, rng: Random, machine: Machine, due: float, image: str, run: str
    ) -> Iterator[Event]:
        """Yield the files that are touched on one occasion, folder by folder."""
        count, seconds = rng.randint(*self.files), rng.uniform(*self.spend)
        times = sorted(due + rng.random() * seconds for _ in range(count))
        numbers = rng.sample(range(1, 1000), count)
        for index, (time, number) in enumerate(zip(times, numbers)):
            folder = self.folders[index * len(self.folders) // count]
            home = rf"C:\Users\{machine.name}" if folder.startswith("\\") else ""
            path = f"{home}{folder}\\{self.name.format(number)}"
            yield Touched(time, machine, image, run, path)
