"""The optional fields of a row: what is known around a pair, with the unreadable named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from .parsing import LATEST_EPOCH, number
from .series import DAY


class Known(NamedTuple):
    """What a row tells; None, or empty, where it does not.

    offset is local time less UTC (seconds), start and end bound the search window and
    first_seen the destination's days at the site (epochs), senders of population hosts talk to
    the destination, expected are the services of its ports, odd_port is one of them on which none
    is expected, bin is the width (seconds) of the time bins whose first events the observations
    are; one_sided says that the bytes of one side are missing from many connections; faults names
    what could not be read and counts as unknown.
    """

    offset: float = 0
    bin: float = 0
    start: float | None = None
    end: float | None = None
    senders: float | None = None
    population: float | None = None
    first_seen: float | None = None
    bytes_in: float | None = None
    listed: bool = False
    one_sided: bool = False
    expected: frozenset[str] = frozenset()
    odd_port: str = ""
    port: str = ""
    app: str = ""
    faults: tuple[str, ...] = ()

    def window(self, first: float, last: float) -> float:
        """Length of the search window, at least from the first contact to the last (seconds)."""
        start = first if self.start is None else min(self.start, first)
        end = last if self.end is None else max(self.end, last)
        return end - start


NOTHING = Known()


def read(fields: Mapping[str, str] | None) -> Known:
    """Read the fields that are there; other names are ignored.

    >>> known = read({'senders': '3', 'population': 'many', 'utc_offset': '-0330'})
    >>> known.senders, known.population, known.offset, known.faults
    (3, None, -12600, ("population 'many'",))
    """
    found, faults = {}, []
    for name, value in (fields or {}).items():
        if name not in _READERS or value is None:
            continue
        text = str(value)
        try:
            found[_READERS[name][0]] = _understood(name, text)
        except ValueError:
            faults.append(f"{name} {text[:40]!r}")
    return Known(**found, faults=tuple(faults))


# Rows of a search share most of their fields, and reading takes longer than looking up.
@lru_cache(maxsize=4096)
def _understood(name: str, text: str) -> object:
    """One field's value; what is empty is unknown."""
    attribute, reader = _READERS[name]
    return reader(text) if text else getattr(NOTHING, attribute)


def _offset(text: str) -> float:
    """Seconds, from `+0200`, `-03:30` or a number of seconds."""
    digits = text.strip().lstrip("+-").replace(":", "")
    sign = -1 if text.strip().startswith("-") else 1
    if len(digits) == 4 and text.strip()[0] in "+-":
        return sign * (int(digits[:2]) * 3_600 + int(digits[2:]) * 60)
    return sign * number(digits, DAY)


def _services(text: str) -> frozenset[str]:
    return frozenset(text.lower().replace(",", " ").split())


_READERS = {
    "utc_offset": ("offset", _offset),
    "bin_seconds": ("bin", lambda text: number(text, DAY)),
    "window_start": ("start", lambda text: number(text, LATEST_EPOCH)),
    "window_end": ("end", lambda text: number(text, LATEST_EPOCH)),
    "senders": ("senders", number),
    "population": ("population", number),
    "first_seen": ("first_seen", lambda text: number(text, LATEST_EPOCH)),
    "bytes_in": ("bytes_in", number),
    "listed": ("listed", bool),
    "one_sided": ("one_sided", bool),
    "expected": ("expected", _services),
    "odd_port": ("odd_port", str),
    "dest_port": ("port", str),
    "app": ("app", str.lower),
}
# All names that are read.
NAMES = tuple(_READERS)
