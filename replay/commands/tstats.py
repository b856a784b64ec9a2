"""tstats over the data model of network traffic."""

import re
from collections.abc import Iterable, Iterator

from .. import cim, times
from ..errors import SplError
from ..parse import flag, options, parse
from ..search_context import SearchContext
from ..search_filter import comparisons, compile_filter
from .base import Columns, Generating, Row
from .statistics import clause_of
from .transforming import Stats

AGGREGATES = {"count", "sum", "min", "max", "avg", "values", "dc", "distinct_count"}

_PARTS = re.compile(
    r"(?P<measures>.*?)\sfrom\s+datamodel\s*=\s*(?P<model>[\w.\"]+)"
    r"(?:\s+where\s(?P<filter>.*?))?(?:\s+by\s(?P<by>(?:(?!\sby\s)[^\"])*))?",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"\bspan\s*=\s*([^\s,]+)", re.IGNORECASE)
_OPTION = re.compile(r"\s*(\w+\s*=\s*(?:\"[^\"]*\"|[^\s\"]+))")
_NETWORK = re.compile(r'"?[0-9a-fA-F.:]+/\d+"?')


class Tstats(Generating):
    """tstats: stats over the data model of network traffic, filled from the events of the run.

    Known are FROM datamodel=Network_Traffic.All_Traffic, WHERE, BY and span=. All events count as
    summarised, so that summariesonly changes nothing.
    """

    options = ("summariesonly", "allow_old_summaries", "fillnull_value")

    def __init__(self, arguments: str, context: SearchContext):
        given, rest = _options(arguments, self.options)
        parts = _PARTS.fullmatch(rest)
        if not parts:
            raise _error(f"replay knows FROM datamodel={cim.MODEL}.{cim.DATASET} only")
        _check_model(parts["model"])
        by, span = _without_span(parts["by"])
        clause = clause_of(parts["measures"] + (f" BY {by}" if by else ""), context, "tstats")
        _check_measures(parts["measures"], clause.by, span)
        self.stats, self.by = Stats(clause), clause.by
        self.filled = given.get("fillnull_value")
        self.span = times.span_of(span) if span else None
        self.filter = compile_filter(parts["filter"], "tstats") if parts["filter"] else None
        if self.filter:
            _check_networks(parts["filter"])
        wanted = {_field(name) for name in clause.fields | self._filtered()}
        self.dataset = cim.all_traffic(wanted, cim.SWAPPED_BYTES in context.emulate)
        self.event_fields = self.dataset.reads | {"_time"}
        self.context = context

    def _filtered(self) -> set[str]:
        return self.filter.fields if self.filter else set()

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Stats over the rows of the data set."""
        return self.stats.run(self._dataset())

    def columns(self, columns: Columns) -> Columns:
        """Those of stats."""
        return self.stats.columns(columns)

    def limit_to(self, wanted: set[str]) -> None:
        """Compute what is wanted only."""
        self.stats.limit_to(wanted)

    def _dataset(self) -> Iterator[Row]:
        for event in self.context.events():
            row = self.dataset.row_of(event)
            if row is not None and (self.filter is None or self.filter.keep(row)):
                if self.span:
                    row["_time"] = self.span.floor(row["_time"], self.context.clock.tz)
                if self.filled is not None:
                    for name in self.by:
                        row.setdefault(name, self.filled)
                yield row


def _options(arguments: str, known: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """Return the options before the aggregates, and what follows them."""
    end, written = 0, []
    found = _OPTION.match(arguments)
    while found:
        written.append(found[1])
        end = found.end()
        found = _OPTION.match(arguments, end)
    given = options(parse("arguments", "options", " ".join(written), "tstats"), known, "tstats")
    for name in ("summariesonly", "allow_old_summaries"):
        flag(given, name, False, "tstats")
    return given, arguments[end:]


def _check_model(written: str) -> None:
    model, _, dataset = written.replace('"', "").partition(".")
    if (model, dataset or cim.DATASET) != (cim.MODEL, cim.DATASET):
        raise _error(f"replay knows no data model {written}, only {cim.MODEL}.{cim.DATASET}")


def _without_span(by) -> tuple[str, str]:
    spans = _SPAN.findall(by or "")
    if len(spans) > 1:
        raise _error("span= stands there twice")
    return _SPAN.sub("", by or "").strip().rstrip(","), "".join(spans)


def _check_measures(written: str, by: list[str], span: str) -> None:
    """Refuse what tstats does not know though stats does, and bins of an automatic length."""
    for name in re.findall(r"([\w.]+)\s*\(", written):
        if name not in AGGREGATES:
            raise _error(f"The argument '{name}(...)' is invalid or not supported by replay")
    if ("_time" in by) != bool(span):
        raise _error("BY _time and span= go together")


def _check_networks(written: str) -> None:
    for field, sign, value in comparisons(written, "tstats"):
        if _NETWORK.fullmatch(value) and not field.endswith("_ip"):
            raise _error(
                f"{field}{sign}{value}: with host names in it, a network finds too much; "
                "compare an address field"
            )


def _field(name: str) -> str:
    """Return the model's name of a field: All_Traffic.app is app; what it has not is an error."""
    dataset, dot, field = name.partition(".")
    if name in cim.BASE:
        return name
    if dot and dataset == cim.DATASET and field in cim.FIELDS:
        return field
    raise _error(f"'{name}' is no field of {cim.DATASET} that replay fills")


def _error(message: str) -> SplError:
    return SplError(f"Error in 'tstats' command: {message}")
