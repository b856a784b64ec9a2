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
    unsupported: Mapping[str, Any]
    kinds: Mapping[str, Any]

    def spellings(self, field: str) -> list[str]:
        """The names that logs have for a field; the first that an event has counts."""
        return list(self.fields[field]["spellings"])

    def coalesce(self, field: str) -> str:
        """An eval expression that reads every spelling of a field."""
        spellings = self.fields[field]["spellings"].items()
        return f"coalesce({', '.join(in_seconds(name, of) for name, of in spellings)})"

    def one(self, field: str) -> str:
        """The same where a field may have come twice with one value."""
        return f"mvdedup({self.coalesce(field)})"

    def selected(self, kind: str) -> str:
        """The events of a kind of log, as a search takes them."""
        rows = [row for row in self.sources.values() if row["kind"] == kind]
        whole = [row for row in rows if not condition(row)]
        parts = [f"({named([row])} {condition(row)})" for row in rows if condition(row)]
        return " OR ".join([*([named(whole)] if whole else []), *parts])

    def indexed(self, kind: str) -> str:
        """The sources and sourcetypes of a kind of log: what the index knows without its events."""
        return named(row for row in self.sources.values() if row["kind"] == kind)

    @property
    def told_forms(self) -> str:
        """The sources and sourcetypes of which it is known how they write an address."""
        return named(row for row in self.sources.values() if "addresses" in row)

    @property
    def known_sourcetypes(self) -> list[str]:
        """The sourcetypes that are searched whole: each event is a connection or a name."""
        # Of Sysmon's, the macro takes some events only.
        rows = (
            row for row in self.sources.values() if row["kind"] != "sysmon" and not condition(row)
        )
        return list(dict.fromkeys(name for row in rows for name in row["sourcetypes"]))

    def field_of(self, name: str) -> list[str]:
        """The fields of which a name is a spelling."""
        return [field for field, row in self.fields.items() if name in row["spellings"]]

    @property
    def address_forms(self) -> list[str]:
        """The words in which sources write an address (*), each once."""
        found = [form for row in self.sources.values() for form in row.get("addresses", ())]
        return list(dict.fromkeys(found))


def named(rows: Iterable[Mapping[str, Any]]) -> str:
    """The sources and sourcetypes of some rows, as a search takes them."""
    rows = list(rows)
    sources = [f'source="{name}"' for row in rows for name in row.get("sources", ())]
    types = ", ".join(f'"{name}"' for row in rows for name in row["sourcetypes"])
    either = " OR ".join([*sources, *([f"sourcetype IN ({types})"] if types else [])])
    return f"({either})" if len(rows) == 1 and sources and types else either


def condition(row: Mapping[str, Any]) -> str:
    """Which events of its sourcetypes a source is, as a search takes it; empty where it is all."""
    events = " OR ".join(one_of(row.get("events", {})))
    excluded = " ".join(f"NOT {one}" for one in one_of(row.get("except", {})))
    return " ".join(part for part in (f"({events})" if events else "", excluded) if part)


def one_of(values: Mapping[str, Iterable[object]]) -> list[str]:
    """Each field and its values, as a search takes them.

    >>> one_of({"event.code": [3, "3a"]})
    ['event.code IN ("3", "3a")']
    """
    return [
        "{} IN ({})".format(field, ", ".join(f'"{value}"' for value in some))
        for field, some in values.items()
    ]


def in_seconds(name: str, of: object) -> str:
    """A spelling as eval reads it; one that counts in a unit of its own becomes seconds.

    >>> in_seconds("event.duration", {"whose": "ECS", "unit": "0.000000001"})
    "mvdedup('event.duration') * 0.000000001"
    """
    return f"mvdedup({quoted(name)}) * {of['unit']}" if isinstance(of, dict) else quoted(name)


def quoted(name: str) -> str:
    """A field's name as eval takes it.

    >>> quoted("src_ip"), quoted("id.orig_h")
    ('src_ip', "'id.orig_h'")
    """
    return name if re.fullmatch(r"\w+", name) else f"'{name}'"
