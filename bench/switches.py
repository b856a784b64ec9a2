"""Special cases of the scorer, each with what switches it off in this process.

A switch replaces named constants and functions of the scorer; one that names nothing there is an
error, so that no figure is drawn from a switch without an effect.
"""

from __future__ import annotations

from bisect import bisect_right
from importlib import import_module
from math import log10


def put(module: str, **values: object) -> None:
    """Replace names of one of the scorer's modules."""
    found = import_module(f"scheduled_transfer.{module}")
    for name, value in values.items():
        if not hasattr(found, name):
            raise AttributeError(f"{found.__name__} has no {name}")
        setattr(found, name, value)


def _without(module: str, name: str, value: object = None) -> None:
    """Let a function find nothing, or always this."""
    put(module, **{name: lambda *facts: value})


def _looks() -> None:
    """Correct for as many looks as are left."""
    interval = import_module("scheduled_transfer.detectors.interval")
    scales, lags = len(interval.BURST_SCALES), len(interval.LAGS)
    put("detectors.interval", LOOKS=log10(2 * len(interval.SHARES) * (1 + scales + lags)))


def _scales(*left: float) -> None:
    put("detectors.interval", BURST_SCALES=left)
    _looks()


def _interleaving() -> None:
    put("detectors.interval", LAGS=())
    _looks()


def _folding() -> None:
    zone = import_module("scheduled_transfer.detectors.densest").ZONE

    def none(ordered: list, last: int, *_window: float) -> tuple[int, int, int]:
        return 0, 0, bisect_right(ordered, ordered[last - 1] * zone, last) - last

    put("detectors.densest", _folded=none)


def _untold_bins() -> None:
    """No bin is as narrow as this: no period is near it."""
    nulls = import_module("scheduled_transfer.nulls")
    rate = nulls.bins_rate

    def told_only(epochs: list, stamped: tuple, period: float, width: float) -> float:
        untold = stamped.bins is nulls.BINS
        return 0.0 if untold else rate(epochs, stamped, period, width)

    put("detectors.densest", bins_rate=told_only)


def _detector(name: str) -> None:
    _without(f"detectors.{name}", "detect")


SWITCHES = {
    "burst scale 1 s": lambda: _scales(20, 300),
    "burst scale 20 s": lambda: _scales(1, 300),
    "burst scale 300 s": lambda: _scales(1, 20),
    "all burst scales": _scales,
    "once in each": lambda: _detector("once"),
    "ceiling of the gaps": lambda: _detector("ceiling"),
    "beat under noise": lambda: _detector("beat"),
    "interleaving": _interleaving,
    "folding": _folding,
    "null of untold bins": _untold_bins,
    "null of told bins": lambda: _without("detectors.densest", "bins_rate", 0.0),
    "null of daily habits": lambda: _without("detectors.densest", "habit_rate", 0.0),
    "runs of told bins": lambda: put("detectors.interval", _of_bins=lambda found, *_series: found),
    "active hours": lambda: _without("active_hours", "find"),
    "early stops": lambda: _without("detectors.densest", "_even", False),
    "retry guard": lambda: _without("detectors.densest", "_inside_bursts", False),
    "day rule": lambda: put(
        "select", _time_says_more=lambda daily, fixed: daily.log10_p < fixed.log10_p
    ),
    "change of the clock": lambda: put(
        "detectors.time_of_day", _changed=lambda before, _after: dict.fromkeys(before)
    ),
    "days of the week": lambda: put("detectors.time_of_day", chosen=lambda _days, week: week),
}
TOGETHER = "all together"


def turn_off(name: str) -> None:
    """Switch one special case off, or all together; KeyError for any other name."""
    for switch in SWITCHES.values() if name == TOGETHER else [SWITCHES[name]]:
        switch()
