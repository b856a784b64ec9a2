"""Contacts at a fixed interval, with jitter, missed transfers, bursts and silences.

The densest window of gaps between contacts, or between bursts of contacts, is compared with what
a sender without a schedule puts into a window of that width.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from operator import sub

from ..fields import Known
from ..nulls import BIN_NEAR, Stamps, stamps
from ..series import Series, bin_runs, burst_starts
from . import INTERVAL, Evidence, better
from .densest import FEWEST_GAPS, SETTLED_LOG10_P, SHARES, Gaps, search

# Contacts that follow within these silences (seconds) are one transfer: parallel connections,
# a check-in with its answer, a session with its uploads.
BURST_SCALES = (1, 20, 300)
# Schedules of one period that stand in one another leave the same few gaps again and again:
# from this log10 p on they are looked for, two or three of them.
INTERLEAVED_LOG10_P, LAGS = -3.0, (2, 3)
# Where the width of the bins is known, a period under this many of them may be a shorter one. One
# near a single bin is the bins' own: chance is then called no rarer than this (log10 p), where
# the sender is active in this share of them, and nothing is said where it is not.
RESOLVED_BINS, HIDDEN_LOG10_P, HIDDEN_SHARE = 2, -2.4, 0.9
# Both ends of a window are chosen, of so many shares, scales and lags.
LOOKS = log10(2 * len(SHARES) * (1 + len(BURST_SCALES) + len(LAGS)))


def detect(series: Series, known: Known) -> Evidence | None:
    """The best fixed interval among the gaps of the contacts, or of bursts of contacts.

    >>> epochs = [0, 600, 1200, 1800, 3000, 3600, 4200]
    >>> found = detect(Series(epochs, [600, 600, 600, 1200, 600, 600], [], [], 1), Known())
    >>> found.period, found.hits, found.trials
    (600.0, 6, 6)
    """
    if not series.gaps:
        return None
    stamped, width = stamps(series.resolution, known.bin), known.bin
    found = _best(series.epochs, series.gaps, stamped)
    if width and (found is None or found.period < (1 + BIN_NEAR) * width * found.lag):
        found = _of_bins(found, series, stamped, width)
    if found and found.period < RESOLVED_BINS * width * found.lag:
        found = found._replace(hidden=True)
    return found


def _best(epochs: Sequence[float], gaps: Sequence[float], stamped: Stamps) -> Evidence | None:
    ordered = sorted(gaps)
    best = search(Gaps(ordered, epochs, stamped, LOOKS))
    if ordered[0] <= max(BURST_SCALES, default=0) and (best is None or not best.settled):
        best = _of_bursts(epochs, gaps, stamped, best)
    if best and best.log10_p < INTERLEAVED_LOG10_P and not best.settled:
        for lag in LAGS:
            best = _interleaved(epochs, stamped, lag, best)
    return best


def _of_bursts(
    epochs: Sequence[float], gaps: Sequence[float], stamped: Stamps, best: Evidence | None
) -> Evidence | None:
    """The best interval between bursts of contacts, at several scales, or the best of all gaps."""
    left = len(gaps)
    for scale in BURST_SCALES:
        count = sum([gap > scale for gap in gaps])
        if count < FEWEST_GAPS or (best and best.settled):
            break
        if count < left:
            left = count
            starts = burst_starts(epochs, gaps, scale)
            between = sorted(map(sub, starts[1:], starts))
            taken = Gaps(between, starts, stamped, LOOKS, burst=scale)
            best = better(best, search(taken, best.log10_p if best else 0.0))
    return best


def _interleaved(epochs: Sequence[float], stamped: Stamps, lag: int, best: Evidence) -> Evidence:
    """Two or three schedules of one period in one another: every second or third gap is a period.

    The spans overlap, so that only one in two or three of them counts. The best of the gaps
    stands unless this is better.
    """
    spans = sorted(map(sub, epochs[lag:], epochs))
    shared = (LOOKS + log10(len(epochs))) * (1 - 1 / lag)
    taken = Gaps(spans, epochs, stamped, LOOKS, lag=lag)
    found = search(taken, (best.log10_p - shared) * lag)
    if found is None:
        return best
    log10_p = found.log10_p / lag + shared
    settled = found.settled and log10_p < SETTLED_LOG10_P
    return better(best, found._replace(log10_p=log10_p, settled=settled))


def _of_bins(
    found: Evidence | None, series: Series, stamped: Stamps, width: float
) -> Evidence | None:
    """The interval between runs of told bins (width in seconds), since within them the bins make
    it.

    Activity that hardly ever stops has at least one contact a bin, which is all that they tell.
    """
    starts, gaps, between = series.epochs, series.gaps, found
    if min(gaps) < 2 * width:
        starts, gaps = bin_runs(series.epochs, width)
        between = _best(starts, gaps, stamped) if gaps else None
    bins = series.span // width + 1
    rare = between is not None and between.log10_p < HIDDEN_LOG10_P
    if found is None or rare or len(series.epochs) < HIDDEN_SHARE * bins:
        return between
    log10_p, hits = max(found.log10_p, HIDDEN_LOG10_P), len(series.epochs) - len(starts)
    counted = (found.strength, log10_p, float(width), 0.0, hits + 1, hits, len(series.gaps))
    return Evidence(INTERVAL, *counted)
