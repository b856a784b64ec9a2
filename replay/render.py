"""What a run found, as a table for people, as JSON or as CSV."""

import csv
import io
import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .engine import Outcome, Result
from .errors import ReplayError
from .values import plain_number, text

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
            cells = [text(row[name]) if name in row else "" for name in columns]
            writer.writerow(([result.search] if several else []) + cells)
    return body.getvalue().rstrip("\n")


def print_tables(outcome: Outcome, console: Console) -> None:
    """Print a block for every search; wide results as one card a row."""
    for result in outcome.results:
        console.print(Text(result.search, style="bold"))
        console.print(Text(f"{_rows(result)}, {LABEL}", style="dim"))
        if result.rows:
            console.print(_table(result, console))
        console.print()


def _rows(result: Result) -> str:
    count = len(result.rows)
    if count:
        return "1 row" if count == 1 else f"{count} rows"
    return "no row" if result.searched is None else f"no row from {_events(result.searched)}"


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


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
