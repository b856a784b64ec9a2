"""The demonstration: run every shipped rule on a simulated office's logs and show the findings.

`python -m office.demo [--out DIR] [--seed N] [--first-look] [--full]` exits 0 if each shipped
rule caught every transfer that was planted for it, 1 if one was missed, 2 if the rules could not be
run. A first look, without an allow-list and before anything is learned, may miss some.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from office import report, schedules
from office.generate import ALLOWED, ALLOWED_NAMES, write_office
from office.ground_truth import allowed, peaks
from office.schedules import HOUR
from office.simulation import FIRST_DAY, ZONE
from office.verdicts import RulesFailed, missed, run_rules, with_truth

PIPED_WIDTH = 118
LEARNED = (
    "T1029 - Destinations - Learn",
    "T1029 - Network Processes - Learn",
    "T1029 - Known Devices - Learn",
    "T1029 - Host Addresses - Learn",
)
# The learning searches as the app schedules them: each at 01:30 from the second day to the last.
LEARNING = [
    (name, schedules.at(date(*FIRST_DAY) + timedelta(days=day), 1.5 * HOUR, ZoneInfo(ZONE)))
    for day in range(1, 14)
    for name in LEARNED
]


def demonstrate(
    console: Console, folder: Path, seed: int, first_look: bool = False, full: bool = False
) -> int:
    """Generate, run, print; return the exit code. A first look has no allow-list or learning."""
    _progress("writing the logs of a simulated office")
    written = write_office(folder, seed)
    report.show_office(console, written)
    _progress(f"running the rules on {sum(written.records.values()):,} records: about a minute")
    left_out = {ALLOWED, ALLOWED_NAMES} if first_look else set()
    lists = {name: path for name, path in written.lists.items() if name not in left_out}
    found = run_rules(folder, lists, [] if first_look else LEARNING)
    findings, shipped = with_truth(found, written.truth), list(found)
    entries = [] if first_look else allowed()
    report.show_sum(console, findings, shipped)
    if full:
        report.show_logs(console, written, folder)
        report.show_findings(console, findings, shipped)
        report.show_scenarios(console, findings, shipped, peaks(written.office.flows))
        report.show_others(console, findings)
        report.show_allowed(console, entries)
        report.show_bands(console, findings)
    else:
        report.show_planted(console, findings, shipped)
        report.show_rest(console, findings, entries)
    return 0 if shipped and (first_look or not missed(findings, shipped)) else 1


def _progress(step: str) -> None:
    print(f"{step} ...", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the options, demonstrate, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m office.demo", description=__doc__)
    parser.add_argument("--out", type=Path, help="keep the logs in this folder")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random numbers")
    parser.add_argument(
        "--first-look",
        action="store_true",
        help="a site without an allow-list that has learned nothing",
    )
    parser.add_argument("--full", action="store_true", help="with logs, reasons and allow-list")
    options = parser.parse_args(argv)
    settings = options.seed, options.first_look, options.full
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    try:
        if options.out:
            return demonstrate(console, options.out, *settings)
        with tempfile.TemporaryDirectory(prefix="office-") as folder:
            return demonstrate(console, Path(folder), *settings)
    except RulesFailed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
