"""What every check of a view is made of: a problem has a place."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.dashboard.views import KINDS, View

APP = "scheduled_transfer"


class Problem(NamedTuple):
    """A place in a view, and what is wrong there."""

    place: str
    says: str

    def __str__(self) -> str:
        return f"{self.place}: {self.says}"


def items(view: View) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return every item of a view: its kind, its name and itself."""
    for kind in KINDS:
        for name, item in view.definition.get(kind, {}).items():
            yield kind, name, item


def handlers(view: View) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return what clicks do: the place, the handler, the item that is clicked."""
    for kind, name, item in items(view):
        for count, handler in enumerate(item.get("eventHandlers", ())):
            yield f"{kind}.{name}.eventHandlers[{count}]", handler, item


def strings(thing: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Return all text in a part of a definition, with its place.

    >>> list(strings({"a": [{"b": "c"}]}))
    [('a[0].b', 'c')]
    """
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield from strings(value, f"{place}.{name}" if place else name)
    elif isinstance(thing, list):
        for count, value in enumerate(thing):
            yield from strings(value, f"{place}[{count}]")
    elif isinstance(thing, str):
        yield place, thing
