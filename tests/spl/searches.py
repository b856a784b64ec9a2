"""A rule by its oracle and by its shipped search, as rows of one shape."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from replay import Inputs, run
from replay.conf import read_conf
from replay.engine import APP
from tests.spl.case import Site
from tests.spl.events import Event, write_json_lines
from tests.spl.lists import NOTHING, Lists, lookups
from tests.spl.oracle import THRESHOLDS, Load, Oracle, nothing_else
from tests.spl.rules import Rule

# An OR, since rows without a schedule have no period to compare.
EVERY_ROW = "0 OR true()"
# The oracle gives all observations, regardless of their number, and every row of a transfer.
STORED_WHOLE = {
    "t1029_stored_characters": "1000000000",
    "t1029_best_groups": "where true()",
    "t1029_one_per_name": "where true()",
}
WRITTEN_TIME = "%Y-%m-%dT%H:%M:%S%z"

SEARCHES = read_conf(APP, "savedsearches")

Row = dict[str, object]
# A search, and its window between time modifiers.
Text = tuple[str, str, str]


class Printed(NamedTuple):
    """The rows of a shipped search, and those with every score let through."""

    shipped: list[Row]
    opened: list[Row]


def by_sql(rule: Rule, events: Iterable[Event], site: Site, load: Load = nothing_else) -> list[Row]:
    """Return the rows that must reach the scorer."""
    return shaped(rule, Oracle(events, site, rule.window(site.now), load).fetch(rule.query))


def by_searches(
    rules: Sequence[Rule], inputs: Inputs, site: Site, folder: Path, tz: str = "UTC"
) -> dict[str, Printed]:
    """Run shipped searches, each as it is and opened; `folder` receives the lists.

    Both are run as texts, neighbours of one beginning, so that replay scores their rows once.
    """
    texts = [text for rule in rules for text in dict.fromkeys((shipped(rule), opened(rule)))]
    rows = dict(zip(texts, _run(texts, inputs, site, folder, tz)))
    return {rule.slug: Printed(rows[shipped(rule)], rows[opened(rule)]) for rule in rules}


def over(rule: Rule, events: Iterable[Event], site: Site, folder: Path, tz: str = "UTC") -> Printed:
    """Run the shipped search over events, as it is and opened."""
    return by_searches([rule], written(events, folder), site, folder, tz)[rule.slug]


def opened_over(rule: Rule, events: Iterable[Event], site: Site, folder: Path) -> list[Row]:
    """Return the rows of the opened search over events."""
    return _run([opened(rule)], written(events, folder), site, folder)[0]


def _run(
    texts: Sequence[Text], inputs: Inputs, site: Site, folder: Path, tz: str = "UTC"
) -> list[list[Row]]:
    outcome = run(
        spl=texts,
        inputs=inputs,
        now=site.now,
        tz=tz,
        lookups=lookups(site.lists, folder),
        macros={**STORED_WHOLE, **changed(site), **site.macros},
    )
    return [result.rows for result in outcome.results]


def written(events: Iterable[Event], folder: Path) -> Inputs:
    write_json_lines(folder / "events.json", events)
    return Inputs(json=(str(folder / "events.json"),))


def rows_of(
    events: Iterable[Event],
    *searches: object,
    folder: Path,
    lists: Lists = NOTHING,
    given: Mapping[str, Path] = {},
    **settings: object,
) -> list[list[Row]]:
    """Return what searches find in turn over events; `given` are further files of lookups."""
    outcome = run(
        searches=list(searches),
        inputs=written(events, folder),
        lookups={**lookups(lists, folder), **given},
        **settings,
    )
    return [result.rows for result in outcome.results]


def shipped(rule: Rule) -> Text:
    """Return the search as it is shipped, with its window."""
    stanza = SEARCHES[rule.search]
    return stanza["search"], stanza["dispatch.earliest_time"], stanza["dispatch.latest_time"]


def opened(rule: Rule) -> Text:
    """Return the shipped search that keeps rows regardless of score and period."""
    text, *window = shipped(rule)
    for name in rule.scored:
        if f"`t1029_{name}`" not in text:
            raise LookupError(f"{rule.search}: its search does not compare t1029_{name}")
        text = text.replace(f"`t1029_{name}`", EVERY_ROW)
    return (text, *window)


def changed(site: Site) -> dict[str, str]:
    """Return the macros that a site has changed."""
    texts = {
        f"t1029_{name}": str(one) for name, one in site.thresholds.items() if name in THRESHOLDS
    }
    wanted = ", ".join(f'"{direction}"' for direction in site.directions)
    if site.directions != Site._field_defaults["directions"]:
        texts["t1029_direction"] = f"direction IN ({wanted})"
    if site.own_networks:
        tests = [f'cidrmatch("{network}", $address$)' for network in site.own_networks]
        texts["t1029_own_networks(1)"] = " OR ".join(tests)
    if site.sensor_groups:
        named = [f'like(sensor, "{host} %"), "{name}"' for host, name in site.sensor_groups.items()]
        texts["t1029_sensor_group"] = f"case({', '.join(named)}, true(), sensor)"
    return texts


@cache
def kinds(query: str) -> Mapping[str, str]:
    """Return the types of the columns of a rule's query: all of them are compared."""
    columns = Oracle().database.execute(query).description
    return {column[0]: str(column[1]) for column in columns}


def shaped(rule: Rule, rows: Iterable[Row]) -> list[Row]:
    """Return rows with the columns of the oracle, each in one form, in one order."""
    columns = kinds(rule.query)
    return sorted(
        (
            {name: plain(name, kind, row.get(name)) for name, kind in columns.items()}
            for row in rows
        ),
        key=repr,
    )


def plain(name: str, kind: str, value: object) -> object:
    """Return one form of what SQL and a search write differently.

    >>> plain("host", "VARCHAR[]", "fw-1"), plain("hours", "BIGINT", "3")
    (('fw-1',), 3.0)
    """
    if kind == "VARCHAR[]":
        return _several(name, value)
    if kind == "BOOLEAN":
        return bool(value)
    if value in (None, ""):
        return None
    if kind == "VARCHAR":
        return str(value)
    if name in ("earliest", "latest") and isinstance(value, str):
        return datetime.strptime(value, WRITTEN_TIME).timestamp()
    return float(str(value))


def _several(name: str, value: object) -> tuple[str, ...]:
    """Return distinct values in order; a search joins observations with spaces."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(" ") if name == "observations" else [value]
    return tuple(sorted({str(one) for one in value if one is not None}))


def keys(rule: Rule, rows: Iterable[Row]) -> set[tuple]:
    return {tuple(row[name] for name in rule.key) for row in rows}
