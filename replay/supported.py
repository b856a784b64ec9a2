"""What replay knows of SPL, as a table that is made of the code: python -m replay --supported."""

import inspect
from collections.abc import Iterable, Iterator
from textwrap import fill

from .aggregates import AGGREGATES
from .commands import COMMANDS
from .expressions import functions_known
from .readers.formats import FORMATS

WIDTH = 100
PERCENTILES = ("p<0 to 100>", "perc<0 to 100>")


def table() -> str:
    """Return the commands with their types and options, the functions and the formats."""
    blocks = [
        ("Commands, by Splunk's types", commands()),
        ("Functions of eval and where", [", ".join(sorted(functions_known()))]),
        (
            "Functions of stats, eventstats, streamstats and tstats",
            [", ".join([*AGGREGATES, *PERCENTILES])],
        ),
        ("Formats of logs", formats()),
        ("Everything else is refused by name.", []),
    ]
    return "\n\n".join("\n".join([title, *map(_indented, lines)]) for title, lines in blocks)


def commands() -> Iterator[str]:
    """Return a line for each command: name, type, options, and what it does."""
    by_type = sorted(COMMANDS.items(), key=lambda item: (item[1].type, item[0]))
    for name, command in by_type:
        options = "".join(f" {option}=" for option in command.options)
        _, _, meaning = inspect.getdoc(command).partition(": ")
        yield f"{name}{options} ({command.type}): {_one_paragraph(meaning)}"


def formats() -> Iterator[str]:
    """Return the options for logs, each with the formats that it reads."""
    kinds = dict.fromkeys(kind for known in FORMATS for kind in known.kinds)
    for kind in kinds:
        yield f"--{kind}: {'; '.join(_names(kind))}"


def _names(kind: str) -> Iterable[str]:
    return dict.fromkeys(known.name for known in FORMATS if kind in known.kinds and known.is_read)


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _indented(line: str) -> str:
    return fill(line, WIDTH, initial_indent="  ", subsequent_indent="      ")
