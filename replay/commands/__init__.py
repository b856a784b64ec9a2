"""The search commands that replay knows, by name; an unknown one is an error."""

from ..errors import SplError
from ..parse import Call
from . import (
    charting,
    enriching,
    generating,
    nesting,
    ordering,
    rowwise,
    statistics,
    storing,
    subsearch,
)
from .base import Filter, Memory, Scope, Single, Step, columns_of, linked

__all__ = [
    "COMMANDS",
    "Filter",
    "Memory",
    "Scope",
    "Single",
    "Step",
    "columns_of",
    "compile_call",
    "linked",
]

COMMANDS = {
    **rowwise.COMMANDS,
    **ordering.COMMANDS,
    **statistics.COMMANDS,
    **enriching.COMMANDS,
    **storing.COMMANDS,
    **generating.COMMANDS,
    **charting.COMMANDS,
}
# What holds pipelines of its own.
NESTING = {
    "append": nesting.Append,
    "appendpipe": nesting.Appendpipe,
    "multisearch": nesting.Multisearch,
}


def compile_call(call: Call, scope: Scope) -> Step:
    """Return the step for one command of a search."""
    if call.name in scope.commands:
        return enriching.Custom(call.name, call.arguments, scope)
    if call.name in NESTING:
        return NESTING[call.name](call.arguments, scope, compile_call)
    if call.name == "search" and subsearch.has_subsearch(call.arguments):
        return subsearch.FilterWithSubsearch(call.arguments, scope, compile_call)
    if call.name not in COMMANDS:
        raise SplError(f"Unknown search command '{call.name}'.")
    return COMMANDS[call.name](call.arguments, scope)
