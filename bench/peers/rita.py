"""RITA v5's beacon score, from its published formulas.

Source: activecm/rita, analysis/beacons.go and the defaults of default_config.hjson.
TS, DS, HIST and DUR weigh a quarter each; RITA scores the last 24 hours of the recording.
"""

import math
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..pairs import DAY, HOUR, Pair

BARS = 24
MODE_SENSITIVITY = 0.05
BIMODAL_MIN_BARS = 11
BIMODAL_OUTLIERS = 1
DURATION_MIN_BARS = 6
IDEAL_RUN = 12
MIN_CONNECTIONS = 4
MIN_GAPS = 3
RARE, COMMON, PREVALENCE_STEP = 0.02, 0.5, 0.15
NEW_DAYS, OLD_DAYS, AGE_STEP = 7, 30, 0.15


class Histogram(NamedTuple):
    """Connections per bar, the number of filled bars, and their longest run (it may wrap)."""

    bars: list[int]
    filled: int
    longest_run: int


def bowley_skewness(values: Sequence[float]) -> float:
    """Quartile skewness, 0 if the quartiles are too close together."""
    ordered = sorted(values)
    half = len(ordered) // 2
    lower = statistics.median(ordered[:half])
    middle = statistics.median(ordered)
    upper = statistics.median(ordered[-half:])
    if upper - lower < 10 or middle in (lower, upper):
        return 0.0
    return (lower + upper - 2 * middle) / (upper - lower)


def spread_score(values: Sequence[float], where_no_median: float) -> float:
    """1 - MAD / median, at least 0; `where_no_median` if the median is below 1."""
    middle = statistics.median(values)
    if middle < 1:
        return where_no_median
    deviation = statistics.median([abs(value - middle) for value in values])
    return max(0.0, (middle - deviation) / middle)


def statistical_score(values: Sequence[float], where_no_median: float) -> float:
    """The mean of symmetry and narrowness: RITA's score of the gaps and of the sizes."""
    symmetry = 1 - abs(bowley_skewness(values))
    return round((symmetry + spread_score(values, where_no_median)) / 2, 3)


def timestamp_score(epochs: Sequence[float]) -> float:
    """The score of the gaps between distinct seconds (0 with fewer than three)."""
    seconds = sorted(set(map(int, epochs)))
    gaps = [later - earlier for earlier, later in zip(seconds, seconds[1:])]
    return statistical_score(gaps, 1.0) if len(gaps) >= MIN_GAPS else 0.0


def size_score(sizes: Sequence[float]) -> float:
    """The score of the bytes sent; 0.5 if all are zero or unknown."""
    return statistical_score(sizes, 0.0)


def histogram(epochs: Sequence[float], start: float, end: float, bars: int = BARS) -> Histogram:
    """Connections in equal bars from start to end; outliers go into the nearest bar."""
    counts = [0] * bars
    for epoch in epochs:
        bar = int((epoch - start) * bars / (end - start))
        counts[max(0, min(bars - 1, bar))] += 1
    run = longest = 0
    for count in counts * 2:
        run = run + 1 if count else 0
        longest = max(longest, run)
    return Histogram(counts, sum(map(bool, counts)), min(longest, bars))


def variation_score(bars: Sequence[int]) -> float:
    """1 - coefficient of variation of the bars, at least 0."""
    return round(max(0.0, 1 - statistics.pstdev(bars) / statistics.fmean(bars)), 3)


def bimodal_score(counted: Histogram, min_bars: int = BIMODAL_MIN_BARS) -> float:
    """Share of the bars that have one of the two most common heights."""
    if counted.filled < min_bars:
        return 0.0
    step = math.ceil(max(counted.bars) * MODE_SENSITIVITY)
    heights = Counter(bar // step for bar in counted.bars if bar)
    top = sum(number for _, number in heights.most_common(2))
    return min(1.0, round(top / max(1, counted.filled - BIMODAL_OUTLIERS), 3))


def histogram_score(counted: Histogram, min_bars: int = BIMODAL_MIN_BARS) -> float:
    """The better of a flat histogram and one with two levels."""
    return max(variation_score(counted.bars), bimodal_score(counted, min_bars))


def duration_score(first: float, last: float, start: float, end: float, counted: Histogram):
    """The covered share of the window, or the longest run relative to 12 bars if that is higher."""
    if counted.filled < DURATION_MIN_BARS:
        return 0.0
    coverage = math.ceil((last - first) / (end - start) * 1000) / 1000
    consistency = math.ceil(counted.longest_run / IDEAL_RUN * 1000) / 1000
    return min(1.0, max(coverage, consistency))


def beacon_score(
    epochs: Sequence[float], sizes: Sequence[float], start: float, end: float
) -> float:
    """RITA's score of 0 to 1 for connections sorted by time within start..end."""
    if len(set(map(int, epochs))) < MIN_CONNECTIONS:
        return 0.0
    counted = histogram(epochs, start, end)
    return statistics.fmean(
        (
            timestamp_score(epochs),
            size_score(sizes),
            histogram_score(counted),
            duration_score(epochs[0], epochs[-1], start, end, counted),
        )
    )


def modifier(context: dict[str, str], end: float) -> float:
    """The change of the score by prevalence and age of the destination, if they are known."""
    change = 0.0
    if context.get("senders") and context.get("population"):
        share = int(context["senders"]) / int(context["population"])
        change += PREVALENCE_STEP * ((share <= RARE) - (share >= COMMON))
    if context.get("first_seen"):
        age = (end - float(context["first_seen"])) / DAY
        change += AGE_STEP * ((age <= NEW_DAYS) - (age >= OLD_DAYS))
    return change


def score_day(pair: Pair, end: float) -> float:
    """The beacon score of the 24 hours before end; a day without enough connections is 0.

    RITA takes in the whole hour in which the 24 hours begin; what lies before them counts in
    the first bar.
    """
    start = max(pair.start, end - DAY)
    all_epochs = pair.epochs
    first = bisect_left(all_epochs, start // HOUR * HOUR)
    inside = pair.connections[first : bisect_right(all_epochs, end)]
    epochs = [connection.epoch for connection in inside]
    sizes = [float(connection.bytes_out or 0) for connection in inside]
    return beacon_score(epochs, sizes, start, end)


def _judged(base: float, pair: Pair) -> float:
    return base + modifier(pair.context, pair.end) if base else 0.0


def score(pair: Pair) -> float:
    """The score of the last 24 hours, as RITA runs it."""
    return _judged(score_day(pair, pair.end), pair)


def score_best_day(pair: Pair) -> float:
    """The best of daily RITA runs over the whole recording."""
    runs = max(1, math.ceil((pair.end - pair.start) / DAY))
    return _judged(max(score_day(pair, pair.end - run * DAY) for run in range(runs)), pair)
