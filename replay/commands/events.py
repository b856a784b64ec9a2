"""Generating commands that take events by themselves: tstats, and a search in brackets."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ..errors import refused
from ..search_context import EVER, MAIN, SearchContext
from ..search_filter import names_index, refuses
from ..times import moment_of
from .base import Columns, Command, Fields, Generating, Row, columns_of, needed, through

_TIME_MODIFIER = re.compile(r"\b(earliest|latest)=(\S+)")
_CLAUSES = re.compile(r"(.+?)\sWHERE\s(.+?)(\sBY\s.+)?", re.IGNORECASE | re.DOTALL)
# The fields that Splunk writes into the index for each event of any source.
INDEXED = {"_time", "_indextime", "index", "sourcetype", "source", "host"}


class EventsOf(Generating):
    """What commands that begin with a filter make of the events that they see."""

    def __init__(
        self, commands: Sequence[Command], context: SearchContext, main=True, elsewhere=True
    ):
        self.nested, self.context, self.main, self.elsewhere = commands, context, main, elsewhere

    @classmethod
    def search(cls, spl: str, context: SearchContext) -> "EventsOf":
        """Return a search in brackets, in the window that it gives itself if it does."""
        window, spl = own_window(spl, context)
        if window != context.bounds:
            context = context._replace(bounds=window, indexed=EVER)
        written = spl.partition("|")[0].strip().partition(" ")[2]
        main, elsewhere = not refuses(written, "index", MAIN), names_index(written, "search")
        return cls(context.compiled(spl, context), context, main, elsewhere)

    def events_needed(self, wanted: Fields) -> Fields:
        """Return what its commands need of the events, for what matters after them."""
        found = needed(self.nested, wanted)
        return None if found is None else {"_time"} | found

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copies of the events, since commands may change them."""
        events = self.context.events(self.main, self.elsewhere)
        return through(self.nested, map(dict, events))

    def columns(self, columns: Columns) -> Columns:
        """Those that its commands make."""
        return columns_of(self.nested)


class Tstats(EventsOf):
    """tstats: stats over the fields that are in the index of each event; no other is known.

    Known is functions WHERE filter BY fields, without options, data models and PREFIX.
    """

    def __init__(self, written: str, context: SearchContext):
        found = _CLAUSES.fullmatch(written.strip())
        if not found:
            raise refused("tstats", "replay knows: functions WHERE filter, and BY fields.")
        functions, told, by = found.groups()
        window, filtered = own_window(told, context)
        commands = context.compiled(f"search {filtered} | stats {functions}{by or ''}", context)
        unknown = set().union(*(one.reads for one in commands)) - INDEXED
        if unknown:
            raise refused("tstats", f"{sorted(unknown)} are not in the index of an event.")
        elsewhere = names_index(filtered, "tstats")
        super().__init__(commands, context._replace(bounds=window), elsewhere=elsewhere)


def own_window(spl: str, context: SearchContext) -> tuple[tuple[float, float], str]:
    """Return the window that a search gives itself, else the one around it, and the rest."""
    first, pipe, others = spl.partition("|")
    given = dict(_TIME_MODIFIER.findall(first))
    if not given:
        return context.bounds, spl
    clock = context.clock
    low, high = (given.get(name, "") for name in ("earliest", "latest"))
    start = moment_of(low, clock.now, clock.tz)
    end = moment_of(high or "now", clock.now, clock.tz)
    window = EVER[0] if start is None else start, EVER[1] if end is None else end
    return window, _TIME_MODIFIER.sub("", first) + pipe + others


COMMANDS = {"tstats": Tstats}
