"""Centralized streaming commands: row after row, in their order."""

from collections.abc import Iterable, Iterator
from itertools import islice

from ..errors import refused
from ..parse import arguments, flag, tokens
from ..search_context import SearchContext
from ..values import text
from .base import CentralizedStreaming, Row
from .statistics import clause_of

HEAD_LIMIT = 10


class Head(CentralizedStreaming):
    """head: the first rows, 10 of them."""

    def __init__(self, written: str, context: SearchContext):
        limit = tokens(arguments("head", written, "head")[0])
        self.limit = int(limit[0]) if limit else HEAD_LIMIT

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut."""
        return islice(rows, self.limit)


class Dedup(CentralizedStreaming):
    """dedup: the first row of each combination of values; rows without a field are dropped."""

    def __init__(self, written: str, context: SearchContext):
        self.names = tokens(arguments("names", written, "dedup")[0])
        if self.names[0].isdigit():
            raise refused("dedup", "a count is not supported by replay")
        self.reads = set(self.names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One pass over the rows."""
        seen = set()
        for row in rows:
            if all(name in row for name in self.names):
                key = tuple(text(row[name]) for name in self.names)
                if key not in seen:
                    seen.add(key)
                    yield row


class Streamstats(CentralizedStreaming):
    """streamstats: the aggregates of the rows so far; rows without a BY field pass unchanged."""

    options = ("current",)

    def __init__(self, written: str, context: SearchContext):
        self.clause = clause_of(written, context, "streamstats", self.options)
        self.current = flag(self.clause.options, "current", True, "streamstats")
        self.reads, self.adds = self.clause.fields, self.clause.names

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One pass over the rows."""
        writes = self.clause.write_adds, self.clause.write_so_far
        yield from self.clause.along(*(writes if self.current else writes[::-1]))(rows, {})


COMMANDS = {"head": Head, "dedup": Dedup, "streamstats": Streamstats}
