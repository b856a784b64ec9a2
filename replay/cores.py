"""Work spread over the cores of this machine: forked processes know all that is in memory."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any, Callable

# Each process comes to hold much of the memory again.
MOST_PROCESSES = 4

Work = Sequence[Callable[[], Any]]
_work: list[Callable[[], Any]] = []


def _cores() -> int:
    """Return the number of cores that this process may use: 1 where it cannot fork safely."""
    if not hasattr(os, "sched_getaffinity") or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def processes() -> int:
    """Return how many processes work at once."""
    return min(_cores(), MOST_PROCESSES)


def each(work: Work) -> list[Any]:
    """Return what each piece of work returns, in their order, on as many cores as there are."""
    return list(in_turn(work))


def in_turn(work: Work) -> Iterator[Any]:
    """Return what each piece returns once it is its turn, so that none has to wait in memory."""
    count = min(processes(), len(work))
    if count < 2:
        yield from (piece() for piece in work)
        return
    with multiprocessing.get_context("fork").Pool(count, _inherit, (work,)) as pool:
        yield from pool.imap(_do, range(len(work)))


def _inherit(work: Work) -> None:
    _work[:] = work


def _do(place: int) -> Any:
    return _work[place]()
