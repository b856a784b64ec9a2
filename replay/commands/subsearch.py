"""Subsearches in square brackets, and the search command whose filter holds one."""

import re
from collections.abc import Iterable, Iterator

from ..errors import SplError
from ..search_context import SearchContext
from ..search_filter import compile_filter
from .base import Command, DistributableStreaming, Generating, Row

_SUBSEARCH = re.compile(r'\[((?:"(?:\\.|[^"\\])*"|[^"\[\]])*)\]', re.DOTALL)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)


def has_subsearch(arguments: str) -> bool:
    """Tell whether arguments hold a subsearch outside quotes."""
    return "[" in _QUOTED.sub("", arguments)


def compiled(spl: str, context: SearchContext, command: str) -> list[Command]:
    """Return the commands of a subsearch that makes its own rows; replay knows no other."""
    first, *others = found = context.compiled(spl.strip(), context)
    if not isinstance(first, Generating) or any(isinstance(one, Generating) for one in others):
        raise SplError(
            f"Error in '{command}' command: replay only knows a subsearch that makes its own "
            "rows: [ | inputlookup ...], [ | tstats ...], [ | makeresults ...]"
        )
    return found


def rows_of(commands: list[Command]) -> Iterator[Row]:
    """Run the commands of a subsearch."""
    rows: Iterable[Row] = ()
    for command in commands:
        rows = command.run(rows)
    return iter(rows)


class FilterWithSubsearch(DistributableStreaming):
    """search ... [ | makeresults | ... ]: what the field search of the one row holds is a filter.

    Splunk puts the value of a field of that name into the search as it is, in brackets, and
    leaves the internal fields out (its Search Manual on the format of subsearch results). What
    Splunk makes of other fields and of more rows is refused here. A filter that is made so may look
    for free text: the rows keep all their fields for it.
    """

    reads = None

    def __init__(self, arguments: str, context: SearchContext):
        found = list(_SUBSEARCH.finditer(arguments))
        if len(found) != 1 or has_subsearch(_SUBSEARCH.sub("", arguments)):
            raise SplError("Error in 'search' command: replay knows one subsearch in a search")
        self.before, self.after = arguments[: found[0].start()], arguments[found[0].end() :]
        self.nested = compiled(found[0][1], context, "search")

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The subsearch first, then the filter that it has made."""
        written = f"{self.before} ( ( {self._made()} ) ) {self.after}"
        return filter(compile_filter(written, free_text=True).keep, rows)

    def _made(self) -> str:
        found = [{k: v for k, v in row.items() if k[0] != "_"} for row in rows_of(self.nested)]
        if len(found) != 1 or set(found[0]) != {"search"}:
            raise SplError(
                "Error in 'search' command: replay only knows a subsearch that returns one row "
                f"with the field search, not {[sorted(row) for row in found[:3]]}"
            )
        return found[0]["search"]
