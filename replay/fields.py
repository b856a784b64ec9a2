"""What logs call the parts of a connection, and which logs there are: the table fields.yml."""

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parent.parent / "fields.yml"


@cache
def _table() -> dict[str, Any]:
    # Only some runs need the table, and all would wait for the import.
    import yaml

    with TABLE.open(encoding="utf-8") as written:
        return yaml.load(written, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def spellings(*fields: str) -> tuple[str, ...]:
    """Return the names that logs have for some fields."""
    return tuple(name for field in fields for name in _table()["fields"][field]["spellings"])


@cache
def kind_of(sourcetype: str, source: str) -> str:
    """Return the kind of log that an event belongs to (zeek, sysmon, firewall, ...), or "".

    >>> kind_of("pan:traffic", ""), kind_of("", "firewall_logs"), kind_of("syslog", "/var/log")
    ('firewall', 'firewall', '')
    """
    return next(_kinds(sourcetype, source), "")


def _kinds(sourcetype: str, source: str) -> Iterator[str]:
    for row in _table()["sources"].values():
        if _fits(sourcetype, row.get("sourcetypes", ())) or _fits(source, row.get("sources", ())):
            yield row["kind"]


def _fits(name: str, patterns: list[str]) -> bool:
    return any(re.fullmatch(fnmatch.translate(form), name, re.IGNORECASE) for form in patterns)
