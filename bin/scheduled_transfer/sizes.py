"""Evidence D: bytes of each beat alike. Corroboration for the reader, never proof."""

from __future__ import annotations

from typing import NamedTuple

from .named import new
from .observations import LARGEST_COUNT


class Sizes(NamedTuple):
    """Robust dispersion of the bytes sent: 1 means that most beats are of one size.

    typical is the median (bytes), deviation how far the farther quartile lies from it, as a
    share: half of the sizes at least are that near. There is no null worth testing, many
    protocols send the same request every time: log10_p is 0.
    """

    strength: float
    log10_p: float
    typical: float
    deviation: float


NOTHING = Sizes(0.0, 0.0, 0.0, 1.0)


def evidence(sizes: list[int]) -> Sizes:
    """How alike the sizes are.

    >>> evidence([100, 100, 102, 900])
    Sizes(strength=0.98..., log10_p=0.0, typical=102, deviation=0.019...)
    """
    if len(sizes) < 3:
        return NOTHING
    ordered = sorted(sizes)
    if ordered[-1] > LARGEST_COUNT:
        ordered = [min(size, LARGEST_COUNT) for size in ordered]
    typical = ordered[len(ordered) // 2]
    if typical <= 0:
        return NOTHING
    quarter = len(ordered) // 4
    deviation = max(typical - ordered[quarter], ordered[-1 - quarter] - typical) / typical
    return new(Sizes, (max(0.0, 1 - deviation), 0.0, typical, deviation))
