"""The command line: python -m bench.differential."""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import inputs
from .inputs import CASES, DEMO, Set
from .rows import Difference, differences

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 20
WIDTH = 300


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.differential", description=__doc__)
    add = made.add_argument
    add("--base", required=True, metavar="REV", help="the commit to compare with")
    add("--data", type=Path, action="append", default=[], metavar="DIR", help="recorded logs")
    add("--sets", action="append", default=[], metavar="PATTERN", help="names of sets to run")
    add("--ignore-column", action="append", default=[], metavar="NAME", help="not compared")
    add("--all", action="store_true", help="also sets of minutes and gigabytes")
    add("--shown", type=int, default=SHOWN, help="differences shown in full for each set")
    return made


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Run and return the exit code: 0, 1 where rows differ, 2 where nothing could be compared."""
    options = parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="differential-") as folder:
            return _compare(options, root, Path(folder))
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(f"differential: {error}", file=sys.stderr)
        return 2


def _compare(options: argparse.Namespace, root: Path, folder: Path) -> int:
    ignored = frozenset(options.ignore_column)
    if ignored:
        print(f"not compared: {', '.join(sorted(ignored))}")
    found: list[Difference] = []
    with checked_out(options.base, root, folder / "base") as base:
        sets = _sets(options, root, base, folder)
        if not sets:
            raise ValueError("no set to compare")
        for number, one in enumerate(sets):
            found += _compare_set(one, (base, root), folder / f"run-{number}", ignored, options)
    _sum_up(found, len(sets))
    return 1 if found else 0


@contextlib.contextmanager
def checked_out(rev: str, root: Path, to: Path) -> Iterator[Path]:
    """A work tree of a commit while it is needed."""
    _git(root, "worktree", "add", "--detach", str(to), rev)
    try:
        yield to
    finally:
        _git(root, "worktree", "remove", "--force", str(to))


def _git(root: Path, *words: str) -> None:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr.strip())


def _sets(options: argparse.Namespace, root: Path, base: Path, folder: Path) -> list[Set]:
    """The chosen sets; what is left out is said."""
    chosen = []
    for data in options.data:
        if not data.is_dir():
            raise ValueError(f"{data} is no folder")
        recorded = inputs.recorded(data.resolve(), options.all)
        chosen += [one for one in recorded.sets if _wanted(one.name, options.sets)]
        for reason in recorded.left_out:
            print(f"left out: {reason}")
    if _wanted(DEMO, options.sets):
        chosen.append(inputs.demo(folder / DEMO, rules_of(root, base)))
    if _wanted(CASES, options.sets):
        chosen.append(inputs.cases(base, folder / CASES))
    return chosen


def _wanted(name: str, patterns: Sequence[str]) -> bool:
    """Whether a set, by its name or the last part of it, is among those that were asked for."""
    names = (name, Path(name).name)
    return not patterns or any(fnmatch.fnmatch(one, each) for one in names for each in patterns)


def rules_of(*trees: Path) -> list[str]:
    """The rules that stand in each of the trees."""
    texts = [(tree / "default/savedsearches.conf").read_text(encoding="utf-8") for tree in trees]
    first, *others = (re.findall(r"^\[(.+ - Rule)\]$", text, re.MULTILINE) for text in texts)
    return [rule for rule in first if all(rule in other for other in others)]


def _compare_set(
    one: Set,
    trees: tuple[Path, Path],
    folder: Path,
    ignored: frozenset[str],
    options: argparse.Namespace,
) -> list[Difference]:
    """Run a set in both trees at once, and print what differs."""
    with ThreadPoolExecutor(len(trees)) as pool:
        runs = [
            pool.submit(lambda at, to: list(inputs.outcomes(at, one.jobs, to)), tree, folder / side)
            for tree, side in zip(trees, ("before", "after"))
        ]
        before, after = (run.result() for run in runs)
    found: list[Difference] = []
    errors, rows = 0, 0
    for (name, old, problem), (_, new, trouble) in zip(before, after):
        found += differences(name, old, new, ignored)
        rows += sum(map(len, (old or {}).values()))
        errors += old is None and new is None
        for side, text in (("before", problem), ("after", trouble)):
            if text:
                print(f"{name}: {side} {text}")
    print(
        f"{one.name}: {len(one.jobs)} runs, {rows} rows before, {len(found)} differences"
        + (f", {errors} runs fail in both" if errors else ""),
        flush=True,
    )
    for difference in found[: options.shown]:
        print("  " + _line(difference))
    if len(found) > options.shown:
        print(f"  ... and {len(found) - options.shown} more (--shown)")
    return found


def _line(found: Difference) -> str:
    told = f"{found.rule} {found.column} {found.key}: {found.before} -> {found.after}"
    return f"{found.where}: {told}"[:WIDTH]


def _sum_up(found: Sequence[Difference], sets: int) -> None:
    print(f"\n{sets} sets, {len(found)} differences")
    for (rule, column), count in sorted(Counter((d.rule, d.column) for d in found).items()):
        print(f"{count:6}  {rule}  {column}")


if __name__ == "__main__":
    raise SystemExit(main())
