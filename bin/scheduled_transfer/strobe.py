"""Evidence E: steady contact at a period of seconds, a case of its own.

It is more often a scan, a retry loop or a keep-alive than a schedule; that nothing is
transferred is for the bytes to say.
"""

from __future__ import annotations

from typing import NamedTuple

from .interval import Interval
from .weights import STROBE_PERIOD


class Strobe(NamedTuple):
    """Steady contact every few seconds: 1 means without a break; null and p are the interval's."""

    strength: float
    log10_p: float
    period: float


def evidence(found: Interval) -> Strobe | None:
    """The interval as a strobe, None where it is slower.

    >>> evidence(Interval(1.0, -9.0, 600.0, 0.0, 9, 9, 0, 0, 0.0)) is None
    True
    """
    if not 0 < found.period < STROBE_PERIOD:
        return None
    return Strobe(found.strength, found.log10_p, found.period)
