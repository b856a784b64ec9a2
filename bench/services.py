"""The shipped list of services by port, as the rules hand it to the scorer."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent.parent / "lookups" / "t1029_expected_services.csv"


@cache
def by_port() -> dict[str, list[str]]:
    """What is expected on each port that the list has."""
    found = defaultdict(list)
    with LIST.open(newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["dest_port"]].append(row["app"])
    return dict(found)


def of_port(port: str) -> dict[str, str]:
    """A row's port and what is expected on it, as the rules name it.

    >>> of_port("123"), of_port("4444")
    ({'dest_port': '123', 'expected': 'ntp'}, {'dest_port': '4444', 'odd_port': '4444'})
    """
    found = by_port().get(port)
    judged = {"expected": ",".join(found)} if found else {"odd_port": port}
    return {"dest_port": port, **judged}
