"""What the cases of a rule are made of."""

from collections.abc import Mapping
from typing import NamedTuple, Optional

from hypothesis import strategies as st

from tests.spl.events import DAY, HOUR, INSIDE, NEW_YEAR, OUTSIDE, Event
from tests.spl.lists import NOTHING, ListRow, Lists

# Columns of a row that must come out, and their values.
Expected = dict[str, object]

# A week after the first event of most cases, at half past: 2026-01-08T00:30:00Z.
WEEK_LATER = NEW_YEAR + 7 * DAY + 1800
AFTER_THREE_DAYS = NEW_YEAR + 3 * DAY + 1800
LISTED = (ListRow("203.0.113.0/24"),)


class Site(NamedTuple):
    """What a site has set and listed, and when the search runs.

    `thresholds` are those that differ from the shipped ones; `sensor_groups` name the group of
    sensors on a host; `macros` are further ones that replay shall use, which the oracle does not
    know.
    """

    now: float
    lists: Lists = NOTHING
    thresholds: Mapping[str, float] = {}
    directions: tuple[str, ...] = ("outbound",)
    own_networks: tuple[str, ...] = ()
    sensor_groups: Mapping[str, str] = {}
    macros: Mapping[str, str] = {}


class Case(NamedTuple):
    """Events, the site, and the rows that must come out before any threshold of the score.

    `prints` is what the only row of the search must say that the oracle does not.
    """

    name: str
    events: list[Event]
    rows: tuple[Expected, ...]
    site: Site
    prints: Mapping[str, object] = {}


def case(
    name: str,
    events: list[Event],
    *rows: Expected,
    now: Optional[float] = None,
    prints: Mapping[str, object] = {},
    **site: object,
) -> Case:
    """Return a case that by default runs an hour after the newest event."""
    if now is None:
        now = max(event["_time"] for event in events) // 1 + HOUR
    return Case(name, events, rows, Site(now, **site), prints)


def pair(src: str = INSIDE, dest: str = OUTSIDE, **fields: object) -> Expected:
    """Return a row that must come out: of the usual sender and destination."""
    return {"src": src, "dest": dest, **fields}


class Drawn(NamedTuple):
    """Events and sites to draw at random, on which the search must agree with the oracle."""

    events: st.SearchStrategy[list[Event]]
    sites: st.SearchStrategy[Site]
    examples: int = 20


def sites(**settings: object) -> st.SearchStrategy[Site]:
    """Draw sites with these settings, with and without a listed network and internal traffic."""
    lists = settings.pop("lists", NOTHING)
    return st.builds(
        lambda listed, directions: Site(
            AFTER_THREE_DAYS, lists._replace(suspicious=listed), directions=directions, **settings
        ),
        st.sampled_from(((), LISTED)),
        st.sampled_from((("outbound",), ("outbound", "internal"))),
    )
