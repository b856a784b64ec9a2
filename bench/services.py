"""The shipped list of services by port, as the rules hand it to the scorer."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent.parent / "lookups" / "t1029_expected_services.csv"


@cache
def _by_port() -> dict[str, list[str]]:
    found = defaultdict(list)
    with LIST.open(newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["dest_port"]].append(row["app"])
    return dict(found)


def expected(port: str) -> str:
    """The services of a port; none where the list knows no service of it, empty without a port.

    >>> expected("123"), expected("4444"), expected("")
    ('ntp', 'none', '')
    """
    return ",".join(_by_port().get(port, ["none"])) if port else ""
