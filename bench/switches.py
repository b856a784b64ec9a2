"""Special cases of the scorer, each with what switches it off in this process.

A switch replaces named constants and functions of the scorer; one that names nothing there is an
error, so that no figure is drawn from a switch without an effect.
"""

from __future__ import annotations

from importlib import import_module
from math import inf, log10

NO_BINS = (1e-9,)


def _put(module: str, **values: object) -> None:
    """Replace names of one of the scorer's modules."""
    found = import_module(f"scheduled_transfer.{module}")
    for name, value in values.items():
        if not hasattr(found, name):
            raise AttributeError(f"{found.__name__} has no {name}")
        setattr(found, name, value)


def _looks() -> None:
    """Correct for as many looks as are left."""
    densest, interval = (import_module(f"scheduled_transfer.{m}") for m in ("densest", "interval"))
    scales, lags = len(interval.BURST_SCALES), len(interval.LAGS)
    looks = log10(2 * len(densest.SHARES) * (1 + scales + lags))
    _put("densest", LOOKS=looks)
    _put("interval", LOOKS=looks)


def _scales(*left: float) -> None:
    _put("interval", BURST_SCALES=left)
    _looks()


def _interleaving() -> None:
    _put("interval", LAGS=())
    _looks()


def _folding() -> None:
    from bisect import bisect_right

    def none(ordered: list, last: int, *_window: float) -> tuple:
        return 0, 0, bisect_right(ordered, ordered[last - 1] * 2.0, last) - last

    _put("densest", _folded=none)


def _untold_bins() -> None:
    from scheduled_transfer import timing

    told = timing._clock

    def clock(resolution: int, width: float) -> object:
        found = told(resolution, width)
        return found if width else found._replace(bins=NO_BINS)

    _put("timing", _clock=clock)


def _stretches() -> None:
    _put("timing", _of_bins=lambda found, seen, clock, width: found)


def _clock_alignment() -> None:
    _put("timing", CLOCK_CONTACTS=inf, CORRECTION=log10(2))


def _early_stops() -> None:
    _put("densest", SETTLED_LOG10_P=-inf)
    _put("interval", SETTLED_LOG10_P=-inf)


def _missed_beats() -> None:
    from scheduled_transfer import timing

    _put("timing", settled=timing.strongest)


SWITCHES = {
    "filling in of missed beats": _missed_beats,
    "burst scale 1 s": lambda: _scales(20, 300),
    "burst scale 20 s": lambda: _scales(1, 300),
    "burst scale 300 s": lambda: _scales(1, 20),
    "burst scales 1 and 300 s": lambda: _scales(20),
    "all burst scales": lambda: _scales(),
    "strobe": lambda: _put("strobe", evidence=lambda found: None),
    "clock alignment": _clock_alignment,
    "interleaving": _interleaving,
    "folding": _folding,
    "nearly on time": lambda: _put("densest", _near=lambda *facts: 0),
    "null of untold bins": _untold_bins,
    "stretches of told bins": _stretches,
    "active hours": lambda: _put("windows", evidence=lambda *facts: None),
    "early stops": _early_stops,
    "sampling of long rows": lambda: _put("interval", EVEN_SAMPLE=inf),
    "glance": lambda: _put("verdict", over_at_once=lambda observations: False),
    "retry guard": lambda: _put("densest", _inside_bursts=lambda *facts: False),
    "day rule": lambda: _put(
        "timing", _time_says_more=lambda daily, fixed: daily.log10_p < fixed.log10_p
    ),
    "steps of the wall clock": lambda: _put("timeofday", WEEK_MIN_DAYS=inf),
    "days of the week": lambda: _put("timeofday", chosen=lambda days, week: week),
    "sizes alike": lambda: _put("verdict", ALIKE=2),
}
TOGETHER = "all together"
# Scales overlap: only the widest of these switches is part of the whole.
PARTS = {"burst scale 1 s", "burst scale 20 s", "burst scale 300 s", "burst scales 1 and 300 s"}


def turn_off(name: str) -> None:
    """Switch one special case off, or all together; KeyError for any other name."""
    if name != TOGETHER:
        SWITCHES[name]()
        return
    for one, switch in SWITCHES.items():
        if one not in PARTS:
            switch()
