"""What logs call the parts of a connection: the table fields.yml."""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent.parent / "fields.yml"


@cache
def spellings(*fields: str) -> tuple[str, ...]:
    """Return the names that logs have for some fields."""
    # Only some runs need the table, and all would wait for the import.
    import yaml

    with TABLE.open(encoding="utf-8") as written:
        known = yaml.load(written, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["fields"]
    return tuple(name for field in fields for name in known[field]["spellings"])
