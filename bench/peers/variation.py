"""The usual SPL: streamstats gives the gap, then stdev(gap)/avg(gap) under a threshold.

Source: common Splunk practice, as in many published beacon searches; no single author.
"""

import statistics

from ..pairs import Pair

MIN_GAPS = 3


def variation(epochs) -> float:
    """Sample standard deviation of the gaps over their mean, as SPL's stdev and avg."""
    gaps = [later - earlier for earlier, later in zip(epochs, epochs[1:])]
    return statistics.stdev(gaps) / max(statistics.fmean(gaps), 1e-9)


def score(pair: Pair) -> float:
    """1 for equal gaps, falling towards 0 as they vary; 0 with fewer than three gaps."""
    epochs = pair.epochs
    return 1 / (1 + variation(epochs)) if len(epochs) > MIN_GAPS else 0.0
