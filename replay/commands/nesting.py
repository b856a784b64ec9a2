"""append and appendpipe: the rows so far, then those of a pipeline of their own."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from ..errors import SplError
from ..parse import flag, options, parse
from ..search_context import SearchContext
from .base import Columns, DatasetProcessing, Generating, Row, columns_of, extended, linked
from .subsearch import compiled, rows_of

APPENDED = 50_000
_BRACKETED = re.compile(r"\s*([^\[]*?)\s*\[(.*)\]\s*", re.DOTALL)


class Append(DatasetProcessing):
    """append [ | ... ]: the rows of a subsearch that makes its own rows, after those of the search.

    Splunk ends a subsearch after a minute (maxtime) and takes 50,000 rows of it (maxout); replay
    knows the second limit only.
    """

    options = ("maxout",)

    def __init__(self, arguments: str, context: SearchContext):
        found = _BRACKETED.fullmatch(arguments)
        if not found:
            raise SplError("Error in 'append' command: The last argument must be a subsearch.")
        given = options(parse("arguments", "options", found[1], "append"), self.options, "append")
        self.limit = int(given.get("maxout", APPENDED))
        self.nested = compiled(found[2], context, "append")
        self.warn = context.warn

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The subsearch after the search; in Splunk it is done before."""
        yield from rows
        found = rows_of(self.nested)
        yield from islice(found, self.limit)
        if next(found, None) is not None:
            self.warn(f"append: the subsearch has more than {self.limit} rows; the rest is lost")

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        own = columns_of(self.nested)
        return None if own is None else extended(columns, own)


class Appendpipe(DatasetProcessing):
    """appendpipe [run_in_preview=<bool>] [<command> | ...]: of nested pipelines, the inner first.

    There are no previews here, so that run_in_preview changes nothing.
    """

    reads = None
    options = ("run_in_preview",)

    def __init__(self, arguments: str, context: SearchContext):
        found = _BRACKETED.fullmatch(arguments)
        if not found or not found[2].strip(" |"):
            raise _error("The argument must be a subpipeline in square brackets.")
        if found[2].lstrip().startswith("|"):
            raise _error("replay knows a subpipeline without a pipe before its first command only")
        given = options(
            parse("arguments", "options", found[1], "appendpipe"), self.options, "appendpipe"
        )
        flag(given, "run_in_preview", True, "appendpipe")
        self.nested = context.compiled("| " + found[2], context)
        if any(isinstance(command, Generating) for command in self.nested):
            raise _error("a command that makes its own rows cannot go on with those so far.")
        linked(self.nested, lambda: self.columns_before())

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies go through the subpipeline, once all rows are there."""
        rows = list(rows)
        yield from rows
        found: Iterable[Row] = [dict(row) for row in rows]
        for command in self.nested:
            found = command.run(found)
        yield from found

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return extended(columns, columns_of(self.nested, lambda: columns) or [])


def _error(message: str) -> SplError:
    return SplError(f"Error in 'appendpipe' command: {message}")
