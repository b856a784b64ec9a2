"""docs/sources.md: source by source what is searched, read and computed."""

from collections.abc import Iterator, Mapping
from typing import Any

from compose.fields import Fields, condition
from compose.sources import Sources
from compose.templates import code, fill

Row = Mapping[str, Any]


def sources_page(sources: Sources) -> str:
    table = sources.fields
    values = {
        **sources.values,
        "searched": searched,
        "read": lambda row: "; ".join(read(table, row)),
        "computed": lambda row: "; ".join(computed(row)),
    }
    return fill(sources.template("compose/sources.md.j2"), values)


def searched(row: Row) -> str:
    """The sourcetypes and names of a source, and which of their events it is."""
    names = ", ".join(code(name) for name in row["sourcetypes"])
    sources = ", ".join(f"source {code(name)}" for name in row.get("sources", ()))
    where = f" where {code(condition(row))}" if condition(row) else ""
    return ", ".join(part for part in (names, sources) if part) + where


def read(table: Fields, row: Row) -> Iterator[str]:
    """Each field and the names that are read for it."""
    for field in table.fields:
        names = [name for name in row["reads"] if name in table.spellings(field)]
        if names:
            yield f"{field} {', '.join(code(name) for name in names)}"


def computed(row: Row) -> Iterator[str]:
    yield f"stamp {row['stamp']}"
    yield f"bytes {row['bytes']}"
    if row.get("unit") not in (None, "clock", "0"):
        yield f"a duration of 1 is {row['unit']} s"
    if "sides" in row:
        yield f"sides {row['sides']}"
    if "interim_after" in row and "interim" in row:
        yield f"open sessions from {row['interim_after']} s on, by {code(row['interim'])}"
    if "opening" in row:
        yield f"left out {code(row['opening'])}"
    if "blocked" in row:
        yield f"blocked {code(row['blocked'])}"
    if "names" in row:
        yield f"names {row['names']}"
    if "note" in row:
        yield row["note"]
