"""Metrics of the comparison. A higher score is more suspicious."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative; a tie counts half.

    >>> auc([2, 3], [1, 2])
    0.875
    """
    ordered = sorted(negatives)
    below = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in positives)
    return below / (2 * len(positives) * len(negatives))


def threshold_at(negatives: Sequence[float], false_positive_rate: float) -> float:
    """The lowest alert threshold (score above it) that keeps false positives within the rate.

    >>> threshold_at([1, 2, 3, 4], 0.25)
    3
    """
    ordered = sorted(negatives, reverse=True)
    return ordered[min(int(false_positive_rate * len(ordered)), len(ordered) - 1)]


def true_positive_rate(
    positives: Sequence[float], negatives: Sequence[float], false_positive_rate: float = 0.01
) -> float:
    """Share of positives found while at most this share of negatives is found.

    A positive with exactly the threshold's score is not found, since negatives have that score too.

    >>> true_positive_rate([3, 4, 5, 6], [1, 2, 3, 4], 0.25)
    0.75
    """
    threshold = threshold_at(negatives, false_positive_rate)
    return sum(value > threshold for value in positives) / len(positives)


def roc(positives: Sequence[float], negatives: Sequence[float]) -> list[tuple[float, float]]:
    """Points (false, true positive rate) at every distinct threshold, from (0, 0) to (1, 1)."""
    good, bad = sorted(positives), sorted(negatives)
    points = [(0.0, 0.0)]
    for threshold in sorted(set(good) | set(bad), reverse=True):
        points.append(
            (
                1 - bisect_left(bad, threshold) / len(bad),
                1 - bisect_left(good, threshold) / len(good),
            )
        )
    return points


def rank_against(score: float, others: Sequence[float]) -> int:
    """Rank among the others, 1 is best; a tie counts against this score.

    >>> rank_against(5, [7, 5, 3])
    3
    """
    return 1 + sum(other >= score for other in others)


def upper_bound(hits: int, trials: int, confidence: float = 0.95) -> float:
    """Clopper and Pearson's exact upper bound of a rate (one-sided).

    Found by bisection on the binomial distribution function, which needs no library.

    >>> round(upper_bound(0, 100), 4), upper_bound(5, 5)
    (0.0295, 1.0)
    """
    if hits >= trials:
        return 1.0
    low, high = hits / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _binomial_cdf(hits, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _binomial_cdf(hits: int, trials: int, rate: float) -> float:
    """P(X <= hits) for X ~ Binomial(trials, rate), summed in logarithms, 0 < rate < 1."""
    logs = [
        math.lgamma(trials + 1)
        - math.lgamma(k + 1)
        - math.lgamma(trials - k + 1)
        + k * math.log(rate)
        + (trials - k) * math.log1p(-rate)
        for k in range(hits + 1)
    ]
    return math.fsum(map(math.exp, logs))
