"""The command line: print and write what a site would miss; 1 where a prediction does not hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.report import REPORT_HOME, markdown, show

from . import __doc__ as about
from . import tables
from .kinds import KINDS
from .measure import measure
from .site import read
from .verified import in_place, verify

WIDTH = 190
PLANTS, FURTHER, FRESH = 1_600, 200, 1_000
# Seeds of fresh plants begin so much further on.
APART = 1_000_000
# How far a prediction may be off.
WITHIN = 0.05


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write frontier.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.frontier", description=about)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--data", type=Path, required=True, metavar="DIR", help="the site's own logs")
    add("--tz", default="UTC", help="the site's time zone")
    add("--lookup", action="append", default=[], metavar="NAME=FILE", help="a list of the site")
    add("--plants", type=int, default=PLANTS, help=f"plants of each kind; default {PLANTS}")
    add("--further", type=int, default=FURTHER, help="for what stays unseen and would help; or 0")
    add("--seed", type=int, default=1)
    add("--only", default="", metavar="TEXT", help="kinds whose name holds this text")
    add("--verify", type=int, nargs="?", const=FRESH, metavar="N", help="fresh plants of each kind")
    add("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    options = parser.parse_args(arguments)
    lookups = {name: Path(path) for name, path in (one.split("=", 1) for one in options.lookup)}
    site = read(options.data, options.tz, lookups)
    console = Console(width=WIDTH)
    said, good = [tables.of_site(site)], True
    console.print(said[0])
    kinds = [kind for kind in KINDS if options.only in kind.name]
    counts = options.seed, options.plants, options.further
    every = [measure(kind, site, *counts) for kind in kinds]
    made = [tables.found(every), tables.costs(every, site)]
    if options.verify:
        fresh = verify(every, site, options.seed + APART, options.verify)
        made.append(tables.verified(fresh))
        said.append(tables.of_place(in_place(options.data, site, options.seed)))
        good = all(abs(one.off) <= WITHIN for one in fresh)
    for table in made:
        show(table, console)
    console.print(*said[1:])
    options.out.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join([*said, *map(markdown, made)])
    (options.out / "frontier.md").write_text(text, encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
