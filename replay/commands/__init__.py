"""The search commands that replay knows, by name; an unknown one is an error."""

from ..errors import SplError
from ..parse import Call, commands
from ..search_context import SearchContext
from . import (
    centralized,
    dataset,
    events,
    generating,
    nesting,
    rest,
    storing,
    streaming,
    transforming,
)
from .base import Command, linked
from .custom import Custom

COMMANDS: dict[str, type[Command]] = {
    **streaming.COMMANDS,
    **centralized.COMMANDS,
    **transforming.COMMANDS,
    **generating.COMMANDS,
    **events.COMMANDS,
    **rest.COMMANDS,
    **dataset.COMMANDS,
    **nesting.COMMANDS,
    **storing.COMMANDS,
}


def compile_call(call: Call, context: SearchContext) -> Command:
    """Return one command of a search."""
    if call.name in context.commands:
        return Custom(call.name, call.arguments, context)
    if call.name not in COMMANDS:
        raise SplError(f"Unknown search command '{call.name}'.")
    return COMMANDS[call.name].of(call.arguments, context)


def compile_all(spl: str, context: SearchContext) -> list[Command]:
    """Return the commands of a search in brackets, which follow one another."""
    return linked([compile_call(call, context) for call in commands(spl)])
