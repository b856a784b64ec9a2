"""What every command is made of: a step over rows, and the scope of the search it stands in."""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from typing import Any, Callable, NamedTuple, Optional

from ..expressions import Clock
from ..lookups import Lookups

Row = dict[str, Any]
Columns = Optional[list[str]]


class Scope(NamedTuple):
    """What a command may know of its search."""

    clock: Clock
    lookups: Lookups
    commands: dict[str, dict[str, str]]
    app: Any
    search: str
    sid: str
    earliest: Optional[float]
    latest: Optional[float]
    warn: Callable[[str], None]


class Step:
    """One compiled command.

    `reads` are the fields it needs of its input, None for all of them; `bounds` says that nothing
    but these fields can matter after it; `generates` that it must come first and makes its rows
    itself; `writes` that what comes after its search can see that it has run.
    """

    reads: Optional[set[str]] = frozenset()
    bounds = False
    generates = False
    writes = False
    # Set by the pipeline that it stands in: the columns of its input, once all rows are through.
    columns_before: Callable[[], Columns] = staticmethod(lambda: None)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Return the rows that come out; the rows that go in may be changed."""
        raise NotImplementedError

    def columns(self, columns: Columns) -> Columns:
        """Return the order of columns after it has run, None while it is alphabetical."""
        return columns


def extended(columns: Columns, names: Iterable[str]) -> Columns:
    """Return columns with new names at the end."""
    if columns is None:
        return None
    return list(dict.fromkeys([*columns, *names]))


def chosen(names: Iterable[str], patterns: list[str]) -> list[str]:
    """Return the names that fit the patterns, in the order of the patterns; * is a wildcard.

    >>> chosen(["src", "src_port", "dest"], ["dest", "src*"])
    ['dest', 'src', 'src_port']
    """
    names = sorted(names)
    found: dict[str, None] = {}
    for pattern in patterns:
        fits = re.compile(fnmatch.translate(pattern.replace("[", "[[]").replace("?", "[?]")))
        found.update((name, None) for name in names if fits.fullmatch(name))
        if "*" not in pattern:
            found.setdefault(pattern)
    return list(found)
