"""The command line; exit code 1 where what the rules find is wrong."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

from .looks import Site, checked

WEEKS_OF_A_SITE = 50
SHOWN = 8


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.runs", description=__doc__)
    made.add_argument("--weeks", type=int, default=200, help="how many weeks; default 200")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--workers", type=int, default=1, help="processes; default 1")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Check so many weeks and print what was planted and what is wrong."""
    options = parser().parse_args(arguments)
    started = perf_counter()
    sites = check(options.weeks, options.seed, options.workers)
    planted = sum((site.planted for site in sites), Counter())
    wrong = [line for site in sites for line in site.wrong]
    for line in wrong[:SHOWN]:
        print(line)
    if len(wrong) > SHOWN:
        print(f"... and {len(wrong) - SHOWN} more")
    for name, count in sorted(planted.items()):
        print(f"{count:>9,}  {name}")
    seconds = perf_counter() - started
    print(f"\n{options.weeks} weeks, {len(sites)} sites, {seconds:.0f} s: {len(wrong)} differences")
    return 1 if wrong else 0


def check(weeks: int, seed: int, workers: int = 1) -> list[Site]:
    """Check weeks, some to a site."""
    firsts = range(0, weeks, WEEKS_OF_A_SITE)
    sizes = [min(WEEKS_OF_A_SITE, weeks - first) for first in firsts]
    if workers == 1:
        return [checked(first, size, seed) for first, size in zip(firsts, sizes)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(checked, firsts, sizes, [seed] * len(sizes)))


if __name__ == "__main__":
    sys.exit(main())
