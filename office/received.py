"""Write docs/what-you-receive.md: one finding of each rule as mail, webhook and ES show it.

`python -m office.received` runs the shipped rules on the simulated office, which takes a minute,
and puts the findings into the shipped settings as Splunk's documents describe it. It writes the
findings of README.md too.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from office import readme
from office.demo import LEARNING
from office.generate import Written, write_office
from office.verdicts import REPOSITORY, Finding, Row, run_rules, texts, with_truth
from replay import Inputs, run
from replay.app import short_name
from replay.conf import read_conf
from replay.findings import risk
from replay.values import text

PAGE = REPOSITORY / "docs/what-you-receive.md"
INTRODUCTION = Path(__file__).with_suffix(".md")
RESULT = re.compile(r"\$result\.(\w+)\$")
FIELD = re.compile(r"\$(\w+)(\|s)?\$")
NOTABLE, RISK = "action.notable.param.", "action.risk.param."
# One connection that stays open for 36 hours, of which the office has none.
OPEN = {
    "_time": 1_767_232_800,
    "index": "main",
    "host": "zeek-1",
    "source": "zeek_conn.log",
    "sourcetype": "zeek:conn:json",
    "id.orig_h": "10.20.1.30",
    "id.orig_p": 49152,
    "id.resp_h": "203.0.113.90",
    "id.resp_p": 443,
    "proto": "tcp",
    "service": "ssl",
    "duration": 36 * 3600,
    "orig_bytes": 3_600_000_000,
    "resp_bytes": 90_000_000,
}

Settings = Mapping[str, str]
Values = Mapping[str, list[str]]  # {field: its values}


class Mail(NamedTuple):
    """A mail as Splunk sends it: its subject and text, and the columns of its table."""

    subject: str
    body: str
    table: dict[str, list[str]]


def values_of(row: Row) -> dict[str, list[str]]:
    """Return the values of each field of a row as text; a field without one is left out.

    >>> values_of({"risk_score": 9.0, "app": None, "reasons": ["a", "b"]})
    {'risk_score': ['9'], 'reasons': ['a', 'b']}
    """
    found = {name: list(map(text, value if isinstance(value, list) else [value]))
             for name, value in row.items() if value is not None}  # fmt: skip
    return {name: values for name, values in found.items() if values != [""]}


def mail_of(settings: Settings, values: Values) -> Mail:
    """Return the mail of a finding. What has no column of the table is not there to be told."""
    columns = settings["action.email.preprocess_results"].removeprefix("table ").split(", ")
    table = {name: values.get(name, []) for name in columns}
    return Mail(
        _mailed(settings["action.email.subject.alert"], table),
        _mailed(settings["action.email.message.alert"], table),
        table,
    )


def _mailed(template: str, values: Values) -> str:
    lines = RESULT.sub(lambda found: " ".join(values.get(found[1], [])), template).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def webhook_of(rule: str, values: Values) -> dict[str, object]:
    """Return what the webhook posts: the first result, and what it is a result of."""
    sid = "scheduler__admin__scheduled_transfer__RMD5example_at_1768442400_1"
    return {
        "result": {name: "\n".join(several) for name, several in values.items()},
        "sid": sid,
        "results_link": f"https://splunk.example.com:8000/app/scheduled_transfer/@go?sid={sid}",
        "search_name": rule,
        "owner": "admin",
        "app": "scheduled_transfer",
    }


def told(template: str, values: Values) -> str:
    """Put the values of fields into a text as Enterprise Security does; s quotes for SPL.

    >>> told("$src$ to $dest|s$", {"src": ["a"], "dest": ['b"c']})
    'a to "b\\\\"c"'
    """

    def value(found: re.Match[str]) -> str:
        whole = ", ".join(values.get(found[1], []))
        return json.dumps(whole, ensure_ascii=False) if found[2] else whole

    return FIELD.sub(value, template)


def in_security(settings: Settings, values: Values) -> list[str]:
    """Return the lines of what Enterprise Security shows: a finding, or an intermediate one."""
    if "action.notable" in settings:
        return _finding(settings, values)
    objects = json.loads(settings[f"{RISK}_risk"])
    return [
        "Intermediate finding",
        f"Message: {told(settings[f'{RISK}_risk_message'], values)}",
        *_entities(objects, values),
        *(
            f"Threat object ({one['threat_object_type']}): {value}"
            for one in objects
            if "threat_object_field" in one
            for value in values.get(one["threat_object_field"], [])
        ),
    ]


def _finding(settings: Settings, values: Values) -> list[str]:
    drilldowns = json.loads(settings[f"{NOTABLE}drilldown_searches"])
    return [
        "Finding",
        f"Title: {told(settings[f'{NOTABLE}rule_title'], values)}",
        f"Description: {told(settings[f'{NOTABLE}rule_description'], values)}",
        f"Security domain: {settings[f'{NOTABLE}security_domain']}",
        f"Severity: {settings[f'{NOTABLE}severity']}",
        *_entities(json.loads(settings[f"{NOTABLE}_entities"]), values),
        "Next steps:",
        *json.loads(settings[f"{NOTABLE}next_steps"])["data"].splitlines(),
        *(f"Drilldown, {one['name']}: {told(one['search'], values)}" for one in drilldowns),
    ]


def _entities(objects: Iterable[Mapping[str, object]], values: Values) -> list[str]:
    return [
        f"Entity ({one['risk_object_type']}, score {one['risk_score']}): {value}"
        for one in objects
        if "risk_object_field" in one
        for value in values.get(str(one["risk_object_field"]), [])
    ]


def page(findings: Mapping[str, Values]) -> str:
    """Return the page for {rule: values of one finding of it}."""
    settings = read_conf(REPOSITORY, "savedsearches")
    parts = [_section(rule, settings[rule], values) for rule, values in findings.items()]
    return "\n".join([INTRODUCTION.read_text(encoding="utf-8"), *parts])


def _section(rule: str, settings: Settings, values: Values) -> str:
    mail = mail_of(settings, values)
    posted = json.dumps(webhook_of(rule, values), indent=2, ensure_ascii=False)
    blocks = {
        "Mail:": [f"Subject: {mail.subject}", "", *mail.body.splitlines()],
        "Its table, here a column on a line:": _columns(mail.table),
        "Enterprise Security:": in_security(settings, values),
        "Webhook:": posted.splitlines(),
    }
    return "\n".join([f"## {short_name(rule)}\n", *map(_block, blocks, blocks.values())])


def _columns(table: Values) -> list[str]:
    """Return a line for each value of each column, the name before the first of them."""
    width = max(map(len, table)) + 2
    return [
        ("" if place else name).ljust(width) + value
        for name, several in table.items()
        for place, value in enumerate(several or ["(empty)"])
    ]


def _block(title: str, lines: Iterable[str]) -> str:
    """Return a block of code by indentation, which nothing in a line can end."""
    inside = "\n".join(
        f"    {part}".rstrip() for line in lines for part in line.splitlines() or [""]
    )
    return f"{title}\n\n{inside}\n"


def office_findings() -> tuple[Written, list[Finding], list[str]]:
    """Return the simulated office, what is found in it, and the rules."""
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        written = write_office(Path(folder))
        found = run_rules(Path(folder), written.lists, LEARNING)
    return written, with_truth(found, written.truth), list(found)


def best(findings: Iterable[Finding], rules: Iterable[str]) -> dict[str, Values]:
    """Return the riskiest finding of each rule, planted before others."""
    findings = list(findings)
    return {rule: values_of(_best(rule, findings)) for rule in rules}


def _best(rule: str, findings: Iterable[Finding]) -> Row:
    """Return the finding that shows a rule best: a planted one, risky, and short to read."""
    own = [finding for finding in findings if finding.rule == rule]
    if not own:
        later = OPEN["_time"] + 2 * OPEN["duration"]
        (result,) = run(searches=[rule], inputs=Inputs(events=(OPEN,)), now=later).results
        return result.rows[0]
    return min(own, key=lambda one: (not one.planted, -risk(one.row), _length(one.row))).row


def _length(row: Row) -> int:
    return sum(len(value) for field in row.values() for value in texts(field))


if __name__ == "__main__":
    office, everything, shipped = office_findings()
    PAGE.write_text(page(best(everything, shipped)), encoding="utf-8")
    readme.PAGE.write_text(readme.updated(office, everything, shipped), encoding="utf-8")
