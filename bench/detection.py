"""Detection quality compared with peers: tables, Markdown and plots.

python -m bench.detection [--data DIR] [--seed N] [--rounds N] [--only HALF] [--out DIR]
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from . import plots, realsets, simulated, simulator
from .acceptance import acceptance_table
from .realsets import ScoredRecording
from .report import REPORT_HOME, Table, markdown, show
from .scorers import Scored

CONSOLE_WIDTH = 210
PAIR_COLUMNS = ("recording", "true", "src", "dest_ip", "connections")
PLOTS = "![ROC curves](roc.png)\n\n![Scores by scenario](scenarios.png)\n"


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.detection", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of recordings; else simulator only")
    parser.add_argument(
        "--seed",
        type=int,
        default=simulator.FINAL_SEED,
        help="first seed (default: those of the final figures; for development: "
        f"{simulator.DEVELOPMENT_SEED})",
    )
    parser.add_argument("--rounds", type=int, default=10, help="pairs of each malicious scenario")
    parser.add_argument("--only", choices=("real", "simulator"), help="leave out the other half")
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    return parser.parse_args(arguments)


def write_pairs(recordings_scored: Sequence[ScoredRecording], path: Path) -> None:
    """Write every recorded pair with its scores and reasons."""
    with path.open("w", newline="") as lines:
        rows = csv.writer(lines)
        methods = list((recordings_scored[0].true + recordings_scored[0].others)[0].by)
        rows.writerow([*PAIR_COLUMNS, *methods, "schedule", "reasons"])
        for one in recordings_scored:
            for true, group in ((True, one.true), (False, one.others)):
                for scored in sorted(group, key=lambda each: -each.risk):
                    rows.writerow([one.name, true, *_cells(scored)])


def _cells(scored: Scored) -> list:
    size = len(scored.pair.connections)
    reasons = "; ".join(scored.reasons)
    return [*scored.pair.key, size, *scored.by.values(), scored.schedule, reasons]


def document(tables: Sequence[Table], drawn: bool) -> str:
    """The Markdown report, with the plots if they were drawn."""
    shown = PLOTS if drawn else ""
    return "\n".join(["# Detection quality compared with peers", "", shown, *map(markdown, tables)])


def run_simulator(chosen: argparse.Namespace) -> simulated.Results:
    """Score the simulated pairs and draw the plots."""
    results = simulated.run(simulator.simulate(chosen.seed, chosen.rounds))
    plots.draw_roc(results, chosen.out / "roc.png")
    plots.draw_scenarios(results, chosen.out / "scenarios.png")
    return results


def run_real(chosen: argparse.Namespace) -> realsets.RealTraffic:
    """Score the recordings and write every pair."""
    real = realsets.evaluate(chosen.data)
    write_pairs(real.recordings_scored, chosen.out / "pairs.csv")
    return real


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the comparison and write the report."""
    chosen = options(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    results = run_simulator(chosen) if chosen.only != "real" else None
    real = run_real(chosen) if chosen.data and chosen.only != "simulator" else None
    tables = [
        acceptance_table(results, real),
        *(simulated.tables(results) if results else ()),
        *(realsets.tables(real) if real else ()),
    ]
    console = Console(width=CONSOLE_WIDTH)
    for table in tables:
        show(table, console)
    (chosen.out / "detection.md").write_text(document(tables, drawn=results is not None))
    console.print(f"Written: {chosen.out / 'detection.md'}")


if __name__ == "__main__":
    main()
