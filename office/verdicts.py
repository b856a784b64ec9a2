"""Run the shipped rules on the office's logs and compare the findings with the ground truth."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from office.ground_truth import Truth
from office.scenarios import SCENARIOS, Scenario
from office.simulation import ZONE
from replay.findings import risk

REPOSITORY = Path(__file__).resolve().parent.parent
RULE = " - Rule"
FURTHER_LOGS = (
    ("XmlWinEventLog", "windows"),
    ("linux:cron", "linux/cron.log"),
    ("linux_audit", "linux/audit.log"),
    ("zscalernss-web", "proxy/zscaler.log"),
)
RECORDS = "macos/launchd.json"
SEVERITIES = ("critical", "high", "medium", "low")
Row = Mapping[str, Any]


class RulesFailed(Exception):
    """The rules could not be run; the message says why."""


def run_rules(
    folder: Path, lists: Mapping[str, Path], learning: Iterable[tuple[str, float]] = ()
) -> dict[str, list[Row]]:
    """Return each shipped rule's results on the logs in the folder.

    `lists`: lookups by name. `learning`: searches that run before the rules, each with its epoch.
    Lists and searches that the app does not ship are left out.
    """
    command = [sys.executable, "-m", "replay", "--output", "json", "--tz", ZONE]
    command += [*_logs(folder.resolve()), *_lookups(lists), *_searches(learning)]
    finished = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=False)
    if finished.returncode:
        raise RulesFailed(f"replay ended with exit code {finished.returncode}")
    found = {search["search"]: search["results"] for search in json.loads(finished.stdout)}
    return {name: rows for name, rows in found.items() if name.endswith(RULE)}


def _logs(folder: Path) -> list[str]:
    arguments = [f"--{kind}={folder / kind}" for kind in ("zeek", "sysmon", "firewall")]
    arguments += [
        f"--log={sourcetype}={folder / place}"
        for sourcetype, place in FURTHER_LOGS
        if _holds_something(folder / place)
    ]
    return [*arguments, f"--json={folder / RECORDS}"]


def _holds_something(path: Path) -> bool:
    return path.is_dir() or path.stat().st_size > 0


def _lookups(lists: Mapping[str, Path]) -> list[str]:
    shipped = _stanzas("transforms")
    return [f"--lookup={name}={path.resolve()}" for name, path in lists.items() if name in shipped]


def _searches(learning: Iterable[tuple[str, float]]) -> list[str]:
    shipped = _stanzas("savedsearches")
    learnt = [f"--search={name}@{time:.0f}" for name, time in learning if name in shipped]
    rules = [f"--search={name}" for name in shipped if name.endswith(RULE)]
    return [*learnt, *rules] if learnt else []


def _stanzas(conf: str) -> list[str]:
    text = (REPOSITORY / "default" / f"{conf}.conf").read_text(encoding="utf-8")
    return re.findall(r"^\[(.+)\]$", text, re.MULTILINE)


class Finding(NamedTuple):
    """One result of one rule, with the ground truth of its pair."""

    rule: str
    row: Row
    truth: tuple[Truth, ...]

    @property
    def planted(self) -> bool:
        """True where the pair belongs to a planted transfer."""
        return any(truth.rule for truth in self.truth)


def with_truth(found: Mapping[str, Sequence[Row]], truth: Iterable[Truth]) -> list[Finding]:
    """Return all results with their ground truth, by rule and then by risk."""
    by_sender: dict[str, list[Truth]] = {}
    for known in truth:
        by_sender.setdefault(known.src, []).append(known)
    findings = []
    for rule, rows in found.items():
        for row in sorted(rows, key=risk, reverse=True):
            findings.append(Finding(rule, row, _matching(row, by_sender)))
    return findings


def _matching(row: Row, by_sender: Mapping[str, Sequence[Truth]]) -> tuple[Truth, ...]:
    """Return the truths of a row: by name where both have one, else by address, else by sender."""
    addresses, names = texts(row.get("dest_ip")), texts(row.get("dest_name"))
    known = [truth for src in texts(row.get("src")) for truth in by_sender.get(src, ())]
    if not addresses and not names:
        return tuple(known)
    return tuple(
        truth
        for truth in known
        if (truth.dest_name in names if truth.dest_name and names else truth.dst in addresses)
    )


def bands(findings: Iterable[Finding]) -> dict[str, tuple[int, int]]:
    """Return how many findings of each severity, highest first, are planted, and how many not."""
    counted = Counter((finding.row.get("severity"), finding.planted) for finding in findings)
    return {band: (counted[band, True], counted[band, False]) for band in SEVERITIES}


def texts(value: object) -> list[str]:
    """Return a field's values as text: none, one, or those of a multivalue field."""
    if value is None or value == "":
        return []
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def caught_by(scenario: Scenario, findings: Iterable[Finding]) -> dict[str, Row]:
    """Return the rules that reported the scenario, each with its riskiest row."""
    rules: dict[str, Row] = {}
    for finding in findings:
        if any(truth.scenario == scenario.name for truth in finding.truth):
            rules.setdefault(finding.rule, finding.row)
    return rules


def missed(findings: Sequence[Finding], shipped: Iterable[str]) -> list[Scenario]:
    """Return the scenarios that the rule planned for them did not report, of the shipped rules."""
    shipped = set(shipped)
    return [
        scenario
        for scenario in SCENARIOS
        if scenario.rule in shipped and scenario.rule not in caught_by(scenario, findings)
    ]
