"""Conf files as text: stanzas, values over several lines, and reading them back."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from ksconf.conf.parser import (
    PARSECONF_STRICT_NC,
    ConfParserException,
    parse_conf_string,
)

SHORTEST_DESCRIPTION = 20  # characters: shorter than that is a name


class Macro(NamedTuple):
    """A search macro as macros.conf writes it."""

    args: str
    description: str
    definition: str


def continued(text: str) -> str:
    """A value of several lines: all but the last end with a backslash.

    >>> print(continued("search *\\n| stats count"))
    search * \\
    | stats count
    """
    return " \\\n".join(text.rstrip("\n").splitlines())


def stanza(name: str, settings: Mapping[str, object]) -> str:
    """One stanza.

    >>> print(stanza("t1029_scope", {"definition": "where true()"}), end="")
    [t1029_scope]
    definition = where true()
    """
    lines = [f"[{name}]", *(f"{key} = {value}" for key, value in settings.items())]
    return "\n".join(lines) + "\n"


def macros_of(text: str) -> dict[str, Macro]:
    """The macros of a conf text by name; a stanza or key that stands twice is an error.

    >>> macros_of("[t1029_all]\\ndescription = Lets all pass, for now.\\ndefinition = search *\\n")
    {'t1029_all': Macro(args='', description='Lets all pass, for now.', definition='search *')}
    """
    try:
        parsed = parse_conf_string(text, profile=PARSECONF_STRICT_NC)
    except ConfParserException as error:
        raise ValueError(f"macros: {error}") from error
    return {str(name): _macro(str(name), dict(keys)) for name, keys in parsed.items()}


def _macro(name: str, keys: Mapping[str, str]) -> Macro:
    if not re.fullmatch(r"t1029_[a-z0-9_]+(\([1-9]\))?", name):
        raise ValueError(f"{name}: a macro's name begins with t1029_")
    for key in set(keys) - set(Macro._fields):
        raise ValueError(f"{name}: {key} is not used for macros here")
    if len(keys.get("description", "")) < SHORTEST_DESCRIPTION:
        raise ValueError(f"{name}: no description of {SHORTEST_DESCRIPTION} characters or more")
    return Macro(keys.get("args", ""), keys["description"], keys["definition"])
