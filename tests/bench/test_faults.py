"""Where faults are planted, which tests are run for them, and what is said of the outcomes."""

import json

import pytest

from bench.faults.__main__ import compare
from bench.faults.order import EVERY_RULE, Choice
from bench.faults.place import Fault, Unclear, load, plant, reached_from
from bench.faults.trial import ROOT, TESTS, Baseline, Tree, TrialError, attempt, baseline

RULE = "T1029 - Any - Rule"
SEARCHES = f"""[{RULE}]
search = `any_events` \\
| where bytes > `any_bytes` \\
| table src
enableSched = 0
[Other]
search = index=main
"""
MACROS = """[any_events]
definition = index=any source="a" source="b"
[any_bytes]
definition = 100
[any_alone(1)]
args = x
definition = $x$ = `any_bytes`
"""
SOURCE = '''"""A module."""
LEAST, MOST = 2.5, 10**3
EACH: float = 7


def above(value):
    return value > LEAST
'''


@pytest.fixture
def root(tmp_path):
    for name, text in (("savedsearches", SEARCHES), ("macros", MACROS), ("app", "[id]\nx = 1\n")):
        path = tmp_path / "default" / f"{name}.conf"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "any.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def in_search(old, new, *others):
    return Fault("f", "spl", ((old, new), *others), "savedsearches", RULE, "search")


def constant(*changes):
    return Fault("f", "scorer", changes, constant=True)


def code(*changes):
    return Fault("f", "scorer", changes)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(in_search("bytes > `", "bytes >= `"), "where bytes >= `any_b", id="fragment"),
        pytest.param(
            in_search("`any_events` | where", "`any_events` | search"),
            "`any_events` | search bytes",
            id="across-lines",
        ),
        pytest.param(in_search("no such", "", ("src", "dest")), "| table dest", id="second-try"),
        pytest.param(
            Fault("f", "setting", (("", "1"),), "savedsearches", RULE, "enableSched"),
            "enableSched = 1\n[Other]",
            id="whole-value",
        ),
        pytest.param(in_search('source="a" source="b"', "x"), "index=any x\n", id="moved"),
        pytest.param(constant(("LEAST", "2 * {}")), "= 2 * (2.5), 10**3", id="one-of-two"),
        pytest.param(constant(("MOST", "-{}")), "2.5, -(10**3)\n", id="expression"),
        pytest.param(
            constant(("other.EACH", "1"), ("any.EACH", "0")), "EACH: float = 0", id="of-a-module"
        ),
        pytest.param(constant(("EACH", "{} + 1")), "EACH: float = (7) + 1", id="with-a-type"),
        pytest.param(code(("value > LEAST", "value >= LEAST")), "value >= LEAST", id="code"),
        pytest.param(code(("gone", ""), ("value >", "value <")), "value < LEAST", id="code-moved"),
    ],
)
def test_planted(root, fault, expected):
    assert expected in plant(fault, root, {}).text


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(in_search("index=none of that", ""), id="fragment"),
        pytest.param(Fault("f", "setting", (("a", "b"),), "app", "ui", "x"), id="stanza"),
        pytest.param(Fault("f", "setting", (("a", "b"),), "none", "ui", "x"), id="file"),
        pytest.param(constant(("NONE", "{}")), id="constant"),
        pytest.param(code(("value is None", "")), id="code"),
    ],
)
def test_gone(root, fault):
    assert plant(fault, root, {}) is None


def test_twice_is_refused(root):
    (root / "bin" / "other.py").write_text("LEAST = 1\n", encoding="utf-8")
    with pytest.raises(Unclear, match="LEAST is assigned 2 times"):
        plant(constant(("LEAST", "{}")), root, {})


def test_renamed_macro_is_found(root):
    fault = Fault("f", "spl", (("`all_bytes`", "0"),), "macros", "all_alone(1)", "definition")
    planted = plant(fault, root, {"all_alone": "any_alone", "all_bytes": "any_bytes"})
    assert (planted.stanza, "definition = $x$ = 0" in planted.text) == ("any_alone(1)", True)


def test_macro_is_reached_from_what_calls_it(root):
    assert reached_from(root, "any_bytes") == [RULE, "any_alone", "any_bytes"]


def test_every_fault_has_one_place_in_this_tree_at_most():
    faults, renamed = load()
    placed = [fault for fault in faults if plant(fault, ROOT, renamed)]
    assert len(faults) >= 300
    assert len(placed) >= 250


TESTED = {
    "tests/spl/test_a.py::test_run": {"seconds": 3, "runs": [RULE]},
    "tests/spl/test_a.py::test_same_run": {"seconds": 1, "runs": []},
    "tests/spl/test_b.py::test_run": {"seconds": 1, "runs": ["Other"]},
    "tests/spl/test_b.py::test_same_run": {"seconds": 1, "runs": []},
    "tests/spl/test_c.py::test_all": {"seconds": 2, "runs": [EVERY_RULE]},
    f"tests/structure/test_d.py::test_of[{RULE}]": {"seconds": 1, "runs": []},
    "tests/structure/test_d.py::test_of[any_other]": {"seconds": 1, "runs": []},
}


@pytest.mark.parametrize(
    ("reached", "narrow", "files"),
    [
        pytest.param(
            [RULE, "any_bytes"],
            "tests/",
            (["tests/structure/test_d.py", "tests/spl/test_c.py", "tests/spl/test_a.py"], []),
            id="rule",
        ),
        pytest.param(
            [RULE],
            "tests/structure/",
            (
                ["tests/structure/test_d.py", "tests/spl/test_c.py", "tests/spl/test_a.py"],
                ["tests/spl/test_b.py"],
            ),
            id="setting-of-a-rule",
        ),
        pytest.param(
            ["any_other"], "tests/", (["tests/structure/test_d.py"], []), id="run-by-none"
        ),
    ],
)
def test_files_that_may_see_a_fault(reached, narrow, files):
    names = frozenset({RULE, "Other", "any_bytes", "any_other"})
    assert Choice(TESTED, names, frozenset(reached), narrow).files() == files


@pytest.fixture
def tried(root):
    """Return a function that tries a fault in a tree with one test, which may loop."""
    (root / "replay").mkdir()
    (root / "replay" / "__init__.py").write_text("def run(searches=None): ...\n", encoding="utf-8")
    folder = root / "tests" / "scoring"
    folder.mkdir(parents=True)
    (folder / "test_any.py").write_text(
        "import any\n\n\ndef test_above():\n    assert any.above(3) and not any.above(2)\n",
        encoding="utf-8",
    )
    (root / "pyproject.toml").write_text(
        '[tool.pytest.ini_options]\npythonpath = ["bin", "."]\n', encoding="utf-8"
    )
    tree = Tree(root, root / "tools")
    known = baseline(tree, list(TESTS))
    return lambda fault: attempt(tree, fault, known, {})


def test_outcomes(tried, root):
    caught = tried(constant(("LEAST", "-{}")))
    assert (caught.status, caught.by) == ("caught", "tests/scoring/test_any.py::test_above")
    assert tried(constant(("MOST", "-{}"))).status == "survived"
    assert tried(constant(("NONE", "-{}"))).status == "gone"
    assert (root / "bin" / "any.py").read_text(encoding="utf-8") == SOURCE


def test_fault_that_no_test_may_see_is_an_error(tried):
    with pytest.raises(TrialError, match="no test was chosen"):
        tried(in_search("bytes >", "bytes <"))


def test_tests_that_fail_without_a_fault_are_refused(root):
    folder = root / "tests" / "scoring"
    folder.mkdir(parents=True)
    (folder / "test_any.py").write_text("def test_fails():\n    assert False\n", encoding="utf-8")
    (root / "replay.py").write_text("def run(): ...\n", encoding="utf-8")
    with pytest.raises(TrialError, match="test_fails"):
        baseline(Tree(root, root / "tools"), ["scorer"])


def test_a_baseline_is_written_as_json():
    known = Baseline({"a": {"seconds": 1, "runs": []}}, ["b"], ["c"])
    assert Baseline(**json.loads(json.dumps(known._asdict()))) == known


def outcomes(tmp_path, name, **statuses):
    path = tmp_path / f"{name}.json"
    faults = {fault: {"status": status} for fault, status in statuses.items()}
    path.write_text(json.dumps({"faults": faults}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        pytest.param("survived", "caught before and not now: 1\n  a (survived)", 1, id="lost"),
        pytest.param("gone", "what they change is gone: 1\n  a", 0, id="gone"),
        pytest.param("hangs", "of these still: 1", 0, id="hangs"),
    ],
)
def test_comparison(tmp_path, capsys, status, said, code):
    before = outcomes(tmp_path, "before", a="caught", b="survived")
    assert compare(before, outcomes(tmp_path, "after", a=status, b="survived")) == code
    assert said in capsys.readouterr().out


def test_fault_that_is_not_tried_again_is_a_loss(tmp_path, capsys):
    assert compare(outcomes(tmp_path, "before", a="caught"), outcomes(tmp_path, "after")) == 1
    assert "a (not tried)" in capsys.readouterr().out
