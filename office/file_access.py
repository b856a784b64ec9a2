"""Programs that access many files within minutes: file collectors, indexers, builds, browsers."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from office.events import Event, FileAccessed
from office.network import Machine

CONTRACTS = tuple(
    rf"\Documents\{folder}"
    for folder in ("Contracts", "Offers", "Personnel", "Board", "Customers", "Drawings", "Prices")
)
SHARES = tuple(
    rf"D:\Shares\{folder}"
    for folder in ("Finance", "Sales", "Personnel", "Legal", "Development", "Board", "Projects")
)


class FileAccess(NamedTuple):
    """Many files accessed in a short time; each pair is the minimum and maximum of one run.

    `folders` that start with a backslash are in the user's profile. `spend` (seconds): duration of
    the file access. `lag` (seconds): time from its start to the transfer.
    """

    folders: tuple[str, ...]
    name: str
    files: tuple[int, int] = (40, 90)
    spend: tuple[float, float] = (120, 330)
    lag: tuple[float, float] = (360, 900)

    def set_up(self, machine: Machine, image: str, first_day: float) -> Iterator[Event]:
        """Yield nothing: file access needs no set-up."""
        return iter(())

    def trail(
        self, rng: Random, machine: Machine, due: float, image: str, run: str
    ) -> Iterator[Event]:
        """Yield the files accessed in one run, folder by folder."""
        count, seconds = rng.randint(*self.files), rng.uniform(*self.spend)
        times = sorted(due + rng.random() * seconds for _ in range(count))
        numbers = rng.sample(range(1, 1000), count)
        for index, (time, number) in enumerate(zip(times, numbers)):
            folder = self.folders[index * len(self.folders) // count]
            home = rf"C:\Users\{machine.name}" if folder.startswith("\\") else ""
            path = f"{home}{folder}\\{self.name.format(number)}"
            yield FileAccessed(time, machine, image, run, path)
