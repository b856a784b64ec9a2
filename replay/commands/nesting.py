"""Commands that hold pipelines of their own: append, appendpipe, multisearch, search [...]."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Optional

from .. import arrival, limits
from ..errors import refused
from ..generated import Body
from ..parse import arguments, flag, parse, subtrees
from ..parse import commands as split
from ..search_context import EVER, MAIN, SearchContext
from ..search_filter import compile_filter, names_index, refuses
from .base import (
    Columns,
    Command,
    DatasetProcessing,
    DistributableStreaming,
    Fields,
    Filter,
    Generating,
    Row,
    columns_of,
    extended,
    linked,
    needed,
    through,
)
from .events import EventsOf, own_window

_BRACKETED = re.compile(r"\s*([^\[]*?)\s*\[(.*)\]\s*", re.DOTALL)
_SUBSEARCH = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]", re.DOTALL)  # may hold another
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)


def has_subsearch(written: str) -> bool:
    """Tell whether arguments hold a subsearch outside quotes."""
    return "[" in _QUOTED.sub("", written)


def _of_events(spl: str) -> bool:
    """Tell whether a subsearch begins with the search command, which takes events."""
    return re.match(r"search\s", spl) is not None


def _made(spl: str, context: SearchContext) -> list[Command]:
    """Return the commands of a subsearch that makes its own rows."""
    first, *others = found = context.compiled(spl, context)
    if not isinstance(first, Generating) or any(isinstance(one, Generating) for one in others):
        raise refused(
            "append",
            "replay knows a subsearch that begins with search, or makes its own rows: "
            "[search ...], [ | inputlookup ...]",
        )
    return found


class FilterWithSubsearch(Filter):
    """search ... [ ... ]: what the field search of a subsearch's one row holds is a filter.

    Splunk puts the value of a field of that name into the search as it is, in brackets, and
    leaves the internal fields out (its Search Manual on the format of subsearch results). The
    filter of a subsearch that makes its own rows may look for free text: the rows keep all their
    fields for it, and so it is where a subsearch for events holds such a subsearch in turn. That
    of any other subsearch for events is about fields that its text names.
    """

    def __init__(self, written: str, context: SearchContext):
        self.context = context
        self.resolved: Optional[tuple[tuple, str]] = None
        places = list(_SUBSEARCH.finditer(_QUOTED.sub(lambda one: "_" * len(one[0]), written)))
        self.made = [
            _Subsearch(written[one.start() + 1 : one.end() - 1], context) for one in places
        ]
        ends = [0, *(one.end() for one in places)]
        starts = [*(one.start() for one in places), len(written)]
        self.between = [written[end:start] for end, start in zip(ends, starts)]
        self.nested = [command for one in self.made for command in one.commands]
        self.free_text = any(one.free_text for one in self.made)
        self.reads = None if self.free_text else self._fields()

    def _fields(self) -> set[str]:
        own = compile_filter(self._written(["*"] * len(self.made))).fields
        return own.union(arrival.FIELDS, *(one.reads for one in self.made))

    def resolve(self) -> str:
        """Return the filter that the subsearches make now."""
        now = len(self.context.event_store), self.context.lookups.version
        if self.resolved is None or self.resolved[0] != now:
            self.resolved = now, self._written([one.text() for one in self.made])
        return self.resolved[1]

    @property
    def reads_main(self) -> bool:
        """Tell whether a subsearch takes events of main."""
        return any(one.reads_main for one in self.made)

    def sees(self, events: list[Row]) -> bool:
        """Tell whether a subsearch finds some of these events."""
        return any(
            not one.generates and any(True for _ in through(one.commands[:1], events))
            for one in self.made
        )

    def write(self, body: Body, wanted: Fields) -> None:
        """The subsearches first, then the filter that they have made."""
        keep, fields = compile_filter(self.resolve(), free_text=self.free_text)
        unknown = set() if self.reads is None else fields - self.reads
        if unknown:
            raise refused(
                "search", f"a subsearch filters by {sorted(unknown)}, which it does not name"
            )
        self.write_test(body, keep, self.reads)

    def _written(self, made: list[str]) -> str:
        pairs = zip(self.between, [f"( ( {text} ) )" for text in made] + [""])
        return " ".join(part for pair in pairs for part in pair)


class _Subsearch:
    """One subsearch: it makes its own rows, or searches for events in its own window."""

    def __init__(self, written: str, context: SearchContext):
        window, spl = own_window(written.strip(), context)
        self.context = context._replace(bounds=window, indexed=EVER)
        first, *_ = self.commands = context.compiled(spl, self.context)
        self.generates = isinstance(first, Generating)
        self.free_text = self.generates or (
            isinstance(first, FilterWithSubsearch) and first.free_text
        )
        if any(isinstance(one, Generating) for one in self.commands[1:]):
            raise refused("search", "in a subsearch too, a generating command comes first")
        own = split(spl)[0]
        self.reads_main = not (self.generates or refuses(own.arguments, "index", MAIN))
        named = set(re.findall(r"(\w+) *(?:=|IN\b)", " ".join(_QUOTED.findall(spl))))
        self.reads = named - arrival.MODIFIERS | (
            set() if self.free_text else needed(self.commands) or set()
        )

    def text(self) -> str:
        """Run it, and return the filter that it makes."""
        events = self.context.events(main=self.reads_main) if not self.generates else []
        rows = through(self.commands[1:], map(dict, through(self.commands[:1], events)))
        found = [{k: v for k, v in row.items() if k[0] != "_"} for row in rows]
        if len(found) != 1 or set(found[0]) != {"search"}:
            raise refused(
                "search",
                "replay only knows a subsearch that returns one row with the field search, not "
                f"{[sorted(row) for row in found[:3]]}",
            )
        return found[0]["search"]


class Append(DatasetProcessing):
    """append [ ... ]: the rows of a subsearch, after those of the search.

    Splunk ends a subsearch after a minute and takes 50,000 rows of it; replay knows the second
    limit only.
    """

    def __init__(self, written: str, context: SearchContext):
        found = _BRACKETED.fullmatch(written)
        if not found:
            raise refused("append", "The last argument must be a subsearch.")
        arguments("options", found[1], "append")
        spl = found[2].strip()
        self.nested = [EventsOf.search(spl, context)] if _of_events(spl) else _made(spl, context)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The subsearch after the search; in Splunk it is done before."""
        yield from rows
        for number, row in enumerate(through(self.nested, ()), 1):
            limits.APPEND.hold(number, "append")
            yield row

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

    def __init__(self, written: str, context: SearchContext):
        found = _BRACKETED.fullmatch(written)
        if not found or not found[2].strip(" |"):
            raise refused("appendpipe", "The argument must be a subpipeline in square brackets.")
        if found[2].lstrip().startswith("|"):
            raise refused(
                "appendpipe",
                "replay knows a subpipeline without a pipe before its first command only",
            )
        _, given = arguments("options", found[1], "appendpipe", self.options)
        flag(given, "run_in_preview", True, "appendpipe")
        self.nested = context.compiled("| " + found[2], context)
        if any(isinstance(command, Generating) for command in self.nested):
            raise refused(
                "appendpipe",
                "a command that makes its own rows cannot go on with those so far.",
            )
        linked(self.nested, lambda: self.columns_before())

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies go through the subpipeline, once all rows are there."""
        rows = list(rows)
        yield from rows
        yield from through(self.nested, [dict(row) for row in rows])

    def columns(self, columns: Columns) -> Columns:
        """New fields stand last."""
        return extended(columns, columns_of(self.nested, lambda: columns) or [])


class Multisearch(Generating):
    """multisearch [search ...] [search ...]: the events of each search, one search after another.

    Splunk runs them at once; which order the rows come in is not documented.
    """

    def __init__(self, written: str, context: SearchContext):
        self.searches = [_streaming(text, context) for text in _bracketed(written)]
        if len(self.searches) < 2:
            raise refused("multisearch", "at least two searches in square brackets are needed.")
        self.nested = [command for one in self.searches for command in one.nested]

    def events_needed(self, wanted: Fields) -> Fields:
        """Return what each search needs of the events, for what matters after them."""
        found = [one.events_needed(wanted) for one in self.searches]
        return None if None in found else set().union(*found)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows of each, from main where a search names no index."""
        return chain.from_iterable(one.run(()) for one in self.searches)


def _bracketed(written: str) -> Iterator[str]:
    tree = parse("pipeline", "start", written, "multisearch")
    held = [part for segment in tree.children for part in subtrees(segment, "subsearch")]
    between, end = "", 0
    for part in held:
        between += written[end : part.meta.start_pos]
        end = part.meta.end_pos
        yield written[part.meta.start_pos + 1 : end - 1].strip()
    if (between + written[end:]).strip():
        raise refused("multisearch", "only searches in square brackets can be its arguments.")


def _streaming(text: str, context: SearchContext) -> EventsOf:
    """Return a search of streaming commands."""
    if not _of_events(text):
        raise refused(
            "multisearch", "replay only knows searches that begin with the search command."
        )
    calls, compiled = split(text), context.compiled(text, context)
    for call, command in zip(calls, compiled):
        if not isinstance(command, DistributableStreaming):
            raise refused(
                "multisearch", f"'{call.name}' is no streaming command that replay knows here."
            )
    return EventsOf(compiled, context, elsewhere=names_index(calls[0].arguments, "multisearch"))


COMMANDS = {"append": Append, "appendpipe": Appendpipe, "multisearch": Multisearch}
