"""Coefficient of variation of the gaps: the usual SPL with streamstats and stdev(gap)/avg(gap).

Source: common Splunk practice, as in many published beacon searches; no single author. The robust
variant is MAD over median.
"""

import statistics
from collections.abc import Sequence

from ..pairs import Pair
from .rita import spread_score

MIN_GAPS = 3


def gaps_of(epochs: Sequence[float]) -> list[float]:
    """The gaps between consecutive connections."""
    return [later - earlier for earlier, later in zip(epochs, epochs[1:])]


def coefficient_of_variation(epochs: Sequence[float]) -> float:
    """Sample standard deviation of the gaps over their mean, as SPL's stdev and avg."""
    gaps = gaps_of(epochs)
    return statistics.stdev(gaps) / max(statistics.fmean(gaps), 1e-9)


def score(pair: Pair) -> float:
    """1 for equal gaps, falling towards 0 as they vary; 0 with fewer than three gaps."""
    epochs = pair.epochs
    return 1 / (1 + coefficient_of_variation(epochs)) if len(epochs) > MIN_GAPS else 0.0


def robust_score(pair: Pair) -> float:
    """1 less MAD over median of the gaps, not below 0; 0 with fewer than three gaps."""
    gaps = gaps_of(pair.epochs)
    return spread_score(gaps, 0.0) if len(gaps) >= MIN_GAPS else 0.0
