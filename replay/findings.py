"""The findings of all rules as one table: a row for each sender and destination, by risk."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from rich import box
from rich.table import Table
from rich.text import Text

from .app import short_name
from .values import texts

Row = Mapping[str, Any]
# A rule's name and one of its rows.
Finding = tuple[str, Row]
STYLES = {"critical": "bold red", "high": "red", "medium": "yellow"}


class Pair(NamedTuple):
    """A sender and a destination, or a group of them, with what the rules say of it at most.

    `risk` is 0 to 10, `sent` in bytes, None where no log counts them.
    """

    sender: str
    destination: str
    risk: float
    severity: str
    schedule: str
    sent: Optional[float]
    rules: tuple[str, ...]


def values(row: Row, name: str) -> list[str]:
    """Return the texts of a field: none, one, or those of a multivalue."""
    return [one for one in texts(row.get(name)) if one]


def risk(row: Row) -> float:
    """Return a row's risk_score, 0 where it has none."""
    return float((values(row, "risk_score") or ["0"])[0])


def ends(row: Row) -> list[tuple[str, str]]:
    """Return the senders and destinations that a row is about; "" stands for no destination."""
    dests = values(row, "dest") or values(row, "dest_ip") or values(row, "dest_name") or [""]
    return [(src, dest) for src in values(row, "src") for dest in dests]


def ranked(findings: Iterable[Finding]) -> list[Pair]:
    """Return the findings by pair, highest risk first.

    A finding about several destinations counts for each pair that is known of others, where all
    are, and is a row of its own else.
    """
    groups: list[list[Finding]] = []
    known: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=_closeness):
        pairs = ends(finding[1])
        if not pairs or any(pair not in known for pair in pairs):
            groups.append([finding])
            for pair in pairs:
                known.setdefault(pair, groups[-1])
        else:
            for group in {id(known[pair]): known[pair] for pair in pairs}.values():
                group.append(finding)
    return sorted(map(folded, groups), key=lambda pair: -pair.risk)


def folded(findings: Sequence[Finding]) -> Pair:
    """Return some findings as one row; the first says between whom.

    The story of a sender joins the row, yet its risk is the sender's and not the pair's.
    """
    rows = [row for _, row in findings]
    by_risk = sorted([row for row in rows if "story" not in row] or rows, key=risk, reverse=True)
    best = by_risk[0]
    scheduled = next((row for row in by_risk if values(row, "schedule")), best)
    sent = [float(one) for _, row in findings for one in values(row, "total_bytes")]
    return Pair(
        _first(values(findings[0][1], "src")),
        _first(values(findings[0][1], "dest_name") or [dest for _, dest in ends(findings[0][1])]),
        risk(best),
        "".join(values(best, "severity")),
        ", ".join(values(scheduled, "schedule")),
        max(sent, default=None),
        tuple(dict.fromkeys(rule for rule, _ in sorted(findings, key=_closeness))),
    )


def _closeness(finding: Finding) -> tuple[bool, int, float]:
    """Put what is about one pair first, the story of a sender last; then the highest risk."""
    return "story" in finding[1], len(ends(finding[1])), -risk(finding[1])


def _first(several: Sequence[str]) -> str:
    shown = several[0] if several else ""
    return f"{shown} and {len(several) - 1} more" if len(several) > 1 else shown


def volume(amount: Optional[float]) -> str:
    """Return an amount of bytes with its unit, to three digits.

    >>> volume(4210000000), volume(40), volume(None)
    ('4.21 GB', '40 bytes', 'unknown')
    """
    if amount is None:
        return "unknown"
    for unit in ("bytes", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB" if amount < 999.5 else f"{amount:,.0f} GB"


def pairs_table(rows: Iterable[tuple[Sequence[str], Pair]], names: Sequence[str]) -> Table:
    """Return pairs as a table; `names` head the cells that say of each which one it is."""
    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    made.add_column("risk", no_wrap=True)
    for name in names:
        made.add_column(name, overflow="fold")
    made.add_column("schedule")
    made.add_column("sent", justify="right", no_wrap=True)
    rows = list(rows)
    if any(pair.rules for _, pair in rows):
        made.add_column("rules")
    for cells, pair in rows:
        level = f"{pair.risk:>4.1f} {pair.severity}".rstrip()
        rules = short_name(pair.rules[0]) if pair.rules else ""
        more = f" +{len(pair.rules) - 1}" if len(pair.rules) > 1 else ""
        figures = (pair.schedule, volume(pair.sent), rules + more)[
            : len(made.columns) - 1 - len(names)
        ]
        style = STYLES.get(pair.severity, "bold")
        made.add_row(Text(level, style=style), *map(Text, (*cells, *figures)))
    return made
