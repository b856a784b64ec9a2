"""Smaller sets that still fail: flows are left out one at a time while the SPL stays wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from .compare import AS_SHIPPED, Settings, Verdict, check_batch
from .generate import addresses
from .writings import Case, is_clear, written

# Candidates get addresses that no set of the run has.
FIRST_NUMBER = 30_000


def shrunk(failed: Sequence[Verdict], settings: Settings = AS_SHIPPED) -> list[Verdict]:
    """Return each failing set with as few flows as it takes to fail; all sets share each run."""
    current, changed = list(failed), True
    while changed:
        candidates = [
            (place, flows) for place, verdict in enumerate(current) for flows in fewer(verdict.case)
        ]
        cases = [
            (place, moved(current[place].case, flows, FIRST_NUMBER + number))
            for number, (place, flows) in enumerate(candidates)
        ]
        clear = [(place, case) for place, case in cases if is_clear(case)]
        changed = False
        verdicts = check_batch([case for _, case in clear], settings) if clear else []
        for (place, _), verdict in zip(clear, verdicts):
            smaller = len(verdict.case.flows) < len(current[place].case.flows)
            if verdict.differences and smaller:
                current[place], changed = verdict, True
    return current


def fewer(case: Case) -> Iterator[list]:
    """Return the flows of a set without one of them, for each."""
    if len(case.flows) > 1:
        for place in range(len(case.flows)):
            yield [*case.flows[:place], *case.flows[place + 1 :]]


def moved(case: Case, flows: Sequence, number: int) -> Case:
    """Return some flows of a set as the same sensors write them, under the addresses of another."""
    src, destinations = addresses(number)
    now = dict(zip(addresses(case.number)[1], destinations))
    renamed = [flow._replace(src=src, dest_ip=now[flow.dest_ip]) for flow in flows]
    kind = case.traffic, case.writing
    return written(number, *kind, renamed, case.sensors, Random(f"smaller/{number}"))
