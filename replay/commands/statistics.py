"""The clause of stats and its kin: aggregates, and the fields to group by."""

from collections.abc import Iterable
from itertools import product
from typing import Any, Callable, NamedTuple, Optional

from lark import Tree

from ..aggregates import Count, aggregate
from ..errors import refused
from ..expressions import BOOL, compile_tree
from ..functions import single_text
from ..parse import options, parse, subtrees, tokens
from ..search_context import SearchContext
from ..values import each, text
from .base import Row


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

    @property
    def names(self) -> list[str]:
        """The fields that it computes."""
        return [measure.name for measure in self.measures]

    def only(self, wanted: set[str]) -> "Clause":
        """Return the clause without the aggregates that are not wanted."""
        measures = [one for one in self.measures if one.name in wanted or one.name[0] == "_"]
        return _clause(measures, self.by, self.options)

    def accumulators(self) -> list:
        """Return the aggregates of one group: None until there is a value."""
        return [None] * len(self.measures)

    def add(self, accumulators: list, row: Row) -> None:
        """Let a row take part in a group."""
        values = list(map(row.get, self.taken))
        for place, compute in self.computed:
            values[place] = compute(row)
        for place, value in enumerate(values):
            if value is not None:
                accumulator = accumulators[place]
                if accumulator is None:
                    accumulator = accumulators[place] = self.measures[place].make()
                accumulator.add(value, row)

    def groups(self, rows: Iterable[Row]) -> dict[tuple, list]:
        """Return the aggregates of each group; a multivalue puts a row into several groups."""
        groups: dict[tuple, list] = {}
        for row in rows:
            for key in _keys(row, self.by):
                accumulators = groups.get(key)
                if accumulators is None:
                    accumulators = groups[key] = self.accumulators()
                self.add(accumulators, row)
        return groups

    def results(self, accumulators: list) -> Row:
        """Return the fields of a group; what could not be computed is left out."""
        results = {}
        for measure, accumulator in zip(self.measures, accumulators):
            value = (accumulator or measure.make()).result()
            if value is not None:
                results[measure.name] = value
        return results


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
    return _clause(measures, by, options(tree, allowed, command))


def _clause(measures: list[Measure], by: list[str], given: dict[str, str]) -> Clause:
    taken = [measure.field for measure in measures]
    computed = [(place, measure.value) for place, measure in enumerate(measures) if measure.value]
    return Clause(measures, by, given, taken, computed)


def _measure(tree: Tree, arguments: str, context: SearchContext, command: str) -> Measure:
    alias = subtrees(tree, "as")
    end = alias[0].meta.start_pos if alias else tree.meta.end_pos
    written = "".join(arguments[tree.meta.start_pos : end].split())
    name = tokens(alias[0])[0] if alias else written
    make = aggregate(str(tree.children[0]), written, command)
    plain, computed = subtrees(tree, "plain"), subtrees(tree, "computed")
    if plain:
        (field,) = tokens(plain[0])
        return Measure(make, field, None, name, frozenset([field]))
    if not computed:
        value, is_condition, fields = (lambda row: True), True, ()
    else:
        expression = compile_tree(computed[0].children[-1], context.clock, command)
        value, is_condition, fields = expression.run, expression.kind == BOOL, expression.fields
    if is_condition and make is not Count:
        raise refused(command, f"The argument '{written}' is invalid.")
    # Only what is true counts: null is no value.
    counted = (lambda row: value(row) or None) if is_condition and computed else value
    return Measure(make, None, counted, name, frozenset(fields))


def _keys(row: Row, by: list[str]) -> Iterable[tuple]:
    """Return the groups of a row: none if a BY field is null, several for a multivalue."""
    values = tuple(map(row.get, by))
    if None in values:
        return ()
    kinds = set(map(type, values))
    if list in kinds:
        return product(*(dict.fromkeys(map(text, each(value))) for value in values))
    return (values if kinds == {str} else tuple(map(text, values)),)


def group_of(row: Row, by: list[str]) -> Optional[tuple]:
    """Return the one group of a row, None if a BY field is null."""
    values = [row.get(field) for field in by]
    return None if None in values else tuple(single_text(value) for value in values)


def with_results(row: Row, clause: Clause, results: Row) -> Row:
    """Put the results of a clause in the place of what a row had under their names."""
    for measure in clause.measures:
        row.pop(measure.name, None)
    row.update(results)
    return row
