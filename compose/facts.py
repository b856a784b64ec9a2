"""lookups/t1029_sources.csv: what is known of each source, as the normalisation looks it up."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from compose.sources import Sources

COLUMNS = (
    "sourcetype", "source", "product", "stamp", "unit", "counts", "interim_marks", "interim_after",
    "opening_marks", "names",
)  # fmt: skip


def source_facts(sources: Sources) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    table.writeheader()
    rows = sources.fields.sources.values()
    # A sourcetype says more than the name of a source, and the first line that fits counts.
    for column in ("sourcetype", "source"):
        table.writerows(line for row in rows for line in lines(row, column))
    return written.getvalue()


def lines(row: Mapping[str, Any], column: str) -> Iterator[dict[str, Any]]:
    """A line for each of the sourcetypes, or of the names, of a source."""
    facts = {
        "product": row["product"],
        "stamp": row["stamp"],
        "unit": row.get("unit", ""),
        "counts": row["bytes"],
        "interim_marks": row.get("interim", ""),
        "interim_after": row.get("interim_after", ""),
        "opening_marks": row.get("opening", ""),
        "names": row.get("names", ""),
    }
    for name in row.get(f"{column}s", ()):
        yield {"sourcetype": "*", "source": "*", **facts, column: name}
