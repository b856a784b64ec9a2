"""The rules that judge one sender and one destination, as they are shipped."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from replay.app import APP, App

VOLUME = "T1029 - High Volume Transfer at Specific Intervals - Rule"
RECURRING = "T1029 - Recurring Connections to One Destination - Rule"
INTERVAL = "T1029 - Fixed Interval Connections - Rule"
DAILY = "T1029 - Same Time of Day on Several Days - Rule"
PROCESS = "T1029 - Process That Normally Does Not Use the Network - Rule"
RULES = (VOLUME, RECURRING, INTERVAL, DAILY, PROCESS)
# How far the same rules would look back, where that is to be tried.
LONGER = {
    VOLUME: "-28d@h",
    RECURRING: "-28d@h",
    INTERVAL: "-7d@h",
    DAILY: "-90d@d",
    PROCESS: "-28d@h",
}
# Rules without a floor report from these macros on.
LEAST = ("t1029_interval_risk", "t1029_daily_risk", "t1029_process_risk")


class Window(NamedTuple):
    """What a rule looks at, as time modifiers."""

    earliest: str
    latest: str


@cache
def _app() -> App:
    return App.at(APP, {}, {})


@cache
def window(rule: str) -> Window:
    """Return a rule's window, as it is scheduled."""
    search = _app().search(rule)
    return Window(search.earliest, search.latest)


@cache
def limit(name: str) -> float:
    """Return a threshold of the app, the macro t1029_<name>.

    >>> limit("volume_hours")
    3.0
    """
    return float(_app().macros[f"t1029_{name}"]["definition"])


def lowered(least: float) -> dict[str, str]:
    """Return the macros with which the rules report from a lower risk on."""
    return dict.fromkeys(LEAST, f"{least:g}")
