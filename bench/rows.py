"""Rows as the command gets them: recorded, simulated and planted pairs in bins of any width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from replay.errors import InputError

from . import recordings
from .pairs import Pair, binned, token
from .speed import ANYWHERE


class Setting(NamedTuple):
    """How a row's observations come: the first event of bins (seconds) and whether it says so."""

    name: str
    seconds: int
    told: bool


SETTINGS = (
    Setting("seconds, untold", 1, False),
    Setting("minutes, untold", 60, False),
    Setting("hours, untold", 3_600, False),
    Setting("seconds, told", 1, True),
    Setting("minutes, told", 60, True),
    Setting("hours, told", 3_600, True),
)


def row(pair: Pair, setting: Setting) -> list:
    """Observations and context, as JSON takes them."""
    told = {"bin_seconds": str(setting.seconds)} if setting.told else {}
    text = " ".join(map(token, binned(pair.connections, setting.seconds)))
    return [text, {**pair.context, **told}]


def recorded(home: Path) -> Iterator[tuple[str, Sequence[Pair]]]:
    """All pairs of every recording in a folder; a log of a format that nobody reads is left out."""
    for folder in sorted(one for one in home.iterdir() if one.is_dir()):
        try:
            logged = recordings.flows(recordings.log_of(folder))
        except InputError as refused:
            print(f"left out: {refused}")
            continue
        yield folder.name, recordings.traffic(logged, ANYWHERE).pairs
