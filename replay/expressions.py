"""Eval expressions, type-checked as Splunk does and compiled once to a Python function of a row.

The source text that is compiled consists of this module's own fragments, row.get() calls and
numbered constants only: nothing of the SPL enters it but by repr().
"""

from functools import lru_cache
from typing import Any, Callable, NamedTuple, Optional

from lark import Tree

from . import functions, times
from .errors import SplError
from .parse import parse, unquote

NUM, STR, BOOL, ANY, NULL = "number", "string", "boolean", "any", "null"
VALUE = (NUM, STR, ANY, NULL)
TEXT = (STR, ANY, NULL)
NUMERIC = (NUM, ANY, NULL)
MANY = 10**6

# Logs repeat their addresses and names: what a text function made of one is worth keeping.
COSTLY = {"cidrmatch", "match", "replace", "like", "lower", "upper", "split", "in"}
RESULTS_KEPT = 1 << 16

Row = dict[str, Any]


class Clock(NamedTuple):
    """What now() and the local time of a search are."""

    now: float
    tz: Any


class Code(NamedTuple):
    """A compiled fragment: its Python source and its static type."""

    source: str
    kind: str


class Function(NamedTuple):
    """An eval function: its number of arguments, the types they may have, its result."""

    least: int
    most: int
    accepts: tuple
    kind: str
    run: Callable


class Compiled(NamedTuple):
    """An expression ready to run: row to value, its type, and the fields it reads."""

    run: Callable[[Row], Any]
    kind: str
    fields: set[str]


class Assignments(NamedTuple):
    """What eval does: a function that changes a row in place and returns it, and whose fields."""

    run: Callable[[Row], Row]
    names: list[str]
    fields: set[str]


def _fixed(run: Callable, kind: str, *accepts: tuple, optional: int = 0) -> Function:
    return Function(len(accepts) - optional, len(accepts), accepts, kind, run)


def _variadic(run: Callable, kind: str, least: int, accepts: tuple) -> Function:
    return Function(least, MANY, (accepts,), kind, run)


FUNCTIONS = {
    "lower": _fixed(functions.lower, STR, TEXT),
    "upper": _fixed(functions.upper, STR, TEXT),
    "sha256": _fixed(functions.sha256, STR, TEXT),
    "len": _fixed(functions.length, NUM, TEXT),
    "tostring": _fixed(functions.to_text, STR, VALUE + (BOOL,), TEXT, optional=1),
    "tonumber": _fixed(functions.to_number, NUM, VALUE, NUMERIC, optional=1),
    "floor": _fixed(functions.floor, NUM, NUMERIC),
    "ceiling": _fixed(functions.ceiling, NUM, NUMERIC),
    "ceil": _fixed(functions.ceiling, NUM, NUMERIC),
    "abs": _fixed(functions.absolute, NUM, NUMERIC),
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
    "mvzip": _fixed(functions.mv_zip, ANY, VALUE, VALUE, TEXT, optional=1),
    "mvrange": _fixed(functions.mv_range, ANY, NUMERIC, NUMERIC, NUMERIC, optional=1),
}

# How the methods begin that compile a function of no fixed types.
SPECIAL = "_do_"
# Literals that are looked at when the search is read, not at its first row.
CHECKED_EARLY = {
    "match": (1, functions.pattern),
    "replace": (1, functions.pattern),
    "cidrmatch": (0, functions.network),
}
_ARITHMETIC = {
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
}


def functions_known() -> set[str]:
    """Return the names of the functions that an expression may call."""
    special = {name[len(SPECIAL) :] for name in vars(Compiler) if name.startswith(SPECIAL)}
    return special | set(FUNCTIONS)


def compile_expression(written: str, clock: Clock, command: str) -> Compiled:
    """Compile one expression as written in SPL."""
    return compile_tree(parse("eval", "expression", written, command), clock, command)


def compile_tree(tree: Any, clock: Clock, command: str) -> Compiled:
    """Compile the tree of an expression."""
    compiler = Compiler(clock, command)
    code = compiler.code(tree)
    return compiler.compiled(code)


def compile_condition(written: str, clock: Clock, command: str) -> Compiled:
    """Compile an expression that must be Boolean; what runs it takes null for not true."""
    tree = parse("eval", "expression", written, command)
    compiler = Compiler(clock, command)
    code = compiler.code(tree, exact=False)
    if code.kind != BOOL:
        raise SplError(f"Error in '{command}' command: The expression '{written}' is not Boolean.")
    return compiler.compiled(code)


def compile_assignments(written: str, clock: Clock) -> Assignments:
    """Compile the field=expression list of eval, to one function for all of them."""
    compiler = Compiler(clock, "eval")
    tree = parse("eval", "assignments", written, "eval")
    assigned = [_assignment(part, compiler) for part in tree.children]
    body = "".join(_ASSIGN.format(name=name, source=source) for name, source in assigned)
    run = compiler.function("row", f"    get = row.get\n{body}    return row\n")
    names = [name for name, _ in assigned]
    return Assignments(run, names, compiler.fields)


_ASSIGN = """\
    found = {source}
    if found is not None:
        row[{name!r}] = found
    elif {name!r} in row:
        del row[{name!r}]
"""


def _assignment(assignment: Tree, compiler: "Compiler") -> tuple[str, str]:
    target, _, expression = assignment.children
    name = target[1:-1] if target.type == "QUOTED_FIELD" else unquote(target)
    code = compiler.code(expression)
    if code.kind == BOOL:
        raise SplError(
            "Error in 'eval' command: Fields cannot be assigned a boolean result. "
            f"Instead, try if([bool expr], [expr], [expr]). (field '{name}')"
        )
    return str(name), code.source


def _fields_of(tree: Tree) -> set[str]:
    return {
        str(field.children[0]).strip("'")
        for field in tree.iter_subtrees()
        if field.data in ("field", "quoted_field")
    }


def _is_costly(tree: Tree) -> bool:
    """Tell what is worth remembering: work on text that depends on one field and nothing else."""
    calls = {str(call.children[0]) for call in tree.find_data("call")}
    return bool(calls & COSTLY) and len(_fields_of(tree)) == 1


class Compiler:
    """Turns one expression tree into Python source, and collects its constants and fields."""

    def __init__(self, clock: Clock, command: str):
        self.clock = clock
        self.command = command
        self.fields: set[str] = set()
        self.namespace: dict[str, Any] = {"f": functions}
        self.bound: dict[str, str] = {}

    def compiled(self, code: Code) -> Compiled:
        """Return an expression ready to run."""
        return Compiled(self.build(code.source), code.kind, self.fields)

    def build(self, source: str, argument: str = "row") -> Callable[[Any], Any]:
        """Return the Python function of a row, or of one value, whose result is this source."""
        get = "    get = row.get\n" if argument == "row" else ""
        return self.function(argument, f"{get}    return {source}\n")

    def function(self, argument: str, body: str) -> Callable[[Any], Any]:
        """Return the Python function of this body, in which the constants are known."""
        exec(f"def run({argument}):\n{body}", self.namespace)
        return self.namespace["run"]

    def code(self, tree: Tree, exact: bool = True) -> Code:
        """Compile a tree; without `exact`, a Boolean may come out null where it should be false."""
        if not self.bound and _is_costly(tree):
            return self._remembered(tree, exact)
        if tree.data in ("and", "or", "xor", "not"):
            return self._logic(tree, exact)
        return getattr(self, "_" + tree.data)(tree)

    def fail(self, message: str) -> SplError:
        """Return an error of this command."""
        return SplError(f"Error in '{self.command}' command: {message}")

    def constant(self, value: Any) -> str:
        """Keep a value for the compiled function and return its name there."""
        name = f"k{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def _remembered(self, tree: Tree, exact: bool) -> Code:
        """Compile what depends on one field only to a function that keeps its recent results."""
        (field,) = _fields_of(tree)
        inner = Compiler(self.clock, self.command)
        inner.bound = {field: "value"}
        code = inner.code(tree, exact)
        compute = inner.build(code.source, "value")
        remembered = lru_cache(maxsize=RESULTS_KEPT)(compute)

        def run(value: Any) -> Any:
            return compute(value) if type(value) is list else remembered(value)

        return Code(f"{self.constant(run)}({self._read(field).source})", code.kind)

    # -- Boolean operators

    def _logic(self, tree: Tree, exact: bool) -> Code:
        exact = exact or tree.data in ("not", "xor")
        parts = [self._boolean(child, exact) for child in tree.children]
        if tree.data == "not":
            return Code(f"f.negated({parts[0]})", BOOL)
        if exact:
            run = {"and": "both", "or": "either", "xor": "one_only"}[tree.data]
            return Code(f"f.{run}({parts[0]}, {parts[1]})", BOOL)
        return Code(f"({parts[0]} {tree.data} {parts[1]})", BOOL)

    def _boolean(self, tree: Tree, exact: bool) -> str:
        code = self.code(tree, exact)
        if code.kind != BOOL:
            raise self.fail("Type checking failed. AND, OR, XOR and NOT only take Boolean values.")
        return code.source

    def _compare(self, tree: Tree) -> Code:
        left, sign, right = tree.children
        left, right = self.code(left), self.code(right)
        return Code(f"{self._comparison(sign, left, right)}({left.source}, {right.source})", BOOL)

    def _comparison(self, sign: str, left: Code, right: Code) -> str:
        """Return the name of a comparison: of texts where a side is text for certain."""
        kinds = {left.kind, right.kind}
        if BOOL in kinds or {NUM, STR} <= kinds:
            raise self.fail(
                f"Type checking failed. The '{sign}' operator received different types."
            )
        return self.constant(functions.comparison(functions.OPERATORS[sign], STR in kinds))

    def _like(self, tree: Tree) -> Code:
        return self._called("like", tree.children)

    def _in(self, tree: Tree) -> Code:
        return self._do_in("in", [tree.children[0], *tree.children[1].children])

    def _do_in(self, name: str, arguments: list[Tree]) -> Code:
        if len(arguments) < 2:
            raise self.invalid(name)
        value, *choices = (self.code(argument) for argument in arguments)
        pairs = [f"({self._comparison('=', value, choice)}, {choice.source})" for choice in choices]
        return Code(f"f.among({value.source}, ({', '.join(pairs)},))", BOOL)

    # -- values

    def _number(self, tree: Tree) -> Code:
        return Code(repr(float(tree.children[0])), NUM)

    def _string(self, tree: Tree) -> Code:
        return Code(repr(unquote(tree.children[0])), STR)

    def _field(self, tree: Tree) -> Code:
        return self._read(str(tree.children[0]))

    def _quoted_field(self, tree: Tree) -> Code:
        return self._read(tree.children[0][1:-1])

    def _read(self, name: str) -> Code:
        self.fields.add(name)
        return Code(self.bound.get(name) or f"get({name!r})", ANY)

    def _negative(self, tree: Tree) -> Code:
        code = self._numeric(tree.children[1], "-")
        return Code(f"f.negative({code.source})", NUM)

    def _arithmetic(self, tree: Tree) -> Code:
        left, sign, right = tree.children
        if sign == "+":
            return self._plus(self.code(left), self.code(right))
        left, right = self._numeric(left, sign), self._numeric(right, sign)
        return Code(f"f.{_ARITHMETIC[sign]}({left.source}, {right.source})", NUM)

    def _numeric(self, tree: Tree, sign: str) -> Code:
        code = self.code(tree)
        if code.kind not in NUMERIC:
            raise self.fail(f"Type checking failed. '{sign}' only takes numbers.")
        return code

    def _plus(self, left: Code, right: Code) -> Code:
        kinds = {left.kind, right.kind}
        if BOOL in kinds or (STR in kinds and kinds != {STR}):
            raise self.fail("Type checking failed. '+' only takes two strings or two numbers.")
        kind = left.kind if len(kinds) == 1 else NUM if NUM in kinds else ANY
        return Code(f"f.add({left.source}, {right.source})", kind)

    def _joined(self, tree: Tree) -> Code:
        parts = [self.code(child) for child in self._parts(tree)]
        if any(part.kind == BOOL for part in parts):
            raise self.fail("Type checking failed. '.' only takes strings and numbers.")
        return Code(f"f.join({', '.join(part.source for part in parts)})", STR)

    def _parts(self, tree: Tree) -> list[Tree]:
        first, last = tree.children
        return (self._parts(first) if first.data == "joined" else [first]) + [last]

    # -- calls

    def _call(self, tree: Tree) -> Code:
        name = str(tree.children[0])
        arguments = tree.children[1].children if len(tree.children) > 1 else []
        return self._called(name, arguments)

    def _called(self, name: str, arguments: list[Tree]) -> Code:
        special = getattr(self, SPECIAL + name, None)
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
        sources = ", ".join(code.source for code in codes)
        return Code(f"{self.constant(function.run)}({sources})", function.kind)

    def _check(self, name: str, function: Function, codes: list[Code]) -> None:
        fits = function.least <= len(codes) <= function.most
        accepts = function.accepts * len(codes) if function.most == MANY else function.accepts
        if not fits or any(code.kind not in kinds for code, kinds in zip(codes, accepts)):
            raise self.invalid(name)

    def invalid(self, name: str) -> SplError:
        """Return the error for a wrong number or type of arguments."""
        return self.fail(f"The arguments to the '{name}' function are invalid.")

    def _counted(self, name: str, arguments: list[Tree], *counts: int) -> None:
        if len(arguments) not in counts:
            raise self.invalid(name)

    def _do_if(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 3)
        condition = self._condition(name, arguments[0])
        then, otherwise = self.code(arguments[1]), self.code(arguments[2])
        kind = self._merged(name, [then, otherwise])
        return Code(f"({then.source} if {condition} else {otherwise.source})", kind)

    def _do_case(self, name: str, arguments: list[Tree]) -> Code:
        if not arguments or len(arguments) % 2:
            raise self.invalid(name)
        conditions = [self._condition(name, argument) for argument in arguments[::2]]
        values = [self.code(argument) for argument in arguments[1::2]]
        branches = [
            f"{value.source} if {condition}" for condition, value in zip(conditions, values)
        ]
        return Code(f"({' else '.join(branches)} else None)", self._merged(name, values))

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
        source = codes[-1].source
        for code in reversed(codes[:-1]):
            variable = f"v{len(self.namespace)}"
            self.namespace[variable] = None
            source = f"({variable} if ({variable} := {code.source}) is not None else {source})"
        return Code(source, self._merged(name, codes))

    def _do_isnull(self, name: str, arguments: list[Tree]) -> Code:
        return Code(f"({self._only(name, arguments)} is None)", BOOL)

    def _do_isnotnull(self, name: str, arguments: list[Tree]) -> Code:
        return Code(f"({self._only(name, arguments)} is not None)", BOOL)

    def _do_isnum(self, name: str, arguments: list[Tree]) -> Code:
        return Code(f"(f.number({self._only(name, arguments)}) is not None)", BOOL)

    def _only(self, name: str, arguments: list[Tree]) -> str:
        self._counted(name, arguments, 1)
        code = self.code(arguments[0])
        if code.kind == BOOL:
            raise self.invalid(name)
        return code.source

    def _do_null(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 0)
        return Code("None", NULL)

    def _do_true(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 0)
        return Code("True", BOOL)

    def _do_false(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 0)
        return Code("False", BOOL)

    # -- time

    def _do_now(self, name: str, arguments: list[Tree]) -> Code:
        self._counted(name, arguments, 0)
        return Code(repr(float(self.clock.now)), NUM)

    _do_time = _do_now

    def _do_strftime(self, name: str, arguments: list[Tree]) -> Code:
        def written(epoch, form):
            epoch = functions.number(epoch)
            known = epoch is not None and form is not None
            return (
                times.strftime(epoch, functions.single_text(form), self.clock.tz) if known else None
            )

        return self._timed(name, arguments, written, (NUMERIC, TEXT), STR)

    def _do_strptime(self, name: str, arguments: list[Tree]) -> Code:
        def read(value, form):
            if value is None or form is None:
                return None
            form = functions.single_text(form)
            return times.strptime(functions.single_text(value), form, self.clock.tz)

        return self._timed(name, arguments, read, (TEXT, TEXT), NUM)

    def _do_relative_time(self, name: str, arguments: list[Tree]) -> Code:
        def moved(epoch, modifier):
            epoch = functions.number(epoch)
            known = epoch is not None and modifier is not None
            return (
                times.relative(epoch, functions.single_text(modifier), self.clock.tz)
                if known
                else None
            )

        return self._timed(name, arguments, moved, (NUMERIC, TEXT), NUM)

    def _timed(self, name: str, arguments, run: Callable, accepts: tuple, kind: str) -> Code:
        codes = [self.code(argument) for argument in arguments]
        self._check(name, _fixed(run, kind, *accepts), codes)
        self._try_format(name, arguments, run)
        return Code(f"{self.constant(run)}({', '.join(code.source for code in codes)})", kind)

    def _try_format(self, name: str, arguments: list[Tree], run: Callable) -> None:
        """Find an unknown directive or unit when the search is read, not at its first row."""
        form = arguments[-1]
        if form.data == "string" and name != "strptime":
            run(self.clock.now, unquote(form.children[0]))
        elif form.data == "string":
            run("", unquote(form.children[0]))

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
        return found.pop()

    def _loop(self, name: str, field: str, body: Tree, kind: Optional[str]) -> Code:
        values = self._read(field).source
        outer = self.bound
        self.bound = {**outer, field: "one"}
        code = self.code(body, exact=False)
        self.bound = outer
        if (kind == BOOL) != (code.kind == BOOL):
            raise self.invalid(name)
        run = "mv_filter" if kind == BOOL else "mv_map"
        return Code(f"f.{run}({values}, lambda one: {code.source})", ANY)
