"""Records: JSON from lines or an array, and rows of CSV, flattened into fields as Splunk does."""

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, Callable

from ..values import multivalue
from . import tables
from .source import SAMPLED, BadLine, LogFile

# Numbers keep their spelling, as all event fields are text.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_SCALARS = {True: "true", False: "false"}


# What may stand between the objects of a text, and where one may begin after one that is broken.
_BETWEEN = re.compile(r"[\s,\[\]]*")
_NEXT = re.compile(r"(?:\n|\}\s*,)\s*(?=\{)")

Record = tuple[int, dict[str, Any]]


# Lists of records in what a program writes: Splunk's results, Elasticsearch's hits, the flow logs
# and events of clouds.
LISTS = (("results",), ("hits", "hits"), ("records",), ("Records",), ("events",), ("logEvents",))
_LISTING = {path[0] for path in LISTS}


def records(log: LogFile) -> Iterator[Record]:
    """Return the objects or rows of a file with their line numbers.

    Objects are one a line, or the elements of an array, or printed over several lines each; those
    in which a program lists others stand for these.
    """
    columns = None if is_json(log.first_line()) else tables.header_of(log)
    if columns:
        yield from tables.rows(log, columns)
        return
    for number, record in _json(log):
        if record.keys().isdisjoint(_LISTING):
            yield number, record
        else:
            for one in _listed(record):
                yield number, one


def is_json(line: str) -> bool:
    """Tell whether a line begins an object or an array."""
    return line.lstrip().startswith(("{", "["))


def _listed(record: dict[str, Any]) -> list[dict[str, Any]]:
    for path in LISTS:
        found: Any = record
        for name in path:
            found = found.get(name) if type(found) is dict else None
        if found and type(found) is list and all(type(one) is dict for one in found):
            return found
    return [record]


def _json(log: LogFile) -> Iterator[Record]:
    if several_lines(log):
        written = "\n".join(line for _, line in log.lines())
        return _objects(written, 1, partial(log.report.bad, log.path))
    return _by_line(log)


def first(log: LogFile) -> list[dict[str, Any]]:
    """Return the first objects or rows, as far as they lie in what is known of the file."""
    columns = None if is_json(log.first_line()) else tables.header_of(log)
    if columns:
        return tables.first_rows(log, columns)
    every = islice(_objects(log.beginning(), 1, lambda *_: None), SAMPLED)
    return list(islice((one for _, record in every for one in _listed(record)), SAMPLED))


def several_lines(log: LogFile) -> bool:
    """Tell whether the objects of a file are elements of an array or printed over several lines."""
    opening = next((line for line in log.first_lines() if line.lstrip()[:1] in ("{", "[")), "")
    return opening.lstrip().startswith("[") or opening.strip() == "{"


def _by_line(log: LogFile) -> Iterator[Record]:
    scan = _DECODER.scan_once
    for number, line in log.lines():
        if not line or line.isspace():
            continue
        try:
            record, end = scan(line, 0)
        except (ValueError, RecursionError, StopIteration):
            end = None
        if end != len(line):
            yield from _objects(line, number, partial(log.report.bad, log.path))
            continue
        if type(record) is dict:
            yield number, record
        else:
            log.report.bad(log.path, number, "not a JSON object")


def _objects(written: str, number: int, bad: Callable[[int, str], None]) -> Iterator[Record]:
    """Return the objects of a text that begins on a line; one that is broken costs no other."""
    counted = place = _BETWEEN.match(written).end()
    number += written.count("\n", 0, place)
    while place < len(written):
        number += written.count("\n", counted, place)
        counted = place
        try:
            record, place = _DECODER.raw_decode(written, place)
        except (ValueError, RecursionError) as error:
            reason = getattr(error, "msg", str(error)).replace(" starting at", "")
            bad(number, f"not JSON: {reason}")
            found = _NEXT.search(written, place + 1)
            place = found.end() if found else len(written)
            continue
        if type(record) is dict:
            yield number, record
        else:
            bad(number, "not a JSON object")
        place = _BETWEEN.match(written, place).end()


def parsed(written: str) -> dict[str, Any]:
    """Return the object that a text holds; ValueError where it holds none."""
    found = _DECODER.decode(written)
    if type(found) is not dict:
        raise BadLine("not a JSON object")
    return found


def unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """Return the event in a record that Splunk or Elasticsearch has exported, else the record.

    What is sent to Splunk's event collector stands in `event`, beside the sourcetype; Filebeat puts
    what it decodes into `json`.
    """
    if type(record.get("event")) is dict and "sourcetype" in record and "_time" not in record:
        return record["event"]
    for envelope in ("result", "_source", "json"):
        if type(record.get(envelope)) is dict and "_time" not in record:
            return record[envelope]
    return record


def flattened(record: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a record: a.b for nested objects, a{} for lists, no field for null.

    >>> flattened({"a": {"b": 1}, "c": ["x", "y"], "d": None})
    {'a.b': 1, 'c{}': ['x', 'y']}
    """
    fields: dict[str, Any] = {}
    for name, value in record.items():
        _add(fields, name, value)
    return {
        name: multivalue(value) if type(value) is list else value for name, value in fields.items()
    }


def _add(fields: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        return
    if type(value) is dict:
        for inner, part in value.items():
            _add(fields, f"{name}.{inner}", part)
    elif type(value) is list:
        for part in value:
            _add_one(fields, name + "{}", part)
    else:
        fields[name] = _scalar(value)


def _add_one(fields: dict[str, Any], name: str, value: Any) -> None:
    """Add one element of a list; objects in a list share their fields."""
    if type(value) is dict:
        for inner, part in flattened(value).items():
            _extend(fields, f"{name}.{inner}", part)
    elif value is not None:
        _extend(fields, name, json.dumps(value) if type(value) is list else _scalar(value))


def _extend(fields: dict[str, Any], name: str, value: Any) -> None:
    values = fields.setdefault(name, [])
    values.extend(value if type(value) is list else [value])


def _scalar(value: Any) -> Any:
    return _SCALARS[value] if type(value) is bool else value


def required(fields: dict[str, Any], *names: str) -> str:
    """Return the first of these fields that is there, or call the record bad."""
    for name in names:
        if name in fields:
            return fields[name]
    raise BadLine(f"no field {' or '.join(names)}")
