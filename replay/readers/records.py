"""JSON records: read from lines or an array, flattened into fields as Splunk does."""

import json
from collections.abc import Iterator
from typing import Any

from ..values import multivalue
from .source import BadLine, LogFile

# Numbers keep their spelling, as all event fields are text.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_SCALARS = {True: "true", False: "false"}


def json_lines(log: LogFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return the objects of a file of JSON lines, or of one JSON array, with their line numbers."""
    if log.first_line().lstrip().startswith("["):
        yield from _array(log)
        return
    decode = _DECODER.decode
    for number, line in log.lines():
        if not line or line.isspace():
            continue
        try:
            record = decode(line)
        except (ValueError, RecursionError) as error:
            log.report.bad(log.path, number, f"not JSON: {error}")
            continue
        if type(record) is dict:
            yield number, record
        else:
            log.report.bad(log.path, number, "not a JSON object")


def _array(log: LogFile) -> Iterator[tuple[int, dict[str, Any]]]:
    written = "\n".join(line for _, line in log.lines())
    try:
        records = _DECODER.decode(written)
    except (ValueError, RecursionError) as error:
        raise log.refused(f"a JSON array ({error})") from None
    for place, record in enumerate(records, 1):
        if type(record) is dict:
            yield place, record
        else:
            log.report.bad(log.path, place, "not a JSON object")


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
