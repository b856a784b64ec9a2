"""Python that is written for commands which follow one another and look at each row by itself.

It loops over rows, keeps the fields that the commands compute in variables, and leaves out what
nothing reads.
"""

from collections.abc import Iterable
from typing import Any, Callable, NamedTuple, Optional

from .expressions import (
    ABSENT,
    ANY,
    COMPILED,
    NAMES,
    NULL,
    STR,
    Clock,
    Code,
    Compiler,
    constant,
    function,
)

Row = dict[str, Any]
# Names of fields; None stands for all fields.
Fields = Optional[set[str]]


class State(NamedTuple):
    """Where a body is: how deep, what it knows, the name of the row, how often that was changed."""

    depth: int
    known: dict[str, Code]
    row: str
    absent: frozenset
    changes: int


class Body:
    """The body of a function, while it is written: where it is, and what fields are in variables.

    The dict `event` holds the other fields, but those in `absent`, which no row has; it may be
    changed by the last line only.
    """

    def __init__(self, absent: Iterable[str] = ()) -> None:
        self.absent = frozenset(absent)
        self.namespace: dict[str, Any] = dict(NAMES)
        self.known: dict[str, Code] = {}
        self._lines: list[str] = []
        self._marks: list[Any] = []
        self._depth = 1
        self._changes = 0
        self._mark: Any = None

    def mark(self, what: Any) -> None:
        """Note what the lines from here on are written for."""
        self._mark = what

    def line(self, text: str) -> None:
        """Write lines."""
        for one in text.split("\n"):
            self._lines.append("    " * self._depth + one)
            self._marks.append(self._mark)

    def begin(self, text: str) -> None:
        """Write the line that a block begins with."""
        self.line(text)
        self._depth += 1

    def end(self) -> None:
        """End a block, in which there may be nothing."""
        self.line("pass")
        self._depth -= 1

    def state(self) -> State:
        """Return how deep it is, what it knows and where the row is: to go back to it."""
        name = self.constant(None)
        self.line(f"{name} = event")
        return State(self._depth, dict(self.known), name, self.absent, self._changes)

    def back_to(self, state: State) -> None:
        """Leave the blocks that began after a state."""
        while self._depth > state.depth:
            self.end()
        self.known, self.absent = dict(state.known), state.absent
        if self._changes > state.changes:
            self.line(f"event = {state.row}\nget = event.get")

    def compiler(self, clock: Clock, command: str) -> Compiler:
        """Return what compiles expressions that know these fields."""
        return Compiler(clock, command, self.namespace, self.known, self.absent)

    def constant(self, value: Any) -> str:
        """Keep a value and return its name."""
        return constant(self.namespace, value)

    def read(self, field: str) -> Code:
        """Return the value of a field."""
        if field in self.known:
            return self.known[field]
        return ABSENT if field in self.absent else Code(f"get({field!r})", ANY)

    def variable(self, code: Code) -> Code:
        """Put a value into a variable, unless it is in one, or is always the same."""
        if code.source.isidentifier() or (code.sure and code.source[0] in "\"'0123456789"):
            return code
        name = self.constant(None)
        self.line(f"{name} = {code.source}")
        return code._replace(source=name)

    def assign(self, field: str, code: Code) -> None:
        """Let a field have a value from here on."""
        self.known[field] = self.variable(code)

    def dict_of(self, fields: Iterable[str]) -> str:
        """Return the source of a row of some fields, where null stands for missing ones."""
        items = (f"{name!r}: {self.read(name).source}" for name in sorted(fields))
        return f"{{{', '.join(items)}}}"

    def to_row(self, row: str, wanted: Fields = None) -> None:
        """Put the fields that are in variables, and wanted, into a row."""
        for field, code in self.known.items():
            if wanted is not None and field not in wanted and field[0] != "_":
                continue
            if code.type == NULL:
                self.line(f"{row}.pop({field!r}, None)")
            elif code.sure:
                self.line(f"{row}[{field!r}] = {code.source}")
            else:
                self.line(f"if {code.source} is None:\n    {row}.pop({field!r}, None)")
                self.line(f"else:\n    {row}[{field!r}] = {code.source}")

    def through(self, change: Callable[[Row], Row]) -> None:
        """Let a function change a copy of the row."""
        self.line("event = dict(event)")
        self.to_row("event")
        self.line(f"event = {self.constant(change)}(event)")
        self.line("get = event.get")
        self.known.clear()
        self.absent = frozenset()
        self._changes += 1

    def key(self, fields: Iterable[str]) -> tuple[list[str], bool]:
        """Return the texts of fields, and whether a list may be among them."""
        names, many = [], False
        for field in fields:
            code = self.read(field)
            if code.type == STR and code.sure:
                names.append(self.variable(code).source)
                continue
            name = self.constant(None)
            self.line(f"{name} = {code.source}")
            many = many or code.type == ANY
            self.line(f"if type({name}) is not str:\n    {name} = f.key_text({name})")
            names.append(name)
        return names, many

    def single_key(self, field: str) -> str:
        """Return the name of a field's text, null where it has none; a multivalue is refused."""
        name = self.constant(None)
        self.line(f"{name} = {self.read(field).source}")
        self.line(f"if type({name}) is not str and {name} is not None:")
        self.line(f"    {name} = f.single_text({name})")
        return name

    def function(self, arguments: str) -> Callable:
        """Return the function that is written."""
        return function(arguments, "\n".join(self._lines) + "\n", self.namespace)

    def marked(self, error: BaseException) -> Any:
        """Return what the line was written for in which an error happened, else the last lines."""
        found, trace = self._mark, error.__traceback__
        while trace:
            code = trace.tb_frame.f_code
            if code.co_filename == COMPILED and code.co_name == "run":
                at = trace.tb_lineno - 2
                if trace.tb_frame.f_globals is self.namespace and 0 <= at < len(self._marks):
                    found = self._marks[at]
            trace = trace.tb_next
        return found
