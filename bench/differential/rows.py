"""Where the rows of two runs differ."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
# What tells the rows of a rule apart.
KEY = ("src", "dest", "dest_ip", "schedule_of", "mac", "process", "dest_port", "app")
ABSENT = "(absent)"
WHOLE_ROW, SEARCH = "(row)", "(search)"


class Difference(NamedTuple):
    """One column of one row (or a whole row, or a search) that is not the same."""

    where: str
    rule: str
    column: str
    key: str
    before: str
    after: str


def differences(
    where: str, before: Rows | None, after: Rows | None, ignored: frozenset[str]
) -> Iterator[Difference]:
    """All differences between the rows by search of two runs; None is a run that failed."""
    if before is None or after is None:
        if (before is None) != (after is None):
            yield Difference(where, SEARCH, "", "", _ran(before), _ran(after))
        return
    for rule in sorted({*before, *after}):
        if rule in before and rule in after:
            yield from _of_rule(where, rule, before[rule], after[rule], ignored)
        else:
            counts = [
                f"{len(found[rule])} rows" if rule in found else ABSENT for found in (before, after)
            ]
            yield Difference(where, rule, SEARCH, "", *counts)


def _ran(found: Rows | None) -> str:
    return "failed" if found is None else "ran"


def _of_rule(
    where: str, rule: str, before: Iterable[Row], after: Iterable[Row], ignored: frozenset[str]
) -> Iterator[Difference]:
    old, new = (_by_key(rows, ignored) for rows in (before, after))
    for key in sorted({*old, *new}):
        ones, others = _unmatched(old.get(key, []), new.get(key, []))
        for one, other in zip(ones, others):
            for column in sorted({*one, *other}):
                told = [_text(row.get(column, ABSENT)) for row in (one, other)]
                if told[0] != told[1]:
                    yield Difference(where, rule, column, key, *told)
        shared = min(len(ones), len(others))
        for row in ones[shared:]:
            yield Difference(where, rule, WHOLE_ROW, key, _text(row), ABSENT)
        for row in others[shared:]:
            yield Difference(where, rule, WHOLE_ROW, key, ABSENT, _text(row))


def _by_key(rows: Iterable[Row], ignored: frozenset[str]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in ignored}
        found[_text([row.get(name) for name in KEY if name not in ignored])].append(kept)
    return found


def _unmatched(ones: list[dict], others: list[dict]) -> tuple[list[dict], list[dict]]:
    """The rows of either side without those that are the same on both, in a fixed order."""
    left, right = sorted(map(_text, ones)), sorted(map(_text, others))
    for text in list(left):
        if text in right:
            left.remove(text)
            right.remove(text)
    return list(map(json.loads, left)), list(map(json.loads, right))


def _text(value: Any) -> str:
    return value if value == ABSENT else json.dumps(value, sort_keys=True, ensure_ascii=False)
