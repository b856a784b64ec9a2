"""Commands that hold pipelines: append and multisearch add rows, appendpipe goes on with rows."""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from ..errors import SplError
from ..parse import commands, flag, options, parse, subtrees
from ..search_filter import comparisons
from .base import Columns, Row, Scope, Step, columns_of, extended
from .subsearch import compiled, rows_of

APPENDED = 50_000
_BRACKETED = re.compile(r"\s*([^\[]*?)\s*\[(.*)\]\s*", re.DOTALL)


class Append(Step):
    """append [ | ... ]: the rows of a subsearch that makes its own rows, after those of the search.

    Splunk ends a subsearch after a minute (maxtime) and takes 50,000 rows of it (maxout); replay
    knows the second limit only.
    """

    def __init__(self, arguments: str, scope: Scope, compile_call):
        found = _BRACKETED.fullmatch(arguments)
        if not found:
            raise SplError("Error in 'append' command: The last argument must be a subsearch.")
        given = options(parse("arguments", "options", found[1], "append"), {"maxout"}, "append")
        self.limit = int(given.get("maxout", APPENDED))
        self.steps = compiled(found[2], scope, compile_call, "append")
        self.event_fields = {name for step in self.steps for name in step.event_fields}
        self.writes = any(step.writes for step in self.steps)
        self.warn = scope.warn

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The subsearch after the search; in Splunk it is done before."""
        yield from rows
        found = rows_of(self.steps)
        yield from islice(found, self.limit)
        if next(found, None) is not None:
            self.warn(f"append: the subsearch has more than {self.limit} rows; the rest is lost")

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        own = columns_of(self.steps)
        return None if own is None else extended(columns, own)


class Appendpipe(Step):
    """appendpipe [run_in_preview=<bool>] [<command> | ...]: of nested pipelines, the inner first.

    There are no previews here, so that run_in_preview changes nothing.
    """

    reads = None

    def __init__(self, arguments: str, scope: Scope, compile_call):
        found = _BRACKETED.fullmatch(arguments)
        if not found or not found[2].strip(" |"):
            raise _error("The argument must be a subpipeline in square brackets.")
        if found[2].lstrip().startswith("|"):
            raise _error("replay knows a subpipeline without a pipe before its first command only")
        given = options(
            parse("arguments", "options", found[1], "appendpipe"), {"run_in_preview"}, "appendpipe"
        )
        flag(given, "run_in_preview", True, "appendpipe")
        self.steps = [compile_call(call, scope) for call in commands("| " + found[2])]
        for place, step in enumerate(self.steps):
            if step.generates:
                raise _error("a command that makes its own rows cannot go on with those so far.")
            step.columns_before = partial(self._columns_inside, place)
        self.event_fields = {name for step in self.steps for name in step.event_fields}
        self.writes = any(step.writes for step in self.steps)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies go through the subpipeline, once all rows are there."""
        rows = list(rows)
        yield from rows
        found: Iterable[Row] = [dict(row) for row in rows]
        for step in self.steps:
            found = step.run(found)
        yield from found

    def _columns_inside(self, length: int) -> Columns:
        return self._after(length, self.columns_before())

    def _after(self, length: int, columns: Columns) -> Columns:
        for step in self.steps[:length]:
            columns = step.columns(columns)
        return columns

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return extended(columns, self._after(len(self.steps), columns) or [])


def _error(message: str) -> SplError:
    return SplError(f"Error in 'appendpipe' command: {message}")


# Streaming commands by Splunk's list of command types, as far as replay knows them.
STREAMING = {"search", "where", "eval", "fields", "rename", "rex", "makemv", "fillnull", "lookup"}


class Multisearch(Step):
    """multisearch [search ...] [search ...]: the events of each search, one search after another.

    Splunk runs them at once; which order the rows come in is not documented.
    """

    generates = True
    streams = True
    event_fields = frozenset({"_time"})

    def __init__(self, arguments: str, scope: Scope, compile_call):
        self.scope = scope
        self.searches = [_streaming(text, scope, compile_call) for text in _bracketed(arguments)]
        if len(self.searches) < 2:
            raise _refused("at least two searches in square brackets are needed.")
        reads = [step.reads for _, steps in self.searches for step in steps]
        self.reads = None if None in reads else {name for names in reads for name in names}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies of the events, from main where a search names no index."""
        for any_index, steps in self.searches:
            events = self.scope.events()
            found: Iterable[Row] = (
                dict(event) for event in events if any_index or event.get("index", "main") == "main"
            )
            for step in steps:
                found = step.run(found)
            yield from found


def _bracketed(arguments: str) -> Iterator[str]:
    tree = parse("pipeline", "start", arguments, "multisearch")
    held = [part for segment in tree.children for part in subtrees(segment, "subsearch")]
    between, end = "", 0
    for part in held:
        between += arguments[end : part.meta.start_pos]
        end = part.meta.end_pos
        yield arguments[part.meta.start_pos + 1 : end - 1].strip()
    if (between + arguments[end:]).strip():
        raise _refused("only searches in square brackets can be its arguments.")


def _streaming(text: str, scope: Scope, compile_call) -> tuple[bool, list[Step]]:
    """Return whether a search says which indexes it is about, and its steps."""
    if not re.match(r"search\s", text):
        raise _refused("replay only knows searches that begin with the search command.")
    calls = commands(text)
    for call in calls:
        if call.name not in STREAMING:
            raise _refused(f"'{call.name}' is no streaming command that replay knows here.")
    named = any(field == "index" for field, _, _ in comparisons(calls[0].arguments, "multisearch"))
    return named, [compile_call(call, scope) for call in calls]


def _refused(message: str) -> SplError:
    return SplError(f"Error in 'multisearch' command: {message}")
