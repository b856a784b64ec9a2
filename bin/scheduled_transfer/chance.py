"""Bounds on what chance does, shared by every kind of evidence."""

from __future__ import annotations

from math import lgamma, log

LN10 = log(10)


def log10_tail(hits: int, trials: int, rate: float) -> float:
    """Upper bound of log10 P(at least hits of trials), each a hit at most at this rate.

    Chernoff's bound -n KL(K/n || p), which holds for unequal rates too if rate is their mean
    (Hoeffding 1963). Nothing is known (0) where no more came than was to be expected.

    >>> round(log10_tail(10, 10, 0.1), 3), log10_tail(1, 10, 0.1)
    (-10.0, 0.0)
    """
    if hits <= rate * trials:
        return 0.0
    if hits >= trials:
        return trials * log(rate) / LN10
    share = hits / trials
    nats = share * log(share / rate) + (1 - share) * log((1 - share) / (1 - rate))
    return -trials * nats / LN10


def log_ways(count: int, drawn: int) -> float:
    """Natural logarithm of the number of ways to draw some of so many.

    >>> round(log_ways(7, 3) - log(35), 9)
    0.0
    """
    return lgamma(count + 1) - lgamma(drawn + 1) - lgamma(count - drawn + 1)
