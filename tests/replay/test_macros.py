"""Macros, before anything is parsed."""

import pytest

from replay import SplError
from replay.macros import expand, split_arguments

MACROS = {
    "least": {"definition": "3"},
    "above(2)": {"args": "field, limit", "definition": "where $field$ > $limit$"},
    "nested": {"definition": "`above(hours, `least`)`"},
    "outer(1)": {"args": "x", "definition": "eval y=`inner($x$)`"},
    "inner(1)": {"args": "x", "definition": "lower($x$)"},
    "pipeline": {"definition": "stats count BY src \\\n| where count >= `least`"},
    "quoted(1)": {"args": "text", "definition": 'where name="$text$"'},
    "wrong(1)": {"args": "a, b", "definition": "$a$"},
    "typo(1)": {"args": "a", "definition": "$b$"},
    "empty": {},
    "checked(1)": {"args": "a", "definition": "$a$", "validation": "isnum(a)"},
    "loop(1)": {"args": "a", "definition": "`other($a$)`"},
    "other(1)": {"args": "a", "definition": "`loop($a$)`"},
}

EXPANDED = {
    "a-number": ("where a >= `least`", "where a >= 3"),
    "empty-brackets": ("`least()`", "3"),
    "arguments": ("`above(hours, 3)`", "where hours > 3"),
    "quoted-with-a-comma": ('`above("max(a, b)", 3)`', "where max(a, b) > 3"),
    "brackets-without-a-comma": ("`above(lower(a), 3)`", "where lower(a) > 3"),
    "quoted-argument": ('`quoted("one, two")`', 'where name="one, two"'),
    "argument-handed-on": ("`outer(name)`", "eval y=lower(name)"),
    "comment": ("a ```what for``` b", "a  b"),
    "comment-with-a-macro": ("a ```with a `macro` in it``` b", "a  b"),
    "no-macro": ('where a="x"', 'where a="x"'),
    "backticks-in-quotes": ('where a="`least`"', 'where a="`least`"'),
    "after-an-escaped-quote": ('where a="\\"" + `least`', 'where a="\\"" + 3'),
}


@pytest.mark.parametrize(("spl", "expected"), EXPANDED.values(), ids=EXPANDED)
def test_expand(spl, expected):
    assert expand(spl, MACROS) == expected


def test_a_definition_may_be_a_pipeline():
    assert "where count >= 3" in expand("* | `pipeline`", MACROS)


REFUSED = {
    "unknown": ("`nosuch`", "macro 'nosuch' that cannot be found"),
    "arity-chooses-the-stanza": ("`least(1)`", r"macro 'least\(1\)'"),
    "recursion-names-the-ring": ("`loop(1)`", r"loop\(1\) -> other\(1\) -> loop\(1\)"),
    "args-do-not-agree": ("`wrong(1)`", "args names 2 arguments, not 1"),
    "unknown-argument": ("`typo(1)`", r"uses \$b\$, which is no argument"),
    "no-definition": ("`empty`", "'empty' has no definition"),
    "validation": ("`checked(1)`", "validation = .* not supported|validation"),
    "comma-inside-brackets": ("`above(max(a, b), 3)`", "quote what has one"),
    "not-a-name": ("`a b`", "Invalid macro call"),
}


@pytest.mark.parametrize(("spl", "named"), REFUSED.values(), ids=REFUSED)
def test_refused(spl, named):
    with pytest.raises(SplError, match=named):
        expand(spl, MACROS)


def test_quoted_argument_may_hold_quotes():
    assert split_arguments(r'"say \"hi\"", b') == ['say "hi"', "b"]
