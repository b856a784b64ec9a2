"""What a run found, as a table for people, as JSON or as CSV."""

import csv
import io
import json
import re
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .engine import Outcome, Result
from .errors import ReplayError
from .values import plain_number, text, texts

# How a cell begins that a spreadsheet may run.
FORMULA = tuple("=+-@\t\uff1d\uff0b\uff0d\uff20")
NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?")
LABEL = "executed by the project's SPL interpreter"


def as_json(outcome: Outcome) -> str:
    """Return a list of searches: computed numbers are numbers, multivalues lists, all else text."""
    return json.dumps(
        [_searched(result) for result in outcome.results], indent=2, ensure_ascii=False
    )


def _searched(result: Result) -> dict[str, Any]:
    return {
        "search": result.search,
        "results": [_row(result, row) for row in result.rows],
        "stages": [stage._asdict() for stage in result.stages],
    }


def _row(result: Result, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in result.columns if name in row}


def _plain(value: Any) -> Any:
    if type(value) is list:
        return [_plain(one) for one in value]
    return value if type(value) is str else plain_number(value)


def as_csv(outcome: Outcome) -> str:
    """Return one search's rows, or all with the name of the search as their first column."""
    several = len(outcome.results) > 1
    columns = list(dict.fromkeys(name for result in outcome.results for name in result.columns))
    if several and "search" in columns:
        raise ReplayError("a result has a column 'search' of its own: choose one search for CSV")
    body = io.StringIO()
    writer = csv.writer(body, lineterminator="\n")
    writer.writerow((["search"] if several else []) + columns)
    for result in outcome.results:
        for row in result.rows:
            cells = [_plain_cell(row.get(name)) for name in columns]
            writer.writerow(([result.search] if several else []) + cells)
    return body.getvalue().rstrip("\n")


def _plain_cell(value: Any) -> str:
    """Return a value on one line that no spreadsheet takes for a formula, as OWASP describes.

    >>> _plain_cell(["a", "b\\nc"]), _plain_cell("=1+1"), _plain_cell("-5.15")
    ('a; b; c', "'=1+1", '-5.15')
    """
    line = "; ".join(part for one in texts(value) for part in one.splitlines())
    return f"'{line}" if line[:1] in FORMULA and not NUMBER.fullmatch(line) else line


def print_tables(outcome: Outcome, console: Console, rule_suffix: str) -> None:
    """Print a block for every search; wide results as one card a row."""
    for result in outcome.results:
        what = "finding" if result.search.endswith(rule_suffix) else "row"
        console.print(Text(result.search, style="bold"))
        console.print(Text(f"{_rows(result, what)}, {LABEL}", style="dim"))
        if result.rows:
            console.print(_table(result, console))
        console.print()


def _rows(result: Result, what: str) -> str:
    seen = "" if result.searched is None else f" in {amount(result.searched, 'event')}"
    return amount(len(result.rows), what) + seen


def amount(count: int, what: str) -> str:
    """Return a number of things in words.

    >>> amount(1, "event"), amount(105918, "event")
    ('1 event', '105,918 events')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _table(result: Result, console: Console) -> Table:
    columns = [name for name in result.columns if any(name in row for row in result.rows)]
    if len(columns) > console.width // 14:
        return _cards(result, columns)
    table = Table(
        show_lines=any(type(value) is list for row in result.rows for value in row.values())
    )
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in result.rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    return table


def _cards(result: Result, columns: list[str]) -> Table:
    """One line a field: a row with twenty columns is not readable side by side."""
    table = Table(show_header=False, show_lines=False)
    table.add_column("field", style="cyan", no_wrap=True)
    table.add_column("value", overflow="fold")
    for row in result.rows:
        for name in columns:
            if name in row:
                table.add_row(name, _cell(row[name]))
        table.add_section()
    return table


def _cell(value: Any) -> Text:
    return Text("" if value is None else text(value))
