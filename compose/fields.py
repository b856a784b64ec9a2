"""What fields.yml gives to the templates: SPL that reads every spelling of a field."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fields:
    """The table of fields.yml."""

    fields: Mapping[str, Any]
    sources: Mapping[str, Any]
    kinds: Mapping[str, Any]

    def spellings(self, field: str) -> list[str]:
        """The names that logs have for a field; the first that an event has counts."""
        return list(self.fields[field]["spellings"])

    def coalesce(self, field: str) -> str:
        """An eval expression that reads every spelling of a field."""
        return f"coalesce({', '.join(quoted(name) for name in self.spellings(field))})"

    def selected(self, kind: str) -> str:
        """The sources and sourcetypes of a kind of log, as a search takes them."""
        return selection(row for row in self.sources.values() if row["kind"] == kind)

    @property
    def told_forms(self) -> str:
        """The sources and sourcetypes of which it is known how they write an address."""
        return selection(row for row in self.sources.values() if "addresses" in row)

    @property
    def address_forms(self) -> list[str]:
        """The words in which sources write an address (*), each once."""
        found = [form for row in self.sources.values() for form in row.get("addresses", ())]
        return list(dict.fromkeys(found))


def selection(rows: Iterable[Mapping[str, Any]]) -> str:
    """The sources and sourcetypes of some rows, as a search takes them."""
    rows = list(rows)
    sources = [f'source="{name}"' for row in rows for name in row.get("sources", ())]
    types = ", ".join(f'"{name}"' for row in rows for name in row["sourcetypes"])
    return " OR ".join([*sources, f"sourcetype IN ({types})"])


def quoted(name: str) -> str:
    """A field's name as eval takes it.

    >>> quoted("src_ip"), quoted("id.orig_h")
    ('src_ip', "'id.orig_h'")
    """
    return name if re.fullmatch(r"\w+", name) else f"'{name}'"
