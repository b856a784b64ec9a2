"""Searches that run ahead of their turn on other cores.

What was found ahead counts only where nothing that came before could have changed it; otherwise the
search runs again, in its turn. So results do not depend on the number of cores.
"""

from typing import Any, Callable, Optional

from .cores import Forked, processes_for

# Below so many events the processes cost more than they save.
WORTH_IT = 50_000

Group = list[Any]
# What a group has found, None if it has to run in its turn.
Found = Optional[Any]


class Ahead:
    """Groups of searches under way, in the order of their turns."""

    def __init__(self) -> None:
        self.under_way: list[Group] = []
        self._forked: Optional[Forked] = None
        self._outdated: list[Group] = []

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *reason: object) -> None:
        self.stop()

    def start(self, groups: list[Group], work: list[Callable[[], Found]]) -> None:
        """Let groups run, each by its piece of work, unless there is one core or one group."""
        processes = processes_for(work)
        if processes > 1:
            self._forked = Forked(work, processes)
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
        started, found = self.under_way.pop(0), self._forked.next()
        if not self.under_way:
            self.stop()
        return None if started in self._outdated else found

    def stop(self) -> None:
        """Give up what is under way."""
        if self._forked is not None:
            self._forked.stop()
        self._forked, self.under_way = None, []
