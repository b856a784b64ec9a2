"""The command line: python -m bench.faults."""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from . import trial
from .place import Fault, Unclear, load, plant
from .trial import Baseline, Outcome, Tree, TrialError, attempt, baseline, commit_of, copy_of

CAUGHT = ("caught", "hangs")
SHOWN_CATCHERS = 10


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--rev", help="plant the faults in a copy of this commit")
    which.add_argument("--worktree", action="store_true", help="in a copy of the present files")
    which.add_argument("--compare", nargs=2, type=Path, metavar=("BEFORE", "AFTER"))
    made.add_argument("--list", action="store_true", help="only say where each fault lies")
    made.add_argument("--only", action="append", default=[], metavar="PATTERN", help="ids to try")
    made.add_argument("--kind", action="append", choices=tuple(trial.TESTS), help="kinds to try")
    made.add_argument("--workers", type=int, default=2)
    made.add_argument("--output", type=Path, metavar="FILE", help="write the outcomes as JSON")
    made.add_argument(
        "--resume", action="store_true", help="go on with what --output holds of the same commit"
    )
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and return the exit code: 0, 1 where a comparison finds a loss, 2 for an error."""
    options = parser().parse_args(arguments)
    try:
        if options.compare:
            return compare(*options.compare)
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            return _try_all(options, Path(folder))
    except (TrialError, Unclear, OSError, ValueError) as error:
        print(f"faults: {error}", file=sys.stderr)
        return 2


def _try_all(options: argparse.Namespace, folder: Path) -> int:
    faults, renamed = load()
    kinds = options.kind or trial.TESTS
    faults = [one for one in faults if one.kind in kinds and _wanted(one, options.only)]
    if not faults:
        raise TrialError("no fault is of this kind and has such an id")
    first = copy_of(options.rev, folder / "tree-0")
    if options.list:
        return _list(faults, first, renamed)
    trees = [
        first,
        *(copy_of(options.rev, folder / f"tree-{n}") for n in range(1, options.workers)),
    ]
    workers = [Tree(root, folder / f"tools-{n}") for n, root in enumerate(trees)]
    report = _begun(options, workers[0])
    for test in report["baseline"]["left_out"]:
        print(f"left out, since it fails where only a remark is added: {test}")
    began, done = time.monotonic(), report["faults"]
    waiting = [fault for fault in faults if fault.id not in done]
    for fault, outcome in _tried(waiting, workers, Baseline(**report["baseline"]), renamed):
        done[fault.id] = {"kind": fault.kind, **outcome._asdict()}
        shown = f"{outcome.status:9}{outcome.seconds:7.1f} s  {fault.id}  {outcome.by}"
        print(f"{len(done):4}/{len(faults)}  {shown}", flush=True)
        if options.output:
            options.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _sum_up({fault.id: done[fault.id] for fault in faults}, time.monotonic() - began)
    return 0


def _begun(options: argparse.Namespace, tree: Tree) -> dict:
    """What an earlier run of the same commit wrote, or a new report with the tests' baseline."""
    named = commit_of(options.rev) if options.rev else "worktree"
    if options.resume and options.output and options.output.exists():
        report = json.loads(options.output.read_text(encoding="utf-8"))
        if report["tree"] != named or not options.rev:
            raise TrialError(f"{options.output} is of {report['tree']}, not of the commit {named}")
        return report
    print("running the tests once without a fault", flush=True)
    known = baseline(tree, list(trial.TESTS))
    report = {"tree": named, "faults": {}, "baseline": known._asdict()}
    if options.output:
        options.output.write_text(json.dumps(report) + "\n", encoding="utf-8")
    return report


def _wanted(fault: Fault, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch.fnmatch(fault.id, pattern) for pattern in patterns)


def _list(faults: Sequence[Fault], root: Path, renamed: dict[str, str]) -> int:
    """Say where each fault lies; the exit code is 2 if the place of one is not clear."""
    places, unclear = Counter(), 0
    for fault in faults:
        try:
            planted = plant(fault, root, renamed)
        except Unclear as error:
            print(f"unclear    {error}")
            unclear += 1
            continue
        place = f"{planted.path.relative_to(root)} {planted.stanza}" if planted else "gone"
        places[fault.kind if planted else f"{fault.kind}, gone"] += 1
        print(f"{fault.id:60}  {place}")
    print(", ".join(f"{count} {place}" for place, count in sorted(places.items())))
    return 2 if unclear else 0


def _tried(faults, workers: Sequence[Tree], known: Baseline, renamed: dict[str, str]):
    """Each fault with its outcome, as they come."""
    free: Queue[Tree] = Queue()
    for tree in workers:
        free.put(tree)

    def one(fault: Fault) -> Outcome:
        tree = free.get()
        try:
            return attempt(tree, fault, known, renamed)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(workers)) as pool:
        try:
            yield from zip(faults, pool.map(one, faults))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _sum_up(outcomes: dict[str, dict], seconds: float) -> None:
    print()
    for kind in trial.TESTS:
        found = [one["status"] for one in outcomes.values() if one["kind"] == kind]
        if found:
            told = (f"{count} {status}" for status, count in sorted(Counter(found).items()))
            print(f"{kind:8} {len(found):4} faults: {', '.join(told)}")
    caught = sum(one["status"] in CAUGHT for one in outcomes.values())
    print(f"{caught} of {len(outcomes)} caught, in {seconds / 60:.1f} min; survivors:")
    for name, one in outcomes.items():
        if one["status"] == "survived":
            print(f"  {name}")
    tests = Counter(one["by"].partition("[")[0] for one in outcomes.values() if one["by"])
    print("tests that catch most:")
    for test, count in tests.most_common(SHOWN_CATCHERS):
        print(f"  {count:4} {test}")


def compare(before: Path, after: Path) -> int:
    """Print what was caught before and is not now, and what is gone; 1 where something is lost."""
    old, new = (json.loads(path.read_text(encoding="utf-8"))["faults"] for path in (before, after))
    caught = [name for name, outcome in old.items() if outcome["status"] in CAUGHT]
    now = {name: new[name]["status"] if name in new else "not tried" for name in caught}
    lost = [name for name in caught if now[name] in ("survived", "not tried")]
    gone = [name for name in caught if now[name] == "gone"]
    won = [
        name
        for name, outcome in new.items()
        if outcome["status"] in CAUGHT and old.get(name, {}).get("status") == "survived"
    ]
    for title, names in (
        ("caught before and not now", lost),
        ("caught before, and what they change is gone", gone),
        ("caught now and not before", won),
    ):
        print(f"{title}: {len(names)}")
        for name in names:
            print(f"  {name}" + (f" ({now[name]})" if names is lost else ""))
    kept = len(caught) - len(lost) - len(gone)
    print(f"caught before: {len(caught)} of {len(old)}; of these still: {kept}")
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
