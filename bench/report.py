"""Tables for the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table as RichTable

# Ignored by git: figures belong to a run, not to the source code.
REPORT_HOME = Path("build") / "bench"


class Table(NamedTuple):
    """A table with a note for the reader."""

    title: str
    note: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def show(table: Table, console: Console) -> None:
    """Print one table with its note."""
    drawn = RichTable(title=table.title, caption=table.note, title_justify="left")
    for number, head in enumerate(table.heads):
        drawn.add_column(head, justify="right" if number else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*row)
    console.print(drawn)


def publish(tables: Sequence[Table], file: Path, width: int = 140) -> None:
    """Print tables, so many characters wide, and write them to a file as Markdown."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for table in tables:
        show(table, Console(width=width))
    file.write_text("\n".join(map(markdown, tables)), encoding="utf-8")


def markdown(table: Table) -> str:
    """The table as Markdown, figures to the right.

    >>> print(markdown(Table('T', 'Made up.', ['name', 'AUC'], [['a|b', '0.9']])))
    ## T
    <BLANKLINE>
    Made up.
    <BLANKLINE>
    | name | AUC |
    | --- | ---: |
    | a\\|b | 0.9 |
    <BLANKLINE>
    """
    rule = ["---"] + ["---:"] * (len(table.heads) - 1)
    rows = [
        list(table.heads),
        rule,
        *([cell.replace("|", "\\|") for cell in r] for r in table.rows),
    ]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([f"## {table.title}", "", table.note, "", *lines, ""])
