"""The findings that README.md shows, and the beginning of what `make demo` prints."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from rich.console import Console

from office import report
from office.demo import PIPED_WIDTH
from office.generate import Written
from office.scenarios import SCENARIOS
from office.verdicts import REPOSITORY, Finding, bands, texts
from replay.findings import risk, volume

PAGE = REPOSITORY / "README.md"
LINES = 9  # of what the demo prints
REASONS = 2
# The findings of the table: what sends, and a word of the rule that reports it.
EXAMPLES = {
    "new cron job": "Scheduled Job",
    "every 8 hours": "High Volume",
    "nightly exfiltration": "High Volume",
    "large-uploads": "High Volume",
}
SENDERS = re.compile(r"(?<=a simulated office with )\d+ senders and \d+ planted transfers(?=:)")
TABLE = re.compile(r"(?<=\| risk \| severity \| )planted \|.*\n\|[-|]+\n(?:\|.*\n)+")
CRITICAL = re.compile(r"^\d+ of the \d+ findings are critical, \w+ of them planted(?=\.)", re.M)
PRINTED = re.compile(r"(?<=prints one page, which begins with\n\n)(?:    .*\n)+")


def updated(written: Written, findings: Sequence[Finding], shipped: Sequence[str]) -> str:
    """Return README.md with the findings of an office."""
    text = PAGE.read_text(encoding="utf-8")
    parts = {
        SENDERS: _senders(written),
        TABLE: _table(findings),
        CRITICAL: _critical(findings),
        PRINTED: _printed(written, findings, shipped),
    }
    for place, now in parts.items():
        text = place.sub(lambda _, now=now: now, text)
    return text


def _senders(written: Written) -> str:
    senders = len({flow.src for flow in written.office.flows})
    return f"{senders} senders and {len(SCENARIOS)} planted transfers"


def _table(findings: Sequence[Finding]) -> str:
    head = "planted | schedule | sent | reasons |\n|---|---|---|---|---|---|\n"
    rows = (_row(*example, findings) for example in EXAMPLES.items())
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(scenario: str, rule: str, findings: Iterable[Finding]) -> list[str]:
    """Return the cells of the riskiest finding about a scenario."""
    found = next(
        one
        for one in findings
        if rule in one.rule and scenario in {truth.scenario for truth in one.truth}
    )
    row = found.row
    return [
        f"{risk(row):.1f}",
        str(row["severity"]),
        scenario if found.planted else f"nothing: {scenario}",
        ", ".join(texts(row.get("schedule"))),
        volume(float(row["total_bytes"])),
        "; ".join(texts(row.get("reasons"))[:REASONS]).replace("|", "\\|"),
    ]


def _critical(findings: Sequence[Finding]) -> str:
    planted, others = bands(findings)["critical"]
    share = planted if others else "all"
    return (
        f"{planted + others} of the {len(findings)} findings are critical, {share} of them planted"
    )


def _printed(written: Written, findings: Sequence[Finding], shipped: Sequence[str]) -> str:
    console = Console(file=io.StringIO(), width=PIPED_WIDTH, highlight=False)
    report.show_office(console, written)
    report.show_sum(console, findings, shipped)
    report.show_planted(console, findings, shipped)
    lines = console.file.getvalue().splitlines()[:LINES]
    return "".join(f"    {line}".rstrip() + "\n" for line in lines)
