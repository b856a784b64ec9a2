"""When events were indexed, and the filters that ask for it (_index_earliest, _index_latest)."""

from typing import Any, Callable

from .errors import refused
from .values import number

# Seconds from the end of what an event reports until it is indexed, where nothing says when it was.
TRANSIT = 10
# What says so: its own field, or its time and, where that is the begin, how long it lasted.
FIELDS = frozenset({"_indextime", "sourcetype", "duration"})
STAMPED_AT_BEGIN = ("zeek", "bro", "corelight")
MODIFIERS = {"_index_earliest", "_index_latest"}
# What was indexed before this (the year 2100) is every event.
END_OF_TIME = 4_102_444_800

Row = dict[str, Any]


def arrival(event: Row) -> float:
    """Return when an event was indexed (epoch): its _indextime, else a little after its end.

    >>> arrival({"_time": 60.0, "sourcetype": "zeek:conn", "duration": "30.5"})
    100.5
    """
    known = number(event.get("_indextime"))
    if known is not None:
        return known
    by_begin = str(event.get("sourcetype", "")).startswith(STAMPED_AT_BEGIN)
    lasted = number(event.get("duration")) if by_begin else None
    return event["_time"] + (lasted or 0) + TRANSIT


def indexed(name: str, sign: str, value: str, fields: set[str]) -> Callable[[Row], bool]:
    """Keep the events that were indexed from an epoch on, or before it."""
    limit = number(value)
    if sign != "=" or limit is None:
        raise refused("search", f"'{name}{sign}{value}': replay knows {name}=EPOCH")
    if limit >= END_OF_TIME and name == "_index_latest":
        return lambda row: True
    fields.update(FIELDS)
    if name == "_index_latest":
        return lambda row: arrival(row) < limit
    return lambda row: arrival(row) >= limit
