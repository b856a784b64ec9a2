"""Templates: the one template library of the build, and the words that prose may use."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError

from compose.fields import quoted

QUOTED = 200  # characters of a text that an error quotes
UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}


def fill(template: object, values: Mapping[str, Any]) -> str:
    """A template with its values; a name without a value is an error that quotes the text.

    >>> fill("-{{ days }}d", {"days": 7})
    '-7d'
    """
    try:
        return ENVIRONMENT.from_string(str(template)).render(values)
    except TemplateError as error:
        raise ValueError(f"{error}, in the text: {str(template)[:QUOTED]}") from error


def thousands(count: float) -> str:
    """A number with its digits in groups.

    >>> thousands(100_000_000), thousands(0.6)
    ('100,000,000', '0.6')
    """
    return f"{count:,}"


def span(look_back: str) -> str:
    """A look-back in words.

    >>> span("-7d@h"), span("-24h@h")
    ('7 days', '24 hours')
    """
    count, unit = int(look_back[1:].split("@")[0][:-1]), look_back[1:].split("@")[0][-1]
    return f"{count} {UNITS[unit]}{'' if count == 1 else 's'}"


def cell(text: object) -> str:
    """Text for a cell of a table: on one line, pipes escaped."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """Text as code, also where it holds backquotes.

    >>> code("search *"), code("`t1029_bin(3600)`")
    ('`search *`', '`` `t1029_bin(3600)` ``')
    """
    return f"`` {text} ``" if "`" in str(text) else f"`{text}`"


ENVIRONMENT = Environment(
    undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False, trim_blocks=True
)
ENVIRONMENT.filters.update(cell=cell, code=code, quoted=quoted, span=span, thousands=thousands)
