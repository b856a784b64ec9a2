"""What a schedule must look like to be found, and by when; how often the same finds what is none.

    python -m bench.limits [--draws N] [--seed N] [--only TEXT] [--out DIR] [--write]

Each kind of `bench.evasive` is drawn anew with unseen seeds, and scored as a rule would see it
after more and more days. --write puts the tables into docs/scoring.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from scheduled_transfer import Verdict, score

from .constants import PAGE
from .evasive import FINAL_SEED, KINDS, LOOKALIKES, Kind, pair
from .pairs import DAY, HOUR, binned, token
from .realsets import ALERT
from .report import REPORT_HOME, Table, markdown, publish

# Most draws must be found; a schedule counts as found from this regularity on.
MOST, REGULAR = 0.9, 0.5
NOMINAL = 0.01
BEGIN, END = "<!-- limits -->\n", "<!-- end of limits -->\n"


def verdict(kind: Kind, seed: int, days: float) -> tuple[Verdict, int]:
    """What the scorer says after so many days, and the number of observations."""
    drawn = pair(kind, seed, days)
    seen = binned(drawn.connections, kind.bin)
    return score(" ".join(map(token, seen)), None, drawn.context), len(seen)


def is_regular(one: Verdict) -> bool:
    """Whether there is a schedule beyond doubt."""
    return one.regularity >= REGULAR


def is_found(one: Verdict) -> bool:
    """Whether a rule would report it: a schedule, at the alert threshold."""
    return is_regular(one) and one.risk_score >= ALERT


def span(days: float) -> str:
    """Days as a person says them.

    >>> span(0.25), span(14)
    ('6 h', '14 d')
    """
    return f"{days:g} d" if days >= 1 else f"{days * DAY / HOUR:g} h"


def row(kind: Kind, seeds: Sequence[int]) -> list[str]:
    """When nearly all draws of one kind are found, and what is said of them at the end."""
    looked = [[verdict(kind, seed, days) for seed in seeds] for days in kind.days]
    regular = [_share(is_regular(one) for one, _ in ones) for ones in looked]
    found = [_share(is_found(one) for one, _ in ones) for ones in looked]
    at = next((at for at, share in enumerate(found) if share >= MOST), None)
    transfers = "" if at is None else f"{median(count for _, count in looked[at]):.0f}"
    said = [one.schedule for one, _ in looked[-1]]
    shares = ", ".join(
        f"{span(days)} {share:.2f}" for days, share in zip(kind.days, found) if share
    )
    named = max(set(said), key=said.count)
    return [kind.name, _first(kind, regular), _first(kind, found), transfers, shares, named]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


def _first(kind: Kind, shares: Sequence[float]) -> str:
    """The first days after which most draws are in, with the longest that was tried otherwise."""
    hits = (days for days, share in zip(kind.days, shares) if share >= MOST)
    return next(map(span, hits), f"not in {span(kind.days[-1])}")


def found_table(kinds: Sequence[Kind], seeds: Sequence[int]) -> Table:
    """All kinds of schedules."""
    return Table(
        "Schedules",
        f"{len(seeds)} draws of each. Regular: regularity {REGULAR:g} or more in {MOST:.0%} of the "
        f"draws; found: risk_score {ALERT:g} or more, too.",
        ["Kind", "regular after", "found after", "observations", "share found after", "named"],
        [row(kind, seeds) for kind in kinds],
    )


def false_row(kind: Kind, seeds: Sequence[int]) -> list[str]:
    """How often one kind of traffic without a schedule is taken for one, after all spans."""
    ones = [verdict(kind, seed, days)[0] for seed in seeds for days in kind.days]
    read = [one for one in ones if one.log10_p is not None]
    rare = sum(10**one.log10_p < NOMINAL for one in read) / len(read)
    return [kind.name, str(len(read)), f"{rare:.4f}", f"{sum(map(is_found, read)) / len(read):.4f}"]


def false_table(seeds: Sequence[int]) -> Table:
    """Traffic without a schedule."""
    return Table(
        "Traffic without a schedule that resembles them",
        "The same sizes and rarity, so that timing alone decides.",
        ["Kind", "rows", f"p < {NOMINAL:g}", "found"],
        [false_row(kind, seeds) for kind in LOOKALIKES],
    )


def composed(page: str, tables: Sequence[Table]) -> str:
    """The page with these tables, without the shares after each number of days."""
    head, rest = page.split(BEGIN)
    short = [
        table._replace(heads=_short(table.heads), rows=list(map(_short, table.rows)))
        for table in tables
    ]
    text = "\n".join(markdown(table).replace("## ", "### ") for table in short)
    return head + BEGIN + text + rest[rest.index(END) :]


def _short(cells: Sequence[str]) -> list[str]:
    return [*cells[:4], *cells[5:]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench.limits", description=__doc__)
    parser.add_argument("--draws", type=int, default=100, help="pairs of each kind")
    parser.add_argument("--seed", type=int, default=FINAL_SEED)
    parser.add_argument("--only", default="", help="kinds whose name holds this text")
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    parser.add_argument("--write", action="store_true", help="into docs/scoring.md")
    chosen = parser.parse_args(arguments)
    seeds = range(chosen.seed, chosen.seed + chosen.draws)
    kinds = [kind for kind in KINDS if chosen.only in kind.name]
    tables = [found_table(kinds, seeds), *([] if chosen.only else [false_table(seeds)])]
    publish(tables, chosen.out / "limits.md", 200)
    if chosen.write:
        PAGE.write_text(composed(PAGE.read_text(), tables))


if __name__ == "__main__":
    main()
