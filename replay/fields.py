"""What logs call the parts of a connection: the table fields.yml."""

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Optional

TABLE = Path(__file__).resolve().parent.parent / "fields.yml"


@cache
def _table() -> dict:
    # Only some runs need the table, and all would wait for the import.
    import yaml

    with TABLE.open(encoding="utf-8") as written:
        return yaml.load(written, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def spellings(*fields: str) -> tuple[str, ...]:
    """Return the names that logs have for some fields."""
    known = _table()["fields"]
    return tuple(name for field in fields for name in known[field]["spellings"])


@cache
def bytes_of(sourcetype: str) -> Optional[str]:
    """Return how the events of a sourcetype count bytes; "" where they are no connections.

    None for one that the app does not look for.
    """
    for source in _table()["sources"].values():
        if any(fnmatchcase(sourcetype, one) for one in source.get("sourcetypes", ())):
            return "" if source["kind"] == "names" else source["bytes"]
    return None


def kinds() -> dict[str, dict]:
    """Return the kinds of log that rules read, each with the search that finds it."""
    return _table()["kinds"]


def is_source(sourcetype: str) -> bool:
    """Tell whether the app looks for a sourcetype as connections."""
    return bool(bytes_of(sourcetype))
