"""appendpipe: rows that a pipeline of their own makes of the rows so far, added after them."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from ..errors import SplError
from ..parse import commands, flag, options, parse
from .base import Columns, Row, Scope, Step, extended

_SUBPIPELINE = re.compile(r"\s*([^\[]*?)\s*\[(.*)\]\s*", re.DOTALL)


class Appendpipe(Step):
    """appendpipe [run_in_preview=<bool>] [<command> | ...]: of nested pipelines, the inner first.

    There are no previews here, so that run_in_preview changes nothing.
    """

    reads = None

    def __init__(self, arguments: str, scope: Scope, compile_call):
        found = _SUBPIPELINE.fullmatch(arguments)
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
