"""Centralized streaming commands: row after row, in their order."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lark import Tree

from ..errors import SplError
from ..parse import flag, options, parse, subtrees, tokens
from ..search_context import SearchContext
from ..values import text
from .base import CentralizedStreaming, Command, Row
from .dataset import DedupSorted
from .ordering import orders_of
from .statistics import clause_of, group_of, with_results

HEAD_LIMIT = 10
WINDOW_LIMIT = 10_000


class Head(CentralizedStreaming):
    """head: the first rows, 10 of them."""

    def __init__(self, arguments: str, context: SearchContext):
        limit = tokens(parse("arguments", "head", arguments, "head"), "COUNT")
        self.limit = int(limit[0]) if limit else HEAD_LIMIT

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut."""
        return islice(rows, self.limit)


class Dedup(CentralizedStreaming):
    """dedup: the first row, or the first n, of each combination of values.

    With sortby it is a dataset processing command.
    """

    @classmethod
    def of(cls, arguments: str, context: SearchContext) -> Command:  # noqa: ARG003
        """Return the command, with sortby one that sorts what it keeps."""
        tree = parse("arguments", "dedup", arguments, "dedup")
        dedup = cls(tree)
        sortby = subtrees(tree, "sortby")
        return DedupSorted(dedup, orders_of(sortby[0])) if sortby else dedup

    def __init__(self, tree: Tree):
        options(tree, self.options, "dedup")
        self.count = int((tokens(tree, "COUNT") or ["1"])[0])
        self.names = tokens(tree, "WORD", "QUOTED")
        self.reads = set(self.names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows that lack one of the fields are dropped."""
        seen: dict[tuple, int] = {}
        for row in rows:
            if not all(name in row for name in self.names):
                continue
            key = tuple(text(row[name]) for name in self.names)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] <= self.count:
                yield row


class Streamstats(CentralizedStreaming):
    """streamstats: the aggregates of the rows so far, or of the last `window` of them."""

    options = ("current", "window", "global")

    def __init__(self, arguments: str, context: SearchContext):
        self.clause = clause_of(arguments, context, "streamstats", self.options)
        self.current = flag(self.clause.options, "current", True, "streamstats")
        self.one_window = flag(self.clause.options, "global", True, "streamstats")
        self.window = int(self.clause.options.get("window", "0"))
        if self.window > WINDOW_LIMIT:
            raise SplError(
                f"Error in 'streamstats' command: window={self.window} is more than {WINDOW_LIMIT}."
            )
        self.reads, self.adds = self.clause.fields, self.clause.names

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One pass over the rows; those without a BY field pass unchanged."""
        results_of = self._windowed if self.window else self._running
        groups: dict[Any, Any] = {}
        for row in rows:
            key = group_of(row, self.clause.by)
            yield (
                row if key is None else with_results(row, self.clause, results_of(groups, key, row))
            )

    def _running(self, groups: dict[Any, Any], key: tuple, row: Row) -> Row:
        group = groups.setdefault(key, self.clause.accumulators())
        if self.current:
            self.clause.add(group, row)
            return self.clause.results(group)
        results = self.clause.results(group)
        self.clause.add(group, row)
        return results

    def _windowed(self, groups: dict[Any, Any], key: tuple, row: Row) -> Row:
        window = groups.setdefault(None if self.one_window else key, deque(maxlen=self.window))
        seen = (key, dict(row))
        if self.current:
            window.append(seen)
        group = self.clause.accumulators()
        for other, earlier in window:
            if other == key:
                self.clause.add(group, earlier)
        if not self.current:
            window.append(seen)
        return self.clause.results(group)


COMMANDS = {"head": Head, "dedup": Dedup, "streamstats": Streamstats}
