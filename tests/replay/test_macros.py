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

EXPANDED = [
    pytest.param("where a >= `least`", "where a >= 3", id="a-number"),
    pytest.param("`least()`", "3", id="empty-brackets"),
    pytest.param("`above(hours, 3)`", "where hours > 3", id="arguments"),
    pytest.param('`above("max(a, b)", 3)`', "where max(a, b) > 3", id="quoted-with-a-comma"),
    pytest.param("`above(lower(a), 3)`", "where lower(a) > 3", id="brackets-without-a-comma"),
    pytest.param('`quoted("one, two")`', 'where name="one, two"', id="quoted-argument"),
    pytest.param("`outer(name)`", "eval y=lower(name)", id="argument-handed-on"),
    pytest.param("a ```what for``` b", "a  b", id="comment"),
    pytest.param("a ```with a `macro` in it``` b", "a  b", id="comment-with-a-macro"),
    pytest.param('where a="x"', 'where a="x"', id="no-macro"),
    pytest.param('where a="`least`"', 'where a="`least`"', id="backticks-in-quotes"),
    pytest.param('where a="\\"" + `least`', 'where a="\\"" + 3', id="after-an-escaped-quote"),
]


@pytest.mark.parametrize(("spl", "expected"), EXPANDED)
def test_expand(spl, expected):
    assert expand(spl, MACROS) == expected


def test_a_definition_may_be_a_pipeline():
    assert "where count >= 3" in expand("* | `pipeline`", MACROS)


REFUSED = [
    pytest.param("`nosuch`", "macro 'nosuch' that cannot be found", id="unknown"),
    pytest.param("`least(1)`", r"macro 'least\(1\)'", id="arity-chooses-the-stanza"),
    pytest.param(
        "`loop(1)`", r"loop\(1\) -> other\(1\) -> loop\(1\)", id="recursion-names-the-ring"
    ),
    pytest.param("`wrong(1)`", "args names 2 arguments, not 1", id="args-do-not-agree"),
    pytest.param("`typo(1)`", r"uses \$b\$, which is no argument", id="unknown-argument"),
    pytest.param("`empty`", "'empty' has no definition", id="no-definition"),
    pytest.param("`checked(1)`", "validation = .* not supported|validation", id="validation"),
    pytest.param("`above(max(a, b), 3)`", "quote what has one", id="comma-inside-brackets"),
    pytest.param("`a b`", "Invalid macro call", id="not-a-name"),
]


@pytest.mark.parametrize(("spl", "named"), REFUSED)
def test_refused(spl, named):
    with pytest.raises(SplError, match=named):
        expand(spl, MACROS)


def test_quoted_argument_may_hold_quotes():
    assert split_arguments(r'"say \"hi\"", b') == ['say "hi"', "b"]
