"""Where a fault of faults.yml lies in a tree, and the text of its file with the fault in it.

A fault is described by what it changes, not by a line, so that it is found again after the code
has moved. Fragments match for any white space and line breaks between their words.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

FAULTS = Path(__file__).with_name("faults.yml")
STANZA = re.compile(r"^\[(.+)\][ \t]*$", re.MULTILINE)
BREAK = r"(?:\s|\\\n)+"
# A fragment this long that stands once in all searches and macros is the one that was meant.
TELLING = 12
SPL_KEYS = {"savedsearches": "search", "macros": "definition"}


class Fault(NamedTuple):
    """kind is setting, spl or scorer; each change is tried in turn: (what stands there, instead).

    For a setting or SPL, file, stanza and key say where; an empty old text is the whole value.
    Those of a constant are the name of a value under bin/ and a template for its new expression.
    """

    id: str
    kind: str
    changes: tuple[tuple[str, str], ...]
    file: str = ""
    stanza: str = ""
    key: str = ""
    constant: bool = False


class Planted(NamedTuple):
    """A file with the fault in it, and the stanza that holds it (empty in Python)."""

    path: Path
    text: str
    stanza: str


class Unclear(ValueError):
    """The place of a fault is there more than once."""


def load(path: Path = FAULTS) -> tuple[list[Fault], dict[str, str]]:
    """All faults in the order of the file, and the names that a tree may use instead of theirs."""
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    renamed = written.pop("renamed", {})
    faults = [fault for kind, entries in written.items() for fault in READERS[kind](entries)]
    ids = [fault.id for fault in faults]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ValueError(f"{path.name}: ids stand twice: {', '.join(twice)}")
    return faults, renamed


def _settings(entries: dict[str, Any]) -> Iterator[Fault]:
    for file, stanzas in entries.items():
        for stanza, faults in stanzas.items():
            for name, (key, old, new, *others) in faults.items():
                changes = ((old, new), *map(tuple, others))
                yield Fault(name, "setting", changes, file, stanza, key)


def _spl(file: str, entries: dict[str, Any]) -> Iterator[Fault]:
    for stanza, faults in entries.items():
        for name, (old, new, *others) in faults.items():
            changes = ((old, new), *map(tuple, others))
            yield Fault(name, "spl", changes, file, stanza, SPL_KEYS[file])


def _scorer(entries: dict[str, Any], constant: bool) -> Iterator[Fault]:
    for name, (old, new, *others) in entries.items():
        yield Fault(name, "scorer", ((old, new), *map(tuple, others)), constant=constant)


READERS = {
    "settings": _settings,
    "searches": lambda entries: _spl("savedsearches", entries),
    "macros": lambda entries: _spl("macros", entries),
    "constants": lambda entries: _scorer(entries, constant=True),
    "code": lambda entries: _scorer(entries, constant=False),
}


def plant(fault: Fault, root: Path, renamed: dict[str, str]) -> Planted | None:
    """The changed file; None where what the fault changes is gone from this tree."""
    changes = list(fault.changes)
    newer = [(_rename(old, renamed), _rename(new, renamed)) for old, new in changes]
    for old, new in dict.fromkeys(changes + newer):
        if fault.file:
            found = _in_conf(fault, root, old, new, _rename(fault.stanza, renamed))
        else:
            found = (_in_constant if fault.constant else _in_code)(fault, root, old, new)
        if found:
            return found
    return None


def _rename(text: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        text = re.sub(rf"\b{re.escape(old)}\b", new, text)
    return text


def _in_conf(fault: Fault, root: Path, old: str, new: str, newer: str) -> Planted | None:
    path = root / "default" / f"{fault.file}.conf"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for stanza in dict.fromkeys((fault.stanza, newer)):
        span = value_span(text, stanza, fault.key)
        if span:
            changed = _replaced(text[slice(*span)], old, new, fault.id)
            if changed is not None:
                return Planted(path, text[: span[0]] + changed + text[span[1] :], stanza)
    if fault.kind == "spl" and len(old) >= TELLING:
        return _elsewhere(fault, root, old, new)
    return None


def _elsewhere(fault: Fault, root: Path, old: str, new: str) -> Planted | None:
    """The fault in the one search or macro that holds the fragment by now."""
    found = []
    for file, key in SPL_KEYS.items():
        path = root / "default" / f"{file}.conf"
        text = path.read_text(encoding="utf-8")
        for stanza in STANZA.findall(text):
            span = value_span(text, stanza, key)
            try:
                changed = span and _replaced(text[slice(*span)], old, new, fault.id)
            except Unclear:
                return None
            if span and changed is not None:
                found.append(Planted(path, text[: span[0]] + changed + text[span[1] :], stanza))
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def value_span(text: str, stanza: str, key: str) -> tuple[int, int] | None:
    r"""Where the value of a key stands in the text of a conf file, continued lines included.

    >>> text = '[a]\nx = 1\n[b]\nx = 2 \\\n  3\ny = 4\n'
    >>> text[slice(*value_span(text, 'b', 'x'))]
    '2 \\\n  3'
    >>> value_span(text, 'c', 'x') is None
    True
    """
    begin = re.search(rf"^\[{re.escape(stanza)}\][ \t]*$", text, re.MULTILINE)
    if not begin:
        return None
    after = STANZA.search(text, begin.end())
    end = after.start() if after else len(text)
    value = re.compile(rf"^{re.escape(key)}[ \t]*=[ \t]*((?:.*\\\n)*.*)$", re.MULTILINE)
    found = value.search(text, begin.end(), end)
    return found.span(1) if found else None


def _replaced(text: str, old: str, new: str, name: str) -> str | None:
    """The text with the one place of a fragment changed; None where it does not stand there."""
    if not old:
        return new
    found = list(pattern(old).finditer(text))
    if len(found) > 1:
        raise Unclear(f"{name}: {old!r} stands {len(found)} times")
    if not found:
        return None
    return text[: found[0].start()] + new + text[found[0].end() :]


def pattern(fragment: str) -> re.Pattern[str]:
    r"""A fragment as an expression in which any white space fits any other.

    >>> bool(pattern('| where a').search('x |  where \\\n a'))
    True
    """
    return re.compile(BREAK.join(map(re.escape, fragment.split())))


def _sources(root: Path) -> list[Path]:
    return sorted(path for path in (root / "bin").rglob("*.py") if "lib" not in path.parts)


def _in_code(fault: Fault, root: Path, old: str, new: str) -> Planted | None:
    found = []
    for path in _sources(root):
        changed = _replaced(path.read_text(encoding="utf-8"), old, new, fault.id)
        if changed is not None:
            found.append(Planted(path, changed, ""))
    if len(found) > 1:
        raise Unclear(f"{fault.id}: {old!r} stands in {len(found)} files")
    return found[0] if found else None


def _in_constant(fault: Fault, root: Path, name: str, template: str) -> Planted | None:
    module, _, name = name.rpartition(".")
    found = []
    for path in _sources(root):
        if module in ("", path.stem):
            text = path.read_text(encoding="utf-8")
            found += [(path, text, value) for value in assigned(_parsed(text), name)]
    if len(found) > 1:
        raise Unclear(f"{fault.id}: {name} is assigned {len(found)} times")
    if not found:
        return None
    path, text, value = found[0]
    written = ast.get_source_segment(text, value) or ""
    begin = _offset(text, value.lineno, value.col_offset)
    new = template.replace("{}", f"({written})")
    return Planted(path, text[:begin] + new + text[begin + len(written) :], "")


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.AST:
    """The assignments of a source; one of a few dozen, each looked at for every constant."""
    kinds = ast.Assign, ast.AnnAssign
    return ast.Module([one for one in ast.walk(ast.parse(text)) if isinstance(one, kinds)], [])


def _offset(text: str, line: int, column: int) -> int:
    """The index of a place that ast tells by its line and its bytes in the line."""
    lines = text.splitlines(keepends=True)
    before = lines[line - 1].encode()[:column].decode()
    return sum(map(len, lines[: line - 1])) + len(before)


def assigned(tree: ast.AST, name: str) -> Iterator[ast.expr]:
    """The expressions that a name is given, alone or as one of several.

    >>> [ast.unparse(one) for one in assigned(ast.parse('A, B = 1, 2'), 'B')]
    ['2']
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _given(node.target, node.value, name)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _given(target, node.value, name)


def _given(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts):
            yield from _given(one, its, name)


def reached_from(root: Path, stanza: str) -> list[str]:
    """The stanza, and the searches and macros that come to use it.

    One uses another if its SPL holds the other's name.
    """
    texts = {}
    for file, key in SPL_KEYS.items():
        text = (root / "default" / f"{file}.conf").read_text(encoding="utf-8")
        for name in STANZA.findall(text):
            span = value_span(text, name, key)
            texts[name] = text[slice(*span)] if span else ""
    reached, waiting = {stanza}, [stanza]
    while waiting:
        named = re.compile(rf"(?<!\w){re.escape(bare(waiting.pop()))}(?!\w)")
        for name, body in texts.items():
            if name not in reached and named.search(body):
                reached.add(name)
                waiting.append(name)
    return sorted(map(bare, reached))


def bare(stanza: str) -> str:
    """A macro's name without the number of its arguments.

    >>> bare('t1029_bin(1)'), bare('T1029 - Any - Rule')
    ('t1029_bin', 'T1029 - Any - Rule')
    """
    return re.sub(r"\(\d+\)$", "", stanza)


def stanza_names(root: Path, files: Sequence[str] = tuple(SPL_KEYS)) -> list[str]:
    """The names of all searches and macros."""
    texts = [(root / "default" / f"{file}.conf").read_text(encoding="utf-8") for file in files]
    return sorted({bare(name) for text in texts for name in STANZA.findall(text)})
