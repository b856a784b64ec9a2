"""The plots of the report: ROC curves and the scores of every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from . import metrics
from .realsets import ALERT
from .scorers import OURS_REGULARITY, OURS_RISK
from .simulated import FALSE_POSITIVES, Judged, Results, scores

INK, MUTED, GRID = "#1f2933", "#6b7785", "#dde3ea"
OURS_COLOUR = "#c2410c"
# Distinct in lightness and dash pattern too, for colour-blind readers.
PEER_COLOURS = {
    "RITA v5, best day": ("#1d4ed8", "-"),
    "RITA v5": ("#60a5fa", "--"),
    "MAD/median": ("#0f766e", "-."),
    "SPL stdev/avg": ("#5eead4", "-"),
    "Elastic": ("#6d28d9", ":"),
    "Flare": ("#a1a1aa", "--"),
}
KIND_COLOURS = {
    "malicious": OURS_COLOUR,
    "automation": "#1d4ed8",
    "people": "#0f766e",
    "random": MUTED,
}
STYLE = {
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": GRID,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
SOURCE = "Simulated pairs from this project's office; not recorded traffic."


def _roc(axes: Axes, ours: str, true: Sequence[Judged], false: Sequence[Judged]) -> None:
    """One panel: this scorer as the thick line, the peers behind it."""
    for name in [*PEER_COLOURS, ours]:
        colour, dash = PEER_COLOURS.get(name, (OURS_COLOUR, "-"))
        positives, negatives = scores(true, name), scores(false, name)
        points = metrics.roc(positives, negatives)
        label = f"{metrics.auc(positives, negatives):.3f}  {name}"
        width = 2.6 if name == ours else 1.4
        axes.plot(*zip(*points), dash, color=colour, linewidth=width, label=label)
    axes.axvline(FALSE_POSITIVES, color=MUTED, linewidth=0.8, linestyle=":")
    axes.set(xlim=(-0.01, 1), ylim=(0, 1.02), xlabel="False positive rate")
    handles, labels = axes.get_legend_handles_labels()
    below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.13), "ncols": 2, "fontsize": 8}
    axes.legend(handles[::-1], labels[::-1], title="AUC", frameon=False, **below)


def draw_roc(results: Results, path: Path) -> None:
    """Timing alone against people and random traffic; full context against automation."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11, 6), layout="constrained")
        timing, risk = figure.subplots(1, 2)
        _roc(timing, OURS_REGULARITY, results.malicious, results.unscheduled)
        timing.set_title("Timing alone: malicious against people and random", loc="left")
        timing.set_ylabel("True positive rate")
        _roc(risk, OURS_RISK, results.malicious_known, results.automation_known)
        risk.set_title("With context: malicious against benign automation", loc="left")
        figure.supxlabel(SOURCE, fontsize=8, color=MUTED)
        figure.savefig(path, dpi=150)


def _scenario_lines(results: Results) -> list[tuple[str, str, list[float]]]:
    """Name, kind and risk scores of each scenario, the malicious on top, each by its median."""
    grouped: dict[tuple[str, str], list[float]] = {}
    for one in results.malicious_known + results.benign_known:
        key = one.case.scenario, one.case.kind
        grouped.setdefault(key, []).append(one.scored.risk)
    lines = [(name, kind, sorted(values)) for (name, kind), values in grouped.items()]
    return sorted(lines, key=lambda line: (line[1] == "malicious", line[2][len(line[2]) // 2]))


def draw_scenarios(results: Results, path: Path) -> None:
    """Every pair's risk score, one line a scenario, with the alert threshold."""
    lines = _scenario_lines(results)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9, 0.24 * len(lines) + 1.4), layout="constrained")
        axes = figure.subplots()
        for height, (_, kind, values) in enumerate(lines):
            colour = KIND_COLOURS[kind]
            axes.plot(values, [height] * len(values), "o", color=colour, alpha=0.35, markersize=4)
            axes.plot(values[len(values) // 2], height, "|", color=INK, markersize=11)
        axes.axvline(ALERT, color=INK, linewidth=1, linestyle="--")
        axes.text(ALERT, len(lines) - 0.2, f" alert at {ALERT:g}", va="bottom", fontsize=8)
        axes.set_yticks(range(len(lines)), [name for name, *_ in lines])
        for label, (_, kind, _values) in zip(axes.get_yticklabels(), lines):
            label.set_color(KIND_COLOURS[kind])
        axes.set(xlim=(-0.2, 10.2), ylim=(-0.7, len(lines) + 0.6), xlabel="risk_score")
        axes.set_title("risk_score of every simulated pair (bar: median)", loc="left")
        kinds = [Line2D([], [], color=c, marker="o", linestyle="") for c in KIND_COLOURS.values()]
        axes.legend(kinds, KIND_COLOURS, loc="lower right")
        figure.supxlabel(SOURCE, fontsize=8, color=MUTED)
        figure.savefig(path, dpi=150)
