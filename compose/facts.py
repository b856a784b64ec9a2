"""lookups/t1029_sources.csv: what is known of each source, as the normalisation looks it up."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from compose.sources import Sources

COLUMNS = (
    "sourcetype", "source", "log_record", "product", "stamp", "unit", "counts", "sides",
    "interim_marks", "interim_after", "opening_marks", "blocked_marks", "raw_marks", "names",
)  # fmt: skip


def source_facts(sources: Sources) -> str:
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    table.writeheader()
    rows = sources.fields.sources.values()
    records = sources.fields.spellings("record")
    # A sourcetype says more than the name of a source, and the first line that fits counts.
    for column in ("sourcetype", "source"):
        table.writerows(line for row in rows for line in lines(row, column, records))
    return written.getvalue()


def lines(
    row: Mapping[str, Any], column: str, records: Collection[str]
) -> Iterator[dict[str, Any]]:
    """A line for each of the sourcetypes, or of the names, of a source, and of its events."""
    facts = {
        "product": row["product"],
        "stamp": row["stamp"],
        "unit": row.get("unit", ""),
        "counts": row["bytes"],
        "sides": row.get("sides", ""),
        "interim_marks": row.get("interim", ""),
        "interim_after": row.get("interim_after", ""),
        "opening_marks": row.get("opening", ""),
        "blocked_marks": row.get("blocked", ""),
        "raw_marks": "1" if row.get("marks") == "text" else "",
        "names": row.get("names", ""),
    }
    events = row.get("events", {}).items()
    told = [record for field, some in events if field in records for record in some]
    for name in row.get(f"{column}s", ()):
        for record in dict.fromkeys(told) or ("*",):
            yield {"sourcetype": "*", "source": "*", "log_record": record, **facts, column: name}
