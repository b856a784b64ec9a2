"""The table of the scorer's constants in docs/scoring.md, from the comments beside them.

python -m bench.constants    writes the table anew
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from . import SCORER_HOME

PAGE = Path(SCORER_HOME).parent / "docs" / "scoring.md"
BEGIN, END = "<!-- constants -->\n", "<!-- end of constants -->\n"
MODULES = (
    "nulls", "detectors.densest", "detectors.interval", "detectors.time_of_day",
    "detectors.once", "detectors.ceiling", "detectors.beat", "select", "active_hours", "risk",
    "explain", "parsing",
)  # fmt: skip
NUMBERS = (int, float)


def _names(statement: ast.stmt) -> list[str]:
    """Names in capitals to which the statement assigns."""
    if not isinstance(statement, ast.Assign):
        return []
    names = [node.id for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name)]
    return [name for name in names if name.isupper() and not name.startswith("_")]


def _reason(lines: list[str], line: int) -> str:
    """The comment right above a line (from 0)."""
    above = []
    while line and lines[line - 1].startswith("# "):
        line -= 1
        above.insert(0, lines[line][2:])
    return " ".join(above)


def _is_number(value: object) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(isinstance(one, NUMBERS) for one in value)
    return isinstance(value, NUMBERS)


def rows(module: str) -> list[tuple[str, str]]:
    """Constants with their values, and the reason, of one of the scorer's modules.

    What has no comment of its own shares the one above.
    """
    found: list[tuple[str, str]] = []
    home = Path(SCORER_HOME) / "scheduled_transfer"
    source = (home / f"{module.replace('.', '/')}.py").read_text()
    values, lines = vars(import_module(f"scheduled_transfer.{module}")), source.splitlines()
    for statement in ast.parse(source).body:
        names = [name for name in _names(statement) if _is_number(values[name])]
        if names:
            told = ", ".join(f"`{name}` {_written(values[name])}" for name in names)
            reason = _reason(lines, statement.lineno - 1)
            if found and not reason:
                before, reason = found.pop()
                told = f"{before}, {told}"
            found.append((told, reason))
    return found


def _written(value: object) -> str:
    """A number as a person would write it; what is derived to four digits.

    >>> _written(86400), _written((1, 0.9)), _written(1.77815125)
    ('86,400', '(1, 0.9)', '1.778')
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))})"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,g}"


def table() -> str:
    """All constants, module by module."""
    parts = []
    for module in MODULES:
        lines = [f"| {told} | {reason} |" for told, reason in rows(module)]
        parts.append("\n".join([f"| {module} | Why |", "| --- | --- |", *lines, ""]))
    return "\n".join(parts)


def composed(page: str) -> str:
    """The page with the table as it is now."""
    head, rest = page.split(BEGIN)
    return head + BEGIN + table() + rest[rest.index(END) :]


if __name__ == "__main__":
    PAGE.write_text(composed(PAGE.read_text()))
