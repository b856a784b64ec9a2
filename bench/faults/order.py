"""A pytest plugin that records what each test runs, and later leaves out what cannot see a fault.

It is copied to a folder of its own, since the tree under test has a package `bench` too.
FAULTS_ORDER names a JSON file: {"record": FILE}, or {"plan": FILE, "reached": [...], "left_out":
[...], "narrow": ..., "result": FILE, "processor": seconds} to try one fault.
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

EVERY_RULE = "every rule"
WORD = re.compile(r"[A-Za-z_]\w{4,}")
NAME_LENGTH = 100


def module(test):
    """The file of a test.

    >>> module('tests/a.py::test_b[c]')
    'tests/a.py'
    """
    return test.partition("::")[0]


def names_in(value):
    """Words and short texts of all that a run was asked for.

    >>> sorted(names_in(['Any rule', ('| `t1029_bin(60)`',)]))
    ['Any rule', 't1029_bin', '| `t1029_bin(60)`']
    """
    if isinstance(value, str):
        return {value[:NAME_LENGTH], *WORD.findall(value)}
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set)):
        return set().union(*map(names_in, value))
    return set()


class Choice(NamedTuple):
    """Which of the recorded tests may see a fault.

    tests are those recorded, with their seconds and the names that they run; names those of all
    searches and macros; reached those that come to use what the fault is in (none: all tests may
    see it). A test whose id is about other names cannot. Below the folder `narrow`, nor can one
    that runs something else, or that runs nothing in a file of which all the rest does so.
    """

    tests: dict
    names: frozenset
    reached: frozenset
    narrow: str

    def hits(self, test):
        """Whether a test runs what the fault is in."""
        runs = self.tests.get(test, {}).get("runs", ())
        if EVERY_RULE in runs and any(name.endswith(" - Rule") for name in self.reached):
            return True
        return not self.reached.isdisjoint(runs)

    def about(self, test):
        """The names of searches and macros in the id of a test."""
        words = {name for name in WORD.findall(test) if name in self.names}
        return words | {name for name in self.names if " " in name and name in test}

    def concerns(self, test):
        """Whether a test runs what the fault is in, or names it."""
        return self.hits(test) or not self.reached.isdisjoint(self.about(test))

    def may_see(self, test):
        if self.concerns(test):
            return True
        return not self.about(test) and not (test.startswith(self.narrow) and self.runs(test))

    def kept(self, tests):
        """Those of one file's tests that may see the fault, those that run it first."""
        if not self.reached:
            return tests
        seeing = [test for test in tests if self.may_see(test)]
        runs_others = tests[0].startswith(self.narrow) and any(map(self.runs, tests))
        if runs_others and not any(map(self.concerns, seeing)):
            return []
        return sorted(seeing, key=lambda test: not self.concerns(test))

    def runs(self, test):
        return self.tests.get(test, {}).get("runs")

    def files(self):
        """Files with tests that run what the fault is in, and the others; quick ones first."""
        by_file = defaultdict(list)
        for test in self.tests:
            by_file[module(test)].append(test)
        likely, others = {}, {}
        for file, tests in by_file.items():
            kept = self.kept(tests)
            if kept:
                group = likely if any(map(self.concerns, kept)) else others
                group[file] = self.cost(kept)
        return sorted(likely, key=likely.get), sorted(others, key=others.get)

    def cost(self, tests):
        """Seconds that tests took when they were recorded."""
        return sum(self.tests.get(test, {}).get("seconds", 0) for test in tests)


class Recorder:
    """Which searches each test runs, how long it takes, and which tests fail."""

    def __init__(self, path):
        self.path, self.now = path, None
        self.runs, self.seconds, self.failed = defaultdict(set), defaultdict(float), set()

    def pytest_sessionstart(self):
        import replay

        original = replay.run

        def run(*args, **settings):
            self.note(args, settings)
            return original(*args, **settings)

        for name, loaded in list(sys.modules.items()):
            if name.partition(".")[0] == "replay" and getattr(loaded, "run", None) is original:
                loaded.run = run

    def note(self, args, settings):
        asked = {name: value for name, value in settings.items() if name != "inputs"}
        plain = [one for one in args if not hasattr(one, "_fields")]
        if not args and not asked.get("searches") and not asked.get("spl"):
            self.runs[self.now].add(EVERY_RULE)
        self.runs[self.now] |= names_in([asked, plain])

    def pytest_runtest_logstart(self, nodeid):
        self.now = nodeid

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self):
        tests = {
            test: {"seconds": round(seconds, 3), "runs": sorted(self.runs[test])}
            for test, seconds in self.seconds.items()
        }
        written = {"tests": tests, "failed": sorted(self.failed)}
        Path(self.path).write_text(json.dumps(written), encoding="utf-8")


class Chooser:
    """Runs the tests that may see the fault, and writes down the first that fails."""

    def __init__(self, settings):
        plan = json.loads(Path(settings["plan"]).read_text(encoding="utf-8"))
        reached = frozenset(settings["reached"])
        self.choice = Choice(plan["tests"], frozenset(plan["names"]), reached, settings["narrow"])
        self.left_out, self.result = set(settings["left_out"]), Path(settings["result"])

    def pytest_collection_modifyitems(self, config, items):
        by_file = defaultdict(dict)
        for item in items:
            if item.nodeid not in self.left_out:
                by_file[module(item.nodeid)][item.nodeid] = item
        before = list(items)
        kept = {file: self.choice.kept(list(found)) for file, found in by_file.items()}
        quick_first = sorted(kept, key=lambda file: self.choice.cost(kept[file]))
        items[:] = [by_file[file][test] for file in quick_first for test in kept[file]]
        chosen = set(items)
        config.hook.pytest_deselected(items=[item for item in before if item not in chosen])

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.caught(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.caught(report.nodeid)

    def caught(self, test):
        if not self.result.exists():
            self.result.write_text(test, encoding="utf-8")


def pytest_configure(config):
    """Register what the file that FAULTS_ORDER names asks for."""
    if "FAULTS_ORDER" not in os.environ:
        return
    settings = json.loads(Path(os.environ["FAULTS_ORDER"]).read_text(encoding="utf-8"))
    _draw_the_same()
    if "record" in settings:
        config.pluginmanager.register(Recorder(settings["record"]))
        return
    seconds = settings["processor"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 10))
    config.pluginmanager.register(Chooser(settings))


def _draw_the_same():
    """Have Hypothesis draw the same examples each time, and not look for smaller ones."""
    import hypothesis

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("faults", derandomize=True, database=None, phases=phases)
    hypothesis.settings.load_profile("faults")
