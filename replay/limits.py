"""Splunk's limits: replay stops, with the limit's name, where a search would pass one.

Beyond them Splunk goes on with fewer rows or fields, as a rule without an error. The values are the
defaults of Splunk 10.4 (limits.conf.spec). Splunk estimates memory in its own way: replay counts
the characters of the values, so that a search that comes near such a limit may pass it in Splunk.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from .errors import SplError
from .values import each, text

_held: dict[str, int] = {}


class Limit(NamedTuple):
    """A setting of limits.conf, its default, and what happens beyond it."""

    setting: str
    most: int
    unit: str
    beyond: str

    def hold(self, number: int, where: str) -> None:
        """Stop if a search passes the limit."""
        _held[self.setting] = max(number, _held.get(self.setting, 0))
        if number > self.most:
            raise SplError(
                f"{where}: {number:,} {self.unit}, more than {self.setting} = {self.most:,} of "
                f"Splunk's limits.conf: {self.beyond}"
            )


EVENTSTATS = Limit(
    "[stats] maxresultrows",
    50_000,
    "rows",
    "eventstats stops adding its fields, once it also passes max_mem_usage_mb",
)
MVEXPAND = Limit(
    "[mvexpand] max_mem_usage_mb (as characters)", 500_000_000, "characters", "rows are cut"
)
APPEND = Limit("[searchresults] maxresultrows", 50_000, "rows of a subsearch", "the rest is lost")
SORT = Limit("the count of sort", 10_000, "rows", "the rest is cut; sort 0 keeps all")
LIST = Limit("[stats] list_maxsize", 100, "values of list()", "the rest is dropped")
EVENT_CHARACTERS = Limit(
    "[kv] maxchars", 10_240, "characters of a stored row", "fields after them are not extracted"
)
EVENT_FIELDS = Limit("[kv] limit", 100, "fields of a stored row", "the rest is not extracted")
LIMITS = (EVENTSTATS, MVEXPAND, APPEND, SORT, LIST, EVENT_CHARACTERS, EVENT_FIELDS)


def held() -> dict[str, int]:
    """Return the most that was held to each limit, by its setting, since this was last asked."""
    found = dict(_held)
    _held.clear()
    return found


def characters(values: Iterable[Any]) -> int:
    """Return the length of values as text.

    >>> characters(["ab", ["c", "def"], 10.0])
    8
    """
    return sum(len(text(one)) for value in values for one in each(value))
