"""lookups/t1029_sources.csv: what is known of each source, as the normalisation looks it up."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from compose.sources import Sources

COLUMNS = (
    "sourcetype", "source", "product", "stamp", "unit", "counts", "interim_marks", "interim_after",
    "opening_marks",
)  # fmt: skip


def source_facts(sources: Sources) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in sources.fields.sources.values():
        table.writerows(lines(row))
    return written.getvalue()


def lines(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A line for each sourcetype of a source, and for each name of the source itself."""
    facts = {
        "product": row["product"],
        "stamp": row["stamp"],
        "unit": row.get("unit", ""),
        "counts": row["bytes"],
        "interim_marks": row.get("interim", ""),
        "interim_after": row.get("interim_after", ""),
        "opening_marks": row.get("opening", ""),
    }
    for sourcetype in row["sourcetypes"]:
        yield {"sourcetype": sourcetype, "source": "*", **facts}
    for source in row.get("sources", ()):
        yield {"sourcetype": "*", "source": source, **facts}
