"""The output of the demonstration: the generated logs, the findings and the missed transfers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from office.generate import Written
from office.ground_truth import Allowed, Peaks
from office.scenarios import SCENARIOS, Scenario
from office.schedules import DAY
from office.simulation import ZONE
from office.verdicts import Finding, Row, bands, caught_by, missed, texts
from replay.app import short_name
from replay.findings import Pair, folded, pairs_table, ranked, risk, volume

# Rows that are printed of other pairs at most.
OTHERS = 12
NOTHING = Pair("", "", 0.0, "", "no finding", None, ())


def show_office(console: Console, written: Written) -> None:
    """Print what was generated."""
    office = written.office
    days = round((office.end - office.start) / DAY)
    senders = len({flow.src for flow in office.flows})
    console.print(
        f"A simulated office: {days} days, {senders} senders, {len(office.flows):,} connections, "
        f"{len(SCENARIOS)} planted transfers; times are those of {ZONE}."
    )


def show_logs(console: Console, written: Written, folder: Path) -> None:
    """Print the logs with their numbers of records."""
    table = Table("log", "records", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].justify = "right"
    for path, records in written.records.items():
        table.add_row(str(path.relative_to(folder)), f"{records:,}")
    console.print(table)


def show_planted(console: Console, findings: Sequence[Finding], shipped: Iterable[str]) -> None:
    """Print a row for each planted transfer, highest risk first; those that were missed last."""
    lost = missed(findings, shipped)
    rows = []
    for scenario in SCENARIOS:
        found = [(finding.rule, finding.row) for finding in findings if _tells(finding, scenario)]
        name = f"MISSED: {scenario.name}" if scenario in lost else scenario.name
        rows.append(((name,), folded(found) if found else NOTHING))
    rows.sort(key=lambda row: -row[1].risk)
    console.print(pairs_table(rows, ("planted transfer",)))


def _tells(finding: Finding, scenario: Scenario) -> bool:
    return any(truth.scenario == scenario.name for truth in finding.truth)


def show_rest(console: Console, findings: Sequence[Finding], entries: Sequence[Allowed]) -> None:
    """Print a row for each other pair, and how to see what is left out."""
    others: dict[str, list[tuple[str, Row]]] = {}
    for finding in findings:
        if not finding.planted:
            others.setdefault(_kind(finding), []).append((finding.rule, finding.row))
    pairs = [(kind, pair) for kind, found in others.items() for pair in ranked(found)]
    pairs.sort(key=lambda one: -one[1].risk)
    rows = [((pair.sender, pair.destination, kind), pair) for kind, pair in pairs[:OTHERS]]
    if rows:
        console.print("\nOther findings", style="bold")
        console.print(pairs_table(rows, ("sender", "destination", "what it is")))
    more = [f"{len(pairs) - OTHERS} more pairs: --full"] if pairs[OTHERS:] else []
    if entries:
        more.append(f"{len(entries)} expected transfers are on the allow-list: --first-look")
    more.append("reasons and logs: --full (make demo DEMO_ARGS=--full)")
    console.print("\n" + "; ".join(more), style="dim")


def _kind(finding: Finding) -> str:
    return ", ".join(sorted({truth.scenario for truth in finding.truth})) or "ordinary traffic"


def show_findings(console: Console, findings: Sequence[Finding], shipped: Iterable[str]) -> None:
    """Print the findings of each rule, one reason on a line."""
    for rule in shipped:
        console.rule(f"[bold]{short_name(rule)}")
        rows = [finding for finding in findings if finding.rule == rule]
        if not rows:
            console.print("no finding")
            continue
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
        table.add_column("risk", justify="right", no_wrap=True)
        table.add_column("sender and destination", no_wrap=True)
        table.add_column("schedule", max_width=20)
        table.add_column("sent", justify="right", no_wrap=True)
        table.add_column("reasons", ratio=1)
        for finding in rows:
            table.add_row(*_finding_cells(finding))
        console.print(table)


def _finding_cells(finding: Finding) -> list[RenderableType]:
    row = finding.row
    pair = "\n-> ".join(texts(row.get("src")) + _destinations(row)[:3])
    label = Text(f"{pair}\n").append(
        _what(finding), style="bold red" if finding.planted else "yellow"
    )
    reasons, story = texts(row.get("reasons")), texts(row.get("story"))
    return [
        Text(f"{risk(row):.1f}", style="bold"),
        label,
        Text("\n".join(texts(row.get("schedule")))),
        Text("" if story else volume(folded([(finding.rule, row)]).sent)),
        _list(reasons or story),
    ]


def _destinations(row: Row) -> list[str]:
    return texts(row.get("dest_name")) or texts(row.get("dest_ip"))


def _what(finding: Finding) -> str:
    names = ", ".join(sorted({truth.scenario for truth in finding.truth}))
    if finding.planted:
        return f"planted: {names}"
    return f"benign: {names}" if names else "nothing planted"


def _list(lines: Iterable[str]) -> Table:
    """Return lines as a list with dashes, so that a wrapped line stays one item."""
    marked = Table.grid(padding=(0, 1))
    for line in lines:
        marked.add_row("-", Text(line))
    return marked


def show_scenarios(
    console: Console,
    findings: Sequence[Finding],
    shipped: Iterable[str],
    busiest: Mapping[str, Peaks],
) -> None:
    """Print each planted transfer with the rules that caught it, or the reason why none did."""
    console.rule("[bold]What was planted")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("transfer", ratio=4)
    table.add_column("ATT&CK", no_wrap=True)
    table.add_column("outcome", ratio=5)
    for scenario in SCENARIOS:
        what = Text(scenario.name, style="bold").append(f"\n{scenario.what}", style="not bold")
        outcome = _outcome(scenario, caught_by(scenario, findings), set(shipped), busiest)
        table.add_row(what, scenario.attack, outcome, end_section=True)
    console.print(table)


def _outcome(
    scenario: Scenario,
    rules: Mapping[str, Row],
    shipped: set[str],
    busiest: Mapping[str, Peaks],
) -> Text:
    outcome = Text()
    for rule, row in rules.items():
        outcome.append(f"caught by {short_name(rule)}, risk {risk(row):.1f}\n", style="green")
    if scenario.rule in shipped:
        if scenario.rule not in rules:
            outcome.append(f"MISSED by {short_name(scenario.rule)}", style="bold red")
    elif not rules:
        most = busiest.get(scenario.name, Peaks(0, 0))
        outcome.append("not visible to the shipped rules\n", style="yellow").append(
            f"at most {volume(most.bytes_out)} and {most.large} connections over 5 MB an hour, "
            f"to no listed address; needs {short_name(scenario.rule)}"
        )
    outcome.rstrip()
    return outcome


def show_others(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings outside the planted transfers, with an explanation."""
    others = [finding for finding in findings if not finding.planted]
    console.rule(f"[bold]Other findings: {len(others)}")
    if not others:
        return
    table = Table("rule", "sender", "destination", "risk", "what it is", box=box.SIMPLE_HEAD)
    for finding in others:
        what = sorted({truth.what for truth in finding.truth}) or ["ordinary traffic"]
        table.add_row(
            short_name(finding.rule),
            ", ".join(texts(finding.row.get("src"))),
            ", ".join(_destinations(finding.row)),
            f"{risk(finding.row):.1f}",
            "; ".join(what),
        )
    console.print(table)


def show_allowed(console: Console, entries: Sequence[Allowed]) -> None:
    """Print the site's allow-list with the reason for each entry."""
    if not entries:
        return
    console.rule(f"[bold]On the site's allow-list: {len(entries)}")
    table = Table("sender", "destination", "port", "reason", "expires", box=box.SIMPLE_HEAD)
    for entry in entries:
        table.add_row(entry.src, entry.destination, entry.dest_port, entry.reason, entry.expires)
    console.print(table)
    console.print(
        "The rules leave these out. Timing alone cannot tell a nightly backup from nightly "
        "exfiltration: without the list (--first-look) the rules report both."
    )


def show_bands(console: Console, findings: Sequence[Finding]) -> None:
    """Print how many findings have each severity, planted and not."""
    console.rule("[bold]Findings by severity")
    table = Table("severity", "planted", "not planted", box=box.SIMPLE_HEAD, pad_edge=False)
    for severity, (planted, others) in bands(findings).items():
        table.add_row(severity, str(planted), str(others))
    console.print(table)


def show_sum(console: Console, findings: Sequence[Finding], shipped: Sequence[str]) -> None:
    """Print the number of planted transfers caught, and those that were missed."""
    meant = [scenario for scenario in SCENARIOS if scenario.rule in shipped]
    lost = missed(findings, shipped)
    others = sum(not finding.planted for finding in findings)
    rest = len(SCENARIOS) - len(meant)
    unshipped = f"{rest} need rules that are not shipped; " if rest else ""
    console.print(
        f"{len(meant) - len(lost)} of {len(meant)} planted transfers caught by the {len(shipped)} "
        f"shipped rules; {unshipped}{others} other findings."
    )
    console.print(
        "Rules executed by the project's SPL interpreter, not run in Splunk.", style="dim"
    )
    for scenario in lost:
        console.print(f"MISSED: {scenario.name}", style="bold red")
