"""The order in which searches run, and what neighbours that begin alike share.

A search that stores or writes does so before the next one runs. Of neighbours that begin with the
same commands over the same window, these commands run once. See opening.py for other windows.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from . import opening
from .commands import Command
from .event_store import EventStore
from .pipeline import Pipeline, Result

# Fewer commands than these cost less than the copies of their rows.
WORTH_SHARING = 2

Row = dict[str, Any]


class Group(list[Pipeline]):
    """Neighbours that begin alike, and the number of commands that they share."""

    def __init__(self, pipelines: Iterable[Pipeline], shared: int):
        super().__init__(pipelines)
        self.shared = shared


def results(pipelines: list[Pipeline], store: EventStore, split: bool) -> list[Result]:
    """Run searches one after the other; `split` says how multivalues are stored."""
    found: list[Result] = []
    opening.share(pipelines)
    while len(found) < len(pipelines):
        group = _alike(pipelines[len(found) :])
        for pipeline, result in zip(group, _run(group, store)):
            found.append(result)
            stored = pipeline.stored(result, split)
            store.add(stored)
            if pipeline.writes or (stored and any(one.finds_any(stored) for one in group)):
                break
    return found


def _alike(pipelines: list[Pipeline]) -> Group:
    """Return the first search and those after it that begin alike."""
    first = pipelines[0]
    if len(pipelines) < 2 or first.generates:
        return Group([first], first.opening.end)
    shared = len(first.calls)
    least = max(WORTH_SHARING, first.opening.end + 1)
    while shared >= least and first.key(shared) != pipelines[1].key(shared):
        shared -= 1
    if shared < least:
        return Group([first], first.opening.end)
    key = first.key(shared)
    return Group(takewhile(lambda pipeline: pipeline.key(shared) == key, pipelines), shared)


def _run(group: Group, store: EventStore) -> Iterator[Result]:
    """Run the searches of a group, one by one, so that the caller may end it."""
    first, shared = group[0], group.shared
    _limit(first.commands[:shared], group)
    common = [0] * len(first.calls)
    rows: Any = first.run(first.opened(store, common), first.opening.end, shared, common)
    if len(group) > 1:
        rows = list(rows)
    for pipeline in group:
        # Commands that have run know what they saw, such as the columns of a custom command.
        pipeline.commands[:shared] = first.commands[:shared]
        _limit(pipeline.commands[shared:], [pipeline], shared)
        length = len(pipeline.calls)
        counts = common if len(group) == 1 else common[:shared] + [0] * (length - shared)
        own = rows if len(group) == 1 else (dict(row) for row in rows)
        found = list(pipeline.run(own, shared, length, counts))
        yield pipeline.result(found, counts)


def _limit(commands: list[Command], searches: list[Pipeline], first: int = 0) -> None:
    """Let commands know which of their fields matter to any of the searches."""
    for place, command in enumerate(commands, first):
        wanted = [search.needs_after(place) for search in searches]
        if None not in wanted:
            command.limit_to(set().union(*wanted))
