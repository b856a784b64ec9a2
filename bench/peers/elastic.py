"""Elastic's network beaconing package.

Source: elastic/integrations, packages/beaconing, the pivot transform with its shipped
parameters: 360 buckets of 60 s, run every hour over the last 6 hours. Here the best of
consecutive windows of six hours over the whole recording counts.
"""

import math
import statistics
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from ..pairs import Connection, Pair

BUCKET = 60
BUCKETS = 360
MIN_PERIODS = 6
MIN_FILLED = 0.5
MAX_COUNT_VARIATION = 0.1
MAX_BYTES_VARIATION = 0.05
MIN_COVARIANCE = 0.7
TRIM = (0.1, 0.8)


class Finding(NamedTuple):
    """The result of one window; the published score is the number of True values."""

    periodic: bool
    steady_out: bool
    steady_in: bool
    covariance: float

    @property
    def points(self) -> int:
        return self.periodic + self.steady_out + self.steady_in


NOTHING = Finding(False, False, False, 0.0)


def lag_covariance(counts: np.ndarray, period: int) -> float:
    """Normalised covariance of each period's buckets with the next period's; 1 if constant."""
    repeats = len(counts) // period - 1
    middle = counts[period : period * max(2, repeats)]
    centred = counts - middle.sum() / len(middle)
    first = centred[: repeats * period]
    second = centred[period : (repeats + 1) * period]
    scale = math.sqrt((first @ first) * (second @ second))
    return float(first @ second / scale) if scale else 1.0


def best_covariance(counts: np.ndarray) -> float:
    """The largest covariance over periods, each averaged with its multiples from 3 upwards."""
    longest = len(counts) // MIN_PERIODS
    by_period = [lag_covariance(counts, period) for period in range(2, longest + 1)]
    return max(
        statistics.fmean([by_period[period - 2], *by_period[3 * period - 2 :: period]])
        for period in range(2, longest + 1)
    )


def is_steady(values: np.ndarray, limit: float) -> bool:
    """Whether the 10th to 80th percentile has a standard deviation of at most limit * mean."""
    filled = np.sort(values[values != 0])
    low, high = (filled[min(int(cut * len(filled) + 0.5), len(filled) - 1)] for cut in TRIM)
    kept = values[(values >= low) & (values <= high)]
    return bool(kept.std() <= limit * abs(kept.mean()))


def _has_steady_bytes(values: np.ndarray) -> bool:
    return bool((values != 0).sum() > MIN_PERIODS and is_steady(values, MAX_BYTES_VARIATION))


def _buckets(connections: list[Connection], end: float) -> tuple[np.ndarray, ...]:
    """Counts, bytes out and bytes in of the 360 buckets that count back from end."""
    sums = np.zeros((3, BUCKETS))
    for connection in connections:
        bucket = int((end - connection.epoch) / BUCKET)
        if 0 <= bucket < BUCKETS:
            sums[:, bucket] += (1, connection.bytes_out or 0, connection.bytes_in or 0)
    return tuple(sums)


def judge(connections: list[Connection], end: float) -> Finding:
    """The transform's verdict on the six hours before end."""
    counts, out, back = _buckets(connections, end)
    filled = np.flatnonzero(counts)
    if len(filled) < MIN_PERIODS + 1:
        return NOTHING
    active = slice(filled[0], filled[-1] + 1)
    span = active.stop - active.start
    if span < 2 * MIN_PERIODS:
        return NOTHING
    each = np.maximum(counts, 1)
    dense = len(filled) > int(MIN_FILLED * span)
    steady_counts = dense and is_steady(counts[active], MAX_COUNT_VARIATION)
    covariance = best_covariance(counts[active])
    return Finding(
        steady_counts or covariance >= MIN_COVARIANCE,
        _has_steady_bytes((out / each)[active]),
        _has_steady_bytes((back / each)[active]),
        covariance,
    )


def score(pair: Pair) -> float:
    """The published 0 to 3 points of the best window; the covariance breaks ties."""
    length = BUCKET * BUCKETS
    windows = defaultdict(list)
    for connection in pair.connections:
        windows[int((pair.end - connection.epoch) // length)].append(connection)
    findings = [
        judge(connections, pair.end - number * length) for number, connections in windows.items()
    ]
    return max((one.points + max(0.0, one.covariance) / 2 for one in findings), default=0.0)
