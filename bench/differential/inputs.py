"""What both trees run on: recorded logs, the demo's office, and the cases of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from office.demo import LEARNING
from office.generate import write_office
from office.simulation import ZONE
from office.verdicts import FURTHER_LOGS, RECORDS

HERE = Path(__file__).parent
DEMO, CASES = "demo", "cases"
SEED = 1
# By the beginning of a file's name.
READERS = {"conn": "zeek", "sysmon": "sysmon", "firewall": "firewall"}
LOGS = (".log", ".json", ".xml", ".csv", ".gz")
NO_LOGS = ("truth.csv",)
# Bytes on disk above which a set takes minutes and gigabytes.
LARGE = 5_000_000
CASE_TESTS = tuple(
    f"tests/spl/test_{name}.py"
    for name in ("boundaries", "cases", "generated", "rules", "rules_generated")
)


class Set(NamedTuple):
    """Something to run: jobs are pairs of a name and arguments of `python -m replay`."""

    name: str
    jobs: Sequence[tuple[str, list[str]]]


class Found(NamedTuple):
    """Recorded sets, and what was left out with the reason."""

    sets: list[Set]
    left_out: list[str]


def recorded(folder: Path, with_large: bool) -> Found:
    """One set for each folder below (itself included) that holds logs.

    A file is read by the beginning of its name: conn*, sysmon* or firewall*.
    """
    sets, left_out = [], []
    for place, _, names in sorted(os.walk(folder)):
        logs = [Path(place) / name for name in sorted(names) if _is_log(name)]
        name = str(Path(place).relative_to(folder.parent))
        size = sum(path.stat().st_size for path in logs)
        arguments = [word for path in logs for word in _argument(path)]
        left_out += [f"{path}: no reader for this name" for path in logs if not _argument(path)]
        if size > LARGE and not with_large:
            left_out.append(f"{name}: {size / 1e6:.0f} MB (--all takes it)")
        elif arguments:
            sets.append(Set(name, [(name, arguments)]))
    return Found(sets, left_out)


def _is_log(name: str) -> bool:
    return name.endswith(LOGS) and name not in NO_LOGS


def _argument(path: Path) -> list[str]:
    return [f"--{kind}={path}" for begin, kind in READERS.items() if path.name.startswith(begin)]


def demo(folder: Path, rules: Sequence[str]) -> Set:
    """The demo's office, written by the present tree: what it learns, and then every rule."""
    lists = write_office(folder, SEED).lists
    words = [f"--tz={ZONE}", *(f"--{kind}={folder / kind}" for kind in READERS.values())]
    words += [f"--log={sourcetype}={folder / place}" for sourcetype, place in FURTHER_LOGS]
    words += [f"--json={folder / RECORDS}"]
    words += [f"--lookup={name}={path}" for name, path in lists.items()]
    words += [f"--search={name}@{moment:.0f}" for name, moment in LEARNING]
    words += [f"--search={rule}" for rule in rules]
    return Set(DEMO, [(DEMO, words)])


def cases(tree: Path, folder: Path) -> Set:
    """What the tests of a tree, those that draw examples among them, let replay run."""
    folder.mkdir()
    tests = [test for test in CASE_TESTS if (tree / test).exists()]
    if not tests:
        raise FileNotFoundError(f"the base has none of {', '.join(CASE_TESTS)}")
    child(tree, HERE / "record_cases.py", str(folder), *tests)
    lines = (folder / "jobs.jsonl").read_text(encoding="utf-8").splitlines()
    return Set(CASES, [tuple(json.loads(line)) for line in lines])


def child(tree: Path, script: Path, *arguments: str) -> None:
    """Run a script with a tree's own code; CalledProcessError where it fails."""
    subprocess.run(
        [sys.executable, "-c", script.read_text(encoding="utf-8"), *arguments],
        cwd=tree,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def outcomes(tree: Path, jobs: Sequence[tuple[str, list[str]]], folder: Path) -> Iterator[list]:
    """For each job its name, its rows by search (None where it failed), and what was said."""
    folder.mkdir(parents=True)
    asked, written = folder / "asked.jsonl", folder / "written.jsonl"
    asked.write_text("".join(json.dumps(job) + "\n" for job in jobs), encoding="utf-8")
    child(tree, HERE / "run_jobs.py", str(asked), str(written))
    with written.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
