"""The lint catches what Splunk's validator misses, and the shipped views are free of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.lint import lint, lint_together
from tests.dashboard.views import View, view_of, views

HERE = Path(__file__).parent
SOUND = view_of(HERE / "sound.json")
BROKEN = sorted((HERE / "broken").glob("*.json"))


def changed(whole: Any, change: Any) -> Any:
    """Apply a change as a JSON merge patch (RFC 7396): null takes away, lists are replaced."""
    if not isinstance(change, dict):
        return change
    whole = dict(whole) if isinstance(whole, dict) else {}
    for name, value in change.items():
        if value is None:
            whole.pop(name, None)
        else:
            whole[name] = changed(whole.get(name), value)
    return whole


def said(problems) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("view", views(), ids=lambda view: view.name)
def test_shipped_view_is_sound(view):
    assert said(lint(view)) == []


def test_shipped_views_hold_no_spl_twice():
    assert said(lint_together(views())) == []


def test_sound_view_is_sound():
    assert said(lint(SOUND)) == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_one_defect_is_one_problem_that_names_its_place(path):
    broken = json.loads(path.read_text(encoding="utf-8"))
    view = View(path.stem, changed(SOUND.definition, broken["change"]))
    assert said(lint(view)) == [broken["says"]]


def test_spl_in_two_views_is_a_problem_that_names_both():
    query = "index=summary | stats count BY src | sort 0 - count"
    source = {"type": "ds.search", "options": {"query": query}}
    two = [
        View(name, {"dataSources": {"counted": source}, "layout": {}}) for name in ("one", "two")
    ]
    assert said(lint_together(two)) == [
        "two.dataSources.counted.options.query: "
        "the same SPL as in one.dataSources.counted.options.query: "
        "search index=summary | stats count BY src | sort 0 - count"
    ]


def test_calling_the_same_macros_is_no_repetition():
    source = {"type": "ds.search", "options": {"query": "`one` | `two` | `three`"}}
    two = [View(name, {"dataSources": {"a": source}, "layout": {}}) for name in ("one", "two")]
    assert lint_together(two) == []
