"""Search macros: `name` and `name(arg, ...)`, expanded before anything is parsed."""

import re
from collections.abc import Mapping
from typing import Optional

from .conf import boolean
from .errors import SplError

_COMMENT = re.compile(r"```.*?```", re.DOTALL)
# A quoted string (kept as it is) or a macro call.
_CALL = re.compile(r'"(?:\\.|[^"\\])*"|`([^`]*)`', re.DOTALL)
_HEAD = re.compile(r"\s*([\w.\-]+)\s*(?:\((.*)\))?\s*$", re.DOTALL)
_ARGUMENT = re.compile(r'"(?:\\.|[^"\\])*"|[(),]|[^"(),]+', re.DOTALL)


def without_comments(spl: str) -> str:
    """Return SPL without its ```comments```."""
    return _COMMENT.sub("", spl)


def expand(
    spl: str, macros: Mapping[str, dict[str, str]], known: Optional[dict[str, str]] = None
) -> str:
    """Return SPL with every macro replaced by its definition, inside out.

    `known` takes the calls of these macros and what they stand for, for the next time.

    Inside quotes backticks are text (Splunk's Knowledge Manager Manual, "Use search macros in
    searches").

    >>> expand("where hours >= `least`", {"least": {"definition": "3"}})
    'where hours >= 3'
    """
    return _expand(spl, macros, (), {} if known is None else known)


def _expand(spl: str, macros, within: tuple[str, ...], known: dict[str, str]) -> str:
    """Expand what stands within some macros."""

    def replaced(found) -> str:
        call = found.group(1)
        if call is None:
            return found.group(0)
        if call not in known:
            known[call] = _expanded(call, macros, within, known)
        return known[call]

    expanded = _CALL.sub(replaced, without_comments(spl))
    if "`" in re.sub(r'"(?:\\.|[^"\\])*"', "", expanded):
        raise SplError(
            f"Error in 'SearchParser': Missing a closing backtick in: {spl.strip()[:80]}"
        )
    return expanded


def _expanded(call: str, macros, within: tuple[str, ...], known: dict[str, str]) -> str:
    head = _HEAD.match(call)
    if not head:
        raise SplError(f"Error in 'SearchParser': Invalid macro call `{call}`")
    written = (head.group(2) or "").strip()
    arguments = split_arguments(written) if written else []
    name = head.group(1) + (f"({len(arguments)})" if arguments else "")
    if name not in macros:
        raise SplError(
            f"Error in 'SearchParser': The search specifies a macro '{name}' that cannot be found."
        )
    if name in within:
        raise SplError(f"macro '{name}' calls itself: {' -> '.join(within + (name,))}")
    definition = _substituted(name, macros[name], arguments)
    return _expand(definition, macros, within + (name,), known)


def _substituted(name: str, stanza: Mapping[str, str], arguments: list[str]) -> str:
    if boolean(stanza.get("iseval", "0") or "0", f"macro '{name}', iseval"):
        raise SplError(f"macro '{name}': iseval = 1 is not supported by replay")
    if stanza.get("validation"):
        raise SplError(f"macro '{name}': validation is not supported by replay")
    if "definition" not in stanza:
        raise SplError(f"macro '{name}' has no definition")
    names = [one.strip() for one in stanza.get("args", "").split(",") if one.strip()]
    if len(names) != len(arguments):
        raise SplError(f"macro '{name}': args names {len(names)} arguments, not {len(arguments)}")
    given = dict(zip(names, arguments))
    return re.sub(r"\$(\w+)\$", lambda found: _argument(found, given, name), stanza["definition"])


def _argument(found, given: Mapping[str, str], name: str) -> str:
    if found.group(1) not in given:
        raise SplError(
            f"macro '{name}': its definition uses {found.group(0)}, which is no argument"
        )
    return given[found.group(1)]


def split_arguments(written: str) -> list[str]:
    """Split arguments at the commas outside quotes; a quoted one loses its quotes.

    A comma inside brackets would cut the argument in Splunk too: such a one must be quoted.

    >>> split_arguments('src, lower(a), "max(a, b)"')
    ['src', 'lower(a)', 'max(a, b)']
    """
    arguments, current, depth = [], "", 0
    for piece in _ARGUMENT.findall(written):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "," and depth:
            raise SplError(
                "Error in 'SearchParser': a macro's arguments are cut at every comma, so quote "
                f"what has one inside brackets: {written}"
            )
        if piece == ",":
            arguments.append(current)
            current = ""
        else:
            current += piece
    return [_bare(argument.strip()) for argument in arguments + [current]]


def _bare(argument: str) -> str:
    if re.fullmatch(r'"(?:\\.|[^"\\])*"', argument, re.DOTALL):
        return re.sub(r"\\(.)", r"\1", argument[1:-1])
    return argument
