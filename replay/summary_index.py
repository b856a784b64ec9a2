"""The summary-index action: what a saved search finds, as the events that Splunk stores of it.

After Splunk's documentation of the collect command, which the action runs:

_time         the row's info_min_time (addinfo), else its _time, else the start of the window, else
              the time of the run; in whole seconds, as the stored time stamp has no fraction.
source        the name of the search; sourcetype is stash, host the machine that ran it.
orig_host     the row's own host, and likewise source, sourcetype and index.
multivalues   one text with a line for each value, unless limits.conf says otherwise
              (format_multivalue_collect).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Callable, NamedTuple, Optional

from . import limits
from .conf import boolean
from .errors import SplError
from .search_context import SearchContext
from .values import number, text, texts

ACTION = "action.summary_index"
DEFAULT_INDEX = "summary"
SOURCETYPE, HOST = "stash", "search_head"
RENAMED = ("host", "source", "sourcetype", "index")
# What every alert action may have; all other names are fields to add to the rows.
SETTINGS = {
    "command", "forceCsvResults", "hostname", "inline", "maxresults", "maxtime", "track_alert",
    "ttl",
}  # fmt: skip

Row = dict[str, Any]


class Action(NamedTuple):
    """Where the rows of a saved search go, and what is added to each."""

    index: str
    added: dict[str, str]


def action_of(name: str, stanza: Mapping[str, str]) -> Optional[Action]:
    """Return the summary-index action of a saved search, None where it is off."""
    if not boolean(stanza.get(ACTION, "0"), f"[{name}] {ACTION}"):
        return None
    own = {key[len(ACTION) + 1 :]: value for key, value in stanza.items() if key.startswith(ACTION)}
    for key in own:
        if key.startswith("_") and key != "_name":
            raise SplError(f"[{name}] {ACTION}.{key} is not supported by replay")
    added = {key: own[key] for key in own if key and key != "_name" and key not in SETTINGS}
    return Action(own.get("_name", DEFAULT_INDEX), added)


def events_of(
    name: str,
    action: Action,
    rows: Iterable[Row],
    context: SearchContext,
    split: bool,
) -> list[Row]:
    """Return the events that the action stores; with `split` multivalues stay multivalues."""
    info = {
        "search_name": name,
        "search_now": _moment(context.clock.now),
        "info_min_time": _moment(context.earliest or 0.0),
        "info_max_time": "+Infinity" if context.latest is None else _moment(context.latest),
        "info_search_time": _moment(context.clock.now),
    }
    about = {"index": action.index, "source": name, "sourcetype": SOURCETYPE, "host": HOST}
    about["_indextime"] = context.clock.now
    events = []
    for row in rows:
        fields = {**info, **_fields(name, {**row, **action.added}, split, context.warn)}
        limits.EVENT_FIELDS.hold(len(fields), f"[{name}] {ACTION}")
        limits.EVENT_CHARACTERS.hold(
            limits.characters((*fields, *fields.values())), f"[{name}] {ACTION}"
        )
        events.append({**fields, **about, "_time": _time(name, row, context)})
    return events


def _moment(epoch: float) -> str:
    return f"{epoch:.3f}"


def _time(name: str, row: Row, context: SearchContext) -> float:
    for found in (row.get("info_min_time"), row.get("_time"), context.earliest):
        if found is not None:
            epoch = number(found)
            if epoch is None:
                raise SplError(
                    f"[{name}] {ACTION}: '{text(found)}' is no time to store a row under"
                )
            return epoch // 1
    return context.clock.now // 1


def _fields(name: str, row: Row, split: bool, warn: Callable[[str], None]) -> Row:
    fields = {}
    for field, value in row.items():
        if field == "_time":
            continue
        if field.startswith("_"):
            raise SplError(
                f"[{name}] {ACTION}: storing the field {field} is not supported by replay"
            )
        values = texts(value)
        if any('"' in one for one in values):
            warn(f"[{name}] {ACTION}: {field} holds a double quote, which Splunk may not read back")
        stored = values if split and len(values) > 1 else "\n".join(values)
        fields[f"orig_{field}" if field in RENAMED else field] = stored
    return fields
