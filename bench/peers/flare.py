"""Flare's beacon analytic.

Source: austin-taylor/flare, flare/analytics/command_control.py, with the thresholds of its
beacon.ini examples: gaps of at least 30 s, a window of 2 s, more than 10 gaps in 24 hours.
"""

from collections import Counter
from collections.abc import Sequence

from ..pairs import DAY, Pair

MIN_GAP = 30
WINDOW = 2
MIN_TOTAL = 10


def window_share(gaps: Sequence[int]) -> float:
    """Largest share of the gaps in any 2 s window that touches the most common gap."""
    counts = Counter(gaps)
    commonest = max(counts, key=counts.__getitem__)
    return max(
        sum(counts[gap] for gap in range(first, first + WINDOW)) / len(gaps)
        for first in range(commonest - WINDOW, commonest + 1)
    )


def score_day(pair: Pair, end: float) -> float:
    """The share over the 24 hours before end, 0 with ten gaps or fewer (the rule: over 0.5)."""
    seconds = [int(epoch) for epoch in pair.epochs if end - DAY <= epoch <= end]
    gaps = [b - a for a, b in zip(seconds, seconds[1:]) if b - a >= MIN_GAP]
    return window_share(gaps) if len(gaps) > MIN_TOTAL else 0.0


def score(pair: Pair) -> float:
    """The share over the last 24 hours, as Flare runs it."""
    return score_day(pair, pair.end)
