"""The demonstration's output: what was generated, what was caught, what was not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from office.generate import Written
from office.scenarios import SCENARIOS, Scenario
from office.schedules import DAY
from office.traffic import ZONE
from office.truth import Allowed, Peaks
from office.verdicts import Alert, Row, caught_by, missed, risk, texts


def plain(rule: str) -> str:
    """Return a rule's name without the marks that all rules carry.

    >>> plain("T1029 - Fixed Interval Connections - Rule")
    'Fixed Interval Connections'
    """
    return rule.replace("T1029 - ", "").replace(" - Rule", "")


def volume(value: object) -> str:
    """Return bytes for a person to read, to three digits.

    >>> volume("4210000000"), volume(40), volume(None)
    ('4.21 GB', '40 bytes', 'unknown')
    """
    if not texts(value):
        return "unknown"
    amount = float(str(value))
    for unit in ("bytes", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB" if amount < 999.5 else f"{amount:,.0f} GB"


def show_office(console: Console, written: Written, folder: Path) -> None:
    """Print what was generated."""
    office = written.office
    days = round((office.end - office.start) / DAY)
    senders = len({flow.src for flow in office.flows})
    console.rule("[bold]A simulated office")
    console.print(
        f"{days} days, {senders} senders, {len(office.flows):,} connections, "
        f"{len(SCENARIOS)} planted transfers; times are those of {ZONE}."
    )
    table = Table("log", "records", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].justify = "right"
    for path, records in written.records.items():
        table.add_row(str(path.relative_to(folder)), f"{records:,}")
    console.print(table)


def show_alerts(console: Console, alerts: Sequence[Alert], shipped: Iterable[str]) -> None:
    """Print every rule's alerts, with the reasons one a line."""
    for rule in shipped:
        console.rule(f"[bold]{plain(rule)}")
        rows = [alert for alert in alerts if alert.rule == rule]
        if not rows:
            console.print("no alert")
            continue
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_lines=True)
        table.add_column("risk", justify="right", no_wrap=True)
        table.add_column("sender and destination", no_wrap=True)
        table.add_column("schedule", max_width=20)
        table.add_column("sent", justify="right", no_wrap=True)
        table.add_column("reasons", ratio=1)
        for alert in rows:
            table.add_row(*_alert_cells(alert))
        console.print(table)


def _alert_cells(alert: Alert) -> list[RenderableType]:
    row = alert.row
    pair = "\n-> ".join(texts(row.get("src")) + texts(row.get("dest_ip"))[:3])
    label = Text(f"{pair}\n").append(_what(alert), style="bold red" if alert.planted else "yellow")
    reasons, story = texts(row.get("reasons")), texts(row.get("story"))
    return [
        Text(f"{risk(row):.1f}", style="bold"),
        label,
        Text("\n".join(texts(row.get("schedule")))),
        Text("" if story else volume(row.get("total_bytes"))),
        _list(reasons or story),
    ]


def _what(alert: Alert) -> str:
    names = ", ".join(sorted({truth.scenario for truth in alert.truth}))
    if alert.planted:
        return f"planted: {names}"
    return f"benign: {names}" if names else "nothing planted"


def _list(lines: Iterable[str]) -> Table:
    """Return lines with marks, so that a wrapped line is not taken for two."""
    marked = Table.grid(padding=(0, 1))
    for line in lines:
        marked.add_row("-", Text(line))
    return marked


def show_scenarios(
    console: Console,
    alerts: Sequence[Alert],
    shipped: Iterable[str],
    busiest: Mapping[str, Peaks],
) -> None:
    """Print each planted transfer with the rules that caught it, or why none could."""
    console.rule("[bold]What was planted")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("transfer", ratio=4)
    table.add_column("ATT&CK", no_wrap=True)
    table.add_column("outcome", ratio=5)
    for scenario in SCENARIOS:
        what = Text(scenario.name, style="bold").append(f"\n{scenario.what}", style="not bold")
        outcome = _outcome(scenario, caught_by(scenario, alerts), set(shipped), busiest)
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
        outcome.append(f"caught by {plain(rule)}, risk {risk(row):.1f}\n", style="green")
    if scenario.rule in shipped:
        if scenario.rule not in rules:
            outcome.append(f"MISSED by {plain(scenario.rule)}", style="bold red")
    elif not rules:
        most = busiest.get(scenario.name, Peaks(0, 0))
        outcome.append("not visible to the shipped rules\n", style="yellow").append(
            f"at most {volume(most.bytes_out)} and {most.large} connections over 5 MB an hour, "
            f"to no listed address; waits for {plain(scenario.rule)}"
        )
    outcome.rstrip()
    return outcome


def show_others(console: Console, alerts: Sequence[Alert]) -> None:
    """Print the alerts that belong to no planted transfer, and what they are."""
    others = [alert for alert in alerts if not alert.planted]
    console.rule(f"[bold]Other rows: {len(others)}")
    if not others:
        return
    table = Table("rule", "sender", "destination", "risk", "what it is", box=box.SIMPLE_HEAD)
    for alert in others:
        what = sorted({truth.what for truth in alert.truth}) or ["ordinary traffic"]
        table.add_row(
            plain(alert.rule),
            ", ".join(texts(alert.row.get("src"))),
            ", ".join(texts(alert.row.get("dest_ip"))),
            f"{risk(alert.row):.1f}",
            "; ".join(what),
        )
    console.print(table)


def show_allowed(console: Console, entries: Sequence[Allowed]) -> None:
    """Print what the rules kept silent about because the site's allow-list names it, and why."""
    if not entries:
        return
    console.rule(f"[bold]On the site's allow-list: {len(entries)}")
    table = Table("sender", "destination", "port", "reason", "until", box=box.SIMPLE_HEAD)
    for entry in entries:
        table.add_row(entry.src, entry.network, entry.dest_port, entry.reason, entry.expires)
    console.print(table)
    console.print(
        "The rules leave these out. Timing alone cannot tell a nightly backup from a nightly "
        "theft: without the list (--first-look) they are reported like one."
    )


def show_sum(console: Console, alerts: Sequence[Alert], shipped: Sequence[str]) -> None:
    """Print how many of the planted transfers were caught, and those that were missed."""
    meant = [scenario for scenario in SCENARIOS if scenario.rule in shipped]
    lost = missed(alerts, shipped)
    others = sum(not alert.planted for alert in alerts)
    console.rule()
    console.print(
        f"{len(meant) - len(lost)} of {len(meant)} planted transfers that the {len(shipped)} "
        f"shipped rules are meant to see were caught; {len(SCENARIOS) - len(meant)} wait for rules "
        f"that are not shipped; {others} other rows."
    )
    console.print(
        "Rules executed by the project's SPL interpreter, not run in Splunk.", style="dim"
    )
    for scenario in lost:
        console.print(f"MISSED: {scenario.name}", style="bold red")
