"""Searches that run ahead of their turn in processes of their own, so that every core works.

What was found ahead counts only where nothing that came before could have changed it; otherwise the
search runs again, in its turn. So results do not depend on the number of cores.
"""

import multiprocessing
import os
from collections.abc import Iterator
from typing import Any, Callable, Optional

from .errors import ReplayError

# Below so many events the processes cost more than they save.
WORTH_IT = 50_000
# Each process comes to hold much of the events' memory again.
MOST_PROCESSES = 4

Group = list[Any]
# What a group has found, None if it has to run in its turn.
Found = Optional[Any]
_work: list[Callable[[], Found]] = []


class Ahead:
    """Groups of searches under way, in the order of their turns."""

    def __init__(self) -> None:
        self.under_way: list[Group] = []
        self._pool: Any = None
        self._found: Iterator[Found] = iter(())
        self._outdated: list[Group] = []

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def start(self, groups: list[Group], work: list[Callable[[], Found]]) -> None:
        """Let groups run, each by its piece of work, unless there is one core or one group."""
        processes = min(cores(), len(work), MOST_PROCESSES)
        if processes < 2:
            return
        self._pool = multiprocessing.get_context("fork").Pool(processes, _inherit, (work,))
        self._found = self._pool.imap(_do, range(len(work)))
        self.under_way, self._outdated = list(groups), []

    def outdate(self, group: Group) -> None:
        """Drop what is found for a group: it has to run in its turn."""
        self._outdated.append(group)

    def take(self, group: Group) -> Found:
        """Return what the group found whose turn it is, None if it has to run now."""
        if self.under_way and group != self.under_way[0]:
            self.stop()
        if not self.under_way:
            return None
        started, found = self.under_way.pop(0), next(self._found)
        if not self.under_way:
            self.stop()
        return None if started in self._outdated else found

    def stop(self) -> None:
        """Give up what is under way."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
        self._pool, self.under_way = None, []


def cores() -> int:
    """Return the number of cores that this process may use, 1 where it cannot fork safely."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _inherit(work: list[Callable[[], Found]]) -> None:
    _work[:] = work


def _do(place: int) -> Found:
    try:
        return _work[place]()
    except ReplayError:
        return None  # It fails again, and is told of, in its turn.
