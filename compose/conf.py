"""Conf files as text: stanzas, values over several lines, and reading them back."""

from collections.abc import Mapping
from typing import NamedTuple

from ksconf.conf.parser import PARSECONF_STRICT_NC, parse_conf_string


class Macro(NamedTuple):
    """A search macro as macros.conf writes it."""

    name: str  # with its number of arguments where it has any: t1029_bin(1)
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

    >>> macros_of("[t1029_any]\\ndefinition = true()\\n")["t1029_any"].definition
    'true()'
    """
    parsed = parse_conf_string(text, profile=PARSECONF_STRICT_NC)
    return {
        name: Macro(name, keys.get("args", ""), keys.get("description", ""), keys["definition"])
        for name, keys in parsed.items()
    }
