"""What people of the office have put on the lists, and what its Splunk logs of the rules' runs."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from office.verdicts import RULE
from tests.dashboard.views import saved_searches

DAY = 86400
HOURLY = 4 * 3600  # s between two runs of one search

Row = dict[str, Any]

# Days from now on which an entry ends; None is for ever.
ALLOWED = (
    ("203.0.113.5/32", "10.20.4.11", "nightly backup, contract of 2026-04", 60),
    ("203.0.113.208/28", "*", "deliveries to customers", 3),
    ("198.51.100.13/32", "10.20.4.12", "monitoring of the old web site", -5),
)
ALLOWED_NAMES = (("*.backup.example.com", "10.20.4.*", "backup to the cloud", 80),)
SUSPICIOUS = (
    ("198.51.100.166/32", "seen in a phishing mail", 30),
    ("2001:db8:bad::/48", "rented servers of the last incident", None),
)
SUSPICIOUS_NAMES = (("*.drop.example", "seen in a phishing mail", 30),)
# Sender, destination, status, owner, note, days until it ends, highest risk when it was decided.
CASES = (
    ("10.20.2.15", "198.51.100.203", "in progress", "kim", None, None, 9.6),
    ("10.20.1.13", "203.0.113.41", "closed", "kim", "test of the new backup", 60, 8.1),
    ("10.20.1.25", "203.0.113.185", "closed", "robin", "ticket 4711: approved", 30, 9.6),
    ("10.20.6.12", "192.0.2.253", "confirmed", "robin", "ticket 4712", 90, 9.6),
)
# Destination, verdict, limits of a transfer and of a day, reason, days until it ends.
KINDS = (
    ("*.files.drive.example", "expected", "500000000 2000000000", "drive of the designers", 60),
    ("*.drop.example", "confirmed", "any any", "ticket 4712", 90),
)
EVERY_RULE = "; ".join(name[len("T1029 - ") : -len(RULE)] for name in saved_searches())
ENTRY = ["src", "dest_port", "process", "reason", "added_by", "expires"]
FIELDS = {
    "t1029_allow_list": ["_key", "network", *ENTRY],
    "t1029_allow_names": ["_key", "name", *ENTRY],
    "t1029_transfer_kinds": [
        "_key", "destination", "src", "dest_port", "process", "terms", "reason", "added_by",
    ],
    "t1029_site_suspicious_ip_list": ["ip", "description", "source", "added", "expires"],
    "t1029_site_suspicious_domains": ["domain", "description", "source", "added", "expires"],
    "t1029_cases": [
        "src", "dest", "status", "owner", "note", "until", "changed", "known_rules", "known_risk",
        "known_bytes",
    ],
    "t1029_case_history": ["time", "who", "src", "dest", "status", "note", "until"],
}  # fmt: skip


def write_site(folder: Path, now: float) -> dict[str, Path]:
    """Write the lists that people keep and return their files by lookup."""
    rows = {
        "t1029_allow_list": [_allowed("network", *entry, now) for entry in ALLOWED],
        "t1029_allow_names": [_allowed("name", *entry, now) for entry in ALLOWED_NAMES],
        "t1029_transfer_kinds": [_kind(*entry, now) for entry in KINDS],
        "t1029_site_suspicious_ip_list": [_suspicious("ip", *entry, now) for entry in SUSPICIOUS],
        "t1029_site_suspicious_domains": [
            _suspicious("domain", *entry, now) for entry in SUSPICIOUS_NAMES
        ],
        "t1029_cases": [_case(*entry, now) for entry in CASES],
        "t1029_case_history": [step for entry in CASES for step in _steps(*entry, now)],
    }
    return {name: _written(folder / f"site-{name}.csv", FIELDS[name], rows[name]) for name in rows}


def _allowed(key: str, place: str, src: str, reason: str, days: Any, now: float) -> Row:
    patterns = {"_key": f"{place} {src}", key: place, "src": src, "dest_port": "*", "process": "*"}
    return {**patterns, "reason": reason, "added_by": "analyst", "expires": _date(now, days)}


def _kind(place: str, verdict: str, limits: str, reason: str, days: int, now: float) -> Row:
    words = f"{place[2:]}: {reason} (kim)"
    terms = f"{verdict} {limits} {_date(now, days)} {words}"
    patterns = {"_key": place, "destination": place, "src": "*", "dest_port": "*", "process": "*"}
    return {**patterns, "terms": terms, "reason": reason, "added_by": "kim"}


def _suspicious(key: str, place: str, description: str, days: Any, now: float) -> Row:
    about = {key: place, "description": description, "source": "analyst"}
    return {**about, "added": _date(now, -10), "expires": _date(now, days)}


def _case(
    src: str, dest: str, status: str, owner: str, note: Any, days: Any, risk: float, now: float
) -> Row:
    about = {"src": src, "dest": dest, "status": status, "owner": owner, "note": note}
    known = {"known_rules": EVERY_RULE, "known_risk": risk, "known_bytes": 10**12}
    return {**about, "until": _date(now, days), "changed": now - DAY, **known}


def _steps(
    src: str, dest: str, status: str, who: str, note: Any, days: Any, _: float, now: float
) -> list[Row]:
    """A case is taken an hour before anything else is decided."""
    taken = {
        "time": now - DAY - 3600,
        "who": who,
        "src": src,
        "dest": dest,
        "status": "in progress",
    }
    decided = {
        **taken,
        "time": now - DAY,
        "status": status,
        "note": note,
        "until": _date(now, days),
    }
    return [taken] if status == taken["status"] else [taken, decided]


def _date(now: float, days: Any) -> str:
    if days is None:
        return ""
    moment = datetime.fromtimestamp(now, timezone.utc) + timedelta(days=days)
    return moment.strftime("%Y-%m-%d")


def _written(path: Path, fields: list[str], rows: Iterable[Mapping[str, Any]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)
    return path


def runs(names: Iterable[str], now: float) -> Iterator[Row]:
    """Return what Splunk logs of searches that ran every few hours for a day.

    The first is slow, the second is skipped once, the third has failed, and the last never ran.
    """
    for place, name in enumerate(list(names)[:-1]):
        for turn in range(DAY // HOURLY):
            time = now - turn * HOURLY - 60 * place
            status = _status(place, turn)
            seconds = 700 if place == 0 else 4 + place
            about = {"_time": time, "savedsearch_name": name, "status": status}
            scheduled = {"index": "_internal", "sourcetype": "scheduler", **about}
            yield {**scheduled, "run_time": f"{seconds}", "result_count": str(place % 4)}
            if status == "success":
                audited = {"index": "_audit", "action": "search", "info": "completed", **about}
                yield {
                    **audited,
                    "total_run_time": f"{seconds}",
                    "scan_count": str(90_000 * seconds),
                }


def _status(place: int, turn: int) -> str:
    if place == 1 and turn == 1:
        return "skipped"
    return "failure" if place == 2 else "success"
