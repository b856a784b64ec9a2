"""Copies of a tree, the tests run in them once without a fault, and then once for each fault."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .order import Choice
from .place import Fault, Unclear, plant, reached_from, stanza_names

ROOT = Path(__file__).resolve().parents[2]
# What may catch a fault of a kind: neither browser, nor package, nor office.
TESTS = {
    "setting": ("tests/structure", "tests/compose", "tests/spl"),
    "spl": ("tests/structure", "tests/compose", "tests/spl"),
    "scorer": ("tests/scoring", "bin/scheduled_transfer", "tests/protocol"),
}
# Where a test that runs other searches cannot see the fault: a structure test may run the text of a
# setting.
NARROW = {"setting": "tests/spl/", "spl": "tests/", "scorer": "tests/"}
# Processor time (seconds) after which a test run counts as one that hangs, since other work on the
# machine does not count, and the time on the clock after which one that sleeps does.
PROCESSOR_LIMITS = {"setting": 900, "spl": 900, "scorer": 120}
CLOCK_LIMIT = 3_600
# Made by the installation and not in the repository.
MADE = Path("lookups/t1029_public_suffixes.csv")
REMARK = "\n# A remark that changes nothing.\n"
NOTHING_FAILED, NO_TESTS_RUN = 0, 5
# More failures than this share of the tests are no peculiarity of a copy.
MOST_FAILURES = 0.05


class Outcome(NamedTuple):
    """What became of a fault: caught, hangs (which counts as caught), survived, or gone.

    by names the test, seconds is how long it took.
    """

    status: str
    by: str = ""
    seconds: float = 0.0


class Baseline(NamedTuple):
    """What each test runs, the names of searches and macros, and the tests that are left out."""

    tests: dict[str, dict]
    names: list[str]
    left_out: list[str]


class TrialError(Exception):
    """The tree cannot be tried."""


def copy_of(rev: str | None, to: Path) -> Path:
    """A copy of a commit, or (None) of the files of the work tree that git does not ignore."""
    to.mkdir(parents=True)
    if rev:
        packed = _git("archive", "--format=tar", rev)
        with tarfile.open(fileobj=io.BytesIO(packed)) as files:
            files.extractall(to)
        shutil.copy(ROOT / MADE, to / MADE)
        return to
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").decode()
    for name in (*filter(None, listed.split("\0")), str(MADE)):
        source = ROOT / name
        if source.is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, to / name)
    return to


def commit_of(rev: str) -> str:
    """The commit that a name stands for."""
    return _git("rev-parse", "--verify", f"{rev}^{{commit}}").decode().strip()


def _git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise TrialError(done.stderr.decode().strip())
    return done.stdout


def environment() -> tuple[int, ...]:
    """When the packages that tests run with were last changed: a missing one fails any test."""
    places = (Path(sys.prefix) / "pyvenv.cfg", Path(sysconfig.get_path("purelib")))
    return tuple(place.stat().st_mtime_ns for place in places if place.exists())


class Tree:
    """One copy of a tree, in which one thing at a time is tried; tools is a folder beside it."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root, self.tools, self.writes = root, tools, 0
        tools.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("order.py"), tools / "faults_order.py")

    def write(self, path: Path, text: str) -> None:
        """Write a file, with a time of its own, by which Python knows that it must be compiled."""
        path.write_text(text, encoding="utf-8")
        self.writes += 1
        moment = 1_000_000_000 + self.writes * 10
        os.utime(path, (moment, moment))

    def run(self, places: Sequence[str], order: dict, *options: str) -> int:
        """Run tests and return pytest's exit code; TimeoutExpired where they sleep too long."""
        told = self.tools / "order.json"
        told.write_text(json.dumps(order), encoding="utf-8")
        words = ("-q", "-p", "faults_order", "-p", "no:cacheprovider", "--tb=no", "--no-summary")
        there = [place for place in places if (self.root / place).exists()]
        with (self.tools / "pytest.log").open("wb") as log:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *words, *options, *there],
                cwd=self.root,
                env={**os.environ, "FAULTS_ORDER": str(told), "PYTHONPATH": str(self.tools)},
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=CLOCK_LIMIT,
                check=False,
            )
        return done.returncode

    def log(self) -> str:
        """The end of what the last run printed."""
        return (self.tools / "pytest.log").read_text(encoding="utf-8", errors="replace")[-2_000:]


def baseline(tree: Tree, kinds: Sequence[str]) -> Baseline:
    """Run every test once, with a remark at the end of each conf file.

    What fails then tells nothing of a fault: it compares the files with their sources byte for
    byte, or needs what a copy of the tree lacks.
    """
    confs = sorted((tree.root / "default").glob("*.conf"))
    plain = {path: path.read_text(encoding="utf-8") for path in confs}
    recorded = tree.tools / "recorded.json"
    for path, text in plain.items():
        tree.write(path, text + REMARK)
    try:
        folders = sorted({folder for kind in kinds for folder in TESTS[kind]})
        tree.run(folders, {"record": str(recorded)})
    except subprocess.TimeoutExpired:
        raise TrialError("the tests hang without any fault") from None
    finally:
        for path, text in plain.items():
            tree.write(path, text)
    if not recorded.exists():
        raise TrialError(f"the tests do not run:\n{tree.log()}")
    return _checked(json.loads(recorded.read_text(encoding="utf-8")), stanza_names(tree.root))


def _checked(recorded: dict, names: list[str]) -> Baseline:
    tests, failed = recorded["tests"], recorded["failed"]
    uncollected = [test for test in failed if "::" not in test]
    if uncollected or len(failed) > MOST_FAILURES * len(tests):
        named = "\n".join((uncollected or failed)[:20])
        raise TrialError(f"tests fail or cannot be collected without any fault:\n{named}")
    return Baseline(tests, names, failed)


def attempt(tree: Tree, fault: Fault, known: Baseline, renamed: dict[str, str]) -> Outcome:
    """Plant one fault, run what may catch it, and take the fault out again."""
    planted = plant(fault, tree.root, renamed)
    if planted is None:
        return Outcome("gone")
    plain = planted.path.read_text(encoding="utf-8")
    if planted.text == plain:
        raise Unclear(f"{fault.id} changes nothing")
    reached = reached_from(tree.root, planted.stanza) if planted.stanza else []
    began, packages = time.monotonic(), environment()
    tree.write(planted.path, planted.text)
    try:
        outcome = _tried(tree, fault, known, reached)
    finally:
        tree.write(planted.path, plain)
    if environment() != packages:
        raise TrialError(f"packages changed while {fault.id} was tried: run again with --resume")
    return outcome._replace(seconds=round(time.monotonic() - began, 1))


def _tried(tree: Tree, fault: Fault, known: Baseline, reached: list[str]) -> Outcome:
    """Run the likely catchers, and then the rest, until a test fails."""
    plan, result = tree.tools / "plan.json", tree.tools / "caught.txt"
    tests = {test: known.tests[test] for test in known.tests if _is_for(fault, test)}
    plan.write_text(json.dumps({"tests": tests, "names": known.names}), encoding="utf-8")
    result.unlink(missing_ok=True)
    choice = Choice(tests, frozenset(known.names), frozenset(reached), NARROW[fault.kind])
    order = {
        "plan": str(plan),
        "reached": reached,
        "narrow": choice.narrow,
        "left_out": known.left_out,
        "result": str(result),
        "processor": PROCESSOR_LIMITS[fault.kind],
    }
    ran = False
    for files in _stages(fault, choice):
        try:
            code = tree.run(files, order, "-x")
        except subprocess.TimeoutExpired:
            return Outcome("hangs")
        if result.exists():
            return Outcome("caught", result.read_text(encoding="utf-8"))
        if code < 0:
            return Outcome("hangs")
        if code not in (NOTHING_FAILED, NO_TESTS_RUN):
            return Outcome("caught", f"pytest ends with {code}")
        ran = ran or code == NOTHING_FAILED
    if not ran:
        raise TrialError(f"{fault.id}: no test was chosen")
    return Outcome("survived")


def _is_for(fault: Fault, test: str) -> bool:
    return test.startswith(TESTS[fault.kind])


def _stages(fault: Fault, choice: Choice) -> list[list[str]]:
    """Files to run one after the other: what is likely to catch the fault, and the rest."""
    likely, others = choice.files()
    if fault.kind != "setting":
        stages = [likely, others]
    else:
        files = [*likely, *others]
        structure = [file for file in files if file.startswith(TESTS["setting"][0])]
        stages = [structure, [file for file in files if file not in structure]]
    return [files for files in stages if files]
