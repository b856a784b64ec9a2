"""Eval expressions, type-checked as Splunk does and compiled once to Python.

The source text that is compiled consists of this module's own fragments, row.get() calls, numbered
variables and constants only: nothing of the SPL enters it but by repr(). See generated.py for
how whole commands are put together.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from types import CodeType, MappingProxyType
from typing import Any, Callable, NamedTuple, Optional

from lark import Tree

from . import functions, times
from .errors import SplError, refused
from .parse import parse, unquote
from .values import NUMBERS

NUM, STR, BOOL, ANY, NULL = "number", "string", "boolean", "any", "null"
VALUE = (NUM, STR, ANY, NULL)
TEXT = (STR, ANY, NULL)
NUMERIC = (NUM, ANY, NULL)
MANY = 10**6

# Logs repeat their addresses and names: what a text function made of one is worth keeping.
COSTLY = {"cidrmatch", "match", "replace", "like", "in"}
RESULTS_KEPT = 1 << 13
# Searches that run again, as of another time, have most of their functions in common.
SOURCES_KEPT = 1 << 12

# What compiled functions know by name.
NAMES = {"f": functions, "numbers": NUMBERS}
# What stands for the file of compiled functions in a traceback.
COMPILED = "<compiled by replay>"
# The types of numbers and texts for which Python's own operators do.
QUICK = {NUM: "float", STR: "str"}
_NONZERO = re.compile(r"\d*[1-9]\d*\.\d+|\d+\.\d*[1-9]\d*")

Row = dict[str, Any]


class Clock(NamedTuple):
    """What now() and the local time of a search are."""

    now: float
    tz: Any


class Code(NamedTuple):
    """A compiled fragment: its Python source, its static type, and whether it is never null.

    A field is of any type to Splunk; `known` is the type that its value has nevertheless.
    """

    source: str
    kind: str
    sure: bool = False
    known: str = ""

    @property
    def type(self) -> str:
        """The type of its value, unless that is null."""
        return self.known or self.kind

    @property
    def field(self) -> "Code":
        """The value, read as a field."""
        return self._replace(kind=ANY, known=self.type)


class Function(NamedTuple):
    """An eval function: its number of arguments, the types they may have, its result."""

    least: int
    most: int
    accepts: tuple
    kind: str
    run: Callable


class Expression(NamedTuple):
    """An expression that is checked: its tree, its type, and the fields it reads."""

    tree: Any
    kind: str
    fields: frozenset


def constant(namespace: dict[str, Any], value: Any) -> str:
    """Keep a value for a compiled function, and return its name there; null makes a variable."""
    name = f"k{len(namespace)}"
    namespace[name] = value
    return name


def function(arguments: str, body: str, namespace: dict[str, Any]) -> Callable:
    """Return the Python function of this body, in which the names of the namespace are known."""
    exec(_compiled(f"def run({arguments}):\n{body}"), namespace)
    return namespace.pop("run")


@lru_cache(maxsize=SOURCES_KEPT)
def _compiled(source: str) -> CodeType:
    return compile(source, COMPILED, "exec")


def _fixed(run: Callable, kind: str, *accepts: tuple, optional: int = 0) -> Function:
    return Function(len(accepts) - optional, len(accepts), accepts, kind, run)


def _variadic(run: Callable, kind: str, least: int, accepts: tuple) -> Function:
    return Function(least, MANY, (accepts,), kind, run)


FUNCTIONS = {
    "lower": _fixed(functions.lower, STR, TEXT),
    "sha256": _fixed(functions.sha256, STR, TEXT),
    "urldecode": _fixed(functions.url_decoded, STR, TEXT),
    "len": _fixed(functions.length, NUM, TEXT),
    "tonumber": _fixed(functions.to_number, NUM, VALUE, NUMERIC, optional=1),
    "floor": _fixed(functions.floor, NUM, NUMERIC),
    "ceiling": _fixed(functions.ceiling, NUM, NUMERIC),
    "log": _fixed(functions.log, NUM, NUMERIC),
    "round": _fixed(functions.rounded, NUM, NUMERIC, NUMERIC, optional=1),
    "min": _variadic(functions.smallest, ANY, 1, VALUE),
    "max": _variadic(functions.largest, ANY, 1, VALUE),
    "replace": _fixed(functions.replaced, STR, TEXT, TEXT, TEXT),
    "match": _fixed(functions.matches, BOOL, TEXT, TEXT),
    "like": _fixed(functions.like, BOOL, TEXT, TEXT),
    "cidrmatch": _fixed(functions.cidr_match, BOOL, TEXT, TEXT),
    "substr": _fixed(functions.substring, STR, TEXT, NUMERIC, NUMERIC, optional=1),
    "split": _fixed(functions.split, ANY, TEXT, TEXT),
    "mvjoin": _fixed(functions.mv_join, STR, VALUE, TEXT),
    "mvcount": _fixed(functions.mv_count, NUM, VALUE),
    "mvindex": _fixed(functions.mv_index, ANY, VALUE, NUMERIC, NUMERIC, optional=1),
    "mvappend": _variadic(functions.mv_append, ANY, 1, VALUE),
    "mvdedup": _fixed(functions.mv_dedup, ANY, VALUE),
    "mvsort": _fixed(functions.mv_sort, ANY, VALUE),
    "mvrange": _fixed(functions.mv_range, ANY, NUMERIC, NUMERIC, NUMERIC, optional=1),
}

TIMED = {
    "strftime": _fixed(times.strftime, STR, NUMERIC, TEXT),
    "strptime": _fixed(times.strptime, NUM, TEXT, TEXT),
    "relative_time": _fixed(times.relative, NUM, NUMERIC, TEXT),
}
CONSTANTS = {
    "null": Code("None", NULL),
    "true": Code("True", BOOL, True),
    "false": Code("False", BOOL, True),
}
NULL_CODE, TRUE, FALSE = CONSTANTS.values()
# What a test asks, and its answer for null.
TESTS = {
    "isnull": ("({} is None)", TRUE),
    "isnotnull": ("({} is not None)", FALSE),
    "isnum": ("(f.number({}) is not None)", FALSE),
}
# Of a field that no row has.
ABSENT = Code("None", ANY, False, NULL)
# What does for a number, and what is never null where no argument is.
OF_NUMBERS = {"tonumber": None, "floor": math.floor, "ceiling": math.ceil}
GIVES_NULL = {"min", "max", "mvappend"}
NEVER_NULL = {"lower", "replace", "match", "like", "cidrmatch", "len", "split"}
# How the methods begin that compile a function of no fixed types.
SPECIAL = "_do_"
# Literals that are looked at when the search is read, not at its first row.
CHECKED_EARLY = {
    "match": (1, functions.pattern),
    "replace": (1, functions.pattern),
    "cidrmatch": (0, functions.network),
}
FIELDS = ("field", "quoted_field")
_DIVISIONS = {"/": "divide", "%": "modulo"}


def functions_known() -> set[str]:
    """Return the names of the functions that an expression may call."""
    special = {name[len(SPECIAL) :] for name in vars(Compiler) if name.startswith(SPECIAL)}
    return {*special, *FUNCTIONS, *TIMED, *TESTS, *CONSTANTS}


def checked(tree: Any, clock: Clock, command: str, exact: bool = True) -> Expression:
    """Check the tree of an expression, once; without `exact`, null may stand for not true."""
    known = vars(tree).setdefault("checked", {})
    if exact not in known:
        kind = Compiler(clock, command).code(tree, exact).kind
        known[exact] = Expression(tree, kind, _fields_of(tree))
    return known[exact]


def condition(written: str, clock: Clock, command: str) -> Expression:
    """Check an expression that must be Boolean; what runs it takes null for not true."""
    found = checked(parse("eval", "expression", written, command), clock, command, exact=False)
    if found.kind != BOOL:
        raise refused(command, f"The expression '{written}' is not Boolean.")
    return found


def assignments(written: str, clock: Clock) -> list[tuple[str, Expression]]:
    """Check the field=expression list of eval."""
    tree = parse("eval", "assignments", written, "eval")
    return [_assignment(part, clock) for part in tree.children]


def _assignment(assignment: Tree, clock: Clock) -> tuple[str, Expression]:
    target, _, tree = assignment.children
    name = str(target[1:-1] if target.type == "QUOTED_FIELD" else unquote(target))
    found = checked(tree, clock, "eval")
    if found.kind == BOOL:
        raise refused(
            "eval",
            "Fields cannot be assigned a boolean result. Instead, try if([bool expr], [expr], "
            f"[expr]). (field '{name}')",
        )
    return name, found


def _calls_and_fields(tree: Tree) -> tuple[frozenset, frozenset]:
    """Return which functions a tree calls and which fields it reads, found once for each tree."""
    found = getattr(tree, "calls_and_fields", None)
    if found is None:
        inner = [_calls_and_fields(child) for child in tree.children if isinstance(child, Tree)]
        name = str(tree.children[0]).strip("'") if tree.children else ""
        calls = {name} if tree.data == "call" else ()
        fields = {name} if tree.data in FIELDS else ()
        found = (
            frozenset(calls).union(*(one[0] for one in inner)),
            frozenset(fields).union(*(one[1] for one in inner)),
        )
        tree.calls_and_fields = found
    return found


def _fields_of(tree: Tree) -> frozenset:
    return _calls_and_fields(tree)[1]


def _is_costly(tree: Tree) -> bool:
    """Tell what is worth remembering: work on text that depends on one field and nothing else."""
    calls, fields = _calls_and_fields(tree)
    return len(fields) == 1 and not calls.isdisjoint(COSTLY)


def _remembering(code: Code, namespace: dict[str, Any]) -> tuple[Callable, Callable]:
    """Return functions that keep their recent results: of any value, and of one that is no list."""
    compute = function("value", f"    return {code.source}\n", namespace)
    remembered = lru_cache(maxsize=RESULTS_KEPT)(compute)

    def run(value: Any) -> Any:
        return compute(value) if type(value) is list else remembered(value)

    return run, remembered


NOTHING_KNOWN: Mapping[str, Code] = MappingProxyType({})


class Compiler:
    """Turns expression trees into Python source, and collects their constants in a namespace.

    `known` are the fields whose values are in variables, or constant, and no longer in the row;
    `absent` are fields that no row has. Without a namespace it only checks.
    """

    def __init__(
        self,
        clock: Clock,
        command: str,
        namespace: Optional[dict[str, Any]] = None,
        known: Mapping[str, Code] = NOTHING_KNOWN,
        absent: frozenset = frozenset(),
    ):
        self.clock = clock
        self.command = command
        self.checks_only = namespace is None
        self.namespace = dict(NAMES) if namespace is None else namespace
        self.known, self.absent = known, absent
        self.bound: dict[str, str] = {}

    def code(self, tree: Tree, exact: bool = True) -> Code:
        """Compile a tree; without `exact`, a Boolean may come out null where it should be false."""
        if not self.bound and _is_costly(tree) and not _fields_of(tree) & self.absent:
            return self._remembered(tree, exact)
        if tree.data in ("and", "or", "not"):
            return self._logic(tree, exact)
        return getattr(self, "_" + tree.data)(tree)

    def fail(self, message: str) -> SplError:
        """Return an error of this command."""
        return refused(self.command, message)

    def constant(self, value: Any) -> str:
        """Keep a value for the compiled function and return its name there."""
        return constant(self.namespace, value)

    def _kept(self, code: Code) -> tuple[str, str]:
        """Return the name of a variable, and the source that gives it the value of some code."""
        if code.source.isidentifier():
            return code.source, code.source
        name = self.constant(None)
        return name, f"({name} := {code.source})"

    def _remembered(self, tree: Tree, exact: bool) -> Code:
        """Compile what depends on one field only to a function that keeps its recent results."""
        (field,) = _fields_of(tree)
        if self.checks_only:
            return self._of_value(tree, exact, field, None)[0]
        kept, of = vars(tree).setdefault("functions", {}), (exact, self.clock)
        if of not in kept:
            code, namespace = self._of_value(tree, exact, field, dict(NAMES))
            kept[of] = code, *_remembering(code, namespace)
        code, run, run_single = kept[of]
        value = self._read(field)
        known = self.constant(run if value.type == ANY else run_single)
        return Code(f"{known}({value.source})", code.kind, code.sure)

    def _of_value(
        self, tree: Tree, exact: bool, field: str, namespace: Optional[dict[str, Any]]
    ) -> tuple[Code, dict[str, Any]]:
        """Compile a tree in which the field is the variable `value`."""
        inner = Compiler(self.clock, self.command, namespace)
        inner.bound = {field: "value"}
        return inner.code(tree, exact), inner.namespace

    # -- Boolean operators

    def _logic(self, tree: Tree, exact: bool) -> Code:
        exact = exact or tree.data == "not"
        parts = [self._boolean(child, exact) for child in tree.children]
        if not exact:
            parts = [FALSE if part.source == "None" else part for part in parts]
        settles, passes = (TRUE, FALSE) if tree.data == "or" else (FALSE, TRUE)
        if tree.data == "not" and parts[0] in (TRUE, FALSE):
            return FALSE if parts[0] == TRUE else TRUE
        if tree.data != "not":
            parts = [part for part in parts if part != passes] or [passes]
            if settles in parts or len(parts) == 1:
                return settles if settles in parts else parts[0]
        sure = all(part.sure for part in parts)
        sources = [part.source for part in parts]
        if tree.data == "not":
            return Code(f"(not {sources[0]})" if sure else f"f.negated({sources[0]})", BOOL, sure)
        if exact and not sure:
            run = {"and": "both", "or": "either"}[tree.data]
            return Code(f"f.{run}({', '.join(sources)})", BOOL)
        return Code(f"({f' {tree.data} '.join(sources)})", BOOL, sure)

    def _boolean(self, tree: Tree, exact: bool) -> Code:
        code = self.code(tree, exact)
        if code.kind != BOOL:
            raise self.fail("Type checking failed. AND, OR and NOT only take Boolean values.")
        return code

    def _compare(self, tree: Tree) -> Code:
        left, sign, right = tree.children
        left, right = self.code(left), self.code(right)
        compare = self._comparison(sign, left, right)
        if NULL in (left.type, right.type):
            return Code("None", BOOL)
        sign = "==" if sign == "=" else sign
        sure, other = (right, left) if right.sure and right.kind in QUICK else (left, right)
        if not sure.sure or sure.kind not in QUICK:
            (one, first), (two, second) = self._kept(left), self._kept(right)
            quick = QUICK[STR if STR in (left.kind, right.kind) else NUM]
            same = f"{one} {sign} {two} if type({first}) is type({second}) is {quick}"
            return Code(f"({same} else {compare}({one}, {two}))", BOOL)
        if other.sure and other.type == sure.kind:
            return Code(f"({left.source} {sign} {right.source})", BOOL, True)
        name, value = self._kept(other)
        sides = (name, sure.source) if sure is right else (sure.source, name)
        quick = f"{sides[0]} {sign} {sides[1]}"
        if other.type == sure.kind:
            return Code(f"(None if {value} is None else {quick})", BOOL)
        slow = f"{compare}({sides[0]}, {sides[1]})"
        return Code(f"({quick} if type({value}) is {QUICK[sure.kind]} else {slow})", BOOL)

    def _comparison(self, sign: str, left: Code, right: Code) -> str:
        """Return the name of a comparison: of texts where a side is text for certain."""
        kinds = {left.kind, right.kind}
        if BOOL in kinds or {NUM, STR} <= kinds:
            raise self.fail(
                f"Type checking failed. The '{sign}' operator received different types."
            )
        return self.constant(functions.comparison(functions.OPERATORS[sign], STR in kinds))

    def _in(self, tree: Tree) -> Code:
        return self._do_in("in", [tree.children[0], *tree.children[1].children])

    def _do_in(self, name: str, arguments: list[Tree]) -> Code:
        if len(arguments) < 2:
            raise self.invalid(name)
        value, *choices = (self.code(argument) for argument in arguments)
        if value.type == NULL:
            return Code("None", BOOL)
        pairs = [f"({self._comparison('=', value, choice)}, {choice.source})" for choice in choices]
        return Code(f"f.among({value.source}, ({', '.join(pairs)},))", BOOL, value.sure)

    # -- values

    def _number(self, tree: Tree) -> Code:
        return Code(repr(float(tree.children[0])), NUM, True)

    def _string(self, tree: Tree) -> Code:
        return Code(repr(unquote(tree.children[0])), STR, True)

    def _field(self, tree: Tree) -> Code:
        return self._read(str(tree.children[0]))

    def _quoted_field(self, tree: Tree) -> Code:
        return self._read(tree.children[0][1:-1])

    def _read(self, name: str) -> Code:
        if name in self.bound:
            return Code(self.bound[name], ANY)
        if name in self.known:
            return self.known[name].field
        return ABSENT if name in self.absent else Code(f"get({name!r})", ANY)

    def _negative(self, tree: Tree) -> Code:
        code = self._numeric(tree.children[1], "-")
        if code.type == NULL:
            return Code("None", NUM, False, NULL)
        return Code(f"f.negative({code.source})", NUM, code.sure and code.type == NUM)

    def _arithmetic(self, tree: Tree) -> Code:
        left, sign, right = tree.children
        if sign == "+":
            return self._plus(self.code(left), self.code(right))
        left, right = self._numeric(left, sign), self._numeric(right, sign)
        if NULL in (left.type, right.type):
            return Code("None", NUM, False, NULL)
        by_constant = sign == "/" and _NONZERO.fullmatch(right.source)
        if sign in "-*" or by_constant:
            return self._computed(left, sign, right)
        return Code(f"f.{_DIVISIONS[sign]}({left.source}, {right.source})", NUM)

    def _computed(self, left: Code, sign: str, right: Code) -> Code:
        """Compute at once; what is too large is null."""
        tests, sides = [], []
        for side in (left, right):
            if side.type == NUM and side.sure:
                sides.append(side.source)
                continue
            source = side.source if side.type == NUM else self._read_number(side, "f.number")
            name, value = self._kept(Code(source, NUM))
            tests.append(f"{value} is None")
            sides.append(name)
        result = self.constant(None)
        computed = (
            f"{result} if ({result} := {sides[0]} {sign} {sides[1]}) - {result} == 0 else None"
        )
        if not tests:
            return Code(f"({computed})", NUM)
        return Code(f"(None if {' or '.join(tests)} else {computed})", NUM)

    def _read_number(self, code: Code, run: str) -> str:
        """Return the source of the number that a value stands for, with no call where it is one."""
        name, value = self._kept(code)
        quick = f"numbers[{name}] if type({name}) is str else {run}({name})"
        return f"({name} if type({value}) is float else {quick})"

    def _numeric(self, tree: Tree, sign: str) -> Code:
        code = self.code(tree)
        if code.kind not in NUMERIC:
            raise self.fail(f"Type checking failed. '{sign}' only takes numbers.")
        return code

    def _plus(self, left: Code, right: Code) -> Code:
        kinds = {left.kind, right.kind}
        if BOOL in kinds or (STR in kinds and kinds != {STR}):
            raise self.fail("Type checking failed. '+' only takes two strings or two numbers.")
        if NULL in (left.type, right.type):
            return Code("None", NUM if NUM in kinds else ANY, False, NULL)
        if NUM in (left.type, right.type):
            # A text that is no number makes it null, as a number and a text do.
            return self._computed(left, "+", right)
        kind = left.kind if len(kinds) == 1 else ANY
        return Code(f"f.add({left.source}, {right.source})", kind)

    def _joined(self, tree: Tree) -> Code:
        parts = [self.code(child) for child in self._parts(tree)]
        if any(part.kind == BOOL for part in parts):
            raise self.fail("Type checking failed. '.' only takes strings and numbers.")
        if any(part.type == NULL for part in parts):
            return Code("None", STR, False, NULL)
        tests, written = [], []
        for part in parts:
            name, value = self._kept(part)
            if not part.sure:
                tests.append(f"{value} is None")
                value = name
            single = f"({name} if type({value}) is str else f.single_text({name}))"
            written.append(part.source if part.sure and part.type == STR else single)
        joined = f"''.join(({', '.join(written)}))"
        tested = f"None if {' or '.join(tests)} else {joined}" if tests else joined
        return Code(f"({tested})", STR, not tests)

    def _parts(self, tree: Tree) -> list[Tree]:
        first, last = tree.children
        return (self._parts(first) if first.data == "joined" else [first]) + [last]

    # -- calls

    def _call(self, tree: Tree) -> Code:
        name = str(tree.children[0])
        arguments = tree.children[1].children if len(tree.children) > 1 else []
        if name in CONSTANTS:
            self._counted(name, arguments, 0)
            return CONSTANTS[name]
        special = getattr(self, SPECIAL + name, None)
        special = special or (name in TESTS and self._tested) or (name in TIMED and self._timed)
        if special:
            return special(name, arguments)
        if name not in FUNCTIONS:
            raise self.fail(f"The '{name}' function is unsupported or undefined.")
        function = FUNCTIONS[name]
        codes = [self.code(argument) for argument in arguments]
        self._check(name, function, codes)
        if name in CHECKED_EARLY:
            place, check = CHECKED_EARLY[name]
            if arguments[place].data == "string":
                check(unquote(arguments[place].children[0]))
        if codes[0].type == NULL and name not in GIVES_NULL:
            return Code("None", function.kind, False, NULL)
        if name == "tonumber" and len(codes) == 1 and codes[0].type != NUM:
            return Code(self._read_number(codes[0], "f.to_number"), NUM)
        if len(codes) == 1 and codes[0].type == NUM and name in OF_NUMBERS:
            return self._of_number(OF_NUMBERS[name], codes[0])
        sure = name in NEVER_NULL and all(code.sure for code in codes)
        return self._calling(function.run, function.kind, codes, sure)

    def _of_number(self, run: Optional[Callable], code: Code) -> Code:
        if run is None:
            return code
        name, value = self._kept(code)
        if code.sure:
            return Code(f"{self.constant(run)}({code.source})", NUM, True)
        return Code(f"(None if {value} is None else {self.constant(run)}({name}))", NUM)

    def _calling(self, run: Callable, kind: str, codes: list[Code], sure: bool = False) -> Code:
        sources = ", ".join(code.source for code in codes)
        return Code(f"{self.constant(run)}({sources})", kind, sure)

    def _check(self, name: str, function: Function, codes: list[Code]) -> None:
        fits = function.least <= len(codes) <= function.most
        accepts = function.accepts * len(codes) if function.most == MANY else function.accepts
        if not fits or any(code.kind not in kinds for code, kinds in zip(codes, accepts)):
            raise self.invalid(name)

    def invalid(self, name: str) -> SplError:
        """Return the error for a wrong number or type of arguments."""
        return self.fail(f"The arguments to the '{name}' function are invalid.")

    def _counted(self, name: str, arguments: list[Tree], count: int) -> None:
        if len(arguments) != count:
            raise self.invalid(name)

    def _do_if(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 3)
        return self._chosen(name, arguments[:2], arguments[2])

    def _do_case(self, name: str, arguments: list[Tree]) -> Code:
        if not arguments or len(arguments) % 2:
            raise self.invalid(name)
        return self._chosen(name, arguments, None)

    def _chosen(self, name: str, pairs: list[Tree], otherwise: Optional[Tree]) -> Code:
        """Return the value after the first condition that is true, else the last one."""
        conditions = [self._condition(name, argument) for argument in pairs[::2]]
        values = [self.code(argument) for argument in pairs[1::2]]
        last = NULL_CODE if otherwise is None else self.code(otherwise)
        kind = self._merged(name, [*values, last] if otherwise else values)
        types = {value.type for value in [*values, last]} - {NULL}
        known = types.pop() if len(types) == 1 else ""
        for condition, value in zip(reversed(conditions), reversed(values)):
            if condition in ("True", "False", "None"):
                last = value if condition == "True" else last
            else:
                source = f"({value.source} if {condition} else {last.source})"
                last = Code(source, kind, value.sure and last.sure)
        return last._replace(kind=kind, known=known)

    def _condition(self, name: str, tree: Tree) -> str:
        code = self.code(tree, exact=False)
        if code.kind != BOOL:
            raise self.invalid(name)
        return code.source

    def _merged(self, name: str, codes: list[Code]) -> str:
        kinds = {code.kind for code in codes} - {NULL} or {NULL}
        if BOOL in kinds and len(kinds) > 1:
            raise self.invalid(name)
        return kinds.pop() if len(kinds) == 1 else ANY

    def _do_coalesce(self, name: str, arguments: list[Tree]) -> Code:
        codes = [self.code(argument) for argument in arguments]
        if not codes or any(code.kind == BOOL for code in codes):
            raise self.invalid(name)
        kind = self._merged(name, codes)
        last = NULL_CODE
        for code in reversed(codes):
            if code.sure or last.type == NULL:
                last = code
            elif code.type != NULL:
                variable, value = self._kept(code)
                source = f"({variable} if {value} is not None else {last.source})"
                known = code.type if code.type == last.type else ""
                last = Code(source, kind, last.sure, known)
        return last._replace(kind=kind)

    def _do_mvindex(self, name: str, arguments: list[Tree]) -> Code:
        codes = [self.code(argument) for argument in arguments]
        self._check(name, FUNCTIONS[name], codes)
        if codes[0].type == NULL:
            return ABSENT
        place = re.fullmatch(r"(\d+)\.0", codes[1].source)
        if len(codes) == 2 and place:
            (name, value), at = self._kept(codes[0]), place[1]
            inside = f"type({value}) is list and len({name}) > {at}"
            return Code(f"({name}[{at}] if {inside} else f.item({name}, {at}))", ANY)
        return self._calling(functions.mv_index, ANY, codes)

    def _do_now(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 0)
        return Code(repr(float(self.clock.now)), NUM, True)

    def _tested(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 1)
        code = self.code(arguments[0])
        if code.kind == BOOL:
            raise self.invalid(name)
        written, of_null = TESTS[name]
        return of_null if code.type == NULL else Code(written.format(code.source), BOOL, True)

    def _timed(self, name: str, arguments: list[Tree]) -> Code:
        function, compute = TIMED[name], TIMED[name].run
        codes = [self.code(argument) for argument in arguments]
        self._check(name, function, codes)
        taken = functions.number if function.accepts[0] is NUMERIC else functions.known_text

        def run(value: Any, form: Any) -> Any:
            value = taken(value)
            known = value is not None and form is not None
            return compute(value, functions.single_text(form), self.clock.tz) if known else None

        if arguments[1].data == "string":
            # Finds an unknown directive or unit when the search is read, not at its first row.
            sample = self.clock.now if taken is functions.number else ""
            run(sample, unquote(arguments[1].children[0]))
        if codes[0].type == NULL:
            return Code("None", function.kind, False, NULL)
        return self._calling(run, function.kind, codes)

    # -- multivalue loops

    def _do_mvfilter(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 1)
        return self._loop(name, self._field_of(name, arguments[0]), arguments[0], BOOL)

    def _do_mvmap(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 2)
        if arguments[0].data not in ("field", "quoted_field"):
            raise self.invalid(name)
        return self._loop(name, self._field_of(name, arguments[0]), arguments[1], None)

    def _field_of(self, name: str, tree: Tree) -> str:
        found = _fields_of(tree)
        if len(found) != 1:
            raise self.fail(f"The '{name}' function needs exactly one field, not {sorted(found)}.")
        (field,) = found
        return field

    def _loop(self, name: str, field: str, body: Tree, kind: Optional[str]) -> Code:
        values = self._read(field)
        outer = self.bound
        self.bound = {**outer, field: "one"}
        code = self.code(body, exact=False)
        self.bound = outer
        if (kind == BOOL) != (code.kind == BOOL):
            raise self.invalid(name)
        if values.type == NULL:
            return ABSENT
        run = "mv_filter" if kind == BOOL else "mv_map"
        return Code(f"f.{run}({values.source}, lambda one: {code.source})", ANY)
