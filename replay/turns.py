"""The searches of a run in turn: what neighbours share, and what other cores do ahead."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import Any

from . import prelude
from .ahead import WORTH_IT, Ahead, Found
from .commands import Memory
from .errors import ReplayError

# Fewer commands than these cost less than the copies of their rows.
WORTH_SHARING = 2

Row = dict[str, Any]


class Turns:
    """Runs searches one after another: what one stores or writes is there for those after it.

    Neighbours that begin alike are a group, which shares the work of the commands it begins with.
    `split` says how multivalues are stored; `warnings` is where commands put theirs.
    """

    def __init__(self, memory: Memory, split: bool, warnings: list[str]):
        self.memory, self.split, self.warnings = memory, split, warnings

    def results(self, pipelines: list) -> list:
        """Return what each search found."""
        results: list = []
        prelude.share(pipelines)
        with Ahead() as ahead:
            while pipelines:
                if not ahead.under_way and len(self.memory.events) >= WORTH_IT:
                    self._start(ahead, pipelines)
                found = self._turn(ahead, *_alike(pipelines))
                results += found
                pipelines = pipelines[len(found) :]
        return results

    def _turn(self, ahead: Ahead, group: list, shared: int) -> list:
        """Run a group until one of it changes what the others see."""
        results = []
        for pipeline, result in self._found(ahead, group, shared):
            results.append(result)
            stored = pipeline.stored(result, self.split)
            self.memory.add(stored)
            for other in ahead.under_way:
                if _reach(stored, other):
                    ahead.outdate(other)
            if pipeline.writes or _reach(stored, group):
                break
        return results

    def _found(self, ahead: Ahead, group: list, shared: int) -> Iterable[tuple]:
        early = ahead.take(group)
        if early is None:
            return _run_group(group, shared, self.memory)
        results, warnings = early
        self.warnings.extend(warnings)
        return zip(group, results)

    def _start(self, ahead: Ahead, pipelines: list) -> None:
        """Let the searches that come before the next one that writes run ahead."""
        waiting = list(takewhile(lambda pipeline: not pipeline.writes, pipelines))
        groups = []
        while waiting:
            groups.append(_alike(waiting))
            waiting = waiting[len(groups[-1][0]) :]
        work = [partial(self._run_ahead, *group) for group in groups]
        ahead.start([group for group, _ in groups], work)

    def _run_ahead(self, group: list, shared: int) -> Found:
        """Return the results of a group, and the warnings that it gave."""
        known = len(self.warnings)
        try:
            results = [result for _, result in _run_group(group, shared, self.memory)]
        except ReplayError:
            return None  # It fails again, and is told of, in its turn.
        return results, self.warnings[known:]


def _reach(stored: list[Row], group: list) -> bool:
    """Tell whether new events can come through to a search of a group."""
    return bool(stored) and any(_can_see(pipeline, stored) for pipeline in group)


def _can_see(pipeline: Any, stored: list[Row]) -> bool:
    if any(step.event_fields for step in pipeline.steps):
        return True
    if pipeline.generates:
        return False
    return any(True for _ in pipeline.steps[0].run(map(dict, pipeline.events(Memory(stored)))))


def _alike(pipelines: list) -> tuple[list, int]:
    """Return the first search, those after it that begin alike, and how long they do."""
    first = pipelines[0]
    if len(pipelines) < 2 or first.generates:
        return [first], first.opening.end
    shared = len(first.calls)
    least = max(WORTH_SHARING, first.opening.end + 1)
    while shared >= least and first.key(shared) != pipelines[1].key(shared):
        shared -= 1
    if shared < least:
        return [first], first.opening.end
    same = takewhile(lambda pipeline: pipeline.key(shared) == first.key(shared), pipelines)
    return list(same), shared


def _run_group(group: list, shared: int, memory: Memory) -> Iterator[tuple]:
    """Run searches that begin alike, one by one, so that the caller may end it."""
    first = group[0]
    _spare(group, range(shared))
    common = [0] * len(first.calls)
    rows: Any = first.run(first.opened(memory, common), first.opening.end, shared, common)
    if len(group) > 1:
        rows = list(rows)
    for pipeline in group:
        # Steps that have run know what they saw, such as the columns of a custom command.
        pipeline.steps[:shared] = first.steps[:shared]
        _spare([pipeline], range(shared, len(pipeline.steps)))
        length = len(pipeline.calls)
        counts = common if len(group) == 1 else common[:shared] + [0] * (length - shared)
        own = rows if len(group) == 1 else (dict(row) for row in rows)
        found = list(pipeline.run(own, shared, length, counts))
        yield pipeline, pipeline.result(found, counts)


def _spare(group: list, places: Iterable[int]) -> None:
    """Tell commands that searches share which of their fields matter to any of these."""
    for place in places:
        wanted = [pipeline.reads(place + 1) for pipeline in group]
        if None not in wanted:
            group[0].steps[place].spare(set().union(*wanted))
