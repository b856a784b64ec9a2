"""What was measured, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from bench.realsets import ALERT
from bench.report import Table
from replay.findings import volume

from .kinds import DOCUMENTED
from .measure import LATER, MOST, REMEDY, Measured, longer, share
from .site import LOWEST, Site
from .verified import InPlace, Verified


def of_site(site: Site) -> str:
    """Say how large the site is and what its sensors see."""
    seen = Counter(tie.sees for tie in site.ties).most_common()
    parts = "; ".join(f"{one} {count / len(site.ties):.0%}" for one, count in seen)
    return (
        f"{len(site.hosts)} senders, {len(site.ties):,} pairs, {site.days:.1f} days. "
        f"What is seen of the pairs: {parts}."
    )


def found(every: Sequence[Measured]) -> Table:
    """What is found of each kind, what stays unseen, and what would close the gap."""
    note = (
        f"{len(every[0].all_risks):,} plants of each. Found: at risk {ALERT:g} or more, with 95 % "
        "bounds; new: to a destination of its own; shared: to one that others use. Unseen: the "
        "most bytes a day with which half of the plants are not found. Then the points that are "
        "gained, measured with and without: names (if its own name at the address were seen), "
        "programs (if it ran in a script host and that were seen), bytes (if both sides were "
        "seen), list (if Destinations - Learn had run before it began), later (after so many "
        "days, with look-backs of up to 7 days for intervals, 28 for volume, 90 for times of day)."
    )
    heads = ["Kind", "after", "found", "95 %", "new", "shared", "unseen a day", *REMEDY, LATER]
    return Table("What this site would miss", note, heads, list(map(_row, every)))


def _row(one: Measured) -> list[str]:
    both = share(one.all_risks)
    low, high = both.bounds
    days = longer(one.kind) * one.kind.days
    return [
        one.kind.name,
        f"{one.kind.days} d",
        f"{both.value:.0%}",
        f"{low:.0%} to {high:.0%}",
        f"{share(one.risks).value:.0%}",
        f"{share(one.shared).value:.0%}",
        _amount(one.unseen),
        *(_points(one, name) for name in REMEDY),
        f"{_points(one, LATER)} ({days} d)".strip(),
    ]


def _amount(unseen: float | None) -> str:
    if unseen is None:
        return ""
    if unseen >= MOST:
        return "any"
    return volume(unseen) if unseen else "none"


def _points(one: Measured, remedy: str) -> str:
    points = one.closed[remedy].points if one.closed else 0
    return f"{points:+d}" if points else ""


def costs(every: Sequence[Measured], site: Site) -> Table:
    """What a lower threshold costs, and finds."""
    sides = (
        [one for one in every if one.kind in DOCUMENTED],
        [one for one in every if one.kind not in DOCUMENTED],
    )
    lines = []
    for least in range(int(ALERT), LOWEST - 1, -1):
        risks = (list(chain.from_iterable(one.all_risks for one in side)) for side in sides)
        shares = (f"{share(some, least).value:.0%}" if some else "" for some in risks)
        rows = sum(risk >= least for risk in site.risks.values())
        lines.append([f"{least}", str(rows), *shares])
    note = (
        "Pairs of the site that one day's runs report, without those that a truth.csv beside the "
        "logs calls malicious; the share of all plants that is found."
    )
    heads = ["risk from", "pairs of the site", "documented kinds", "evasive kinds"]
    return Table("What a lower threshold costs", note, heads, lines)


def verified(every: Sequence[Verified]) -> Table:
    """Predicted and observed shares."""
    worst = max(every, key=lambda one: abs(one.off))
    differ, some = sum(len(one.apart) for one in every), sum(one.replayed for one in every)
    note = (
        f"Predicted from {worst.predicted.of:,} plants of each kind, observed of "
        f"{worst.observed.of:,} fresh ones. Worst: {worst.name}, {100 * worst.off:+.1f} points. "
        f"{some:,} of the fresh plants were judged by the shipped rules too, executed by the "
        f"project's SPL interpreter: {differ} have another risk than by the shortcut."
    )
    heads = ["Kind", "predicted", "observed", "points"]
    return Table("Fresh plants", note, heads, list(map(_verified, every)))


def _verified(one: Verified) -> list[str]:
    shares = (f"{each.value:.1%}" for each in (one.predicted, one.observed))
    return [one.name, *shares, f"{100 * one.off:+.1f}"]


def of_place(one: InPlace) -> str:
    """Say how the shortcut compares among the site's own events."""
    most, rules, shortcut = max(one.apart, default=0.0), one.by_rules.found, one.by_scorer.found
    return (
        f"{one.plants} plants at the senders in turn, among the site's own events: the rules "
        f"report {rules}, the shortcut {shortcut}; the risk of {len(one.apart)} differs, by "
        f"{most:.1f} at most."
    )
