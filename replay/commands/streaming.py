"""Distributable streaming commands: each row by itself."""

from collections.abc import Iterable, Iterator

from lark import Tree

from .. import limits, times
from ..errors import refused
from ..expressions import ANY, NULL, NUM, STR, Code, assignments, condition
from ..functions import pattern, single_text
from ..generated import Body
from ..lookups import Matcher, Table, merged
from ..parse import arguments, flag, subtrees, tokens
from ..search_context import SearchContext
from ..search_filter import compile_filter
from ..values import multivalue, number
from .base import (
    Columns,
    Command,
    DistributableStreaming,
    Fields,
    Filter,
    Row,
    RowByRow,
    chosen,
)
from .nesting import FilterWithSubsearch, has_subsearch


class Search(Filter):
    """search: keep the rows that a filter accepts. First in a search it takes the events.

    Known are comparisons, IN, wildcards, networks in CIDR notation, AND, OR, NOT and brackets; a
    subsearch may make a filter. Free text is not known, but for an address out of a subsearch.
    """

    @classmethod
    def of(cls, written: str, context: SearchContext) -> Command:
        """Return a filter, or one that a subsearch makes."""
        kind = FilterWithSubsearch if has_subsearch(written) else cls
        return kind(written, context)

    def __init__(self, written: str, context: SearchContext):
        self.keep, self.reads = compile_filter(written)

    def write(self, body: Body, wanted: Fields) -> None:
        """Ask the filter."""
        self.write_test(body, self.keep, self.reads)


class Where(Filter):
    """where: keep the rows for which a condition is true, neither false nor null."""

    def __init__(self, written: str, context: SearchContext):
        self.condition, self.clock = condition(written, context.clock, "where"), context.clock
        self.reads = self.condition.fields

    def write(self, body: Body, wanted: Fields) -> None:
        """Test the condition."""
        code = body.compiler(self.clock, "where").code(self.condition.tree, exact=False)
        body.begin(f"if {code.source}:")


class Eval(RowByRow):
    """eval: compute fields, one after the other; a null result removes the field."""

    def __init__(self, written: str, context: SearchContext):
        self.assignments, self.clock = assignments(written, context.clock), context.clock
        self.adds = [name for name, _ in self.assignments]

    def needs(self, wanted: Fields) -> Fields:
        """Return what it reads for the fields that can matter, and the others of these."""
        if wanted is None:
            return None
        for name, expression in reversed(self.assignments):
            if name in wanted or name[0] == "_":
                wanted = wanted - {name} | expression.fields
        return wanted

    def write(self, body: Body, wanted: Fields) -> None:
        """Compute what is read, now or afterwards."""
        live = []
        for name, expression in reversed(self.assignments):
            if wanted is None or name in wanted or name[0] == "_":
                live.append((name, expression))
                wanted = None if wanted is None else wanted - {name} | expression.fields
        for name, expression in reversed(live):
            body.assign(name, body.compiler(self.clock, "eval").code(expression.tree))


class KeepFields(DistributableStreaming):
    """fields: keep the named fields and the internal ones, or with - remove the named ones."""

    def __init__(self, written: str, context: SearchContext):
        tree, _ = arguments("signed_names", written, "fields")
        self.names = tokens(tree)
        self.remove = "-" in "".join(tokens(tree, "SIGN"))
        self.wildcards = any("*" in name for name in self.names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cut rows down."""
        cut = self._without if self.remove else self._only
        for row in rows:
            yield cut(row, chosen(row, self.names) if self.wildcards else self.names)

    def needs(self, wanted: Fields) -> Fields:
        """Without wildcards and -, only the named fields can matter."""
        if self.remove:
            return wanted
        return None if self.wildcards else set(self.names)

    @staticmethod
    def _without(row: Row, named: list[str]) -> Row:
        for name in named:
            row.pop(name, None)
        return row

    @staticmethod
    def _only(row: Row, named: list[str]) -> Row:
        internal = [name for name in row if name.startswith("_") and name not in named]
        return {name: row[name] for name in named + internal if name in row}

    def columns(self, columns: Columns) -> Columns:
        """Without -, the order of the arguments stays what it was."""
        if columns is None:
            return None
        named = set(chosen(columns, self.names))
        return [name for name in columns if (name in named) != self.remove]


class Rename(DistributableStreaming):
    """rename: all at once; a name that is taken loses its old value, also to a null."""

    def __init__(self, written: str, context: SearchContext):
        tree, _ = arguments("rename", written, "rename")
        self.names = dict(tokens(renaming) for renaming in subtrees(tree, "renaming"))
        if "*" in "".join([*self.names, *self.names.values()]):
            raise refused("rename", "wildcards are not supported by replay")
        self.reads = set(self.names)

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rename in place."""
        for row in rows:
            moved = {new: row.pop(old, None) for old, new in self.names.items()}
            for new, value in moved.items():
                row.pop(new, None)
                if value is not None:
                    row[new] = value
            yield row

    def columns(self, columns: Columns) -> Columns:
        """A field keeps its place."""
        if columns is None:
            return None
        gone = set(self.names.values())
        kept = [name for name in columns if name not in gone or name in self.names]
        return list(dict.fromkeys(self.names.get(name, name) for name in kept))


class Fillnull(RowByRow):
    """fillnull: 0, or value=, for nulls of the named fields, which it creates."""

    options = ("value",)

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("names", written, "fillnull", self.options)
        self.value, self.adds = given.get("value", "0"), tokens(tree)
        self.reads = set(self.adds)

    def one(self, row: Row) -> Row:
        """Fill in place."""
        for name in self.adds:
            row.setdefault(name, self.value)
        return row


class Bin(RowByRow):
    """bin: the start of the time bin; span= must be given, which makes it streaming."""

    options = ("span",)

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("bin", written, "bin", self.options)
        if "span" not in given:
            raise refused("bin", "bin without span= is not supported by replay")
        self.span, self.tz = times.span_of(given["span"]), context.clock.tz
        (self.field,) = tokens(tree)
        if self.field != "_time" and given["span"].isdigit():
            raise refused("bin", "ranges of numbers are not supported by replay")
        renamed = [name for part in subtrees(tree, "as") for name in tokens(part)]
        (self.target,) = self.adds = renamed or [self.field]
        self.reads = {self.field}

    def one(self, row: Row) -> Row:
        """Round down in place."""
        value = number(row.get(self.field))
        if value is not None:
            row[self.target] = self.span.floor(value, self.tz)
        return row


class Addinfo(RowByRow):
    """addinfo: the window and the id of the search."""

    constant = False

    def __init__(self, written: str, context: SearchContext):
        arguments("options", written, "addinfo")
        self.info = {
            "info_min_time": 0.0 if context.earliest is None else context.earliest,
            "info_max_time": "+Infinity" if context.latest is None else context.latest,
            "info_sid": context.sid,
            "info_search_time": context.clock.now,
        }
        self.adds = list(self.info)

    def write(self, body: Body, wanted: Fields) -> None:
        """Add constants."""
        for name, value in self.info.items():
            body.known[name] = Code(repr(value), STR if type(value) is str else NUM, True)


class Mvexpand(DistributableStreaming):
    """mvexpand: a row for every value; a row without the field passes unchanged."""

    def __init__(self, written: str, context: SearchContext):
        (self.field,) = tokens(arguments("named", written, "mvexpand")[0])
        self.reads = {self.field}

    def run(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Copy the row for each value."""
        held = 0
        for row in rows:
            values = row.get(self.field)
            if type(values) is list:
                held += len(values) * limits.characters(
                    row[name] for name in row if name != self.field
                )
                limits.MVEXPAND.hold(held, "mvexpand")
                yield from ({**row, self.field: value} for value in values)
            else:
                yield row


class Rex(RowByRow):
    """rex: fields from the named groups of a regular expression; without a match a row stays.

    A group that takes no part in the match, or matches nothing, gives no field.
    """

    options = ("field",)

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("quoted", written, "rex", self.options)
        (regex,) = tokens(tree)
        self.field = given.get("field", "_raw")
        self.pattern = pattern(regex)
        self.adds = list(self.pattern.groupindex)
        if not self.adds:
            raise refused(
                "rex",
                f"The regex '{regex}' does not extract anything. It should specify at least one "
                "named group. Format: (?<name>...).",
            )
        self.reads = {self.field, *self.adds}

    def one(self, row: Row) -> Row:
        """Match in place."""
        value = row.get(self.field)
        if value is None:
            self._check_raw(row)
            return row
        found = self.pattern.search(single_text(value))
        if found:
            row.update((name, part) for name, part in found.groupdict().items() if part)
        return row

    def _check_raw(self, row: Row) -> None:
        """Refuse to find nothing in what only replay does not know: the text of an event."""
        if self.field == "_raw" and "sourcetype" in row:
            raise refused("rex", f"replay keeps no _raw of {row['sourcetype']}; name a field")


class Makemv(RowByRow):
    """makemv: a text cut into what a regular expression's first group finds; nothing is null."""

    options = ("tokenizer",)

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("named", written, "makemv", self.options)
        (self.field,) = tokens(tree)
        if "tokenizer" not in given:
            raise refused("makemv", 'replay only knows tokenizer="([^...]+)"')
        self.pattern = pattern(given["tokenizer"])
        if not self.pattern.groups:
            raise refused("makemv", "tokenizer= has a capturing group.")
        self.reads = {self.field}

    def one(self, row: Row) -> Row:
        """Cut in place."""
        if self.field in row:
            matches = self.pattern.finditer(single_text(row.pop(self.field)))
            value = multivalue([found[1] for found in matches if found[1]])
            if value is not None:
                row[self.field] = value
        return row


def _pair(tree: Tree) -> tuple[str, str]:
    names = tokens(tree)
    return names[0], names[-1]


class Lookup(RowByRow):
    """lookup: fields of the table's matching rows; several matches make a multivalue.

    With local=true it is an orchestrating command in Splunk, with the same result.
    """

    options = ("local",)

    def __init__(self, written: str, context: SearchContext):
        tree, _ = arguments("lookup", written, "lookup", self.options)
        (self.name,) = tokens(tree)
        self.lookups = context.lookups
        self.pairs = [_pair(pair) for pair in subtrees(tree, "pair")]
        self.wanted = [
            _pair(pair) for part in subtrees(tree, "output") for pair in subtrees(part, "pair")
        ]
        self.fields = [field for _, field in self.pairs]
        table = self.lookups.known(self.name, "lookup")
        self.outputs = self._outputs(table) if table else self.wanted
        self.adds = [target for _, target in self.outputs]
        self.reads = {*self.fields, *self.adds}
        # No search of the app writes a file: what it finds for a row stays the same in a run.
        self.constant = not self.lookups.place(self.name, "lookup").collection
        self.matcher = None
        self.known: dict[tuple, tuple] = {}

    def _outputs(self, table: Table) -> list[tuple[str, str]]:
        """Return what the table gives to which field; what it has not is an error."""
        matched = {field for field, _ in self.pairs}
        others = [field for field in table.fields if field not in matched and field != "_key"]
        outputs = self.wanted or [(field, field) for field in others]
        for field, _ in self.pairs + outputs:
            if field not in table.fields:
                raise refused("lookup", f"The lookup table '{self.name}' has no field '{field}'.")
        return outputs

    def write(self, body: Body, wanted: Fields) -> None:
        """Replace what a row had."""
        self._read()
        values = "".join(f"{body.read(field).source}, " for field in self.fields)
        before = "".join(f"{body.read(target).source}, " for target in self.adds)
        found = body.variable(Code(f"{body.constant(self._found)}(({values}))", ANY)).source
        if any(body.read(target).type != NULL for target in self.adds):
            checked = body.constant(self._check)
            body.line(f"if None in {found}:\n    {checked}({found}, ({before}))")
        for place, target in enumerate(self.adds):
            if wanted is None or target in wanted or target[0] == "_":
                body.assign(target, Code(f"{found}[{place}]", ANY))

    def _read(self) -> None:
        table = self.lookups.table(self.name, "lookup")
        self.outputs = self._outputs(table)
        self.adds = [target for _, target in self.outputs]
        self.matcher = Matcher(table, [field for field, _ in self.pairs])

    def _found(self, values: tuple) -> tuple:
        """Return the outputs for the values of the fields."""
        try:
            return self.known[values]
        except (KeyError, TypeError):  # A multivalue is a list, which the matcher refuses.
            rows = self.matcher.rows(values)
        found = self.known[values] = tuple([merged(rows, field) for field, _ in self.outputs])
        return found

    def _check(self, found: tuple, before: tuple) -> None:
        for target, value, old in zip(self.adds, found, before):
            if value is None and old is not None:
                # What Splunk does then is documented nowhere.
                problem = "which the row has already, finds nothing: use a new name"
                raise refused("lookup", f"OUTPUT to '{target}', {problem}")


class Iplocation(RowByRow):
    """iplocation: where an address is, after the table of --lookup iplocation=F; else nothing.

    It adds City, Country, Region, lat and lon, with allfields=t also Continent, MetroCode and
    Timezone; with prefix= before each. An address without a location gets no fields.
    """

    options = ("prefix", "allfields")
    usual = ("City", "Country", "Region", "lat", "lon")
    further = ("Continent", "MetroCode", "Timezone")

    def __init__(self, written: str, context: SearchContext):
        tree, given = arguments("named", written, "iplocation", self.options)
        (self.field,) = tokens(tree)
        every = flag(given, "allfields", False, "iplocation")
        columns = self.usual + (self.further if every else ())
        self.names = {column: given.get("prefix", "") + column for column in columns}
        self.adds = list(self.names.values())
        self.reads = {self.field, *self.adds}
        self.matcher = Matcher(context.lookups.locations(), ["network"])

    def one(self, row: Row) -> Row:
        """Add in place."""
        self._check(row)
        for found in self.matcher.rows((row.get(self.field),)):
            row.update((name, found[key]) for key, name in self.names.items() if key in found)
        return row

    def _check(self, row: Row) -> None:
        """Refuse what is documented nowhere."""
        if type(row.get(self.field)) is list or "/" in str(row.get(self.field)):
            raise refused("iplocation", f"'{self.field}' must be one address in replay")
        taken = [name for name in self.adds if name in row]
        if taken:
            raise refused("iplocation", f"the row already has '{taken[0]}': use prefix=")


COMMANDS = {
    "search": Search, "where": Where, "eval": Eval, "fields": KeepFields, "rename": Rename,
    "fillnull": Fillnull, "bin": Bin, "addinfo": Addinfo, "mvexpand": Mvexpand, "rex": Rex,
    "makemv": Makemv, "lookup": Lookup, "iplocation": Iplocation,
}  # fmt: skip
