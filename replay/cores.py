"""Work spread over the cores of this machine: forked processes know all that is in memory."""

import multiprocessing
import os
import threading
from collections.abc import Sequence
from typing import Any, Callable

# Each process comes to hold much of the memory again.
MOST_PROCESSES = 4

Work = Sequence[Callable[[], Any]]
_work: list[Callable[[], Any]] = []


def processes_for(work: Work) -> int:
    """Return how many processes share the work; fewer than two are no gain."""
    return min(_cores(), len(work), MOST_PROCESSES)


def _cores() -> int:
    """Return the number of cores that this process may use: 1 where it cannot fork safely."""
    if not hasattr(os, "sched_getaffinity") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


class Forked:
    """Pieces of work under way in processes of their own; what they return comes in their order."""

    def __init__(self, work: Work, processes: int):
        self._pool = multiprocessing.get_context("fork").Pool(processes, _inherit, (work,))
        self._found = self._pool.imap(_do, range(len(work)))

    def next(self) -> Any:
        """Return what the next piece has returned, or raise what it raised."""
        return next(self._found)

    def stop(self) -> None:
        """Give up what is under way."""
        self._pool.terminate()
        self._pool.join()


def each(work: Work) -> list[Any]:
    """Return what each piece of work returns, on as many cores as there are."""
    processes = processes_for(work)
    if processes < 2:
        return [piece() for piece in work]
    forked = Forked(work, processes)
    try:
        return [forked.next() for _ in work]
    finally:
        forked.stop()


def _inherit(work: Work) -> None:
    _work[:] = work


def _do(place: int) -> Any:
    return _work[place]()
