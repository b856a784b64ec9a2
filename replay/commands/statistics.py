"""The clause of stats and its kin: aggregates, and the fields to group by."""

from collections.abc import Iterable
from functools import cached_property
from typing import Callable, NamedTuple, Optional

from lark import Tree

from ..aggregates import EMPTY, Aggregate, aggregate
from ..errors import refused
from ..expressions import BOOL, NULL, NUM, Code, Expression, checked
from ..generated import Body
from ..parse import options, parse, subtrees, tokens
from ..search_context import SearchContext
from .base import Row

# The states of the aggregates of each group, by the texts of the BY fields.
Groups = dict[tuple, list]


class Measure(NamedTuple):
    """One aggregate of a clause: its function, what it takes of a row, where its result goes.

    It takes a field, or what an expression computes, or the row itself.
    """

    function: Aggregate
    called: str
    name: str
    field: Optional[str] = None
    expression: Optional[Expression] = None

    @property
    def fields(self) -> set[str]:
        """The fields that it reads."""
        own = {self.field} if self.field else set()
        timed = {"_time"} if self.function.timed else set()
        return own | timed | (self.expression.fields if self.expression else set())

    def result(self, state: object) -> object:
        """Return what comes of the state of a group, null where that is nothing."""
        if state is None:
            return EMPTY.get(self.called)
        return self.function.result(state) if self.function.result else state

    def value(self, body: Body, context: SearchContext, command: str) -> Code:
        """Return what it takes."""
        if self.field:
            return body.read(self.field)
        if self.expression is None:
            return Code("True", BOOL, True)
        code = body.compiler(context.clock, command).code(self.expression.tree)
        # Only what is true counts: null is no value.
        return Code(f"({code.source} or None)", BOOL) if code.kind == BOOL else code


class Clause:
    """What follows the name of the command."""

    def __init__(self, measures: list[Measure], by: list[str], context: SearchContext, told: tuple):
        self.measures, self.by = measures, by
        self.context, self.told = context, told
        self.command, self.options = told
        self._merges = [one.function.merge for one in measures]

    @property
    def fields(self) -> set[str]:
        """The fields that it reads."""
        return set(self.by).union(*(measure.fields for measure in self.measures))

    @property
    def names(self) -> list[str]:
        """The fields that it computes."""
        return [measure.name for measure in self.measures]

    @property
    def by_order(self) -> bool:
        """Tell whether the order of the rows matters."""
        return any(measure.function.by_order for measure in self.measures)

    def only(self, wanted: set[str]) -> "Clause":
        """Return the clause without the aggregates that are not wanted."""
        measures = [one for one in self.measures if one.name in wanted or one.name[0] == "_"]
        return Clause(measures, self.by, self.context, self.told)

    def in_any_order(self) -> "Clause":
        """Return the clause for rows whose order is not known."""
        measures = [
            one._replace(function=one.function.in_any_order or one.function)
            for one in self.measures
        ]
        return Clause(measures, self.by, self.context, self.told)

    def new(self) -> list:
        """Return the states of a group without rows."""
        return [None] * len(self.measures)

    def write(self, body: Body, groups: str) -> None:
        """Write how a row takes part in its groups; a multivalue puts it into several."""
        names, many = body.key(self.by)
        values = [self._value(body, measure) for measure in self.measures]
        body.line(f"key = ({''.join(name + ', ' for name in names)})")
        if names:
            body.begin("if None not in key:")
        if many:
            body.begin("for key in f.keys(key) if list in map(type, key) else (key,):")
        body.line(f"states = {groups}.get(key)")
        body.line(f"if states is None:\n    states = {groups}[key] = {self.new()}")
        self.write_adds(body, values)
        for _ in range((1 if names else 0) + (1 if many else 0)):
            body.end()

    def along(self, *writes: Callable[[Body, list[Code]], None]) -> Callable:
        """Return the function of rows and groups that does this with each row and its group."""
        body = Body()
        body.begin("for event in rows:")
        body.line("get = event.get")
        names = [body.single_key(field) for field in self.by]
        values = [self._value(body, measure) for measure in self.measures]
        body.line(f"key = ({''.join(name + ', ' for name in names)})")
        body.begin("if None not in key:")
        body.line("states = groups.get(key)")
        body.line(f"if states is None:\n    states = groups[key] = {self.new()}")
        for write in writes:
            write(body, values)
        body.end()
        body.line("yield event")
        return body.function("rows, groups")

    def write_adds(self, body: Body, values: list[Code]) -> None:
        """Add a row to its group."""
        for place, value in enumerate(values):
            self._write_add(body, place, value)

    def write_so_far(self, body: Body, _values: list[Code]) -> None:
        """Put on a row what its group comes to so far."""
        for place, measure in enumerate(self.measures):
            run = body.constant(measure.result)
            self._write_put(body, measure.name, f"{run}(states[{place}])")

    def write_states(self, body: Body, _values: list[Code]) -> None:
        """Put on a row what its group came to, where that has replaced the states."""
        for place, measure in enumerate(self.measures):
            self._write_put(body, measure.name, f"states[{place}]")

    def _write_put(self, body: Body, name: str, source: str) -> None:
        body.line(f"value = {source}\nif value is None:\n    event.pop({name!r}, None)")
        body.line(f"else:\n    event[{name!r}] = value")

    def _value(self, body: Body, measure: Measure) -> Code:
        code = measure.value(body, self.context, self.command)
        return code if code.sure else body.variable(code)

    def _write_add(self, body: Body, place: int, value: Code) -> None:
        function, state = self.measures[place].function, f"states[{place}]"
        if value.type == NULL:
            return
        if value.source == "True":
            body.line(f"{state} = ({state} or 0) + 1")
            return
        if not value.sure:
            body.begin(f"if {value.source} is not None:")
        if value.kind == BOOL or (self.measures[place].called == "count" and value.type == NUM):
            body.line(f"{state} = ({state} or 0) + 1")
        else:
            time = body.read("_time").source
            told = {"a": "state", "v": value.source, "add": body.constant(function.add), "t": time}
            body.line(f"state = {state}")
            body.line(function.quick.format(**told))
            body.line(f"{state} = state")
        if not value.sure:
            body.end()

    def merge(self, groups: Groups, others: Groups) -> None:
        """Add groups to those of other rows; states are not changed but replaced."""
        for key, states in others.items():
            known = groups.get(key)
            groups[key] = states if known is None else self._both(known, states)

    def _both(self, one: list, other: list) -> list:
        return [
            b if a is None else a if b is None else merge(a, b)
            for merge, a, b in zip(self._merges, one, other)
        ]

    @cached_property
    def results(self) -> Callable[[list], Row]:
        """Return the fields of a group, of its states; what could not be computed is left out."""
        body = Body()
        body.line("row = {}")
        for place, measure in enumerate(self.measures):
            name, result = f"row[{measure.name!r}]", measure.function.result
            body.begin(f"if states[{place}] is not None:")
            source = f"states[{place}]"
            if result is not None:
                source = f"{body.constant(result)}({source})"
            body.line(f"{name} = state = {source}")
            if result is not None:
                body.line(f"if state is None:\n    del {name}")
            body.end()
            if measure.called in EMPTY:
                body.line(f"else:\n    {name} = {EMPTY[measure.called]}")
        body.line("return row")
        return body.function("states")


def clause_of(
    arguments: str, context: SearchContext, command: str, allowed: Iterable[str] = ()
) -> Clause:
    """Compile what follows the name of the command."""
    tree = parse("stats", "stats", arguments, command)
    by = [name for part in subtrees(tree, "by") for name in tokens(part)]
    measures = [_measure(part, arguments, context, command) for part in subtrees(tree, "aggregate")]
    names = [measure.name for measure in measures] + by
    for name in {*names, *(field for measure in measures for field in measure.fields)}:
        if "*" in name:
            raise refused(command, f"'{name}': wildcards are not supported by replay")
        if names.count(name) > 1:
            raise refused(
                command,
                f"The output field '{name}' cannot have the same name as a group-by field or "
                "another output field.",
            )
    return Clause(measures, by, context, (command, options(tree, allowed, command)))


def _measure(tree: Tree, arguments: str, context: SearchContext, command: str) -> Measure:
    alias = subtrees(tree, "as")
    end = alias[0].meta.start_pos if alias else tree.meta.end_pos
    written = "".join(arguments[tree.meta.start_pos : end].split())
    name = tokens(alias[0])[0] if alias else written
    called = str(tree.children[0])
    made = Measure(aggregate(called, written, command), called, name)
    plain, computed = subtrees(tree, "plain"), subtrees(tree, "computed")
    if plain:
        (field,) = tokens(plain[0])
        return made._replace(field=field)
    found = checked(computed[0].children[-1], context.clock, command) if computed else None
    if (found is None or found.kind == BOOL) and called != "count":
        raise refused(command, f"The argument '{written}' is invalid.")
    return made._replace(expression=found)
