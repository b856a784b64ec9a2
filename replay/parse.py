"""Parsing: a search into its commands, and the clauses of each by the grammars beside this file."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput

from .conf import FALSE, TRUE
from .errors import SplError, refused

GRAMMARS = Path(__file__).parent / "grammar"
_STARTS = {
    "pipeline": "start",
    "eval": "assignments expression",
    "search": "start",
    "stats": "stats",
    "arguments": "names signed_names named rename sort head bin quoted lookup options",
}
# Searches repeat their commands, and run again as of another time.
TREES_KEPT = 2048
_COMMAND = re.compile(r"\s*(\w+)\s*(.*?)\s*$", re.DOTALL)


class Call(NamedTuple):
    """One command of a search: its name, and its arguments as written."""

    name: str
    arguments: str


@cache
def _parser(grammar: str) -> Lark:
    return Lark.open(
        str(GRAMMARS / f"{grammar}.lark"),
        parser="lalr",
        start=_STARTS[grammar].split(),
        propagate_positions=True,
        maybe_placeholders=False,
    )


@lru_cache(maxsize=TREES_KEPT)
def parse(grammar: str, start: str, written: str, command: str) -> Tree:
    """Return the tree of a command's arguments, not to be changed, or say what cannot be read."""
    try:
        tree = _parser(grammar).parse(written, start=start)
    except UnexpectedInput as error:
        raise refused(command, _complaint(error, written)) from None
    for part in tree.iter_subtrees():
        # A grammar that borrows the rules of another has their names with its name in front.
        part.data = part.data.rpartition("__")[2]
    return tree


def _complaint(error: UnexpectedInput, written: str) -> str:
    token = getattr(error, "token", None)
    if isinstance(error, UnexpectedEOF) or (token is not None and token.type == "$END"):
        return f"The arguments end too early: '{_shortened(written.strip())}'"
    position = error.pos_in_stream
    if isinstance(error, UnexpectedCharacters) and written[position] == '"':
        return "Unbalanced quotes."
    return f"Cannot read '{_shortened(written[position:].strip())}'"


def _shortened(written: str) -> str:
    return written if len(written) <= 60 else written[:57] + "..."


def commands(spl: str) -> list[Call]:
    """Cut a search, its macros expanded, into its commands; the first may be an implicit search."""
    tree = parse("pipeline", "start", spl, "SearchParser")
    pieces = [
        "" if segment.meta.empty else spl[segment.meta.start_pos : segment.meta.end_pos]
        for segment in tree.children
    ]
    if not all(piece.strip() for piece in pieces):
        raise SplError("Error in 'SearchParser': Missing a search command between two pipes.")
    if not spl.lstrip().startswith("|") and not re.match(r"\s*search\s", pieces[0]):
        pieces[0] = "search " + pieces[0]
    return [_call(piece) for piece in pieces]


def _call(piece: str) -> Call:
    found = _COMMAND.match(piece)
    if not found:
        raise SplError(f"Error in 'SearchParser': Unknown search command '{piece.split()[0]}'.")
    return Call(*found.groups())


def unquote(token: str) -> str:
    """Return a name or value without its quotes.

    >>> unquote('"a b"'), unquote("src"), unquote('"say \\\\"hi\\\\""')
    ('a b', 'src', 'say "hi"')
    """
    if len(token) >= 2 and token[0] == token[-1] == '"':
        inner = token[1:-1]
        return re.sub(r'\\(["\\])', r"\1", inner) if "\\" in inner else str(inner)
    return str(token)


def tokens(tree: Tree, *kinds: str) -> list[str]:
    """Return the unquoted direct tokens of a tree that are of one of these kinds."""
    return [
        unquote(child)
        for child in tree.children
        if isinstance(child, Token) and child.type in (kinds or NAMES)
    ]


NAMES = ("WORD", "QUOTED", "COUNT")


def subtrees(tree: Tree, rule: str) -> list[Tree]:
    """Return the direct subtrees that a rule made."""
    return [child for child in tree.children if isinstance(child, Tree) and child.data == rule]


def flag(given: dict, name: str, default: bool, command: str) -> bool:
    """Return a truth value among the options of a command."""
    value = given.get(name, "t" if default else "f").lower()
    if value not in TRUE | FALSE:
        raise refused(command, f"Invalid value '{value}' for {name}.")
    return value in TRUE


def arguments(start: str, written: str, command: str, known=()) -> tuple[Tree, dict[str, str]]:
    """Return the tree of a command's arguments, and its options, of which only these are known."""
    tree = parse("arguments", start, written, command)
    return tree, options(tree, known, command)


def options(tree: Tree, allowed, command: str) -> dict:
    """Return the name=value options of a tree; one that is not allowed is named."""
    given = {}
    for option in subtrees(tree, "option"):
        name, value = str(option.children[0]), unquote(option.children[1])
        if name not in allowed:
            raise refused(command, f"The argument '{name}={value}' is invalid.")
        given[name] = value
    return given
