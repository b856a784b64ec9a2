"""stats, eventstats and streamstats."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Callable, NamedTuple, Optional

from lark import Tree

from ..aggregates import Count, aggregate
from ..errors import SplError
from ..expressions import BOOL, compile_tree
from ..functions import single_text
from ..parse import flag, options, parse, subtrees, tokens
from ..values import each, order_key, text
from .base import Columns, Row, Scope, Step, extended

WINDOW_LIMIT = 10_000


class Measure(NamedTuple):
    """One aggregate of a clause: how to make it, what it takes of a row, where its result goes.

    It takes a field, or what `value` computes.
    """

    make: Callable
    field: Optional[str]
    value: Optional[Callable[[Row], Any]]
    name: str
    fields: frozenset


class Clause(NamedTuple):
    """What follows the name of the command."""

    measures: list[Measure]
    by: list[str]
    options: dict[str, str]
    taken: list[Optional[str]]
    computed: list[tuple[int, Callable[[Row], Any]]]

    @property
    def fields(self):
        """The fields that it reads."""
        return set(self.by).union(*(measure.fields for measure in self.measures))

    def only(self, wanted: set[str]) -> "Clause":
        """Return the clause without the aggregates that nobody wants."""
        measures = [one for one in self.measures if one.name in wanted or one.name[0] == "_"]
        return _clause(measures, self.by, self.options)

    def accumulators(self) -> list:
        """Return the aggregates of one group, empty."""
        return [measure.make() for measure in self.measures]

    def add(self, accumulators: list, row: Row) -> None:
        """Let a row take part in a group."""
        values = list(map(row.get, self.taken))
        for place, compute in self.computed:
            values[place] = compute(row)
        for value, accumulator in zip(values, accumulators):
            if value is not None:
                accumulator.add(value, row)

    def results(self, accumulators: list) -> Row:
        """Return the fields of a group; what could not be computed is left out."""
        results = {}
        for measure, accumulator in zip(self.measures, accumulators):
            value = accumulator.result()
            if value is not None:
                results[measure.name] = value
        return results


def clause_of(arguments: str, scope: Scope, command: str, allowed: Iterable[str] = ()) -> Clause:
    """Compile what follows the name of the command."""
    tree = parse("stats", "stats", arguments, command)
    by = [name for part in subtrees(tree, "by") for name in tokens(part)]
    measures = [_measure(part, arguments, scope, command) for part in subtrees(tree, "aggregate")]
    names = [measure.name for measure in measures] + by
    for name in {*names, *(field for measure in measures for field in measure.fields)}:
        if "*" in name:
            raise SplError(
                f"Error in '{command}' command: '{name}': wildcards are not supported by replay"
            )
        if names.count(name) > 1:
            raise SplError(
                f"Error in '{command}' command: The output field '{name}' cannot have the same "
                "name as a group-by field or another output field."
            )
    return _clause(measures, by, options(tree, allowed, command))


def _clause(measures: list[Measure], by: list[str], given: dict[str, str]) -> Clause:
    taken = [measure.field for measure in measures]
    computed = [(place, measure.value) for place, measure in enumerate(measures) if measure.value]
    return Clause(measures, by, given, taken, computed)


def _measure(tree: Tree, arguments: str, scope: Scope, command: str) -> Measure:
    function = str(tree.children[0])
    alias = subtrees(tree, "as")
    end = alias[0].meta.start_pos if alias else tree.meta.end_pos
    written = "".join(arguments[tree.meta.start_pos : end].split())
    name = tokens(alias[0])[0] if alias else written
    make = aggregate(function, written, command)
    field, value, fields = _value(tree, make, scope, command, written)
    return Measure(make, field, value, name, frozenset(fields))


def _value(tree: Tree, make: Callable, scope: Scope, command: str, written: str):
    plain, computed = subtrees(tree, "plain"), subtrees(tree, "computed")
    if plain:
        (field,) = tokens(plain[0])
        return field, None, {field}
    if computed:
        return _computed(computed[0].children[-1], make, scope, command, written)
    if make is not Count:
        raise SplError(f"Error in '{command}' command: The argument '{written}' is invalid.")
    return None, (lambda row: True), ()


def _computed(tree: Tree, make: Callable, scope: Scope, command: str, written: str):
    expression = compile_tree(tree, scope.clock, command)
    if expression.kind != BOOL:
        return None, expression.run, expression.fields
    if make is not Count:
        raise SplError(f"Error in '{command}' command: The argument '{written}' is invalid.")
    return None, (lambda row: expression.run(row) or None), expression.fields


def _keys(row: Row, by: list[str]) -> Iterable[tuple]:
    """Return the groups of a row: none if a BY field is null, several for a multivalue."""
    values = tuple(map(row.get, by))
    if None in values:
        return ()
    kinds = set(map(type, values))
    if list in kinds:
        return product(*(dict.fromkeys(map(text, each(value))) for value in values))
    return (values if kinds == {str} else tuple(map(text, values)),)


class Stats(Step):
    """stats: one row a group, sorted by the BY fields."""

    bounds = True

    def __init__(self, arguments: str, scope: Scope):
        self.clause = clause_of(arguments, scope, "stats")
        self.reads = self.clause.fields

    def spare(self, wanted: set[str]) -> None:
        """Compute what is wanted only; without BY whether there is a row depends on it all."""
        if self.clause.by:
            self.clause = self.clause.only(wanted)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Without BY and with nothing to compute there is no row."""
        groups = self._groups(rows)
        if not self.clause.by:
            results = self.clause.results(groups.get((), None) or self.clause.accumulators())
            return iter([results] if results else [])
        return self._rows(groups)

    def _groups(self, rows: Iterable[Row]) -> dict[tuple, list]:
        clause, groups = self.clause, {}
        for row in rows:
            for key in _keys(row, clause.by):
                accumulators = groups.get(key)
                if accumulators is None:
                    accumulators = groups[key] = clause.accumulators()
                clause.add(accumulators, row)
        return groups

    def _rows(self, groups: dict[tuple, list]) -> Iterator[Row]:
        columns = list(zip(*groups)) or [[]] * len(self.clause.by)
        keys = [order_key(set(column)) for column in columns]
        for group in sorted(groups, key=lambda key: [by(one) for by, one in zip(keys, key)]):
            yield {**dict(zip(self.clause.by, group)), **self.clause.results(groups[group])}

    def columns(self, columns: Columns) -> Columns:
        """The BY fields, then the aggregates as written, computed or not."""
        return self.clause.by + [measure.name for measure in self.clause.measures]


def _key(row: Row, by: list[str]) -> Optional[tuple]:
    """Return the one group of a row, None if a BY field is null."""
    values = [row.get(field) for field in by]
    return None if None in values else tuple(single_text(value) for value in values)


class Eventstats(Step):
    """eventstats: its group's aggregates on every row; rows without a BY field pass unchanged."""

    def __init__(self, arguments: str, scope: Scope):
        self.clause = clause_of(arguments, scope, "eventstats")
        self.reads = self.clause.fields

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Two passes over the rows."""
        rows, groups = list(rows), {}
        keys = [_key(row, self.clause.by) for row in rows]
        for row, key in zip(rows, keys):
            if key is not None:
                self.clause.add(groups.setdefault(key, self.clause.accumulators()), row)
        results = {key: self.clause.results(group) for key, group in groups.items()}
        for row, key in zip(rows, keys):
            yield row if key is None else _with(row, self.clause, results[key])

    def columns(self, columns: Columns) -> Columns:
        """The aggregates stand last."""
        return extended(columns, (measure.name for measure in self.clause.measures))


def _with(row: Row, clause: Clause, results: Row) -> Row:
    for measure in clause.measures:
        row.pop(measure.name, None)
    row.update(results)
    return row


class Streamstats(Step):
    """streamstats: the aggregates of the rows so far, or of the last `window` of them."""

    def __init__(self, arguments: str, scope: Scope):
        self.clause = clause_of(arguments, scope, "streamstats", ("current", "window", "global"))
        self.current = flag(self.clause.options, "current", True, "streamstats")
        self.one_window = flag(self.clause.options, "global", True, "streamstats")
        self.window = int(self.clause.options.get("window", "0"))
        if self.window > WINDOW_LIMIT:
            raise SplError(
                f"Error in 'streamstats' command: window={self.window} is more than {WINDOW_LIMIT}."
            )
        self.reads = self.clause.fields

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One pass over the rows; those without a BY field pass unchanged."""
        results_of = self._windowed if self.window else self._running
        groups: dict[Any, Any] = {}
        for row in rows:
            key = _key(row, self.clause.by)
            yield row if key is None else _with(row, self.clause, results_of(groups, key, row))

    def _running(self, groups: dict[Any, Any], key: tuple, row: Row) -> Row:
        group = groups.setdefault(key, self.clause.accumulators())
        if self.current:
            self.clause.add(group, row)
            return self.clause.results(group)
        results = self.clause.results(group)
        self.clause.add(group, row)
        return results

    def _windowed(self, groups: dict[Any, Any], key: tuple, row: Row) -> Row:
        window = groups.setdefault(None if self.one_window else key, deque(maxlen=self.window))
        seen = (key, dict(row))
        if self.current:
            window.append(seen)
        group = self.clause.accumulators()
        for other, earlier in window:
            if other == key:
                self.clause.add(group, earlier)
        if not self.current:
            window.append(seen)
        return self.clause.results(group)

    def columns(self, columns: Columns) -> Columns:
        """The aggregates stand last."""
        return extended(columns, (measure.name for measure in self.clause.measures))


COMMANDS = {"stats": Stats, "eventstats": Eventstats, "streamstats": Streamstats}
