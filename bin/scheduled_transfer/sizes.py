"""Evidence D: bytes of each beat alike. Corroboration for the reader, never proof."""

from __future__ import annotations

from collections.abc import Sequence

from .weights import ALIKE


def alike(sizes: Sequence[int]) -> tuple[int, float] | None:
    """The median (bytes) and how far the farther quartile lies from it, as a share of it.

    Half of the sizes at least are that near. None where they differ, or are too few to tell.
    There is no null worth testing: many protocols send the same request every time.

    >>> alike([100, 100, 102, 900]), alike([100, 500, 900])
    ((102, 0.019...), None)
    """
    count = len(sizes)
    if count < 3:
        return None
    ordered = sorted(sizes)
    median, quarter = ordered[count // 2], count // 4
    if not median:
        return None
    deviation = max(median - ordered[quarter], ordered[-1 - quarter] - median) / median
    return (median, deviation) if 1 - deviation > ALIKE else None
