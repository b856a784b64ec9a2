"""Which verdicts differ between the scorer of a revision and the present one.

python -m bench.verdicts --base REVISION [--data DIR] [--seed N] [--rounds N] [--fuzzed N]
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import SCORER_HOME, fuzzed, judge, planted, simulator
from .planted import PLANTED
from .rows import SETTINGS, recorded, row

EXAMPLES = 3
ROOT = Path(SCORER_HOME).parent


@contextmanager
def scorer_of(revision: str) -> Iterator[Path]:
    """The scorer's folder of a revision, in a worktree of its own for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        add = [*git, "add", "--quiet", "--detach", str(tree), revision]
        subprocess.run(add, check=True)
        try:
            yield tree / "bin"
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def rows(chosen: argparse.Namespace) -> Iterator[tuple[str, list]]:
    """All rows to score, each with the name of its set."""
    simulated = simulator.simulate(chosen.seed, chosen.rounds)
    pairs = [case.pair for cases in simulated for case in cases]
    for one in PLANTED:
        pairs += [planted.pair(one, chosen.seed + n) for n in range(2 * chosen.rounds)]
    sets = [("simulated", pairs), *(recorded(chosen.data) if chosen.data else ())]
    for name, found in sets:
        for setting in SETTINGS:
            for pair in found:
                yield f"{name}, {setting.name}", row(pair, setting)
    for seed in range(chosen.seed, chosen.seed + chosen.fuzzed):
        yield "fuzzed", fuzzed.row(seed)


def differing(one: dict, other: dict) -> tuple[str, ...]:
    """The fields in which two verdicts differ.

    >>> differing({'beats': 3, 'period': 60}, {'beats': 3, 'period': 61})
    ('period',)
    """
    return tuple(name for name, value in one.items() if value != other[name])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all differences by the fields in which they lie; 1 where there is any."""
    parser = argparse.ArgumentParser(prog="python -m bench.verdicts", description=__doc__)
    parser.add_argument("--base", required=True, help="revision to compare with")
    parser.add_argument("--data", type=Path, help="folder of recordings")
    parser.add_argument("--seed", type=int, default=9_000_017)
    parser.add_argument("--rounds", type=int, default=3, help="pairs of each simulated schedule")
    parser.add_argument("--fuzzed", type=int, default=20_000, help="rows without a plan")
    chosen = parser.parse_args(arguments)
    asked = list(rows(chosen))
    sent = [one for _, one in asked]
    with scorer_of(chosen.base) as home:
        before = judge.verdicts(sent, home)
    after = judge.verdicts(sent, Path(SCORER_HOME))
    kinds: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, (one, other) in enumerate(zip(before, after)):
        kinds[differing(one, other)].append(place)
    print(f"{len(asked)} verdicts, {len(kinds.pop((), []))} equal")
    for fields, places in sorted(kinds.items(), key=lambda kind: -len(kind[1])):
        print(f"{len(places)} differ in {', '.join(fields)}")
        for place in places[:EXAMPLES]:
            print(f"    {asked[place][0]}: {sent[place][0][:80]}")
            for name in fields:
                print(f"        {name}: {before[place][name]} -> {after[place][name]}")
    return 1 if kinds else 0


if __name__ == "__main__":
    raise SystemExit(main())
