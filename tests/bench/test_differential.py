"""Two trees on the same input: what is compared, what is left out, and what is said."""

import json
import shutil
import subprocess

import pytest

from bench.differential.__main__ import main
from bench.differential.inputs import LARGE, cases, recorded
from bench.differential.rows import differences

RULE = "T1029 - Any - Rule"
ROW = {"src": "10.1.2.3", "dest_ip": "203.0.113.9", "risk_score": 8.0, "reasons": ["a", "b"]}
OTHER = {**ROW, "src": "10.1.2.4"}
# A tree's own interpreter: one row for each line of the log, with the tree's own risk.
REPLAY = """import json, sys
from pathlib import Path
logs = [word.partition("=")[2] for word in sys.argv if word.startswith("--zeek=")]
senders = [word for path in logs for word in Path(path).read_text().split()]
rows = [{"src": sender, "risk_score": RISK} for sender in senders]
print(json.dumps([{"search": "T1029 - Any - Rule", "results": rows}]))
"""


def found(before, after, *ignored):
    told = differences("set", {RULE: before}, {RULE: after}, frozenset(ignored))
    return [(one.column, one.before, one.after) for one in told]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([ROW, OTHER], [OTHER, ROW], [], id="another-order"),
        pytest.param(
            [ROW], [{**ROW, "risk_score": 8.1}], [("risk_score", "8.0", "8.1")], id="number"
        ),
        pytest.param(
            [ROW],
            [{**ROW, "reasons": ["b", "a"]}],
            [("reasons", '["a", "b"]', '["b", "a"]')],
            id="order-of-several-values",
        ),
        pytest.param(
            [ROW], [{**ROW, "new": 1}], [("new", "(absent)", "1")], id="column-that-is-new"
        ),
        pytest.param(
            [ROW], [{**ROW, "risk_score": 8}], [("risk_score", "8.0", "8")], id="kind-of-number"
        ),
        pytest.param(
            [ROW, ROW],
            [ROW],
            [("(row)", json.dumps(ROW, sort_keys=True), "(absent)")],
            id="row-that-came-twice",
        ),
    ],
)
def test_differences(before, after, expected):
    assert found(before, after) == expected


def test_ignored_column_is_no_difference():
    assert found([ROW], [{**ROW, "risk_score": 9}], "risk_score") == []


@pytest.mark.parametrize(
    ("before", "after", "columns"),
    [
        pytest.param({RULE: []}, {}, ["(search)"], id="search-is-missing"),
        pytest.param({RULE: []}, None, [""], id="fails-now"),
        pytest.param(None, None, [], id="fails-in-both"),
    ],
)
def test_runs_that_lack_something(before, after, columns):
    told = differences("set", before, after, frozenset())
    assert [one.column for one in told] == columns


def test_recorded_sets_are_found_below_a_folder(tmp_path):
    for name, size in (("a/conn.log", 9), ("b/c/sysmon.json", 9), ("big/conn.log", LARGE + 1)):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * size)
    (tmp_path / "data/a/truth.csv").write_text("src,dst\n")
    (tmp_path / "data/a/notes.json").write_text("{}")
    small, whole = (recorded(tmp_path / "data", large) for large in (False, True))
    assert [one.name for one in small.sets] == ["data/a", "data/b/c"]
    assert small.sets[0].jobs[0][1] == [f"--zeek={tmp_path}/data/a/conn.log"]
    assert [one.name for one in whole.sets] == ["data/a", "data/b/c", "data/big"]
    assert any(text.startswith("data/big: 5 MB") for text in small.left_out)
    assert any("notes.json: no reader" in text for text in small.left_out)


def write_tree(root, risk):
    (root / "replay").mkdir(parents=True, exist_ok=True)
    (root / "default").mkdir(exist_ok=True)
    (root / "replay" / "__main__.py").write_text(REPLAY.replace("RISK", risk), encoding="utf-8")
    (root / "default" / "savedsearches.conf").write_text(f"[{RULE}]\n", encoding="utf-8")


@pytest.fixture
def arguments(tmp_path):
    if not shutil.which("git"):
        pytest.skip("needs git")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "conn.log").write_text("10.1.2.3 10.1.2.4")
    root = tmp_path / "tree"
    write_tree(root, "7")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "A tree")):
        subprocess.run(["git", *words], cwd=root, check=True)
    chosen = ["--base", "HEAD", "--data", str(tmp_path / "data"), "--sets", "data"]
    return chosen, root


def test_same_trees_agree(arguments, capsys):
    chosen, root = arguments
    assert main(chosen, root) == 0
    assert "data: 1 runs, 2 rows before, 0 differences" in capsys.readouterr().out


def test_another_risk_is_a_difference(arguments, capsys):
    chosen, root = arguments
    write_tree(root, "8")
    assert main(chosen, root) == 1
    out = capsys.readouterr().out
    assert f"{RULE} risk_score" in out
    assert ": 7 -> 8" in out
    assert main([*chosen, "--ignore-column", "risk_score"], root) == 0
    assert "not compared: risk_score" in capsys.readouterr().out
    trees = subprocess.run(["git", "worktree", "list"], cwd=root, capture_output=True, text=True)
    assert len(trees.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(["--base", "nothing"], "nothing", id="base"),
        pytest.param(["--data", "/no/such/folder"], "/no/such/folder is no folder", id="data"),
        pytest.param(["--sets", "none"], "no set to compare", id="sets"),
    ],
)
def test_what_cannot_be_compared_is_an_error(arguments, capsys, change, said):
    chosen, root = arguments
    kept = dict(zip(chosen[::2], chosen[1::2]))
    kept[change[0]] = change[1]
    assert main([word for pair in kept.items() for word in pair], root) == 2
    assert said in capsys.readouterr().err


REPLAY_WITH_API = """from typing import NamedTuple


class Inputs(NamedTuple):
    zeek: tuple = ()
    json: tuple = ()


def run(searches=None, spl=(), inputs=None, now=None, lookups={}, macros={}):
    return searches
"""
TESTS = """from replay import Inputs, run


def test_runs(tmp_path):
    events = tmp_path / "events.json"
    events.write_text("{}")
    settings = {"now": 7, "macros": {"any": "1"}, "lookups": {"list": events}}
    for _ in range(2):
        run(searches=[("Any - Rule", 5)], inputs=Inputs(json=(str(events),)), **settings)
    assert run(spl=["search x"], inputs=Inputs(json=(str(events),))) is None


def test_sql_alone():
    assert False
"""


def test_what_tests_let_replay_run_becomes_a_job(tmp_path):
    root = tmp_path / "tree"
    for name, text in (("replay/__init__", REPLAY_WITH_API), ("tests/spl/test_rules", TESTS)):
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    ((name, words),) = cases(root, tmp_path / "cases").jobs
    home = tmp_path / "cases" / "1"
    assert name == "test_rules test_runs (1)"
    assert words == [
        "--search=Any - Rule@5",
        "--macro=any=1",
        "--now=7",
        f"--json={home}/0-events.json",
        f"--lookup=list={home}/1-events.json",
    ]
    assert (home / "1-events.json").read_text() == "{}"
