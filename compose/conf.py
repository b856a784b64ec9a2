"""Conf files as text: stanzas, values over several lines, settings filled in from a template."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined

TEMPLATES = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


def fill(template: object, values: Mapping[str, Any]) -> str:
    """A template with its values; a name that nobody gives is an error.

    >>> fill("-{{ days }}d", {"days": 7})
    '-7d'
    """
    return TEMPLATES.from_string(str(template)).render(values)


def continued(text: str) -> str:
    """A value of several lines: all but the last end with a backslash."""
    return " \\\n".join(text.rstrip("\n").splitlines())


def stanza(name: str, settings: Mapping[str, object]) -> str:
    """
    >>> print(stanza("t1029_scope", {"definition": "where true()"}), end="")
    [t1029_scope]
    definition = where true()
    """
    lines = [f"[{name}]", *(f"{key} = {value}" for key, value in settings.items())]
    return "\n".join(lines) + "\n"
