"""One pair's contacts as a time series: epochs, the gaps between them, bins and bursts."""

from __future__ import annotations

from collections.abc import Sequence
from operator import sub
from typing import NamedTuple

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800


class Series(NamedTuple):
    """What could be read of one pair.

    epochs are distinct and in order (seconds), gaps lie between them; sent and received are
    the counts of bytes of the tokens that carry them, in no order; resolution is the step of
    the clock that stamped them (seconds: 0 for fractions, else 1, 60 or 3600); unreadable counts
    the tokens that could not be read and faults quotes some.
    """

    epochs: Sequence[float]
    gaps: Sequence[float]
    sent: Sequence[int]
    received: Sequence[int]
    resolution: int = 0
    unreadable: int = 0
    faults: tuple[str, ...] = ()

    @property
    def span(self) -> float:
        """Seconds from the first contact to the last."""
        return self.epochs[-1] - self.epochs[0]


EMPTY = Series((), (), (), ())


def resolution(epochs: Sequence[int]) -> int:
    """The coarsest step, of an hour, a minute or a second, that all time stamps are on.

    Stamps cut to the minute look aligned to it; the step is what such a look must allow for.

    >>> resolution([7200, 10800]), resolution([60, 180]), resolution([61])
    (3600, 60, 1)
    """
    if epochs[0] % MINUTE or any(epoch % MINUTE for epoch in epochs):
        return 1
    return MINUTE if any(epoch % HOUR for epoch in epochs) else HOUR


def one_per_bin(epochs: Sequence[float], size: float) -> bool:
    """Whether no bin (size in seconds) holds two of the contacts, which are in order.

    >>> one_per_bin([0, 59, 61], 60), one_per_bin([0, 60, 120], 60)
    (False, True)
    """
    if epochs[-1] // size - epochs[0] // size + 1 < len(epochs):
        return False
    return len({epoch // size for epoch in epochs}) == len(epochs)


def burst_starts(epochs: Sequence[float], gaps: Sequence[float], scale: float) -> list[float]:
    """The first contacts after silences longer than scale (seconds).

    >>> burst_starts([0, 1, 2, 60, 61], [1, 1, 58, 1], 20)
    [0, 60]
    """
    return [epochs[0]] + [epoch for epoch, gap in zip(epochs[1:], gaps) if gap > scale]


def bin_runs(epochs: Sequence[float], width: float) -> tuple[list[float], list[float]]:
    """First contacts of the bins (width in seconds) that follow an empty one, and their gaps.

    >>> bin_runs([5, 65, 310, 365], 60)
    ([5, 310], [305])
    """
    bins = [epoch // width for epoch in epochs]
    starts = [epochs[0]]
    starts += [epoch for epoch, at, last in zip(epochs[1:], bins[1:], bins) if at > last + 1]
    return starts, list(map(sub, starts[1:], starts))


def sessions(series: Series, width: float, silence: float, offset: float) -> list[float]:
    """First contacts after silences, in local time (UTC + offset; all in seconds).

    Where every hour has one contact at most, or every told bin (of this width), those in a row are
    one session.
    """
    if width and min(series.gaps, default=0) < 2 * width:
        starts = burst_starts(*bin_runs(series.epochs, width), silence)
    else:
        hourly = HOUR if not width and one_per_bin(series.epochs, HOUR) else 0
        starts = burst_starts(series.epochs, series.gaps, silence + hourly)
    return [start + offset for start in starts]
