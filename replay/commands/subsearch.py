"""Subsearches in square brackets, and the search command whose filter holds one."""

import re
from collections.abc import Iterable, Iterator

from ..errors import SplError
from ..event_store import ARRIVAL_FIELDS
from ..search_context import SearchContext
from ..search_filter import INDEX_TIMES, compile_filter
from ..times import moment_of
from .base import Command, DistributableStreaming, Generating, Row, needed

_SUBSEARCH = re.compile(r"\[[^\[\]]*\]", re.DOTALL)
_TIME_MODIFIER = re.compile(r"\b(earliest|latest)=(\S+)")
EVER = (float("-inf"), float("inf"))
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
    """search ... [ ... ]: what the field search of a subsearch's one row holds is a filter.

    Splunk puts the value of a field of that name into the search as it is, in brackets, and
    leaves the internal fields out (its Search Manual on the format of subsearch results). What
    Splunk makes of other fields and of more rows is refused here. A subsearch that makes its own rows
    may make a filter for free text: the rows keep all their fields for it. One that searches events
    may name the fields that its text names.
    """

    def __init__(self, arguments: str, context: SearchContext):
        places = list(_SUBSEARCH.finditer(_hidden(arguments)))
        texts = [arguments[place.start() + 1 : place.end() - 1] for place in places]
        self.made = [Subsearch(text, context) for text in texts]
        ends = [0, *(place.end() for place in places)]
        starts = [*(place.start() for place in places), len(arguments)]
        self.between = [arguments[end:start] for end, start in zip(ends, starts)]
        self.nested = [command for one in self.made for command in one.commands]
        self.free_text = any(one.free_text for one in self.made)
        if not self.free_text:
            own = compile_filter(self._written(["*"] * len(texts))).fields
            self.reads = own.union(*(one.reads for one in self.made), ARRIVAL_FIELDS)
        else:
            self.reads = None

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The subsearches first, then the filter that they have made."""
        written = self._written([one.text() for one in self.made])
        kept = compile_filter(written, free_text=self.free_text)
        unknown = set() if self.reads is None else kept.fields - self.reads
        if unknown:
            raise SplError(
                f"Error in 'search' command: a subsearch made a filter of {sorted(unknown)}, which "
                "its text does not name"
            )
        return filter(kept.keep, rows)

    def _written(self, made: list[str]) -> str:
        pairs = zip(self.between, [f"( ( {text} ) )" for text in made] + [""])
        return " ".join(part for pair in pairs for part in pair)


class Subsearch:
    """One subsearch: commands that make their own rows, or a search for events in its own time."""

    def __init__(self, written: str, context: SearchContext):
        window, spl = _own_window(written.strip(), context)
        self.context = context._replace(bounds=window, indexed=EVER)
        self.commands = context.compiled(spl, self.context)
        self.free_text = isinstance(self.commands[0], Generating)
        if any(isinstance(one, Generating) for one in self.commands[1:]):
            raise SplError("Error in 'search' command: a generating command comes first")
        self.reads = set() if self.free_text else _names(spl) | (needed(self.commands) or set())

    def text(self) -> str:
        """Run it, and return the filter that it makes."""
        rows: Iterable[Row] = () if self.free_text else map(dict, self.context.events())
        for command in self.commands:
            rows = command.run(rows)
        found = [{k: v for k, v in row.items() if k[0] != "_"} for row in rows]
        if len(found) != 1 or set(found[0]) != {"search"}:
            raise SplError(
                "Error in 'search' command: replay only knows a subsearch that returns one row "
                f"with the field search, not {[sorted(row) for row in found[:3]]}"
            )
        return found[0]["search"]


def _own_window(spl: str, context: SearchContext) -> tuple[tuple[float, float], str]:
    """Return the time range that a subsearch gives itself, or that of the search, and the rest."""
    first, *others = spl.split("|", 1)
    found = dict(_TIME_MODIFIER.findall(first))
    if not found:
        return context.bounds, spl
    clock = context.clock
    start, end = (found.get(name) for name in ("earliest", "latest"))
    low = moment_of(start, clock.now, clock.tz) if start else None
    high = moment_of(end, clock.now, clock.tz) if end else clock.now
    rest = "|".join([_TIME_MODIFIER.sub("", first), *others])
    return (EVER[0] if low is None else low, EVER[1] if high is None else high), rest


def _hidden(arguments: str) -> str:
    """Return arguments with what is quoted made harmless, place by place."""
    return _QUOTED.sub(lambda found: '"' + "_" * (len(found[0]) - 2) + '"', arguments)


def _names(spl: str) -> set[str]:
    """Return the names of fields in the quoted texts of a subsearch, before a comparison."""
    quoted = " ".join(_QUOTED.findall(spl))
    return set(re.findall(r"(\w+) *(?:=|IN\b)", quoted)) - INDEX_TIMES
