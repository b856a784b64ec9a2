"""What each special case of the scorer earns: every one switched off, alone and all together.

python -m bench.ablation [--data DIR] [--seeds N ...] [--rounds N] [--only SWITCH ...] [--out DIR]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from . import SCORER_HOME, judge, metrics, planted, simulator
from .planted import COUNTED, PLANTED, Says, at, both, either, every, words
from .realsets import ALERT
from .report import REPORT_HOME, Table, markdown, show
from .rows import SETTINGS, Setting, recorded, row
from .simulated import FALSE_POSITIVES
from .switches import SWITCHES, TOGETHER

# Not those of the final figures, nor those that the scorer was developed with.
FIRST_SEED = 7_000_003
ROUNDS = 3
# Transfers are counted rightly within this share.
COUNTED_WITHIN = 0.1
MINUTE, HOUR, DAY = 60, 3_600, 86_400

# What a person would call the simulator's schedules; an implant's own are drawn.
SAID: dict[str, Says] = {
    "higaisa-10-min": every(600),
    "advstoreshell-10-min": every(600),
    "machete-10-min": every(600),
    "shadowpad-8-h": every(8 * HOUR),
    "comrat-office-hours": both(every(1_200), words("weekdays")),
    "dipsind-office-hours": both(every(HOUR), words("weekdays")),
    "lightneuron-night-or-work": every(1_800),
    "ninja-time-frames": every(300),
    "cobalt-strike-60-s": every(49, 0.1),
    "cobalt-strike-slow": every(1_620, 0.05),
    "kazuar-interval": every(1.9 * HOUR, 0.05),
    "tinyturla-interval": every(300),
    "jrat-configured": every(877),
    "linfo-configured": every(2_700, 0.05),
    "flagpro-configured": every(480, 0.05),
    "powerstats-configured": every(171, 0.05),
    "chrommme-configured": at(11 + 40 / 60),
    "shark-configured": every(900),
    "shimrat-configured": every(216, 0.05),
    "nightly-exfiltration": at(2 + 14 / 60),
    "nightly-in-pieces": at(1 + 5 / 60),
    "weekday-nightly": at(23 + 35 / 60, "weekdays"),
    "weekly": at(3.5, "Sundays"),
    "low-and-slow": every(DAY / 2),
    "laptop-that-sleeps": every(600),
    "two-implants": either(every(1_200), every(HOUR)),
}


class Row(NamedTuple):
    """A row of the bench: which set it belongs to, whether it is malicious, and its right words."""

    set: str
    kind: str
    says: Says | None
    sent: list


def rows(setting: Setting, seeds: Sequence[int], rounds: int, data: Sequence) -> list[Row]:
    """All rows in one setting."""
    found = []
    for first in seeds:
        simulated = simulator.simulate(first, rounds)
        for kind, cases in zip(simulated._fields, simulated):
            for case in cases:
                sent = row(case.pair, setting)
                found.append(Row("simulator", kind, SAID.get(case.scenario), sent))
        for one in PLANTED:
            for seed in range(first, first + 2 * rounds):
                sent = row(planted.pair(one, seed), setting)
                found.append(Row(one.group, "planted", one.says, sent))
    for _, pairs in data:
        found += [Row("recorded", "recorded", None, row(pair, setting)) for pair in pairs]
    return found


class Figures(NamedTuple):
    """What one run of the scorer gives: of the simulator, of the wording by group, and counts."""

    auc: float
    found: float
    against_automation: float
    wording: dict[str, float]
    counted: float
    verdicts: list[dict]


def figures(asked: Sequence[Row], verdicts: list[dict]) -> Figures:
    """The figures of one run."""
    by_kind: dict[str, list[dict]] = {}
    said: dict[str, list[bool]] = {}
    counted: list[bool] = []
    for one, verdict in zip(asked, verdicts):
        by_kind.setdefault(one.kind, []).append(verdict)
        if one.says:
            said.setdefault(one.set, []).append(one.says(verdict["schedule"]))
        if one.set in COUNTED:
            contacts = len(one.sent[0].split())
            counted.append(abs(verdict["beats"] / contacts - 1) <= COUNTED_WITHIN)
    regular = {kind: [one["regularity"] for one in found] for kind, found in by_kind.items()}
    risk = {kind: [one["risk_score"] for one in found] for kind, found in by_kind.items()}
    false = regular["people"] + regular["random"]
    return Figures(
        metrics.auc(regular["malicious"], false),
        metrics.true_positive_rate(regular["malicious"], false, FALSE_POSITIVES),
        metrics.auc(risk["malicious"], risk["automation"]),
        {name: sum(right) / len(right) for name, right in said.items()},
        sum(counted) / len(counted),
        verdicts,
    )


def changed(before: Sequence[dict], after: Sequence[dict], *fields: str) -> int:
    """How many verdicts differ in one of the fields."""
    return sum(
        any(one[name] != other[name] for name in fields) for one, other in zip(before, after)
    )


def alerts_changed(asked: Sequence[Row], before: Figures, after: Figures, kinds: set) -> int:
    """How many rows of these kinds cross the alert line, either way."""
    return sum(
        (one["risk_score"] >= ALERT) != (other["risk_score"] >= ALERT)
        for row_, one, other in zip(asked, before.verdicts, after.verdicts)
        if row_.kind in kinds
    )


GROUPS = ("simulator", *dict.fromkeys(one.group for one in PLANTED))
COLUMNS = (
    "Off", "AUC", "TPR", "AUC automation", *(f"words: {name}" for name in GROUPS), "counted",
    "verdicts", "schedules", "alerts", "alerts, recorded",
)  # fmt: skip
SIMULATED = {"malicious", "people", "random", "automation"}


def line(name: str, asked: Sequence[Row], base: Figures, off: Figures) -> list[str]:
    """One line of the table: what changes where the case is off; a point where nothing does."""
    if base is off:
        plain = [f"{value:.4f}" for value in base[:3]]
        plain += [f"{base.wording[group]:.3f}" for group in GROUPS]
        return [name, *plain, f"{base.counted:.3f}", *[""] * 4]
    gains = [after - before for before, after in zip(base[:3], off[:3])]
    gains += [off.wording[group] - base.wording[group] for group in GROUPS]
    gains.append(off.counted - base.counted)
    counts = [
        changed(base.verdicts, off.verdicts, *base.verdicts[0]),
        changed(base.verdicts, off.verdicts, "schedule"),
        alerts_changed(asked, base, off, SIMULATED | {"planted"}),
        alerts_changed(asked, base, off, {"recorded"}),
    ]
    told = [f"{gain:+.4f}" if abs(gain) >= 0.00005 else "." for gain in gains]
    return [name, *told, *(str(count) if count else "." for count in counts)]


def table(setting: Setting, asked: Sequence[Row], names: Iterable[str]) -> Table:
    """One setting: the scorer as it is, then every switch."""
    sent = [one.sent for one in asked]
    home = Path(SCORER_HOME)
    base = figures(asked, judge.verdicts(sent, home))
    lines = [line("nothing", asked, base, base)]
    for name in names:
        off = figures(asked, judge.verdicts(sent, home, name))
        lines.append(line(name, asked, base, off))
    return Table(
        f"Special cases switched off: {setting.name}",
        f"{len(asked)} rows. AUC and TPR (at {FALSE_POSITIVES:.0%} false positives) of regularity "
        "on the simulator, AUC of risk_score against automation; words: share of schedules named "
        "rightly; counted: share of rows whose transfers are counted rightly; then the number of "
        "verdicts, schedules and alerts that change.",
        list(COLUMNS),
        lines,
    )


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.ablation", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of recordings")
    parser.add_argument("--seeds", type=int, nargs="+", default=[FIRST_SEED])
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="pairs of each schedule")
    parser.add_argument("--only", nargs="+", choices=[*SWITCHES, TOGETHER], help="these switches")
    parser.add_argument("--settings", nargs="+", choices=[one.name for one in SETTINGS])
    parser.add_argument("--out", type=Path, default=REPORT_HOME, help="folder of the report")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every switch in every setting and write the report."""
    chosen = options(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    data = list(recorded(chosen.data)) if chosen.data else []
    names = chosen.only or [*SWITCHES, TOGETHER]
    report = chosen.out / "ablation.md"
    report.write_text("# What each special case earns\n\n")
    for setting in SETTINGS:
        if chosen.settings and setting.name not in chosen.settings:
            continue
        found = table(setting, rows(setting, chosen.seeds, chosen.rounds, data), names)
        show(found, Console(width=260))
        with report.open("a") as written:
            written.write(markdown(found) + "\n")


if __name__ == "__main__":
    main()
