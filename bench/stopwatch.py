"""Time the scorer, its parsing alone, and RITA's formulas on the same strings, in this Python.

    python -m bench.stopwatch WORKLOADS.json

Standard library only, so that it runs in any Python. Prints JSON: for each workload the seconds
of every round, {"name": {"pairs": n, "ours": [...], "reading": [...], "rita": [...]}}.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence

from scheduled_transfer import fields, score
from scheduled_transfer.parsing import parse

from .peers import rita

ROUNDS = 15

Work = Sequence[Sequence]


def ours(observations: str, context: dict[str, str]) -> None:
    """The work of the search command for one row."""
    score(observations, None, context)


def reading(observations: str, context: dict[str, str]) -> None:
    """The work common to all scorers: parse the observations and the context fields."""
    fields.read(context)
    parse(observations)


def straight_rita(observations: str, _context: dict[str, str]) -> None:
    """Parse the string and apply RITA's formulas with the statistics module."""
    epochs, sizes = [], []
    for token in observations.split():
        epoch, _, counts = token.partition(":")
        epochs.append(int(epoch))
        sizes.append(int(counts.partition(":")[0] or 0))
    rita.beacon_score(epochs, sizes, epochs[0], epochs[-1])


METHODS = {"ours": ours, "reading": reading, "rita": straight_rita}


def seconds(judge: Callable[[str, dict[str, str]], None], work: Work) -> float:
    """CPU seconds over all pairs."""
    start = time.process_time()
    for observations, context in work:
        judge(observations, context)
    return time.process_time() - start


def main(arguments: Sequence[str]) -> None:
    """Run all workloads; the methods alternate within each round."""
    with open(arguments[0]) as source:
        workloads = json.load(source)
    measured = {
        name: {"pairs": len(work), **{one: [] for one in METHODS}}
        for name, work in workloads.items()
    }
    for _ in range(ROUNDS):
        for name, work in workloads.items():
            for one, judge in METHODS.items():
                measured[name][one].append(seconds(judge, work))
    json.dump(measured, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
