"""The order in which searches run, and what neighbours that begin alike share.

A search that stores or writes does so before the next one runs. Of neighbours that begin with the
same commands over the same window, these commands run once. See opening.py for other windows.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import Any, NamedTuple, Optional

from . import opening
from .commands.base import Command
from .cores import each
from .errors import ReplayError
from .pipeline import Pipeline, Result
from .search_context import EventStore

# Below so many events the processes cost more than they save.
WORTH_CORES = 50_000
# Fewer commands than these cost less than the copies of their rows.
WORTH_SHARING = 2

Row = dict[str, Any]


class Group(list[Pipeline]):
    """Neighbours that begin alike, and the number of commands that they share."""

    def __init__(self, pipelines: Iterable[Pipeline], shared: int):
        super().__init__(pipelines)
        self.shared = shared


class Early(NamedTuple):
    """What a group of searches found before its turn."""

    group: Group
    results: list[Result]
    warnings: list[str]


def results(
    pipelines: list[Pipeline], store: EventStore, split: bool, warnings: list[str]
) -> list[Result]:
    """Run searches one after the other; `split` says how multivalues are stored.

    Groups of them run side by side on the cores of the machine. What a group found so counts only
    if nothing that was stored before its turn could have changed it.
    """
    found: list[Result] = []
    early: dict[int, Early] = {}
    opening.share(pipelines)
    while len(found) < len(pipelines):
        rest = pipelines[len(found) :]
        if not early and len(store.events) >= WORTH_CORES:
            early = _side_by_side(rest, len(found), warnings)
        group = _alike(rest)
        ready = early.pop(len(found), None)
        warnings += ready.warnings if ready else []
        for pipeline, result in zip(group, ready.results if ready else _run(group)):
            found.append(result)
            stored = pipeline.stored(result, split)
            store.add(stored)
            for place in [place for place, other in early.items() if _reached(stored, other.group)]:
                del early[place]
            if pipeline.writes or _reached(stored, group):
                break
    return found


def _reached(stored: list[Row], group: Group) -> bool:
    return bool(stored) and any(pipeline.finds_any(stored) for pipeline in group)


def _side_by_side(pipelines: list[Pipeline], place: int, warnings: list[str]) -> dict[int, Early]:
    """Run the groups before the next search that writes, by the place of each one's first."""
    waiting = list(takewhile(lambda pipeline: not pipeline.writes, pipelines))
    groups: dict[int, Group] = {}
    while waiting:
        groups[place] = _alike(waiting)
        waiting, place = waiting[len(groups[place]) :], place + len(groups[place])
    if len(groups) < 2:
        return {}
    work = [partial(_found, group, warnings) for group in groups.values()]
    outcomes = zip(groups.items(), each(work))
    return {place: Early(group, *outcome) for (place, group), outcome in outcomes if outcome}


def _found(group: Group, warnings: list[str]) -> Optional[tuple[list[Result], list[str]]]:
    """Return what a group found and its warnings; None where it fails, which its turn will tell."""
    before = len(warnings)
    try:
        return list(_run(group)), warnings[before:]
    except ReplayError:
        return None


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


def _run(group: Group) -> Iterator[Result]:
    """Run the searches of a group, one by one, so that the caller may end it."""
    first, shared = group[0], group.shared
    _limit(first.commands[:shared], group)
    common = [0] * len(first.calls)
    rows: Any = first.run(first.opened(common), first.opening.end, shared, common)
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
